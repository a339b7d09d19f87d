"""RTP against SDP: whose packets they are, who is silent, what is lost."""

from collections.abc import Callable

import pytest

from analyzer.measure.media_facts import media_facts, place_of, spoken_codec, written_end
from analyzer.tables.calls import Party
from analyzer.tables.media import MediaState
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


def call(
    media: str = "",
    *,
    offer: str = "",
    answer: str = "",
    caller: str = "192.0.2.1",
    name: str = "x",
) -> str:
    """Return a call with lines of media; `offer` and `answer` are more lines of SDP."""
    return f"""
-> INVITE sip:bob@example.com SIP/2.0
   Call-ID: {name}@example.com

   v=0
   c=IN IP4 {caller}
   m=audio 4000 RTP/AVP 8 0 101
   a=rtpmap:101 telephone-event/8000
   {offer or "a=ptime:20"}
<- SIP/2.0 200 OK
   Call-ID: {name}@example.com

   v=0
   c=IN IP4 192.0.2.2
   m=audio 5000 RTP/AVP 0 101
   {answer or "a=ptime:20"}
-> ACK sip:bob@example.com SIP/2.0
   Call-ID: {name}@example.com
{media}
-> BYE sip:bob@example.com SIP/2.0
   Call-ID: {name}@example.com
<- SIP/2.0 200 OK
   Call-ID: {name}@example.com
"""


def test_packets_of_both_directions(trace_of: TraceOf) -> None:
    """Each direction is counted by itself, by the endpoints that offer and answer name."""
    media = trace_of(call("-> rtp 60\n<- rtp 80 lost 8")).media
    assert media.calls.from_caller.tolist() == [60]
    assert media.calls.from_callee.tolist() == [72]
    assert media.streams.lost.tolist() == [0, 8]
    assert media.calls.silent.tolist() == [0]
    assert (media.streams.from_row >= 0).all()
    assert (media.streams.to_row >= 0).all()
    assert [media.encoding(0, "0"), media.encoding(0, "101")] == ["PCMU", "telephone-event"]


@pytest.mark.parametrize(
    ("lines", "offer", "answer", "silent"),
    [
        ("-> rtp 60", "", "", Party.CALLEE),
        ("<- rtp 60", "", "", Party.CALLER),
        ("-> rtp 60", "a=sendonly", "a=recvonly", Party.UNKNOWN),
        ("<- rtp 60", "a=recvonly", "a=sendonly", Party.UNKNOWN),
        ("-> rtp 60", "a=inactive", "a=inactive", Party.UNKNOWN),
        ("-> rtp 60", "c=IN IP4 0.0.0.0", "", Party.UNKNOWN),
        ("-> rtp 60\n<- rtp 60", "", "", Party.UNKNOWN),
        ("+3s -> OPTIONS sip:b SIP/2.0", "", "", Party.UNKNOWN),
    ],
)
def test_who_is_silent(
    trace_of: TraceOf, lines: str, offer: str, answer: str, silent: Party
) -> None:
    """Only who had agreed to send can be silent (RFC 3264 §6.1), and only where RTP was seen."""
    assert trace_of(call(lines, offer=offer, answer=answer)).media.calls.silent.tolist() == [silent]


def test_a_port_that_another_call_uses_later(trace_of: TraceOf) -> None:
    """The same endpoints, one call after the other: time tells whose packets they are."""
    first, second = call("-> rtp 60\n<- rtp 60"), call("-> rtp 60", name="y")
    media = trace_of(first + "+30s" + second).media
    assert media.calls.from_caller.tolist() == [60, 60]
    assert media.calls.from_callee.tolist() == [60, 0]
    assert media.calls.silent.tolist() == [0, Party.CALLEE]


def test_nat_on_the_way(trace_of: TraceOf) -> None:
    """Packets come from another address than SDP names: found by where they go, and told."""
    trace = trace_of(call("-> rtp 60\n<- rtp 60", caller="10.0.0.5"))
    facts = media_facts(trace)
    assert facts.other_source.tolist() == [Party.CALLER]
    seen = written_end(trace.rtp.streams, "source", int(facts.seen_row[0]))
    assert seen == "192.0.2.1:4000"
    assert place_of(trace.media.lines, int(facts.named_row[0])) == "10.0.0.5:4000"
    assert trace.media.calls.from_callee.tolist() == [60]
    assert trace.media.calls.silent.tolist() == [0]


def test_a_rejected_media(trace_of: TraceOf) -> None:
    """Port 0 in the answer rejects (RFC 3264 §6); what was not offered again is not asked for."""
    agreements = trace_of(
        call(offer="m=video 6000 RTP/AVP 96", answer="m=video 0 RTP/AVP 96")
    ).media.agreements
    assert agreements.state.tolist() == [MediaState.AGREED, MediaState.REJECTED]


def test_the_codec_agreed_on(trace_of: TraceOf) -> None:
    """The first format of the answer that carries speech (RFC 3264 §6.1)."""
    assert spoken_codec(trace_of(call())) == ["PCMU"]
