"""The Warning header (RFC 3261 §20.43)."""

from hypothesis import given
from hypothesis import strategies as st

from analyzer.sip.warning import Warning as WarningValue
from analyzer.sip.warning import parse_warnings


def test_examples_of_the_standard() -> None:
    """The two values of RFC 3261 §20.43, as one list and as two lines."""
    first = "307 isi.edu \"Session parameter 'foo' not understood\""
    second = "301 isi.edu \"Incompatible network address type 'E.164'\""
    expected = (
        WarningValue(307, "isi.edu", "Session parameter 'foo' not understood"),
        WarningValue(301, "isi.edu", "Incompatible network address type 'E.164'"),
    )
    assert parse_warnings([first, second]) == expected
    assert parse_warnings([f"{first}, {second}"]) == expected


def test_malformed_ones_are_left_out() -> None:
    """RFC 4475 §3.3.9 has a code of more than three digits."""
    assert parse_warnings(['1812 overture "In Progress"', "bare", ""]) == ()


@given(st.lists(st.text()))
def test_never_raises(values: list[str]) -> None:
    """No text makes the parser raise."""
    parse_warnings(values)
