"""What a call record says of path and codecs."""

from collections.abc import Callable

from analyzer.tables.trace import Trace
from json_output import json_of

TraceOf = Callable[[str], Trace]

OFFER = """   Content-Type: application/sdp

   v=0
   o=- 1 1 IN IP4 192.0.2.1
   s=-
   c=IN IP4 192.0.2.1
   t=0 0
   m=audio 4000 RTP/AVP 0 8 96
   a=rtpmap:96 opus/48000/2
"""
ANSWER = """   Content-Type: application/sdp

   v=0
   m=audio 4002 RTP/AVP 8
"""


def codecs_of(trace: Trace) -> object:
    """Return the codecs of the only call."""
    (call,) = json_of(trace)["calls"]
    return call["codecs"]


def test_offer_in_the_invite(trace_of: TraceOf) -> None:
    """The INVITE offers, the 2xx answers (RFC 3264 §4); names in the order of the media line."""
    dialogue = "-> INVITE sip:bob@example.com SIP/2.0\n" + OFFER + "<- SIP/2.0 200 OK\n" + ANSWER
    expected = {"offered": ["PCMU", "PCMA", "opus"], "answered": ["PCMA"]}
    assert codecs_of(trace_of(dialogue)) == expected


def test_offer_in_the_answer(trace_of: TraceOf) -> None:
    """Without an offer in the INVITE the 2xx offers and the ACK answers (RFC 3261 §13.2.1)."""
    dialogue = (
        "-> INVITE sip:bob@example.com SIP/2.0\n<- SIP/2.0 200 OK\n"
        + OFFER
        + "-> ACK sip:bob@example.com SIP/2.0\n"
        + ANSWER
    )
    expected = {"offered": ["PCMU", "PCMA", "opus"], "answered": ["PCMA"]}
    assert codecs_of(trace_of(dialogue)) == expected


def test_early_answer(trace_of: TraceOf) -> None:
    """Where no 2xx came, SDP of the first 18x answers."""
    dialogue = (
        "-> INVITE sip:bob@example.com SIP/2.0\n"
        + OFFER
        + "<- SIP/2.0 183 Session Progress\n"
        + ANSWER
        + "<- SIP/2.0 603 Decline\n"
    )
    expected = {"offered": ["PCMU", "PCMA", "opus"], "answered": ["PCMA"]}
    assert codecs_of(trace_of(dialogue)) == expected


def test_no_sdp(trace_of: TraceOf) -> None:
    """Without SDP both are null, also when there is another body."""
    dialogue = "-> INVITE sip:bob@example.com SIP/2.0\n   Content-Type: text/plain\n\n   hello\n"
    assert codecs_of(trace_of(dialogue)) == {"offered": None, "answered": None}


def test_sdp_in_a_multipart_body(trace_of: TraceOf) -> None:
    """SDP beside another part of the body counts (RFC 5621)."""
    dialogue = """
-> INVITE sip:bob@example.com SIP/2.0
   Content-Type: multipart/mixed;boundary=b

   --b
   Content-Type: application/sdp

   v=0
   m=audio 4000 RTP/AVP 18
   --b
   Content-Type: application/pidf+xml

   <presence/>
   --b--
"""
    assert codecs_of(trace_of(dialogue)) == {"offered": ["G729"], "answered": None}


def test_path_through_a_proxy(trace_of: TraceOf) -> None:
    """Each address stands once, in the order in which the INVITE passed it."""
    dialogue = """
a->p INVITE sip:bob@example.com SIP/2.0
p->b INVITE sip:bob@example.com SIP/2.0
p<-b SIP/2.0 603 Decline
a<-p SIP/2.0 603 Decline
"""
    trace = trace_of(dialogue)
    (call,) = json_of(trace)["calls"]
    assert len(call["transactions"]) == 2
    ends = [each["client"]["address"] for each in json_of(trace)["transactions"]]
    last = json_of(trace)["transactions"][1]["server"]["address"]
    assert call["hops"] == [*ends, last]


def test_path_of_one_hop(trace_of: TraceOf) -> None:
    """A call on one hop has its two ends, also when it is only a lone ACK."""
    (call,) = json_of(trace_of("-> INVITE sip:bob@example.com SIP/2.0"))["calls"]
    assert call["hops"] == ["192.0.2.1", "192.0.2.2"]
    lone = "-> ACK sip:bob@example.com SIP/2.0\n   To: <sip:bob@example.com>;tag=b1\n"
    (call,) = json_of(trace_of(lone))["calls"]
    assert (call["hops"], call["transactions"]) == (["192.0.2.1", "192.0.2.2"], [])
