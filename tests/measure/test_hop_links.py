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
