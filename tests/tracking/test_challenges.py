"""Runs of challenged requests: where an attempt with credentials began."""

from collections.abc import Callable

import numpy as np

from analyzer.tables.trace import Trace
from analyzer.tracking.challenges import asks_for_credentials, beginnings

TraceOf = Callable[[str], Trace]


def begun(trace: Trace) -> list[int]:
    """Return the beginning of each transaction, with all of one group."""
    rows = np.arange(len(trace.transactions))
    found: list[int] = beginnings(trace, np.zeros(len(rows), np.int32), rows).tolist()
    return found


def test_two_challenges_in_a_row_are_one_run(trace_of: TraceOf) -> None:
    """A proxy and then the server ask (RFC 3261 §22.3): the run begins with the first request."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 407 Proxy Authentication Required
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 401 Unauthorized
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 200 OK
    """)
    assert begun(trace) == [0, 0, 0]
    assert asks_for_credentials(trace.transactions).tolist() == [True, True, False]


def test_any_other_answer_ends_a_run(trace_of: TraceOf) -> None:
    """After a 302 another request begins."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 407 Proxy Authentication Required
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 302 Moved Temporarily
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 200 OK
    """)
    assert begun(trace) == [0, 0, 2]


def test_branches_of_a_fork_are_no_run(trace_of: TraceOf) -> None:
    """They have one CSeq number; credentials raise it (RFC 3261 §22.2)."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@example.com SIP/2.0
        p->c INVITE sip:bob@example.com SIP/2.0
        b->p SIP/2.0 401 Unauthorized
        c->p SIP/2.0 200 OK
    """)
    assert begun(trace) == [0, 1, 2]


def test_without_challenges_each_begins_itself(trace_of: TraceOf) -> None:
    """Nothing to go on from."""
    trace = trace_of("""
        -> OPTIONS sip:bob@example.com SIP/2.0
        <- SIP/2.0 200 OK
    """)
    assert begun(trace) == [0]
