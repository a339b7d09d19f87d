"""What belongs to one call, by Call-ID and tags (RFC 3261 §12)."""

from collections.abc import Callable

from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


def test_everything_inside_the_dialog_belongs_to_the_call(trace_of: TraceOf) -> None:
    """Requests of both sides join the call of the initial INVITE; other dialogs do not."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 200 OK
        -> ACK sip:bob@example.com SIP/2.0
        <- INFO sip:alice@example.com SIP/2.0
        -> SIP/2.0 200 OK
        -> OPTIONS sip:bob@example.com SIP/2.0
           Call-ID: other
        <- BYE sip:alice@example.com SIP/2.0
        -> SIP/2.0 200 OK
    """)
    assert trace.transactions.call_row.tolist() == [0, 0, -1, 0]
    assert len(trace.calls) == 1


def test_hops_retries_and_forks_are_one_call(trace_of: TraceOf) -> None:
    """Same Call-ID and From tag: one call, however many INVITE transactions (output contract)."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->a SIP/2.0 407 Proxy Authentication Required
        a->p ACK sip:bob@example.com SIP/2.0
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@example.com SIP/2.0
        p->c INVITE sip:bob@example.com SIP/2.0
        b->p SIP/2.0 180 Ringing
        c->p SIP/2.0 180 Ringing
        p->a SIP/2.0 180 Ringing
    """)
    assert trace.transactions.call_row.tolist() == [0, 0, 0, 0]
    assert trace.calls.attempts.tolist() == [2]


def test_two_calls_of_one_call_id_are_told_apart_by_the_from_tag(trace_of: TraceOf) -> None:
    """A call is a Call-ID and a From tag."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
           From: <sip:alice@example.com>;tag=one
        -> INVITE sip:bob@example.com SIP/2.0
           From: <sip:alice@example.com>;tag=two
    """)
    assert trace.transactions.call_row.tolist() == [0, 1]


def test_what_begins_inside_a_dialog_makes_one_incomplete_call(trace_of: TraceOf) -> None:
    """An in-dialog INVITE, BYE or stray ACK opens a call; both sides' requests join it."""
    trace = trace_of("""
        -> ACK sip:bob@example.com SIP/2.0
           To: <sip:bob@example.com>;tag=b1
        <- INFO sip:alice@example.com SIP/2.0
        -> SIP/2.0 200 OK
        <- BYE sip:alice@example.com SIP/2.0
        -> SIP/2.0 200 OK
    """)
    assert trace.links.transaction_row.tolist()[0] == -1
    assert trace.transactions.call_row.tolist() == [0, 0]
    assert trace.calls.first_row.tolist() == [0]
    assert "ack-without-invite" in [each.kind for each in trace.anomalies]


def test_a_stray_ack_outside_any_dialog_makes_no_call(trace_of: TraceOf) -> None:
    """Without a To tag nothing says that there was a dialog; the ACK is still an anomaly."""
    trace = trace_of("""
        -> ACK sip:bob@example.com SIP/2.0
           To: <sip:bob@example.com>
    """)
    assert len(trace.calls) == 0
    assert [each.kind for each in trace.anomalies] == ["ack-without-invite"]


def test_other_methods_make_no_call(trace_of: TraceOf) -> None:
    """OPTIONS, MESSAGE, REGISTER, SUBSCRIBE and a lone CANCEL are no calls."""
    trace = trace_of("""
        -> OPTIONS sip:bob@example.com SIP/2.0
        -> MESSAGE sip:bob@example.com SIP/2.0
        -> REGISTER sip:example.com SIP/2.0
        -> SUBSCRIBE sip:bob@example.com SIP/2.0
        -> CANCEL sip:bob@example.com SIP/2.0
    """)
    assert len(trace.calls) == 0


def test_a_lone_response_to_an_invite_makes_a_call(trace_of: TraceOf) -> None:
    """A 603 whose INVITE is not in the capture is a declined call."""
    trace = trace_of("<- SIP/2.0 603 Decline")
    assert trace.transactions.call_row.tolist() == [0]
