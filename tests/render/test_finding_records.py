"""Finding records: the row, the words and the evidence together."""

from collections.abc import Callable

from analyzer.tables.trace import Trace
from json_output import json_of

TraceOf = Callable[[str], Trace]

DECLINED = """
-> INVITE sip:bob@example.com SIP/2.0
+0.2s <- SIP/2.0 180 Ringing
+4s <- SIP/2.0 603 Decline
   Server: PBX
-> ACK sip:bob@example.com SIP/2.0
"""


def test_finding_of_a_call(trace_of: TraceOf) -> None:
    """A finding names what it is on, and each of these names the finding."""
    report = json_of(trace_of(DECLINED))
    (finding,) = report["findings"]
    assert (finding["rule"], finding["case"]) == ("RSP603", "declined-after-ringing")
    assert (finding["transaction"], finding["call"]) == (0, 0)
    assert finding["subscription"] is finding["registration"] is None
    assert (finding["status"], finding["method"], finding["frame"]) == (603, "INVITE", [0, 3])
    assert finding["likely"]["confidence"] == "medium"
    assert finding["answered_by"] == {"address": "192.0.2.2", "port": 5060, "server": "PBX"}
    assert finding["evidence"]["since_alerting_ms"] == 4000
    assert report["calls"][0]["findings"] == report["transactions"][0]["findings"] == [0]


def test_findings_of_a_subscription(trace_of: TraceOf) -> None:
    """A 204 belongs to its subscription, a 603 to a REGISTER to its registration."""
    dialogue = """
-> SUBSCRIBE sip:bob@example.com SIP/2.0
   Event: presence
<- SIP/2.0 204 No Notification
-> REGISTER sip:example.com SIP/2.0
   Call-ID: r1
<- SIP/2.0 603 Decline
   Call-ID: r1
   CSeq: 1 REGISTER
"""
    report = json_of(trace_of(dialogue))
    found = [
        (each["rule"], each["subscription"], each["registration"]) for each in report["findings"]
    ]
    assert found == [("RSP204", 0, None), ("RSP603", None, 0)]
    assert report["subscriptions"][0]["findings"] == [0]
    assert report["registrations"][0]["findings"] == [1]
    assert all(each["next_steps"] for each in report["findings"])
