"""Rows of the call table."""

from collections.abc import Callable

import numpy as np

from analyzer.report.calls import MOST, SOME, choose_calls, findings_per_call, summarize_calls
from analyzer.tables.calls import Outcome
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


def calls(*answers: str) -> str:
    """Return a dialogue with a call for each answer."""
    return "\n".join(
        f"-> INVITE sip:bob@example.com SIP/2.0\n   Call-ID: c{n}\n"
        f"<- SIP/2.0 {answer}\n   Call-ID: c{n}"
        for n, answer in enumerate(answers)
    )


def test_a_call_is_summed_up(trace_of: TraceOf) -> None:
    """Parties, outcome, status and times; what did not happen is None."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        +1s <- SIP/2.0 180 Ringing
        +4s <- SIP/2.0 603 Decline
    """)
    row = summarize_calls(trace, np.array([0]))[0]
    assert (row.id, row.outcome, row.final_status) == (0, Outcome.DECLINED, 603)
    assert (row.caller.user, row.callee.user) == ("alice", "bob")
    assert (row.ring_ns, row.talk_ns, row.findings) == (4 * 10**9, None, 1)


def test_few_calls_are_all_listed(trace_of: TraceOf) -> None:
    """Up to the limit nothing is left out."""
    trace = trace_of(calls(*["200 OK"] * MOST))
    assert len(choose_calls(trace, np.arange(MOST), everything=False)) == MOST


def test_of_many_those_that_matter_are_listed(trace_of: TraceOf) -> None:
    """Calls with findings come before failed ones before answered ones, in order of time."""
    answers = ["200 OK"] * MOST + ["486 Busy Here"] * 2 + ["603 Decline"]
    trace = trace_of(calls(*answers))
    chosen = choose_calls(trace, np.arange(len(answers)), everything=False).tolist()
    assert len(chosen) == SOME
    assert chosen == sorted(chosen)
    assert chosen[-3:] == [MOST, MOST + 1, MOST + 2]
    assert len(choose_calls(trace, np.arange(len(answers)), everything=True)) == len(answers)


def test_a_relayed_finding_counts_once(trace_of: TraceOf) -> None:
    """A decline seen on two hops is one finding of its call."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@example.com SIP/2.0
        p<-b SIP/2.0 603 Decline
        a<-p SIP/2.0 603 Decline
    """)
    assert len(trace.findings) == 2
    assert findings_per_call(trace).tolist() == [1]
