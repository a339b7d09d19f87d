"""Which of the hops of a call decides how it ended (RFC 3261 §16.7)."""

from collections.abc import Callable

import pytest

from analyzer.tables.calls import Outcome
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]

FORKED = """
a->p INVITE sip:bob@example.com SIP/2.0
p->b INVITE sip:bob@192.0.2.2 SIP/2.0
p->c INVITE sip:bob@192.0.2.3 SIP/2.0
"""
LATER = """
+{seconds}s d->e OPTIONS sip:e@example.com SIP/2.0
   Call-ID: other
"""
CANCEL = """
+2s a->p CANCEL sip:bob@example.com SIP/2.0
p->a SIP/2.0 200 OK
   CSeq: 1 CANCEL
"""


@pytest.mark.parametrize(
    ("dialogue", "outcome", "status"),
    [
        # a phone that never responds keeps no call open once its transaction has timed out
        (f"{FORKED}c->p SIP/2.0 486 Busy Here{LATER.format(seconds=33)}", Outcome.BUSY, 486),
        (f"{FORKED}c->p SIP/2.0 486 Busy Here{LATER.format(seconds=20)}", Outcome.INCOMPLETE, 0),
        (
            f"{FORKED}b->p SIP/2.0 404 Not Found\nc->p SIP/2.0 302 Moved Temporarily",
            Outcome.REDIRECTED,
            302,
        ),
        (f"{FORKED}b->p SIP/2.0 180 Ringing\nc->p SIP/2.0 200 OK", Outcome.ANSWERED, 200),
        # of what the caller gave up it is told 487, whatever a branch had said before
        (
            f"{FORKED}c->p SIP/2.0 486 Busy Here{CANCEL}b->p SIP/2.0 487 Request Terminated",
            Outcome.CANCELLED,
            487,
        ),
    ],
)
def test_what_the_branches_tell_of_a_hop_without_final_response(
    trace_of: TraceOf, dialogue: str, outcome: Outcome, status: int
) -> None:
    """The best response once none is open; a 2xx at once (§16.7 steps 5 and 6, §16.10)."""
    calls = trace_of(dialogue).calls
    assert (calls.outcome.tolist(), calls.final_status.tolist()) == ([outcome], [status])


def test_the_hop_nearer_to_the_caller_decides(trace_of: TraceOf) -> None:
    """What p is told counts, and not what its next hop made of it."""
    trace = trace_of(
        """
        a->p INVITE sip:bob@example.com SIP/2.0
        p->q INVITE sip:bob@example.com SIP/2.0
        q->b INVITE sip:bob@192.0.2.2 SIP/2.0
        b->q SIP/2.0 486 Busy Here
        q->p SIP/2.0 480 Temporarily Unavailable
        """
    )
    assert trace.calls.final_status.tolist() == [480]


def test_hops_that_name_each_other_end_somewhere(trace_of: TraceOf) -> None:
    """Via values of a forger that make a circle are followed no further."""
    via = "   Via: SIP/2.0/UDP 192.0.2.16;branch=z9hG4bK-{}, SIP/2.0/UDP h;branch=z9hG4bK-{}\n"
    trace = trace_of(
        f"p->b INVITE sip:bob@192.0.2.2 SIP/2.0\n   CSeq: 1 INVITE\n{via.format(1, 2)}"
        f"p->c INVITE sip:bob@192.0.2.3 SIP/2.0\n   CSeq: 1 INVITE\n{via.format(2, 1)}"
        "b->p SIP/2.0 486 Busy Here"
    )
    assert trace.calls.final_status.tolist() == [486]
