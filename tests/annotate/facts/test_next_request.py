"""What a client sent next in the same Call-ID."""

from collections.abc import Callable

import numpy as np

from analyzer.annotate.facts.next_request import next_requests
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


def following(trace: Trace) -> list[int]:
    """Return for each transaction the one that follows its final response."""
    rows = np.arange(len(trace.transactions))
    found: list[int] = next_requests(trace, rows, trace.transactions.final_row).tolist()
    return found


def test_same_method_same_call_id(trace_of: TraceOf) -> None:
    """Other methods and other Call-IDs between do not count."""
    trace = trace_of("""
        -> REGISTER sip:example.com SIP/2.0
           Call-ID: r@example.com
        <- SIP/2.0 401 Unauthorized
        -> OPTIONS sip:example.com SIP/2.0
           Call-ID: r@example.com
        <- SIP/2.0 200 OK
        -> REGISTER sip:example.com SIP/2.0
           Call-ID: other@example.com
        <- SIP/2.0 401 Unauthorized
        -> REGISTER sip:example.com SIP/2.0
           Call-ID: r@example.com
        <- SIP/2.0 200 OK
    """)
    assert following(trace) == [3, -1, -1, -1]


def test_requests_that_were_under_way_do_not_count(trace_of: TraceOf) -> None:
    """A request sent before the response cannot answer it; both retries answer the first."""
    trace = trace_of("""
        -> SUBSCRIBE sip:bob@example.com SIP/2.0
        -> SUBSCRIBE sip:bob@example.com SIP/2.0
        <- SIP/2.0 401 Unauthorized
           CSeq: 1 SUBSCRIBE
        <- SIP/2.0 401 Unauthorized
           CSeq: 2 SUBSCRIBE
        -> SUBSCRIBE sip:bob@example.com SIP/2.0
        <- SIP/2.0 200 OK
    """)
    assert following(trace) == [2, 2, -1]


def test_each_hop_for_itself(trace_of: TraceOf) -> None:
    """What the caller sends next is found on its hop, what the proxy sends next on the other."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@example.com SIP/2.0
        b->p SIP/2.0 401 Unauthorized
        p->b ACK sip:bob@example.com SIP/2.0
        p->a SIP/2.0 401 Unauthorized
        a->p ACK sip:bob@example.com SIP/2.0
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@example.com SIP/2.0
        b->p SIP/2.0 200 OK
        p->a SIP/2.0 200 OK
    """)
    assert following(trace) == [2, 3, -1, -1]


def test_accounts_that_share_a_call_id(trace_of: TraceOf) -> None:
    """Registrations of two addresses of record do not answer each other's challenges."""
    trace = trace_of("""
        -> REGISTER sip:example.com SIP/2.0
           Call-ID: shared@example.com
           To: <sip:one@example.com>
        <- SIP/2.0 401 Unauthorized
        -> REGISTER sip:example.com SIP/2.0
           Call-ID: shared@example.com
           To: <sip:two@example.com>
        <- SIP/2.0 401 Unauthorized
    """)
    assert following(trace) == [-1, -1]


def test_without_the_first_request(trace_of: TraceOf) -> None:
    """A response whose request the capture lacks is followed too."""
    trace = trace_of("""
        <- SIP/2.0 401 Unauthorized
           CSeq: 1 REGISTER
        -> REGISTER sip:example.com SIP/2.0
           CSeq: 2 REGISTER
        <- SIP/2.0 200 OK
    """)
    assert following(trace) == [1, -1]
