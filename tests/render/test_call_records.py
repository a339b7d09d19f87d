"""Call records: who is who, how it ended, and the sentence that says so."""

from collections.abc import Callable

import pytest

from analyzer.tables.trace import Trace
from json_output import json_of

TraceOf = Callable[[str], Trace]

ANSWERED = """
-> INVITE sip:bob@example.com SIP/2.0
   From: "Alice \\"A\\"" <sip:alice@example.com>;tag=a1
   To: Bob <tel:+15551234;phone-context=example.com>
   P-Asserted-Identity: "Alice" <sip:+15550000@example.net>, <tel:+15550000>
   User-Agent: Phone/1
+1s <- SIP/2.0 180 Ringing
+2s <- SIP/2.0 200 OK
   P-Asserted-Identity: <sip:bob@example.net>
   Server: Desk
    Phone
-> ACK sip:bob@example.com SIP/2.0
+65s <- BYE sip:alice@example.com SIP/2.0
   Reason: Q.850;cause=16;text="Terminated"
   Warning: 399 pbx "never shown"
-> SIP/2.0 200 OK
"""
REDRESS = 'SIP;cause=603;text="v=analytics1;url=https://example.com/redress";location=TN'
CANCELLED = """
+1s <- SIP/2.0 180 Ringing
+1s -> CANCEL sip:bob@example.com SIP/2.0
<- SIP/2.0 200 OK
   CSeq: 1 CANCEL
<- SIP/2.0 487 Request Terminated"""


def test_answered_call(trace_of: TraceOf) -> None:
    """Identities, times and the end of an answered call, from the headers that state them."""
    (call,) = json_of(trace_of(ANSWERED))["calls"]
    assert call["caller"] == {
        "uri": "sip:alice@example.com",
        "display": 'Alice "A"',
        "user": "alice",
        "asserted": "sip:+15550000@example.net",
    }
    assert call["callee"] == {
        "uri": "tel:+15551234;phone-context=example.com",
        "display": "Bob",
        "user": "+15551234",
        "asserted": "sip:bob@example.net",
    }
    assert call["user_agents"] == {"caller": "Phone/1", "callee": "Desk Phone"}
    assert (call["outcome"], call["final_status"], call["final_reason"]) == ("answered", 200, "OK")
    assert (call["answered_by"], call["ended_by"]) == ("callee", "callee")
    assert call["end_reason"] == 'Q.850;cause=16;text="Terminated"'
    times = [call[f"{each}_ms"] for each in ("post_dial_delay", "ring", "setup", "talk")]
    assert times[:3] == [1000, 2000, 3000]
    assert times[3] == pytest.approx(65_000, abs=100)
    assert call["summary"] == (
        "alice called +15551234: answered after 3.0 s, 1 min 5 s of talk, the callee hung up."
    )


def test_warning_stands_where_reason_is_missing(trace_of: TraceOf) -> None:
    """A BYE without Reason gives its Warning, one with neither gives null."""
    without = ANSWERED.replace('   Reason: Q.850;cause=16;text="Terminated"\n', "")
    (call,) = json_of(trace_of(without))["calls"]
    assert call["end_reason"] == '399 pbx "never shown"'
    neither = without.replace('   Warning: 399 pbx "never shown"\n', "")
    (call,) = json_of(trace_of(neither))["calls"]
    assert call["end_reason"] is None


@pytest.mark.parametrize(
    ("dialogue", "outcome", "summary"),
    [
        (
            "<- SIP/2.0 603 Decline",
            "declined",
            "alice called bob: declined with 603 Decline.",
        ),
        (
            f"<- SIP/2.0 603 Network Blocked\n   Reason: {REDRESS}",
            "blocked",
            "alice called bob: blocked on the way with 603 Network Blocked.",
        ),
        ("<- SIP/2.0 486 Busy Here", "busy", "alice called bob: busy, 486 Busy Here."),
        (
            "<- SIP/2.0 183 Session Progress\n+9s <- SIP/2.0 486 Busy Here",
            "busy",
            "alice called bob: busy, 486 Busy Here.",
        ),
        (
            "<- SIP/2.0 404 Not Found",
            "rejected",
            (
                "alice called bob: rejected with 404 Not Found: "
                "the number or address is not known there."
            ),
        ),
        ("<- SIP/2.0 302 Moved", "redirected", "alice called bob: redirected with 302 Moved."),
        (
            CANCELLED,
            "cancelled",
            "alice called bob: cancelled before an answer after 1.0 s of ringing.",
        ),
        (
            "+1s <- SIP/2.0 180 Ringing",
            "incomplete",
            "alice and bob: the capture does not show how this call ended.",
        ),
        (
            "<- SIP/2.0 200 OK",
            "answered",
            "alice called bob: answered after 0.0 s; its end is not in the capture.",
        ),
    ],
)
def test_summary_says_the_outcome(
    dialogue: str, outcome: str, summary: str, trace_of: TraceOf
) -> None:
    """Each outcome has its sentence; what is not known is left out of it."""
    trace = trace_of(f"-> INVITE sip:bob@example.com SIP/2.0\n{dialogue}\n")
    (call,) = json_of(trace)["calls"]
    assert call["outcome"] == outcome
    assert call["summary"].replace("1.1 s", "1.0 s") == summary


def test_call_without_its_beginning(trace_of: TraceOf) -> None:
    """A lone BYE makes an incomplete call with what its From and To say."""
    (call,) = json_of(trace_of("-> BYE sip:bob@example.com SIP/2.0\n<- SIP/2.0 200 OK"))["calls"]
    assert call["outcome"] == "incomplete"
    assert call["caller"]["uri"] == "sip:alice@example.com"
    assert call["user_agents"] == {"caller": None, "callee": None}


def test_party_without_a_user_goes_by_its_uri(trace_of: TraceOf) -> None:
    """Where a URI has no user the sentence shows the URI, however odd the other party is."""
    dialogue = """
-> INVITE sip:example.com SIP/2.0
   From: <sip:gateway.example.com>;tag=1
   To: "odd\\"" <sip:100%25@example.com>
<- SIP/2.0 486 Busy Here
-> INVITE sip:example.com SIP/2.0
   Call-ID: second@example.com
   From: "odd\\"" <sip:example.com>;tag=2
   To: <urn:service:sos>
<- SIP/2.0 486 Busy Here
"""
    calls = json_of(trace_of(dialogue))["calls"]
    assert [call["summary"] for call in calls] == [
        "sip:gateway.example.com called 100%: busy, 486 Busy Here.",
        "sip:example.com called urn:service:sos: busy, 486 Busy Here.",
    ]
