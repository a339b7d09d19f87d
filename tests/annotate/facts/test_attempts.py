"""Whether a failed request was sent again, where, and what came of it."""

from collections.abc import Callable

import pytest

from analyzer.tables.trace import Trace
from judged import values_of

TraceOf = Callable[[str], Trace]

FAILED = """
    -> INVITE sip:bob@example.com SIP/2.0
    <- SIP/2.0 503 Service Unavailable
    -> ACK sip:bob@example.com SIP/2.0
"""
AGAIN = """
    +2s a->{to} INVITE sip:bob@example.com SIP/2.0
       CSeq: {cseq} INVITE
       {tag}
    {to}->a SIP/2.0 {status} x
       CSeq: {cseq} INVITE
"""


def again(to: str, status: int, cseq: int = 2, tag: str = "Subject: again") -> str:
    """Return a later attempt of the caller."""
    return AGAIN.format(to=to, status=status, cseq=cseq, tag=tag)


@pytest.mark.parametrize(
    ("later", "outcome"),
    [
        ("", None),
        (again("b", 200), "succeeded"),
        (again("b", 486), "failed"),
        (again("b", 180), "unfinished"),
        (again("b", 407) + again("b", 200, 3), "succeeded"),
        (again("b", 486) + again("c", 407, 3), "failed"),
    ],
    ids=["never", "success", "failure", "ringing", "challenged", "challenge-last"],
)
def test_outcome(trace_of: TraceOf, later: str, outcome: str | None) -> None:
    """A retry has the same Call-ID and a higher CSeq (RFC 3261 §8.1.3.5); a challenge on the way
    decides nothing.
    """
    assert values_of(trace_of(FAILED + later), 503, "retried") == [outcome]


def test_failover(trace_of: TraceOf) -> None:
    """A client may send the same request, CSeq too, to the next server (RFC 3263 §4.3)."""
    trace = trace_of(FAILED + again("c", 200, cseq=1))
    assert values_of(trace, 503, "retried.elsewhere") == [True]
    assert values_of(trace, 503, "retried.to") == ["192.0.2.3:5060"]
    assert values_of(trace, 503, "retried.status") == [200]
    assert values_of(trace, 503, "retried.after_ms") == [pytest.approx(2000, abs=50)]


def test_same_server(trace_of: TraceOf) -> None:
    """A retry at the same server is none elsewhere."""
    assert values_of(trace_of(FAILED + again("b", 200)), 503, "retried.elsewhere") == [False]


def test_another_dialog_is_no_retry(trace_of: TraceOf) -> None:
    """A request inside a dialog does not repeat the one outside, though all else is equal."""
    inside = again("b", 200, tag="To: <sip:bob@example.com>;tag=b9")
    assert values_of(trace_of(FAILED + inside), 503, "retried") == [None]


def test_a_parallel_branch_is_no_retry(trace_of: TraceOf) -> None:
    """A branch that was sent before the response came is no consequence of it."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
        p->c INVITE sip:bob@192.0.2.3 SIP/2.0
        b->p SIP/2.0 503 Service Unavailable
        c->p SIP/2.0 200 OK
    """)
    assert values_of(trace, 503, "retried") == [None]


def test_without_the_request(trace_of: TraceOf) -> None:
    """What was retried cannot be told of a response alone."""
    trace = trace_of("<- SIP/2.0 503 Service Unavailable\n   CSeq: 1 INVITE\n")
    assert values_of(trace, 503, "retried") == [None]
