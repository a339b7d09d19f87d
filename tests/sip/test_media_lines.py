"""m= lines of session descriptions as columns."""

from collections.abc import Callable
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from analyzer.annotate.dialogue_pcap import Packet, write_pcap
from analyzer.pipeline import open_trace
from analyzer.sip import media_lines
from analyzer.sip.headers import COMPILED
from analyzer.sip.media_lines import MediaLines, read_media_lines
from analyzer.tables.media import Direction, Format, MediaFlag
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]
OFFER = """
    -> INVITE sip:bob@example.com SIP/2.0

       v=0
       o=- 1 1 IN IP4 192.0.2.1
       c=IN IP4 192.0.2.1
       t=0 0
       a=sendonly
       m=audio 4000 RTP/AVP 0 111 101
       a=rtpmap:111 opus/48000/2
       a=rtpmap:101 telephone-event/8000
       a=sendrecv
       m=video 4002/2 RTP/SAVPF 96
       c=IN IP6 2001:db8::7
       a=rtpmap:96 VP8/90000
       a=rtcp-mux
       a=rtcp:5000 IN IP4 192.0.2.9
       a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:secret
       m=image 0 udptl t38
       c=IN IP4 fax.example.com
       a=fingerprint:sha-256 00:11
       a=candidate:1 1 UDP 1 192.0.2.1 4000 typ host
"""


def read(trace: Trace) -> MediaLines:
    """Read the m= lines of all messages."""
    return read_media_lines(trace, np.arange(len(trace.messages)))


def test_what_m_lines_say(trace_of: TraceOf) -> None:
    """Ports, addresses and directions of a media go before those of the session (RFC 8866)."""
    found = read(trace_of(OFFER))
    lines = found.lines
    assert lines.index.tolist() == [0, 1, 2]
    assert lines.port.tolist() == [4000, 4002, 0]
    assert lines.version.tolist() == [4, 6, 0]
    assert lines.high.tolist() == [0, 0x20010DB8_00000000, 0]
    assert lines.low.tolist() == [0xC0000201, 7, 0]
    assert lines.direction.tolist() == [
        Direction.SENDRECV, Direction.SENDONLY, Direction.SENDONLY,
    ]  # fmt: skip  # read side by side
    assert lines.flags.tolist() == [
        0, MediaFlag.RTCP_MUX | MediaFlag.CRYPTO, MediaFlag.ICE | MediaFlag.FINGERPRINT,
    ]  # fmt: skip  # read side by side
    assert lines.rtcp_port.tolist() == [-1, 5000, -1]


def test_formats_with_their_clocks(trace_of: TraceOf) -> None:
    """Static payload types have the rates of RFC 3551, others those of their rtpmap."""
    found = read(trace_of(OFFER))
    audio, video, fax = (found.descriptions[at] for at in found.lines.description.tolist())
    assert (audio.kind, audio.protocol) == ("audio", "RTP/AVP")
    assert audio.formats == (
        Format("0", "PCMU", 8000),
        Format("111", "opus", 48000),
        Format("101", "telephone-event", 8000),
    )
    assert video.formats == (Format("96", "VP8", 90000),)
    assert (fax.kind, fax.protocol, fax.formats) == ("image", "udptl", (Format("t38", "t38", 0),))


def test_equal_media_are_described_once(trace_of: TraceOf) -> None:
    """Media that differ in port and address only have one description."""
    found = read(
        trace_of("""
            -> INVITE sip:bob@example.com SIP/2.0

               v=0
               c=IN IP4 192.0.2.1
               m=audio 4000 RTP/AVP 8
            <- SIP/2.0 200 OK

               v=0
               c=IN IP4 192.0.2.2
               m=audio 5000 RTP/AVP 8
        """)
    )
    assert found.lines.description.tolist() == [0, 0]
    assert len(found.descriptions) == 1


def test_the_sdp_of_a_multipart_body(trace_of: TraceOf) -> None:
    """RFC 5621: the session description may be one of several parts."""
    found = read(
        trace_of("""
            -> INVITE sip:bob@example.com SIP/2.0
               Content-Type: multipart/mixed;boundary=b

               --b
               Content-Type: application/sdp

               v=0
               c=IN IP4 192.0.2.1
               m=audio 4000 RTP/AVP 8
               --b
               Content-Type: application/isup

               m=audio 1 RTP/AVP 0
               --b--
        """)
    )
    assert found.lines.port.tolist() == [4000]
    assert found.lines.low.tolist() == [0xC0000201]


line = st.one_of(
    st.sampled_from(
        [b"v=0", b"a=sendonly", b"a=inactive ", b"a=rtcp-mux", b"a=rtcp-muxed", b"a=rtcp:70000",
         b"a=rtcp:9 x", b"c=IN IP4 1.2.3.4/5", b"c=IN IP4 1.2.3.256", b"c=IN IP4 1.2.3.4.5",
         b"c=IN IP6 ::1", b"c=", b"c= ", b"c=IN", b"c=IN IP4", b"c=IN IP4 /9", b"m=", b"m=audio",
         b"m=audio 1", b"m=audio 65536 x 1",
         b"m=audio 5/2 RTP/AVP 0 8", b"m=a\t7\tb\tc", b"a=rtpmap:0 PCMU/8000", b"a=crypto:1",
         b"a=fingerprint:", b"a=candidate:", b"a=ice-ufrag:x", b"a", b"", b"=", b"x=1"],
    ),
    st.binary(max_size=12),
)  # fmt: skip  # read side by side


@pytest.mark.skipif(not COMPILED, reason="built without a compiler")
@settings(max_examples=40)
@given(lines=st.lists(line, max_size=12), end=st.sampled_from([b"\r\n", b"\n"]))
def test_the_twins_agree(
    lines: list[bytes], end: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever a body holds, the compiled twin reads what the reference reads."""
    body = b"v=0" + end + end.join(lines)
    head = (
        b"OPTIONS sip:b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a>;tag=1\r\n"
        b"To: <sip:b>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n"
        b"Content-Length: %d\r\n\r\n"
    )
    packet = Packet(0, ("192.0.2.1", 5060), ("192.0.2.2", 5060), head % len(body) + body)
    path: Path = tmp_path_factory.mktemp("sdp") / "one.pcap"
    path.write_bytes(write_pcap([packet]))
    with open_trace([str(path)]) as trace:
        compiled = read(trace)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(media_lines, "COMPILED", False)
            reference = read(trace)
    for each in reference.lines.columns:
        assert (
            getattr(compiled.lines, each.name).tolist()
            == getattr(reference.lines, each.name).tolist()
        ), each.name
    assert compiled.descriptions == reference.descriptions
