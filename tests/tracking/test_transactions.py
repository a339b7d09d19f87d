"""Messages are matched to transactions as RFC 3261 §17 says, per hop."""

from collections.abc import Callable

from analyzer.tables.trace import Trace
from tables import table

TraceOf = Callable[[str], Trace]


def test_cancel_is_its_own_transaction(trace_of: TraceOf) -> None:
    """CANCEL shares the INVITE's branch but not its transaction (RFC 3261 §9.1)."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 180 Ringing
        -> CANCEL sip:bob@example.com SIP/2.0
        <- SIP/2.0 200 OK
           CSeq: 1 CANCEL
        <- SIP/2.0 487 Request Terminated
        -> ACK sip:bob@example.com SIP/2.0
    """)
    columns = ("method", "final_status", "state", "ack_row", "cancel_row")
    assert (
        table(trace.transactions, *columns)
        == """
        method  final_status  state      ack_row  cancel_row
        INVITE  487           confirmed  5        2
        CANCEL  200           completed  -        -
    """
    )


def test_the_ack_of_a_2xx_belongs_to_its_invite(trace_of: TraceOf) -> None:
    """It has a branch of its own and is known by the dialog and CSeq number (§13.2.2.4)."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 200 OK
        -> ACK sip:bob@example.com SIP/2.0
        -> BYE sip:bob@example.com SIP/2.0
        <- SIP/2.0 200 OK
    """)
    assert (
        table(trace.transactions, "method", "final_status", "state", "ack_row")
        == """
        method  final_status  state      ack_row
        INVITE  200           accepted   2
        BYE     200           completed  -
    """
    )
    assert trace.links.transaction_row.tolist() == [0, 0, 0, 1, 1]


def test_a_proxied_request_is_a_transaction_per_hop(trace_of: TraceOf) -> None:
    """Each hop has its own branch and its own transaction (§16.6 step 8)."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@example.com SIP/2.0
        b->p SIP/2.0 603 Decline
        p->b ACK sip:bob@example.com SIP/2.0
        p->a SIP/2.0 603 Decline
        a->p ACK sip:bob@example.com SIP/2.0
    """)
    assert (
        table(trace.transactions, "method", "request_row", "final_row", "ack_row")
        == """
        method  request_row  final_row  ack_row
        INVITE  0            4          5
        INVITE  1            2          3
    """
    )


def test_one_branch_on_two_paths_is_two_transactions(trace_of: TraceOf) -> None:
    """A request seen before and after an address translation is one transaction on each side."""
    via = "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK-nat"
    trace = trace_of(f"""
        a->n OPTIONS sip:b@example.com SIP/2.0
           {via}
           Call-ID: nat
           CSeq: 1 OPTIONS
        x->b OPTIONS sip:b@example.com SIP/2.0
           {via}
           Call-ID: nat
           CSeq: 1 OPTIONS
        b->x SIP/2.0 200 OK
           {via}
           Call-ID: nat
           CSeq: 1 OPTIONS
        n->a SIP/2.0 200 OK
           {via}
           Call-ID: nat
           CSeq: 1 OPTIONS
    """)
    assert (
        table(trace.transactions, "request_row", "final_row", "final_status")
        == """
        request_row  final_row  final_status
        0            3          200
        1            2          200
    """
    )


def test_equal_branches_of_different_clients_stay_apart(trace_of: TraceOf) -> None:
    """The sent-by belongs to the identity (§17.2.3)."""
    trace = trace_of("""
        a->b OPTIONS sip:b@example.com SIP/2.0
           Via: SIP/2.0/UDP one.example.com;branch=z9hG4bK-same
           Call-ID: same
           CSeq: 1 OPTIONS
        a->b OPTIONS sip:b@example.com SIP/2.0
           Via: SIP/2.0/UDP two.example.com;branch=z9hG4bK-same
           Call-ID: same
           CSeq: 1 OPTIONS
    """)
    assert trace.links.transaction_row.tolist() == [0, 1]
    assert trace.links.retransmission_of_row.tolist() == [-1, -1]


def test_a_response_with_a_rewritten_sent_by_still_matches(trace_of: TraceOf) -> None:
    """Branch and CSeq method are enough for a response (§17.1.3)."""
    trace = trace_of("""
        a->b OPTIONS sip:b@example.com SIP/2.0
           Via: SIP/2.0/UDP one.example.com;branch=z9hG4bK-1
        b->a SIP/2.0 200 OK
           Via: SIP/2.0/UDP 198.51.100.7:1024;branch=z9hG4bK-1
    """)
    assert (
        table(trace.transactions, "request_row", "final_row")
        == """
        request_row  final_row
        0            1
    """
    )


def test_without_cookie_rfc_2543_matching_applies(trace_of: TraceOf) -> None:
    """A missing or bare cookie means Call-ID, From tag, CSeq and Via decide (§17.2.3)."""
    for branch in ("", ";branch=z9hG4bK", ";branch=1"):
        trace = trace_of(f"""
            a->b INVITE sip:b@example.com SIP/2.0
               Via: SIP/2.0/UDP one.example.com{branch}
            b->a SIP/2.0 486 Busy Here
            a->b ACK sip:b@example.com SIP/2.0
               Via: SIP/2.0/UDP one.example.com{branch}
            a->b INVITE sip:b@example.com SIP/2.0
               Via: SIP/2.0/UDP one.example.com{branch}
        """)
        assert (
            table(trace.transactions, "method", "final_status", "ack_row")
            == """
            method  final_status  ack_row
            INVITE  486           2
            INVITE  0             -
        """
        )


def test_a_retry_after_a_challenge_is_a_new_transaction(trace_of: TraceOf) -> None:
    """The retry has a new branch and the next CSeq number (§22.2)."""
    trace = trace_of("""
        -> REGISTER sip:example.com SIP/2.0
        <- SIP/2.0 401 Unauthorized
        -> REGISTER sip:example.com SIP/2.0
        <- SIP/2.0 200 OK
    """)
    assert trace.transactions.final_status.tolist() == [401, 200]


def test_a_2xx_wins_over_a_final_response_before_it(trace_of: TraceOf) -> None:
    """`final_row` is the first final response, unless a 2xx came."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 Decline
           CSeq: 1 INVITE
        <- SIP/2.0 486 Busy Here
           CSeq: 1 INVITE
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 Decline
           CSeq: 2 INVITE
        <- SIP/2.0 200 OK
           CSeq: 2 INVITE
    """)
    assert trace.transactions.final_status.tolist() == [603, 200]


def test_a_lone_response_makes_a_transaction(trace_of: TraceOf) -> None:
    """A response whose request is missing is not lost."""
    trace = trace_of("<- SIP/2.0 603 Decline")
    assert (
        table(trace.transactions, "method", "request_row", "final_status", "state")
        == """
        method  request_row  final_status  state
        INVITE  -            603           completed
    """
    )
    assert [each.kind for each in trace.anomalies] == ["response-without-request"]


def test_states_compare_the_timers_with_the_end_of_the_capture(trace_of: TraceOf) -> None:
    """Without any response 64*T1 ends a transaction (Timers B and F); a 1xx keeps an INVITE."""
    trace = trace_of("""
        a->b INVITE sip:bob@example.com SIP/2.0
           Call-ID: silent
        c->b INVITE sip:bob@example.com SIP/2.0
           Call-ID: ringing
        b->c SIP/2.0 180 Ringing
           Call-ID: ringing
        +33s d->b OPTIONS sip:bob@example.com SIP/2.0
           Call-ID: late
    """)
    assert (
        table(trace.transactions, "method", "state")
        == """
        method   state
        INVITE   terminated
        INVITE   proceeding
        OPTIONS  trying
    """
    )
