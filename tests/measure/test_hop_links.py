"""Which hop each was sent on from, and path order."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from analyzer.measure.hop_links import DEEP, HopColumns, depths, hops_above, path_order
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


def linked(trace: Trace) -> tuple[list[int], list[int], list[int]]:
    """Return above, depth and order of all hops of the only call."""
    hops = HopColumns(trace, np.arange(len(trace.transactions)))
    above = hops_above(hops)
    depth = depths(above)
    return above.tolist(), depth.tolist(), path_order(hops, above, depth).tolist()


def test_a_fork_is_walked_branch_by_branch(trace_of: TraceOf) -> None:
    """Each branch is followed by what was sent on from it, the earlier branch first."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->q INVITE sip:bob@example.com SIP/2.0
        p->r INVITE sip:bob@example.com SIP/2.0
        r->c INVITE sip:bob@example.com SIP/2.0
        q->b INVITE sip:bob@example.com SIP/2.0
    """)
    assert linked(trace) == ([-1, 0, 0, 2, 1], [0, 1, 1, 2, 2], [0, 1, 4, 2, 3])


def test_at_one_instant_via_decides(trace_of: TraceOf) -> None:
    """Where hops have one time, the branch below the topmost names the hop before
    (RFC 3261 §16.6 step 8).
    """
    trace = trace_of("""
        p->b INVITE sip:bob@example.com SIP/2.0
           From: <sip:alice@example.com>;tag=a1
           Via: SIP/2.0/UDP 192.0.2.16;branch=z9hG4bK-2
           Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-1
        +0s a->p INVITE sip:bob@example.com SIP/2.0
           From: <sip:alice@example.com>;tag=a1
           Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-1
           CSeq: 1 INVITE
    """)
    assert linked(trace)[0] == [1, -1]


def test_a_leg_with_the_same_call_id_is_another_leg(trace_of: TraceOf) -> None:
    """A back-to-back user agent may keep the Call-ID and begin anew otherwise: its leg comes after
    the one that it was sent.
    """
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
           From: <sip:alice@example.com>;tag=a1
        p->b INVITE sip:bob@example.com SIP/2.0
           From: <sip:alice@example.com>;tag=p1
           CSeq: 200 INVITE
    """)
    assert trace.hops.depth.tolist() == [0, 1]


def test_a_spiral_passes_one_proxy_twice(trace_of: TraceOf) -> None:
    """Two hops lead to the same proxy: Via tells from which it was sent on."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->q INVITE sip:bob@example.net SIP/2.0
        q->p INVITE sip:bob@example.org SIP/2.0
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
    """)
    assert linked(trace)[0] == [-1, 0, 1, 2]


def test_a_chain_deeper_than_those_done_together(trace_of: TraceOf) -> None:
    """It has the same order as a short one."""
    chain = "abcdefghijklmn"
    assert len(chain) > DEEP + 2
    trace = trace_of(
        "".join(f"{one}->{two} INVITE sip:z@h SIP/2.0\n" for one, two in pairwise(chain))
    )
    above, depth, order = linked(trace)
    assert above == list(range(-1, len(chain) - 2))
    assert depth == order == list(range(len(chain) - 1))


def test_hops_in_a_circle_have_no_depth() -> None:
    """Whatever a capture pretends, the walk comes to its end."""
    assert depths(np.array([-1, 0, 3, 2, 3])).tolist() == [0, 1, -1, -1, -1]


def test_where_a_leg_was_sent_on_from_is_not_guessed(trace_of: TraceOf) -> None:
    """An element with two addresses behind a fork: either branch may have reached it, so that no
    other element is told of that it changed what came back.
    """
    trace = trace_of("""
        a->o INVITE sip:bob@example.com SIP/2.0
           Call-ID: first@a.example
        o->p INVITE sip:bob@192.0.2.16 SIP/2.0
           Call-ID: first@a.example
        o->x INVITE sip:bob@192.0.2.24 SIP/2.0
           Call-ID: first@a.example
        q->b INVITE sip:bob@192.0.2.2 SIP/2.0
           Call-ID: second@p.example
           X-CID: first@a.example
        b->q SIP/2.0 486 Busy Here
           Call-ID: second@p.example
        x->o SIP/2.0 480 Temporarily Unavailable
           Call-ID: first@a.example
    """)
    assert trace.hops.above_row.tolist() == [-1, 0, 0, -1]
    assert not trace.hops.change.any()


def test_legs_of_elements_with_two_addresses_are_one_path(trace_of: TraceOf) -> None:
    """Each is listed below the end of the leg that came before it."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
           Call-ID: one@a.example
           X-CID: x
        q->r INVITE sip:bob@example.com SIP/2.0
           Call-ID: two@p.example
           X-CID: x
        s->b INVITE sip:bob@192.0.2.2 SIP/2.0
           Call-ID: three@r.example
           X-CID: x
        s->c INVITE sip:bob@192.0.2.3 SIP/2.0
           Call-ID: four@r.example
           X-CID: x
    """)
    assert trace.hops.above_row.tolist() == [-1, 0, 1, 1]


def test_who_calls_both_sides_sent_neither_on(trace_of: TraceOf) -> None:
    """Click to dial: the element that began both legs got neither, and who refused the one changed
    nothing of the other.
    """
    trace = trace_of("""
        p->a INVITE sip:alice@192.0.2.1 SIP/2.0
           Call-ID: one@p.example
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
           Call-ID: two@p.example
           X-CID: one@p.example
        b->p SIP/2.0 486 Busy Here
           Call-ID: two@p.example
        a->p SIP/2.0 603 Decline
           Call-ID: one@p.example
    """)
    assert trace.legs.call_row.tolist() == [0, 0]
    assert trace.hops.depth.tolist() == [0, 0]
    assert not trace.hops.change.any()


def test_a_translated_address_is_a_hop_of_its_own(trace_of: TraceOf) -> None:
    """NAT passes a request on with its Via: the same request, seen on its other side later."""
    via = "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK-1;rport"
    trace = trace_of(f"""
        a->n INVITE sip:bob@example.com SIP/2.0
           {via}
        x->p INVITE sip:bob@example.com SIP/2.0
           From: <sip:alice@example.com>;tag=a1
           {via}
    """)
    assert linked(trace)[0] == [-1, 0]
