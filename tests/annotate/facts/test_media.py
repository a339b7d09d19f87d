"""Facts about the media of calls."""

from collections.abc import Callable

from analyzer.tables.trace import Trace
from json_output import json_of

LOSSY = """
-> INVITE sip:bob@example.com SIP/2.0

   v=0
   c=IN IP4 192.0.2.1
   m=audio 4000 RTP/AVP 0
<- SIP/2.0 200 OK

   v=0
   c=IN IP4 192.0.2.2
   m=audio 5000 RTP/AVP 0
-> ACK sip:bob@example.com SIP/2.0
-> rtp 100
<- rtp 100 lost 10
-> BYE sip:bob@example.com SIP/2.0
<- SIP/2.0 200 OK
"""


def test_evidence_of_loss_is_in_the_json_output(trace_of: Callable[[str], Trace]) -> None:
    """Ten of a hundred packets, evenly paced: 10 % lost, no jitter (RFC 3550 A.8), as numbers."""
    (finding,) = json_of(trace_of(LOSSY))["findings"]
    assert finding["case"] == "heavy-loss"
    assert finding["evidence"]["media.loss_percent"] == 10
    assert finding["evidence"]["media.max_jitter_ms"] == 0
