"""Intervals refused as too short, and those of the retry (RFC 4028 §6, RFC 3261 §10.3)."""

from collections.abc import Callable

import pytest

from analyzer.annotate.facts.interval import read_interval, registration_interval
from analyzer.annotate.fields import UNKNOWN, Value

ValuesOf = Callable[[str, int, str], list[Value]]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("1800;refresher=uac", 1800),
        ("90", 90),
        (" 0090 ;x=y", 90),
        ("4294967295", 2**32 - 1),
        ("4294967296", None),
        ("soon", None),
        ("-1", None),
        ("", None),
        (None, None),
    ],
)
def test_intervals(value: str | None, seconds: int | None) -> None:
    """delta-seconds are decimal digits, 32 bits of them; parameters do not count (RFC 4028 §4)."""
    assert read_interval(value) == seconds


@pytest.mark.parametrize(
    ("contact", "expires", "seconds"),
    [
        ("<sip:a@192.0.2.1>;expires=30", "3600", 30),
        ("<sip:a@192.0.2.1>;expires=300, <sip:a@192.0.2.2>;expires=60", None, 60),
        ("<sip:a@192.0.2.1>", "45", 45),
        ("<sip:a@192.0.2.1;expires=5>", "45", 45),
        ("*", "0", 0),
        (None, "120", 120),
        ("<sip:a@192.0.2.1>", None, None),
    ],
)
def test_registrations(contact: str | None, expires: str | None, seconds: int | None) -> None:
    """The parameter of Contact goes before Expires (RFC 3261 §10.2.1.1)."""
    assert registration_interval(contact, expires) == seconds


SESSION = """
-> INVITE sip:bob@example.com SIP/2.0
   Session-Expires: {asked}
<- SIP/2.0 422 Session Interval Too Small
   {minimum}
-> ACK sip:bob@example.com SIP/2.0
-> INVITE sip:bob@example.com SIP/2.0
   x: {again}
<- SIP/2.0 200 OK
"""


@pytest.mark.parametrize(
    ("asked", "minimum", "again", "verdict", "retry"),
    [
        (90, "Min-SE: 1800", 1800, "too-brief", "long-enough"),
        (90, "Min-SE: 1800", 120, "too-brief", "too-brief"),
        (1800, "Min-SE: 1800", 3600, "long-enough", "long-enough"),
        (90, "Min-Expires: 1800", 120, "no-minimum", None),
        ("x", "Min-SE: 90", 120, "not-asked", "long-enough"),
    ],
)
def test_sessions(
    values_of: ValuesOf, asked: object, minimum: str, again: int, verdict: str, retry: str | None
) -> None:
    """A 422 speaks of Session-Expires and Min-SE (RFC 4028 §6, §7.3)."""
    dialogue = SESSION.format(asked=asked, minimum=minimum, again=again)
    assert values_of(dialogue, 422, "interval") == [verdict]
    assert values_of(dialogue, 422, "interval.retry") == [retry]
    assert values_of(dialogue, 422, "interval.retried") == [again]


def test_without_its_request(values_of: ValuesOf) -> None:
    """What a missing request asked for is not known, and neither is whether it was too short."""
    dialogue = "<- SIP/2.0 423 Interval Too Brief\n   CSeq: 1 REGISTER\n   Min-Expires: 60"
    assert values_of(dialogue, 423, "interval") == [UNKNOWN]
    assert values_of(dialogue, 423, "interval.minimum") == [60]
    assert values_of(dialogue, 423, "interval.retry") == [None]
