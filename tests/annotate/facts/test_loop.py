"""How many elements a request passed, and whether it came to one of them twice."""

from collections.abc import Callable

import pytest

from analyzer.annotate.fields import UNKNOWN
from analyzer.tables.trace import Trace
from judged import values_of

TraceOf = Callable[[str], Trace]

ROUND = """
    a->p INVITE sip:bob@example.com SIP/2.0
       Max-Forwards: 5
    p->q INVITE sip:bob@example.com SIP/2.0
       Max-Forwards: 4
    q->p INVITE sip:bob@example.com SIP/2.0
       Max-Forwards: 3
    p->q SIP/2.0 482 Loop Detected
"""


def test_loop(trace_of: TraceOf) -> None:
    """A request whose Via names the branch on which it had come before has gone in a circle."""
    trace = trace_of(ROUND)
    assert values_of(trace, 482, "arrived") == ["loop"]
    assert values_of(trace, 482, "arrivals") == [2]
    assert values_of(trace, 482, "vias") == [3]
    assert values_of(trace, 482, "hops_allowed") == [5]


def test_merged(trace_of: TraceOf) -> None:
    """Two branches of a fork that meet at one phone are merged, not a loop (RFC 3261 §8.2.2.2)."""
    via = "   Via: SIP/2.0/UDP 192.0.2.16:5060;branch=z9hG4bK{0}\n   Via: SIP/2.0/UDP 192.0.2.1\n"
    trace = trace_of(
        "a->p INVITE sip:bob@example.com SIP/2.0\n"
        "p->b INVITE sip:bob@192.0.2.2 SIP/2.0\n" + via.format("one")
        + "p->b INVITE sip:bob@192.0.2.2 SIP/2.0\n" + via.format("two")
        + "b->p SIP/2.0 482 Merged Request\n" + via.format("two")
    )  # fmt: skip  # read side by side
    assert values_of(trace, 482, "arrived") == ["merged"]


def test_a_retransmission_is_no_second_arrival(trace_of: TraceOf) -> None:
    """The same request again, with the same branch, is one transaction (RFC 3261 §17.2.3)."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        +0.5s -> again INVITE
        <- SIP/2.0 482 Loop Detected
    """)
    assert values_of(trace, 482, "arrived") == [None]
    assert values_of(trace, 482, "arrivals") == [1]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Max-Forwards: 70", 70),
        ("Max-Forwards: 0", 0),
        ("Max-Forwards: many", -1),
        ("-Max-Forwards", -1),
    ],
)
def test_hops_allowed(trace_of: TraceOf, header: str, expected: int) -> None:
    """Max-Forwards is a number that every request has (RFC 3261 §20.22)."""
    trace = trace_of(f"-> OPTIONS sip:b@example.com SIP/2.0\n   {header}\n<- SIP/2.0 483 x\n")
    assert values_of(trace, 483, "hops_allowed") == [expected]


def test_without_the_request(trace_of: TraceOf) -> None:
    """Of a response alone neither way nor Max-Forwards is known."""
    trace = trace_of("<- SIP/2.0 483 Too Many Hops\n   CSeq: 1 INVITE\n")
    assert values_of(trace, 483, "vias") == [UNKNOWN]
    assert values_of(trace, 483, "hops_allowed") == [UNKNOWN]
