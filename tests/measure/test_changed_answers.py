"""Final responses changed on the way, and calls sent on after a 6xx."""

from collections.abc import Callable

import pytest

from analyzer.tables.hops import Change
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]

THERE = """
a->p INVITE sip:bob@example.com SIP/2.0
p->b INVITE sip:bob@example.com SIP/2.0
"""


@pytest.mark.parametrize(
    ("received", "sent", "change"),
    [
        ("486 Busy Here", "486 Busy Here", 0),
        ("486 Busy Here", "480 Temporarily Unavailable", Change.STATUS),
        ("603 Decline", "603 Declined", Change.PHRASE),
        ("603 Decline\n   Reason: Q.850;cause=21", "603 Decline", Change.REASON),
        ("603 Decline\n   Reason: Q.850;cause=21", "503 X", Change.STATUS | Change.REASON),
        (
            "603 Decline\n   Reason: Q.850;cause=21",
            '603 Decline\n   Reason: q.850 ;cause=21;text="x", SIP;cause=603',
            0,
        ),
        (
            "603 Decline\n   Reason: Q.850;cause=21",
            "603 Decline\n   Reason: SIP;cause=603",
            Change.REASON,
        ),
        (
            '603 Decline\n   Reason: SIP;cause=603;text="v=analytics1;url=https://r.example/x"',
            '603 Decline\n   Reason: SIP;cause=603;text="Decline"',
            Change.REASON,
        ),
        ("200 OK", "200 Fine", 0),
    ],
)
def test_what_an_element_changed(trace_of: TraceOf, received: str, sent: str, change: int) -> None:
    """Status, phrase and Reason of failures are compared; a 2xx is passed on as it is or not."""
    trace = trace_of(f"{THERE}b->p SIP/2.0 {received}\np->a SIP/2.0 {sent}\n")
    assert trace.hops.change.tolist() == [change, 0]
    assert trace.hops.changed_row.tolist() == [1 if change else -1, -1]


def test_an_answer_of_its_own_is_no_change(trace_of: TraceOf) -> None:
    """A 408 before anything final came is the element's own word (RFC 3261 §16.8)."""
    trace = trace_of(f"{THERE}+40s p->a SIP/2.0 408 Request Timeout\nb->p SIP/2.0 486 Busy Here\n")
    assert trace.hops.change.tolist() == [0, 0]


def test_a_challenge_that_was_answered_is_not_passed_on(trace_of: TraceOf) -> None:
    """A proxy that answers a 407 of the next hop itself passes on what comes then."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@example.com SIP/2.0
        p->c INVITE sip:bob@example.com SIP/2.0
        b->p SIP/2.0 407 Proxy Authentication Required
        c->p SIP/2.0 486 Busy Here
        p->a SIP/2.0 486 Busy Here
    """)
    assert trace.hops.change.tolist() == [0, 0, 0]


def test_a_call_sent_on_after_a_6xx(trace_of: TraceOf) -> None:
    """The branch that was begun afterwards names the one that got the 6xx (RFC 3261 §16.7)."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@example.com SIP/2.0
        b->p SIP/2.0 603 Decline
        p->c INVITE sip:bob@example.com SIP/2.0
        c->p SIP/2.0 200 OK
        p->a SIP/2.0 200 OK
    """)
    assert trace.hops.routed_after_row.tolist() == [-1, -1, 1]


RANG_OUT = """
+20s p->b CANCEL sip:bob@example.com SIP/2.0
b->p SIP/2.0 200 OK
   CSeq: 1 CANCEL
b->p SIP/2.0 487 Request Terminated
"""


@pytest.mark.parametrize(
    ("other", "sent", "change"),
    [
        ("", "480 Temporarily Unavailable", 0),
        ("", "487 Request Terminated", 0),
        ("404 Not Found", "408 Request Timeout", 0),
        ("404 Not Found", "480 Temporarily Unavailable", 0),
        ("404 Not Found", "404 Unknown", Change.PHRASE),
        ("603 Decline", "480 Temporarily Unavailable", Change.STATUS),
        ("603 Decline", "408 Request Timeout", Change.STATUS),
    ],
)
def test_the_487_of_a_branch_that_an_element_gave_up_is_its_own_doing(
    trace_of: TraceOf, other: str, sent: str, change: int
) -> None:
    """What it says of a phone that nobody answered is no change of that 487 (RFC 3261 §16.8); a 6xx
    of another branch binds it all the same.
    """
    branch = f"p->c INVITE sip:bob@example.com SIP/2.0\nc->p SIP/2.0 {other}\n" if other else ""
    trace = trace_of(f"{THERE}{branch}{RANG_OUT}p->a SIP/2.0 {sent}\n")
    assert trace.hops.change[0] == change


def test_a_487_after_the_callers_own_cancel_is_the_answer(trace_of: TraceOf) -> None:
    """The caller gave up, the callee's 487 came back, and another status was sent on."""
    trace = trace_of(f"""
        {THERE.replace(chr(10), chr(10) + " " * 8)}
        +5s a->p CANCEL sip:bob@example.com SIP/2.0
        p->a SIP/2.0 200 OK
           CSeq: 1 CANCEL
        p->b CANCEL sip:bob@example.com SIP/2.0
        b->p SIP/2.0 200 OK
           CSeq: 1 CANCEL
        b->p SIP/2.0 487 Request Terminated
        p->a SIP/2.0 480 Temporarily Unavailable
    """)
    assert trace.hops.change.tolist() == [Change.STATUS, 0]


def test_a_clock_that_is_apart_shows_no_other_route(trace_of: TraceOf) -> None:
    """Two branches at once, one captured at the callee, whose clock is behind: its 6xx did not come
    before the other branch was begun.
    """
    trace = trace_of("""
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
           Via: SIP/2.0/UDP 192.0.2.16;branch=z9hG4bK-2, SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-1
           From: <sip:alice@example.com>;tag=a1
        b->p SIP/2.0 603 Decline
        +5s a->p INVITE sip:bob@example.com SIP/2.0
           Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-1
           From: <sip:alice@example.com>;tag=a1
           CSeq: 1 INVITE
        p->c INVITE sip:bob@192.0.2.3 SIP/2.0
           Via: SIP/2.0/UDP 192.0.2.16;branch=z9hG4bK-3, SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-1
    """)
    assert trace.hops.depth.tolist() == [0, 1, 1]
    assert trace.hops.routed_after_row.tolist() == [-1, -1, -1]
