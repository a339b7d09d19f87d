"""All there is to say of one call."""

from collections.abc import Callable

from analyzer.report.proof import HEADERS, MESSAGES, NAMED
from analyzer.report.whole_calls import Hop, Leg, WholeCall, whole_call
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]

FORKED = """
a->p INVITE sip:bob@example.com SIP/2.0
+10ms p->b INVITE sip:bob@192.0.2.2 SIP/2.0
+10ms p->c INVITE sip:bob@192.0.2.3 SIP/2.0
+1s b->p SIP/2.0 603 Decline
   Reason: SIP;cause=603;text="No"
+3s c->p SIP/2.0 486 Busy Here
+20ms p->a SIP/2.0 503 Service Unavailable
"""


def whole(trace: Trace, detail: int = NAMED) -> WholeCall:
    """Return the only call."""
    return whole_call(trace, 0, "en", detail)


def test_the_path_hop_by_hop(trace_of: TraceOf) -> None:
    """Who asked whom, what came of it and when, what was changed, and who was the first."""
    top, first, second = whole(trace_of(FORKED)).hops
    ms = 1_000_000
    assert (top.depth, top.status, top.changes) == (0, 503, ("status", "reason"))
    assert first == Hop(
        depth=1,
        client="192.0.2.16:5060",
        server="192.0.2.2:5060",
        status=603,
        reason="Decline",
        answered_ns=1010 * ms,
        sent_on_ns=10 * ms,
        passed_back_ns=3020 * ms,
        changes=(),
        after_refusal=False,
        is_first=True,
    )
    assert (second.sent_on_ns, second.is_first) == (20 * ms, False)


def test_times_that_there_are(trace_of: TraceOf) -> None:
    """A time that the capture does not show is not told."""
    call = whole(
        trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        +1s <- SIP/2.0 180 Ringing
        +3s <- SIP/2.0 200 OK
        """)
    )
    names = dict(call.times)
    assert names["ring"] == 3 * 10**9
    assert names["post_dial_delay"] == 10**9
    assert {"talk", "held", "session_disconnect_delay"}.isdisjoint(names)


def test_legs_with_their_evidence(trace_of: TraceOf) -> None:
    """A leg that a back-to-back user agent began is told with what joined it."""
    call = whole(
        trace_of("""
        a->b INVITE sip:bob@example.com SIP/2.0
           Call-ID: first
        b->c INVITE sip:bob@example.com SIP/2.0
           Call-ID: second
           X-CID: first
        """)
    )
    assert call.legs == (Leg("second", ("header", "numbers"), "high"),)


def test_events_and_findings(trace_of: TraceOf) -> None:
    """What happened since the first message, and what the rules say of it."""
    call = whole(
        trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 200 OK
        -> ACK sip:bob@example.com SIP/2.0
        +5s -> INVITE sip:bob@example.com SIP/2.0
           To: <sip:bob@example.com>;tag=b1
        +1s <- SIP/2.0 603 Decline
        """)
    )
    (event,) = call.events
    assert (event.kind, event.party, event.status, event.detail) == (
        "change_refused",
        "caller",
        603,
        "Decline",
    )
    assert event.since_ns // 10**6 == 6020
    assert [(each.rule, each.case) for each in call.findings] == [("RSP603", "change-refused")]


def test_messages_as_far_as_they_are_asked_for(trace_of: TraceOf) -> None:
    """None, headers with the size of the body, or everything; repeats are left out."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0

           v=0
        +500ms -> again INVITE
        <- SIP/2.0 486 Busy Here
    """)
    assert whole(trace).messages == ()
    heads = whole(trace, HEADERS).messages
    assert [quote.lines[0] for quote in heads] == [
        "INVITE sip:bob@example.com SIP/2.0",
        "SIP/2.0 486 Busy Here",
    ]
    assert heads[0].lines[-1].endswith("bytes)")
    assert whole(trace, MESSAGES).messages[0].lines[-1] == "v=0"


def test_a_call_that_is_a_lone_ack(trace_of: TraceOf) -> None:
    """It is in no transaction: there is no path, no ladder and no message of one."""
    call = whole(
        trace_of("-> ACK sip:b@h SIP/2.0\n   To: <sip:b@h>;tag=b1"),
        MESSAGES,
    )
    assert (call.hops, call.story.ladder, call.messages) == ((), None, ())
