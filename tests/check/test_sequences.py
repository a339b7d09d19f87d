"""Patterns of messages."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.check.sequences import Message, Pattern, SequenceError

CALL = "INVITE 100(INVITE) 180(INVITE) 200(INVITE) ACK BYE 200(BYE)"


def messages(text: str) -> list[Message]:
    """Read messages as `str` of them gives them."""
    found = [re.fullmatch(r"([0-9]{3})\((.+)\)|(.+)", each) for each in text.split()]
    return [
        Message(each[3], 0) if each[3] else Message(each[2], int(each[1])) for each in found if each
    ]


@pytest.mark.parametrize(
    "pattern",
    [
        "INVITE 180 200 ACK BYE 200",
        "INVITE 100 180 200 ACK BYE 200",
        "INVITE 1xx* 200(INVITE) ACK BYE 200(BYE)",
        "INVITE ... BYE 200",
        "... 200 ... 200 …",
        "INVITE (180|183) 200 ACK (BYE 200)?",
        "(INVITE 18X+|OPTIONS) 200 ACK ... ",
    ],
)
def test_what_a_call_shows(pattern: str) -> None:
    """Gaps, alternatives, repetition; a 100 counts only where it is named."""
    assert Pattern(pattern).departure(messages(CALL)) is None


@pytest.mark.parametrize(
    ("pattern", "position", "expected"),
    [
        ("INVITE 183 200 ACK BYE 200", 2, ("183",)),
        ("INVITE (181|183)? 200 ...", 2, ("181", "183", "200")),
        ("INVITE 180 200 ACK", 5, ("end",)),
        ("INVITE 180 200 ACK BYE 200 INVITE", 7, ("INVITE",)),
        ("... 603", 7, ("...", "603")),
        ("INVITE 180 200(BYE) ...", 3, ("200(BYE)",)),
    ],
)
def test_where_a_call_leaves(pattern: str, position: int, expected: tuple[str, ...]) -> None:
    """The number of messages that fit, and what could have come next."""
    departure = Pattern(pattern).departure(messages(CALL))
    assert departure is not None
    assert (departure.position, departure.expected) == (position, expected)


def test_no_message_at_all() -> None:
    """An empty call fits only what may be empty."""
    assert Pattern("INVITE?").departure([]) is None
    departure = Pattern("INVITE").departure([])
    assert departure is not None
    assert departure.position == 0


@pytest.mark.parametrize(
    ("pattern", "what"),
    [
        ("", "nothing stands"),
        ("INVITE )", "closes nothing"),
        ("(INVITE", "is missing"),
        ("INVITE |", "nothing stands"),
        ("invite", '"invite" is neither'),
        ("* INVITE", '"*" stands'),
        ("700", '"700" is neither'),
        ("(" * 30 + "A" + ")" * 30, "parentheses inside each other"),
    ],
)
def test_what_cannot_be_read(pattern: str, what: str) -> None:
    """The reason is said."""
    with pytest.raises(SequenceError, match=re.escape(what)):
        Pattern(pattern)


ATOMS = st.sampled_from(["A", "B", "C"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from("?*+")).map(lambda pair: f"({pair[0]}){pair[1]}"),
        inner.map(lambda each: f"{each} ..."),
    ),
    max_leaves=6,
)


@given(PATTERNS, st.lists(ATOMS, max_size=6))
def test_patterns_match_as_regular_expressions_do(pattern: str, names: list[str]) -> None:
    """The automaton agrees with `re` on the same pattern, letters for messages."""
    expression = pattern.replace("...", ".*").replace(" ", "")
    fits = re.fullmatch(expression, "".join(names)) is not None
    found = Pattern(pattern).departure([Message(name, 0) for name in names])
    assert (found is None) == fits


def test_a_pattern_that_would_explode_takes_linear_time() -> None:
    """`(A*)*`-like patterns and long calls end at once."""
    pattern = Pattern("((A? A?)* (A|A)*)* B")
    assert pattern.departure([Message("A", 0)] * 2000) is not None
