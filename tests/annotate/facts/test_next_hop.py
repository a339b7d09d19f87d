"""Where who was asked sent the request on, and what it heard from there."""

from collections.abc import Callable

import pytest

from analyzer.tables.trace import Trace
from judged import values_of

TraceOf = Callable[[str], Trace]
FIELDS = ("passed_on", "next_hop.to", "next_hop.status", "next_hop.silent")


@pytest.mark.parametrize("method", ["INVITE", "REGISTER"])
@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("", [True, "192.0.2.2:5060", None, True]),
        ("b->p SIP/2.0 100 Trying\n", [True, "192.0.2.2:5060", None, False]),
        ("b->p SIP/2.0 486 Busy\n", [True, "192.0.2.2:5060", 486, False]),
    ],
    ids=["nothing", "trying", "final"],
)
def test_behind_a_proxy(trace_of: TraceOf, method: str, heard: str, expected: list[object]) -> None:
    """A request that names the branch of the hop before in its second Via was sent on from there
    (RFC 3261 §16.6).
    """
    trace = trace_of(
        f"a->p {method} sip:bob@example.com SIP/2.0\np->b {method} sip:bob@192.0.2.2 SIP/2.0\n"
        f"{heard}+5s p->a SIP/2.0 408 Request Timeout\n"
    )
    assert [values_of(trace, 408, name) for name in FIELDS] == [[each] for each in expected]


def test_what_comes_later_does_not_count(trace_of: TraceOf) -> None:
    """A response from behind that comes after the one judged cannot have caused it."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
        +5s p->a SIP/2.0 408 Request Timeout
        b->p SIP/2.0 486 Busy Here
    """)
    assert values_of(trace, 408, "next_hop.silent") == [True]


def test_two_targets(trace_of: TraceOf) -> None:
    """Of several targets the one with the same status is named, for it is the origin."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
        p->c INVITE sip:bob@192.0.2.3 SIP/2.0
        b->p SIP/2.0 503 Service Unavailable
        c->p SIP/2.0 486 Busy Here
        p->a SIP/2.0 503 Service Unavailable
    """)
    assert values_of(trace, 503, "next_hop.status") == [None, 503]


def test_not_sent_on(trace_of: TraceOf) -> None:
    """Where nothing was sent on there is nothing to say of it."""
    trace = trace_of("-> INVITE sip:bob@example.com SIP/2.0\n<- SIP/2.0 408 Request Timeout\n")
    assert [values_of(trace, 408, name) for name in FIELDS] == [[False], [None], [None], [None]]
