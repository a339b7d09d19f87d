"""What a request offers, and what was accepted instead."""

from collections.abc import Callable

import pytest

from analyzer.annotate.facts.offer import kind_of, named
from analyzer.annotate.fields import UNKNOWN
from analyzer.sip.sdp import parse_media
from analyzer.tables.trace import Trace
from judged import values_of

TraceOf = Callable[[str], Trace]

AUDIO = "m=audio 4000 RTP/AVP 8 0 101\na=rtpmap:101 telephone-event/8000\n"


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (AUDIO, "audio"),
        (AUDIO + "m=video 4002 RTP/AVP 34\n", "video"),
        (AUDIO + "m=video 0 RTP/AVP 34\n", "audio"),
        ("m=audio 4000 RTP/SAVP 8\n", "srtp"),
        (AUDIO + "m=audio 4000 RTP/SAVP 8\n", "audio"),
        ("m=audio 9 UDP/TLS/RTP/SAVPF 111\n", "dtls"),
        ("m=image 4000 udptl t38\n", "fax"),
        ("m=audio 0 RTP/AVP 8\n", "ended"),
        ("", "ended"),
        ("m=message 2855 TCP/MSRP *\n", "other"),
    ],
)
def test_kinds(lines: str, kind: str) -> None:
    """Profiles are those of RFC 3551, 3711, 5764 and ITU-T T.38; port 0 is no offer (RFC 3264)."""
    assert kind_of(parse_media(b"v=0\n" + lines.encode())) == kind


def test_words() -> None:
    """Tones and comfort noise are no codecs for speech; a refused stream says so."""
    media = parse_media(b"v=0\n" + AUDIO.encode() + b"m=video 0 RTP/AVP 34\n")
    assert named(media) == "audio RTP/AVP PCMA, PCMU; video RTP/AVP H263 port 0"
    assert named(media, ports=False) == "audio RTP/AVP PCMA, PCMU; video RTP/AVP H263"


def test_many_media_are_cut_short() -> None:
    """A description of a thousand media does not fill the report."""
    media = parse_media(b"v=0\n" + b"m=audio 4000 RTP/AVP 0\n" * 1000)
    shown = named(media)
    assert shown is not None
    assert len(shown) < 500
    assert shown.endswith("…")


def invite(cseq: int, lines: str, status: int) -> str:
    """Return an INVITE with an offer and its answer."""
    body = "\n".join(["v=0", "s=-", *lines.splitlines()])
    text = (
        f"-> INVITE sip:bob@example.com SIP/2.0\nCSeq: {cseq} INVITE\n"
        f"Content-Type: application/sdp\n\n{body}"
    )
    first, *rest = text.splitlines()
    indented = "\n".join(f"   {line}" if line else "" for line in rest)
    return f"{first}\n{indented}\n<- SIP/2.0 {status} x\n   CSeq: {cseq} INVITE\n"


def test_accepted_offer(trace_of: TraceOf) -> None:
    """The offer that the same caller made next shows what the other side takes."""
    trace = trace_of(
        invite(1, "m=audio 4000 RTP/AVP 18", 488) + invite(2, "m=audio 4000 RTP/AVP 8", 200)
    )
    assert values_of(trace, 488, "offer.media") == ["audio RTP/AVP G729"]
    assert values_of(trace, 488, "offer.codecs") == ["G729"]
    assert values_of(trace, 488, "accepted_offer.media") == ["audio RTP/AVP PCMA"]


def test_hold(trace_of: TraceOf) -> None:
    """Hold is an offer to send only, or nothing (RFC 3264 §8.4)."""
    for direction, holds in (("sendonly", True), ("inactive", True), ("sendrecv", False)):
        trace = trace_of(invite(1, f"m=audio 4000 RTP/AVP 0\na={direction}", 488))
        assert values_of(trace, 488, "offer.holds") == [holds]


def test_no_offer(trace_of: TraceOf) -> None:
    """An INVITE without a body leaves the offer to the other side; a missing one is not known."""
    trace = trace_of("-> INVITE sip:b@example.com SIP/2.0\n<- SIP/2.0 488 x\n")
    assert values_of(trace, 488, "offer.kind") == ["none"]
    trace = trace_of("<- SIP/2.0 488 x\n   CSeq: 1 INVITE\n")
    assert values_of(trace, 488, "offer.kind") == [UNKNOWN]
