"""SDP bodies (analyzer.sip.sdp), by RFC 8866, RFC 3264 and RFC 3551."""

from hypothesis import given
from hypothesis import strategies as st

from analyzer.sip.sdp import Media, codecs, parse_media

OFFER = b"""v=0\r
o=alice 2890844526 2890844526 IN IP4 host.atlanta.example.com\r
s=\r
c=IN IP4 192.0.2.1\r
t=0 0\r
m=audio 49170 RTP/AVP 0 8 97\r
a=rtpmap:0 PCMU/8000\r
a=rtpmap:8 PCMA/8000\r
a=rtpmap:97 iLBC/8000\r
m=video 51372/2 RTP/AVP 31 32\r
c=IN IP4 224.2.1.1/127/3\r
a=rtpmap:31 H261/90000\r
a=recvonly\r
"""
"""After the offer of RFC 3264 §10.1."""


def test_media() -> None:
    """Each m= line has its own address and direction, or the session's."""
    assert parse_media(OFFER) == (
        Media("audio", 49170, "RTP/AVP", ("PCMU", "PCMA", "iLBC"), "192.0.2.1", "sendrecv"),
        Media("video", 51372, "RTP/AVP", ("H261", "MPV"), "224.2.1.1", "recvonly"),
    )


def test_codecs() -> None:
    """Names come in order of the m= lines, each once; static types need no rtpmap."""
    assert codecs(OFFER) == ("PCMU", "PCMA", "iLBC", "H261", "MPV")
    assert codecs(b"m=audio 1 RTP/AVP 18 101\na=rtpmap:101 telephone-event/8000\n") == (
        "G729",
        "telephone-event",
    )
    assert codecs(b"m=audio 1 RTP/AVP 0\nm=audio 2 RTP/AVP 0 96\n") == ("PCMU", "96")
    assert codecs(b"m=image 5004 udptl t38\n") == ("t38",)


def test_session_direction() -> None:
    """A direction before the first m= line is for all media (RFC 8866 §6.7)."""
    (media,) = parse_media(b"v=0\r\na=sendonly\r\nm=audio 0 RTP/AVP 8\r\n")
    assert (media.direction, media.port, media.address) == ("sendonly", 0, "")


def test_damaged_bodies() -> None:
    """What can be read of a damaged description is read."""
    assert parse_media(b"") == ()
    assert parse_media(b"<xml/>") == ()
    assert parse_media(b"m=") == (Media("", -1, "", (), "", "sendrecv"),)
    assert parse_media(b"m=audio x\nc=IN\na=rtpmap:\n") == (
        Media("audio", -1, "", (), "", "sendrecv"),
    )
    assert codecs(b"m=audio 1 RTP/AVP \xff\n") == ("\\xff",)


@given(st.binary(max_size=200))
def test_never_raises(body: bytes) -> None:
    """Any bytes give media."""
    assert isinstance(codecs(OFFER + body), tuple)


def test_codecs_of_refused_streams() -> None:
    """A stream with port 0 is refused (RFC 3264 §6), unless it is offered inside a bundle."""
    answer = b"m=audio 49170 RTP/AVP 0\nm=video 0 RTP/AVP 31\n"
    assert codecs(answer) == ("PCMU",)
    assert codecs(answer + b"a=bundle-only\n") == ("PCMU", "H261")
