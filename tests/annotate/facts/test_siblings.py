"""Transactions with the Call-ID of those judged."""

from collections.abc import Callable

import pytest

from analyzer.annotate.facts import siblings
from analyzer.tables.trace import Trace
from judged import judged_of

TraceOf = Callable[[str], Trace]


def registers(count: int) -> str:
    """Return registrations of one Call-ID, all refused."""
    one = "-> REGISTER sip:example.com SIP/2.0\n   CSeq: {0} REGISTER\n<- SIP/2.0 503 x\n"
    return "".join(one.format(number) for number in range(1, count + 1))


def test_only_the_same_call_id(trace_of: TraceOf) -> None:
    """Transactions of another Call-ID are none of them, nor is the one judged."""
    other = "-> OPTIONS sip:b@example.com SIP/2.0\n   Call-ID: other\n<- SIP/2.0 200 OK\n"
    trace = trace_of(registers(3) + other)
    assert siblings.siblings(judged_of(trace, 503)) == [[1, 2], [0, 2], [0, 1]]


def test_only_the_nearest(trace_of: TraceOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long registration does not make each of its responses dear."""
    monkeypatch.setattr(siblings, "_NEAREST", 2)
    found = siblings.siblings(judged_of(trace_of(registers(9)), 503))
    assert found[4] == [2, 3, 5, 6]
    assert max(map(len, found)) == 4


def test_sides(trace_of: TraceOf) -> None:
    """The side is told by the tags, crossed for the other one (RFC 3261 §12.2.1.1)."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 200 OK
        -> BYE sip:bob@192.0.2.2 SIP/2.0
           CSeq: 2 BYE
        <- BYE sip:alice@192.0.2.1 SIP/2.0
        c->b INFO sip:bob@192.0.2.2 SIP/2.0
           From: <sip:carol@example.com>;tag=c1
    """)
    invite, own, other, stranger = range(4)
    assert siblings.side(trace, own, invite) == siblings.side(trace, invite, own) == 1
    assert siblings.side(trace, own, other) == siblings.side(trace, other, invite) == -1
    assert siblings.side(trace, stranger, other) == 0
