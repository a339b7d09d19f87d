"""Outcomes and times of calls, as the output contract and RFC 6076 define them."""

from collections.abc import Callable

import pytest

from analyzer.tables.trace import Trace
from tables import table

TraceOf = Callable[[str], Trace]

OUTCOMES = [
    ("SIP/2.0 200 OK", "answered"),
    ("SIP/2.0 302 Moved Temporarily", "redirected"),
    ("SIP/2.0 401 Unauthorized", "rejected"),
    ("SIP/2.0 486 Busy Here", "busy"),
    ("SIP/2.0 487 Request Terminated", "cancelled"),
    ("SIP/2.0 503 Service Unavailable", "rejected"),
    ("SIP/2.0 600 Busy Everywhere", "busy"),
    ("SIP/2.0 603 Decline", "declined"),
    ("SIP/2.0 604 Does Not Exist Anywhere", "rejected"),
    ("SIP/2.0 607 Unwanted", "blocked"),
    ("SIP/2.0 608 Rejected", "blocked"),
]


@pytest.mark.parametrize(("final", "outcome"), OUTCOMES)
def test_the_final_response_gives_the_outcome(trace_of: TraceOf, final: str, outcome: str) -> None:
    """Each class of final response has the outcome that the contract names."""
    trace = trace_of(f"""
        -> INVITE sip:bob@example.com SIP/2.0
        <- {final}
    """)
    assert table(trace.calls, "outcome").splitlines()[1] == outcome


BLOCKS = [
    ("Network Blocked", 'SIP;cause=603;text="v=analytics1;url=https://a.example";location=TN'),
    ("Decline", 'SIP;cause=603;text="v=analytics1;url=https://a.example";location=TN'),
    ("Network Blocked", ""),
]


@pytest.mark.parametrize(("phrase", "reason"), BLOCKS)
def test_a_603_plus_is_a_blocked_call(trace_of: TraceOf, phrase: str, reason: str) -> None:
    """Whole, damaged and malformed 603+ count as blocked (ATIS-1000099)."""
    trace = trace_of(f"""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 {phrase}
           {f"Reason: {reason}" if reason else "Server: x"}
    """)
    assert table(trace.calls, "outcome").splitlines()[1] == "blocked"


def test_a_603_with_a_jcard_is_a_blocked_call(trace_of: TraceOf) -> None:
    """Call-Info with purpose=jwscard says that an intermediary rejected (RFC 8688)."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 Decline
           Call-Info: <https://a.example/card>;purpose=jwscard
    """)
    assert (
        table(trace.calls, "outcome")
        == """
        outcome
        blocked
    """
    )


def test_a_block_in_the_second_reason_counts(trace_of: TraceOf) -> None:
    """Reason may come in several rows, one per protocol (RFC 3326 §2)."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 Decline
           Reason: STIR;cause=436;text="Bad Identity Info"
           Reason: SIP;cause=603;text="v=analytics1;url=https://a.example";location=TN
    """)
    assert (
        table(trace.calls, "outcome")
        == """
        outcome
        blocked
    """
    )


def test_times_of_an_answered_call(trace_of: TraceOf) -> None:
    """Post-dial delay, ring, setup and talk time run between the messages the contract names."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        +100ms <- SIP/2.0 100 Trying
        +400ms <- SIP/2.0 180 Ringing
        +3s <- SIP/2.0 200 OK
        +10ms -> ACK sip:bob@example.com SIP/2.0
        +60s <- BYE sip:alice@example.com SIP/2.0
        -> SIP/2.0 200 OK
    """)
    columns = ("outcome", "answered_by", "ended_by", "post_dial_delay_ms", "ring_ms", "setup_ms")
    assert (
        table(trace.calls, *columns, "talk_ms", "forks")
        == """
        outcome   answered_by  ended_by  post_dial_delay_ms  ring_ms  setup_ms  talk_ms  forks
        answered  callee       callee    500                 3000     3500      60010    1
    """
    )


def test_the_last_attempt_decides(trace_of: TraceOf) -> None:
    """A challenge that is answered is no rejection (output contract)."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 407 Proxy Authentication Required
        -> ACK sip:bob@example.com SIP/2.0
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 Decline
    """)
    assert (
        table(trace.calls, "outcome", "final_status", "attempts")
        == """
        outcome   final_status  attempts
        declined  603           2
    """
    )


def test_a_refused_change_does_not_end_a_call(trace_of: TraceOf) -> None:
    """A 603 to a re-INVITE leaves the call answered (RFC 3261 §14.1)."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 200 OK
        -> ACK sip:bob@example.com SIP/2.0
        -> INVITE sip:bob@example.com SIP/2.0
           To: <sip:bob@example.com>;tag=b1
        <- SIP/2.0 603 Decline
    """)
    assert (
        table(trace.calls, "outcome", "final_status")
        == """
        outcome   final_status
        answered  200
    """
    )


def test_a_forked_call_has_the_outcome_its_caller_saw(trace_of: TraceOf) -> None:
    """One branch declines, the other answers: the proxy forwards the 2xx (RFC 3261 §16.7)."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@example.com SIP/2.0
        p->c INVITE sip:bob@example.com SIP/2.0
        b->p SIP/2.0 486 Busy Here
        c->p SIP/2.0 200 OK
        p->a SIP/2.0 200 OK
    """)
    assert (
        table(trace.calls, "outcome", "transaction_row")
        == """
        outcome   transaction_row
        answered  0
    """
    )


def test_a_declined_call_that_crossed_a_cancel_is_declined(trace_of: TraceOf) -> None:
    """The final response counts, not that a CANCEL was on its way (output contract)."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 180 Ringing
        -> CANCEL sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 Decline
           CSeq: 1 INVITE
    """)
    assert (
        table(trace.calls, "outcome", "ended_by")
        == """
        outcome   ended_by
        declined  unknown
    """
    )


@pytest.mark.parametrize(("seconds", "outcome"), [(33, "unanswered"), (31, "incomplete")])
def test_no_response_within_64_t1_is_unanswered(
    trace_of: TraceOf, seconds: int, outcome: str
) -> None:
    """Timer B decides, when the capture runs so long (RFC 3261 §17.1.1.2)."""
    trace = trace_of(f"""
        -> INVITE sip:bob@example.com SIP/2.0
        +{seconds}s c->d OPTIONS sip:d@example.com SIP/2.0
           Call-ID: other
    """)
    assert table(trace.calls, "outcome").splitlines()[1] == outcome


@pytest.mark.parametrize(("seconds", "outcome"), [(181, "unanswered"), (179, "incomplete")])
def test_ringing_without_end_is_unanswered_after_timer_c(
    trace_of: TraceOf, seconds: int, outcome: str
) -> None:
    """Timer C counts from the last 1xx (RFC 3261 §16.6 step 11)."""
    trace = trace_of(f"""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 180 Ringing
        +{seconds}s c->d OPTIONS sip:d@example.com SIP/2.0
           Call-ID: other
    """)
    assert table(trace.calls, "outcome").splitlines()[1] == outcome


def test_early_dialogs_are_counted_by_to_tag(trace_of: TraceOf) -> None:
    """Three phones ring: three To tags, three early dialogs (RFC 3261 §12.1)."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 180 Ringing
           To: <sip:bob@example.com>;tag=x
        <- SIP/2.0 180 Ringing
           To: <sip:bob@example.com>;tag=y
        <- SIP/2.0 183 Session Progress
           To: <sip:bob@example.com>;tag=y
        <- SIP/2.0 180 Ringing
           To: <sip:bob@example.com>;tag=z
    """)
    assert trace.calls.forks.tolist() == [3]


def test_a_call_seen_from_its_middle_is_incomplete(trace_of: TraceOf) -> None:
    """A BYE alone says who hung up, not how the call came about."""
    trace = trace_of("""
        <- BYE sip:alice@example.com SIP/2.0
           To: <sip:alice@example.com>;tag=a1
        -> SIP/2.0 200 OK
    """)
    assert (
        table(trace.calls, "outcome", "invite_row", "setup_ms")
        == """
        outcome     invite_row  setup_ms
        incomplete  -           -
    """
    )


@pytest.mark.parametrize(
    ("sent", "status", "outcome"), [("200 OK", 200, "answered"), ("487 X", 487, "cancelled")]
)
def test_an_answer_that_the_caller_never_got_is_none(
    trace_of: TraceOf, sent: str, status: int, outcome: str
) -> None:
    """The callee answers as the caller gives up: what the proxy sends back decides. It should be
    the 2xx (RFC 3261 §16.7 step 5), but some send 487.
    """
    trace = trace_of(f"""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
        b->p SIP/2.0 180 Ringing
        p->a SIP/2.0 180 Ringing
        +3s a->p CANCEL sip:bob@example.com SIP/2.0
        p->a SIP/2.0 200 OK
           CSeq: 1 CANCEL
        b->p SIP/2.0 200 OK
        p->a SIP/2.0 {sent}
    """)
    assert trace.calls.final_status.tolist() == [status]
    assert table(trace.calls, "outcome").splitlines()[1] == outcome
    assert trace.hops.response_delay_ns.tolist() == [-1, 10_000_000 if status == 200 else -1]


def test_branches_beside_an_answer_do_not_decide(trace_of: TraceOf) -> None:
    """Only a hop before the one that was answered says what the caller got."""
    trace = trace_of("""
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
           From: <sip:alice@example.com>;tag=a1
           Via: SIP/2.0/UDP 192.0.2.16;branch=z9hG4bK-2, SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-1
        p->c INVITE sip:bob@192.0.2.3 SIP/2.0
           From: <sip:alice@example.com>;tag=a1
           Via: SIP/2.0/UDP 192.0.2.16;branch=z9hG4bK-3, SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-1
           CSeq: 1 INVITE
        b->p SIP/2.0 486 Busy Here
        c->p SIP/2.0 200 OK
    """)
    assert trace.calls.final_status.tolist() == [200]


BETWEEN = """
a->p INVITE sip:bob@example.com SIP/2.0
   From: <sip:alice@example.com>;tag=a1
   Call-ID: one
p->b INVITE sip:bob@192.0.2.2 SIP/2.0
   From: <sip:alice@example.com>;tag={tag}
   Call-ID: {call_id}
   X-CID: one
b->p SIP/2.0 200 OK
   Call-ID: {call_id}
   To: <sip:bob@example.com>;tag=b1
p->a SIP/2.0 200 OK
   Call-ID: one
   To: <sip:bob@example.com>;tag={to}
"""
TO_CALLER = """
+30s {sender}->{receiver} BYE sip:alice@192.0.2.1 SIP/2.0
   Call-ID: one
   From: <sip:bob@example.com>;tag={to}
   To: <sip:alice@example.com>;tag=a1
"""
TO_CALLEE = """
p->b BYE sip:bob@192.0.2.2 SIP/2.0
   Call-ID: {call_id}
   From: <sip:alice@example.com>;tag={tag}
   To: <sip:bob@example.com>;tag=b1
"""


@pytest.mark.parametrize(
    "leg",
    [
        {"call_id": "one", "tag": "a1", "to": "b1"},
        {"call_id": "one", "tag": "p1", "to": "p9"},
        {"call_id": "two", "tag": "p1", "to": "p9"},
    ],
)
def test_an_element_that_hangs_up_on_both_sides_is_neither_party(
    trace_of: TraceOf, leg: dict[str, str]
) -> None:
    """A proxy or back-to-back user agent whose limit is reached sends a BYE each way, and got none:
    neither caller nor callee hung up. One that passes the callee's BYE on does not.
    """
    other = {"call_id": leg["call_id"], "tag": leg["tag"], "to": leg["to"]}
    text = BETWEEN.format(**other)
    ended = trace_of(
        text + TO_CALLER.format(sender="p", receiver="a", **other) + TO_CALLEE.format(**other)
    )
    assert table(ended.calls, "ended_by").splitlines()[1] == "unknown"
    assert ended.calls.talk_ns.tolist() == [30_000_000_000]
    passed_on = f"""
+30s b->p BYE sip:alice@192.0.2.16 SIP/2.0
   Call-ID: {leg["call_id"]}
   From: <sip:bob@example.com>;tag=b1
   To: <sip:alice@example.com>;tag={leg["tag"]}
""" + TO_CALLER.format(sender="p", receiver="a", **other).replace("+30s ", "")
    hung_up = trace_of(text + passed_on)
    assert table(hung_up.calls, "ended_by").splitlines()[1] == "callee"
