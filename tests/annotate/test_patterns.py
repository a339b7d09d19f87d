"""Patterns of rules."""

import pytest

from analyzer.annotate.patterns import PatternError, compiled


def test_a_pattern_is_found_anywhere() -> None:
    """`matches` searches; text is Unicode."""
    assert compiled("Aster.sk (1[0-9])").search("PBX Asterisk 18")
    assert compiled("拒.$").search("呼が拒否")
    assert not compiled("^b").search("ab")


@pytest.mark.parametrize("pattern", ["(", "a**", r"(a)\1", "(?=a)", "[z-a]"])
def test_what_cannot_be_linear_or_read_is_refused(pattern: str) -> None:
    """Back-references and look-around are faults of a rule as open brackets are."""
    with pytest.raises(PatternError, match=r"."):
        compiled(pattern)


def test_no_pattern_takes_long() -> None:
    """A pattern that backtracking engines need exponential time for is done at once: 2 ** 4000
    steps would not be.
    """
    assert not compiled("(a+)+$").search("a" * 4000 + "b")
