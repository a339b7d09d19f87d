"""The hops of the last attempt, and what is known of the time between hops."""

from collections.abc import Callable

import numpy as np

from analyzer.measure.paths import in_last_attempt
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


def last(trace: Trace) -> list[bool]:
    """Tell which hops of all calls belong to the last attempt."""
    return [bool(each) for each in in_last_attempt(trace, np.arange(len(trace.hops)))]


def test_branches_of_one_attempt_belong_together(trace_of: TraceOf) -> None:
    """A branch that was begun before the one that decides was tried in the same attempt."""
    trace = trace_of("""
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
           From: <sip:alice@example.com>;tag=a1
        p->c INVITE sip:bob@192.0.2.3 SIP/2.0
           From: <sip:alice@example.com>;tag=a1
           CSeq: 1 INVITE
        b->p SIP/2.0 486 Busy Here
        c->p SIP/2.0 200 OK
    """)
    assert trace.calls.final_status.tolist() == [200]
    assert last(trace) == [True, True]


def test_an_earlier_attempt_and_its_other_leg_are_not_the_last(trace_of: TraceOf) -> None:
    """The caller tries again in the same dialog-to-be; each attempt went on as another leg."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
           Call-ID: one
           X-CID: x
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
           Call-ID: two
           X-CID: x
        b->p SIP/2.0 503 Service Unavailable
           Call-ID: two
        p->a SIP/2.0 503 Service Unavailable
           Call-ID: one
        a->p INVITE sip:bob@example.com SIP/2.0
           Call-ID: one
           X-CID: x
        p->c INVITE sip:bob@192.0.2.3 SIP/2.0
           Call-ID: three
           X-CID: x
    """)
    assert trace.transactions.call_row.tolist() == [0, 0, 0, 0]
    assert sorted(zip(trace.hops.transaction_row.tolist(), last(trace), strict=True)) == [
        (0, False), (1, False), (2, True), (3, True),
    ]  # fmt: skip  # read side by side


def test_without_the_invite_no_time_is_known(trace_of: TraceOf) -> None:
    """A hop of which the capture has only responses: nobody knows when its INVITE was sent."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
           Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-1
        +2s b->p SIP/2.0 180 Ringing
           Via: SIP/2.0/UDP 192.0.2.16;branch=z9hG4bK-2
           Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-1
           From: <sip:alice@example.com>;tag=a1
           CSeq: 1 INVITE
    """)
    assert trace.hops.depth.tolist() == [0, 1]
    assert trace.hops.request_delay_ns.tolist() == [-1, -1]


def test_clocks_that_disagree_give_no_delays(trace_of: TraceOf) -> None:
    """An answer that was sent on before it came was captured by another clock."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->a SIP/2.0 200 OK
        +3s p->b INVITE sip:bob@192.0.2.2 SIP/2.0
        b->p SIP/2.0 200 OK
    """)
    assert trace.hops.above_row.tolist() == [-1, 0]
    assert trace.hops.request_delay_ns.tolist() == [-1, -1]
    assert trace.hops.response_delay_ns.tolist() == [-1, -1]


def test_of_several_answers_the_later_says_nothing_of_clocks(trace_of: TraceOf) -> None:
    """Two branches answer: the delays of the first are those of the proxy."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
        p->c INVITE sip:bob@192.0.2.3 SIP/2.0
        c->p SIP/2.0 200 OK
        p->a SIP/2.0 200 OK
        b->p SIP/2.0 200 OK
    """)
    assert trace.hops.request_delay_ns.tolist() == [-1, 10_000_000, 20_000_000]
    assert trace.hops.response_delay_ns.tolist() == [-1, -1, 10_000_000]


def test_only_what_was_sent_on_took_a_while_to_be(trace_of: TraceOf) -> None:
    """Of two branches that fail, one is chosen; the other response went nowhere."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
        b->p SIP/2.0 302 Moved Temporarily
        p->c INVITE sip:bob@192.0.2.3 SIP/2.0
        c->p SIP/2.0 486 Busy Here
        p->a SIP/2.0 486 Busy Here
    """)
    assert trace.hops.response_delay_ns.tolist() == [-1, -1, 10_000_000]
