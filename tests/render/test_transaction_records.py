"""Transaction records: each key from the message that states it."""

from collections.abc import Callable

from analyzer.tables.trace import Trace
from json_output import json_of

TraceOf = Callable[[str], Trace]
START_NS = 1_700_000_000_000_000_000


def test_invite(trace_of: TraceOf) -> None:
    """Frames, times and repeats of an INVITE that was declined."""
    dialogue = """
-> INVITE sip:bob@example.com SIP/2.0
   Call-ID: c1
   Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1
   From: <sip:alice@example.com>;tag=a1
   CSeq: 7 INVITE
+500ms -> again INVITE
+100ms <- SIP/2.0 100 Trying
   To: <sip:bob@example.com>
+400ms <- SIP/2.0 180 Ringing
+1s <- SIP/2.0 603 Decline
   To: <sip:bob@example.com>;tag=b1
+1s <- again 603
+1s -> ACK sip:bob@example.com SIP/2.0
   Call-ID: c1
   Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1
   CSeq: 7 ACK
"""
    (transaction,) = json_of(trace_of(dialogue))["transactions"]
    assert transaction == {
        "id": 0,
        "method": "INVITE",
        "cseq": 7,
        "call_id": "c1",
        "branch": "z9hG4bK1",
        "from_tag": "a1",
        "to_tag": "b1",
        "transport": "UDP",
        "client": {"address": "192.0.2.1", "port": 5060},
        "server": {"address": "192.0.2.2", "port": 5060},
        "request_frame": [0, 1],
        "request_ns": START_NS,
        "request_uri": "sip:bob@example.com",
        "in_dialog": False,
        "provisional": [
            {"status": 100, "reason": "Trying", "frame": [0, 3], "time_ns": START_NS + 600_000_000},
            {"status": 180, "reason": "Ringing", "frame": [0, 4], "time_ns": START_NS + 10**9},
        ],
        "final_status": 603,
        "final_reason": "Decline",
        "final_frame": [0, 5],
        "final_ns": START_NS + 2 * 10**9,
        "ack_frame": [0, 7],
        "response_delay_ms": 2000,
        "retransmissions": {"request": 1, "response": 1, "ack": 0},
        "duplicates": 0,
        "state": "confirmed",
        "complete": True,
        "call": 0,
        "subscription": None,
        "registration": None,
        "findings": [0],
    }


def test_response_without_its_request(trace_of: TraceOf) -> None:
    """A lone response makes a transaction that says what it lacks."""
    dialogue = "<- SIP/2.0 603 Decline\n   CSeq: 2 INVITE\n   To: <sip:bob@example.com>;tag=b1\n"
    report = json_of(trace_of(dialogue))
    (transaction,) = report["transactions"]
    assert transaction["method"] == "INVITE"
    assert transaction["request_frame"] is transaction["request_ns"] is None
    assert transaction["request_uri"] is transaction["response_delay_ms"] is None
    assert (transaction["complete"], transaction["in_dialog"]) == (False, False)
    assert transaction["to_tag"] == "b1"
    assert report["coverage"]["responses_without_request"] == 1


def test_request_without_response(trace_of: TraceOf) -> None:
    """A lone request has nothing final, and the To tag of the request."""
    dialogue = "-> OPTIONS sip:bob@example.com SIP/2.0\n   To: <sip:bob@example.com>;tag=x\n"
    report = json_of(trace_of(dialogue))
    (transaction,) = report["transactions"]
    assert transaction["to_tag"] == "x"
    assert (transaction["in_dialog"], transaction["complete"]) == (True, False)
    assert transaction["final_status"] is transaction["final_reason"] is None
    assert transaction["provisional"] == transaction["findings"] == []
    assert report["coverage"]["requests_without_response"] == 1
