"""RTP to and from places that SDP does not name."""

from collections.abc import Callable

import numpy as np
import pytest

from analyzer.tables.calls import Party
from analyzer.tables.trace import Trace
from json_output import json_of

TraceOf = Callable[[str], Trace]

BEHIND_NAT = """
-> INVITE sip:bob@example.com SIP/2.0

   v=0
   c=IN IP4 10.0.0.5
   m=audio 4000 RTP/AVP 0
<- SIP/2.0 200 OK

   v=0
   c=IN IP4 192.0.2.2
   m=audio 5000 RTP/AVP 96
   a=rtpmap:96 opus/48000/2
-> ACK sip:bob@example.com SIP/2.0
-> rtp 100
{answer}
-> BYE sip:bob@example.com SIP/2.0
<- SIP/2.0 200 OK
"""


def test_an_answer_from_another_address_to_where_nat_sends(trace_of: TraceOf) -> None:
    """Neither end is in SDP, yet it goes to the socket of the caller (symmetric RTP, RFC 4961)."""
    trace = trace_of(BEHIND_NAT.format(answer="c->a rtp 100 to 192.0.2.1:4000"))
    (call,) = json_of(trace)["calls"]
    own, back = call["streams"]
    assert (own["from"], back["from"]) == ("caller", "callee")
    assert not back["source_signalled"]
    assert not back["destination_signalled"]
    assert back["index"] == 0
    assert call["silent"] is None
    assert np.flatnonzero(trace.findings.severity >= 0).tolist() == []


@pytest.mark.parametrize("answer", ["+9s c->a rtp 100 to 192.0.2.1:4000", "c->d rtp 100"])
def test_what_answers_nothing_belongs_to_no_call(trace_of: TraceOf, answer: str) -> None:
    """Long after the last packet from there, or to another place: nobody knows whose it is."""
    media = trace_of(BEHIND_NAT.format(answer=answer)).media
    assert media.calls.from_callee.tolist() == [0]
    assert media.calls.silent.tolist() == [Party.CALLEE]
