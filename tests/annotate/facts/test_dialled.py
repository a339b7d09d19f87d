"""The address that was dialled."""

from collections.abc import Callable

import pytest

from analyzer.annotate.facts.dialled import dialled, kind_of
from analyzer.tables.trace import Trace
from judged import values_of

TraceOf = Callable[[str], Trace]


@pytest.mark.parametrize(
    ("uri", "user", "kind"),
    [
        ("sip:+49891234@example.com", "+49891234", "global"),
        ("sips:+1-630-555-0100;npdi@example.com;user=phone", "+1-630-555-0100", "global"),
        ("tel:+16305550100;phone-context=x", "+16305550100", "global"),
        ("sip:5550100@example.com", "5550100", "local"),
        ("sip:*86@example.com", "*86", "local"),
        ("sip:bob:secret@example.com", "bob", "name"),
        ("sip:example.com", "", "empty"),
        ("sip:@example.com", "", "empty"),
        ("nonsense", "", "empty"),
    ],
)
def test_user(uri: str, user: str, kind: str) -> None:
    """The user part stands before @, its parameters behind ; (RFC 3261 §19.1.1, RFC 3966)."""
    assert dialled(uri) == user
    assert kind_of(user) == kind


@pytest.mark.parametrize(
    ("first", "second", "more"),
    [
        ("sip:+4989@example.com", "sip:+49891@example.com", True),
        ("sip:+4989@example.com", "sip:+4989@example.com", False),
        ("sip:+4989@example.com", "sip:+4988123@example.com", False),
        ("sip:example.com", "sip:+49891@example.com", False),
    ],
)
def test_more_digits(
    trace_of: TraceOf,
    first: str,
    second: str,
    more: bool,  # noqa: FBT001 - a table
) -> None:
    """Overlap sending repeats the number with more digits at its end (RFC 3578 §3)."""
    trace = trace_of(f"""
        -> INVITE {first} SIP/2.0
        <- SIP/2.0 484 Address Incomplete
        -> ACK {first} SIP/2.0
        +1s -> INVITE {second} SIP/2.0
           CSeq: 2 INVITE
    """)
    assert values_of(trace, 484, "dialled.more") == [more]
