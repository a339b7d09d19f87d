"""TCP connections: which are followed, what ends them, what they may cost."""

from dataclasses import replace
from pathlib import Path
from struct import pack

import pytest

from analyzer.annotate.dialogue_pcap import Packet
from analyzer.pipeline import open_trace
from analyzer.settings import Settings
from carriages import hep3
from segments import (
    ACK,
    FIN,
    PUSH,
    RST,
    SYN,
    Segment,
    datagram,
    in_tcp,
    ip,
    later,
    messages_in,
    messages_of,
    read,
    sent,
    stream,
)

PACKETS = messages_of()
INVITE, RINGING = PACKETS[:2]
HTTP = b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"
CALL = """
    -> INVITE sip:bob@example.com SIP/2.0
       Call-ID: {}
"""


def call(name: str) -> Packet:
    """Return an INVITE of its own."""
    return messages_of(CALL.format(name))[0]


def between(source: tuple[str, int], destination: tuple[str, int], *parts: bytes) -> list[Segment]:
    """Return segments one after the other in one direction, without a handshake."""
    found, sequence = [], 1000
    for part in parts:
        found.append(Segment(0, source, destination, sequence, part))
        sequence += len(part)
    return later(found)


def test_other_traffic_is_other(tmp_path: Path) -> None:
    """HTTP, also in many segments, and a method that HTTP has too, are counted and not kept."""
    options = b"OPTIONS * HTTP/1.1\r\nHost: example.com\r\n\r\n"
    segments = between(
        ("192.0.2.1", 40000), ("192.0.2.2", 80), HTTP, options, b"x" * 900, b"S", b"I"
    )
    reading = read(tmp_path / "x.pcap", in_tcp(segments))
    assert (reading.messages, reading.other, reading.hidden) == ([], 5, {})
    assert reading.anomalies == {}


def test_several_messages_in_a_segment(tmp_path: Path) -> None:
    """Messages end where Content-Length says, keep-alives stand between (RFC 3261 §18.3)."""
    texts = [each.payload for each in PACKETS if each.source == INVITE.source]
    segments = between(INVITE.source, INVITE.destination, b"\r\n\r\n".join(texts))
    reading = read(tmp_path / "x.pcap", in_tcp(segments))
    assert [text for text, *_ in reading.messages] == texts
    assert set(reading.frames) == {1}
    assert reading.sip == 1
    assert reading.anomalies.keys() == {"request-without-response"}


def test_frame_is_the_one_that_completes(tmp_path: Path) -> None:
    """A message over three segments belongs to the frame of the last of them."""
    text = INVITE.payload
    segments = between(INVITE.source, INVITE.destination, text[:50], text[50:90], text[90:])
    reading = read(tmp_path / "x.pcap", in_tcp(segments))
    assert (reading.frames, reading.sip) == ([3], 3)


def test_joined_in_the_middle(tmp_path: Path) -> None:
    """What came before the first start line is named; a start inside a segment is found."""
    text = RINGING.payload + RINGING.payload.replace(b"180 Ringing", b"183 Progress")
    segments = between(RINGING.source, RINGING.destination, b"g: x\r\n\r\nbody", b"a=b\r\n" + text)
    request = between(INVITE.source, INVITE.destination, INVITE.payload)
    reading = read(tmp_path / "x.pcap", in_tcp(later([*segments, *request])))
    assert [text[:20] for text, *_ in reading.messages] == [
        b"SIP/2.0 180 Ringing\r", b"SIP/2.0 183 Progress", b"INVITE sip:bob@examp",
    ]  # fmt: skip
    assert reading.hidden == {"stream-unread": 1}


def test_a_gap_is_named(tmp_path: Path) -> None:
    """After a lost segment the next start line counts; the missing bytes are counted."""
    first, second, third = (call(name).payload for name in ("one", "two", "three"))
    parts = between(INVITE.source, INVITE.destination, first, second, third)
    reading = read(tmp_path / "x.pcap", in_tcp([parts[0], parts[2]]))
    assert [text for text, *_ in reading.messages] == [first, third]
    assert reading.anomalies["stream-gap"] == (1, f"{len(second)} bytes")


def test_a_gap_inside_a_body(tmp_path: Path) -> None:
    """The message is cut, and what follows its body is read without a search."""
    body = b"m" * 3000
    text = INVITE.payload.replace(b"Content-Length: 31", b"Content-Length: 3000")
    head = text[: text.index(b"\r\n\r\n") + 4]
    head = head.replace(b"Content-Length: 30", b"Content-Length: 3000")
    head = b"\r\n".join(
        b"Content-Length: 3000" if line.startswith(b"Content-Length") else line
        for line in head.split(b"\r\n")
    )
    parts = between(
        INVITE.source, INVITE.destination, head + body[:1000], body[1000:2000],
        body[2000:] + call("next").payload,
    )  # fmt: skip
    reading = read(tmp_path / "x.pcap", in_tcp([parts[0], parts[2]]))
    assert [text for text, *_ in reading.messages] == [head + body[:1000], call("next").payload]
    assert "message-cut" in reading.anomalies
    assert "stream-gap" not in reading.anomalies
    assert reading.sip == 2


def test_snap_length(tmp_path: Path) -> None:
    """Of segments cut by the snap length each begins with its message, as far as it goes."""
    segments = later(stream(PACKETS, opened=False))
    reading = read(tmp_path / "x.pcap", in_tcp(segments, snap_len=140))
    assert [text for text, *_ in reading.messages] == [each.payload[:100] for each in PACKETS]
    assert reading.anomalies["message-cut"][0] == len(PACKETS)


def test_no_content_length(tmp_path: Path) -> None:
    """Without Content-Length there is no body; with a Content-Type it goes on to the next start
    line.
    """
    bare = RINGING.payload.replace(b"Content-Length: 0\r\n", b"")
    text = bare.replace(b"\r\n\r\n", b"\r\nContent-Type: text/plain\r\n\r\nhello\r\n")
    reading = read(
        tmp_path / "x.pcap",
        in_tcp(between(RINGING.source, RINGING.destination, bare + text + bare[:30], bare[30:])),
    )
    assert [found for found, *_ in reading.messages] == [bare, text, bare]
    assert reading.anomalies["content-length-missing"] == (3, "")


def test_garbage_between_messages(tmp_path: Path) -> None:
    """What is no message where one should begin is named, and the next one is found."""
    reading = read(
        tmp_path / "x.pcap",
        in_tcp(between(
            INVITE.source, INVITE.destination,
            INVITE.payload + b"rest of a body\r\n" + call("two").payload,
        )),
    )  # fmt: skip
    assert len(reading.messages) == 2
    assert reading.anomalies["stream-garbage"][0] == 1


@pytest.mark.parametrize("flags", [FIN | ACK, RST])
def test_an_end_inside_a_message(tmp_path: Path, flags: int) -> None:
    """A sender that ends its stream inside a message sent no more of it: nothing was cut off."""
    parts = between(INVITE.source, INVITE.destination, INVITE.payload[:-5])
    parts.append(
        replace(
            parts[-1],
            payload=b"",
            sequence=parts[-1].sequence + len(parts[-1].payload),
            flags=flags,
        )
    )
    reading = read(tmp_path / "x.pcap", in_tcp(parts))
    assert [text for text, *_ in reading.messages] == [INVITE.payload[:-5]]
    assert reading.anomalies.keys() == {"content-length-mismatch", "request-without-response"}


def test_ports_used_again(tmp_path: Path) -> None:
    """A SYN begins another connection, whatever its numbers."""
    one, two = stream(PACKETS[:2], first=5000), stream([call("two")], first=4990)
    reading = read(tmp_path / "x.pcap", in_tcp(later([*one, *two])))
    assert [text for text, *_ in reading.messages] == [
        INVITE.payload, RINGING.payload, call("two").payload,
    ]  # fmt: skip
    far = [replace(each, sequence=each.sequence + 2**30) for each in two if not each.flags & SYN]
    reading = read(tmp_path / "y.pcap", in_tcp(later([*one, *far])))
    assert len(reading.messages) == 3
    assert "stream-gap" not in reading.anomalies


def test_http_is_not_sip_by_its_first_line(tmp_path: Path) -> None:
    """A response that only begins as SIP does, without a header that SIP has, is other."""
    text = b"SIP/2.0 200 ok\r\nHTTP/1.1 200 ok\r\nContent-Type: a/b\r\n\r\n" + b"x" * 50
    reading = read(
        tmp_path / "x.pcap", in_tcp(between(("192.0.2.1", 80), ("192.0.2.2", 5000), text))
    )
    assert (reading.messages, reading.other, reading.hidden) == ([], 1, {})


@pytest.mark.parametrize(
    ("name", "kind"),
    [("max_held_segments", "stream-limit"), ("max_open_directions", "stream-limit")],
)
def test_limits(tmp_path: Path, name: str, kind: str) -> None:
    """A capture made to break the limits hits them, is counted, and costs no more."""
    segments = []
    for at in range(20):
        source = (f"192.0.2.{at + 10}", 5060)
        segments.append(Segment(0, source, INVITE.destination, 1, INVITE.payload[:40]))
        segments += [
            Segment(0, source, INVITE.destination, 100 + 60 * n, INVITE.payload[50:60])
            for n in range(9)
        ]
    reading = read(tmp_path / "x.pcap", in_tcp(later(segments)), Settings(**{name: 4}))  # type: ignore[arg-type]  # only numbers are given
    assert reading.limits[name] >= 16
    assert kind in reading.anomalies


def test_long_messages(tmp_path: Path) -> None:
    """A message longer than the limit is read up to it, and what follows it is found."""
    head = INVITE.payload[: INVITE.payload.index(b"Content-Length")]
    text = head + b"Content-Length: 9000\r\n\r\n" + b"x" * 9000
    parts = [text[at : at + 1000] for at in range(0, len(text), 1000)]
    segments = between(INVITE.source, INVITE.destination, *parts, call("next").payload)
    reading = read(tmp_path / "x.pcap", in_tcp(segments), Settings(max_message_bytes=2000))
    assert [text for text, *_ in reading.messages] == [text[:2000], call("next").payload]
    assert reading.limits == {"max_message_bytes": 1}
    segments = between(INVITE.source, INVITE.destination, text[:500], *[b"x" * 1000] * 40)
    segments[0] = replace(segments[0], payload=text[:500].replace(b": 9000", b": 90000"))
    reading = read(tmp_path / "y.pcap", in_tcp(segments), Settings(max_stream_bytes=20_000))
    assert reading.limits["max_stream_bytes"] == 1


def test_forgetting(tmp_path: Path) -> None:
    """When too many directions are known they are forgotten; their next messages are found."""
    ends = [((f"192.0.2.{at + 10}", 5060), INVITE.destination) for at in range(20)]
    segments = [
        Segment(0, *pair, 1 + len(INVITE.payload) * again, INVITE.payload)
        for again in range(2)
        for pair in ends
    ]
    limits = Settings(max_directions=5, batch_frames=10)
    reading = read(tmp_path / "x.pcap", in_tcp(later(segments)), limits)
    assert len(reading.messages) == 40
    assert reading.limits["max_directions"] > 1


def test_tls_is_counted_by_connection(tmp_path: Path) -> None:
    """TLS on the SIP port or with ALPN `sip/2` is named once a connection; other TLS is other."""
    hello = bytes.fromhex("16030100300100002c0303") + bytes(32) + b"\0\0\x02\x13\x01\x01\0"
    record = b"\x17\x03\x03\x00\x10" + bytes(16)
    sips = between(("192.0.2.1", 40000), ("192.0.2.2", 5061), hello, record, record)
    web = between(("192.0.2.1", 40001), ("192.0.2.2", 443), hello, record)
    answer = between(("192.0.2.2", 5061), ("192.0.2.1", 40000), record)
    reading = read(tmp_path / "x.pcap", in_tcp(later([*sips, *web, *answer])))
    assert reading.hidden == {"tls": 4}
    assert reading.anomalies["tls"] == (1, "")
    assert reading.other == 2


def records(*, time: int = 1_700_000_000) -> list[bytes]:
    """Return the packets of a call, each mirrored by HEP 3 with a time of its own."""
    found = []
    for at, packet in enumerate(PACKETS):
        stated = ((9, pack(">I", time + at)), (10, pack(">I", 7)))
        found.append(
            hep3(ip(packet.source[0], packet.destination[0], 17, datagram(packet)), *stated)
        )
    return found


@pytest.mark.parametrize("size", [4, 7, 100, 100_000])
def test_hep_over_tcp(tmp_path: Path, size: int) -> None:
    """However the stream is cut, each mirrored message has the addresses and the time that HEP
    states, and every segment that brought some of one is SIP.
    """
    stream = b"".join(records())
    parts = [stream[at : at + size] for at in range(0, len(stream), size)]
    path = tmp_path / "x.pcap"
    path.write_bytes(in_tcp(between(("192.0.2.1", 40000), ("192.0.2.2", 9060), *parts)))
    with open_trace([str(path)]) as trace:
        assert [each[:3] for each in messages_in(trace)] == [each[:3] for each in sent(PACKETS)]
        times = [1_700_000_000_000_007_000 + at * 10**9 for at in range(len(PACKETS))]
        assert trace.messages.time_ns.tolist() == times
        assert trace.coverage.sip == len(parts)
        assert not trace.coverage.not_understood


def test_hep_after_a_gap(tmp_path: Path) -> None:
    """A packet of which some is missing is lost, the ones after it are read."""
    first, second, third, *_ = records()
    segments = between(("192.0.2.1", 40000), ("192.0.2.2", 9060), first, second, third)
    lost = replace(segments[1], payload=second[:30])
    reading = read(tmp_path / "x.pcap", in_tcp([segments[0], lost, segments[2]]))
    texts = [text for text, *_ in reading.messages]
    assert texts == [PACKETS[0].payload, PACKETS[2].payload]
    assert "stream-gap" in reading.anomalies


def test_the_lookback_is_bounded(tmp_path: Path) -> None:
    """A segment too many frames before the first sign of SIP stays other."""
    text = INVITE.payload
    early = between(INVITE.source, INVITE.destination, text[:200], text[200:])
    noise = between(("192.0.2.9", 1), ("192.0.2.8", 80), *[HTTP] * 30)
    shuffled = later([early[1], *noise, early[0]])
    near = read(tmp_path / "x.pcap", in_tcp(shuffled), Settings(lookback_frames=40))
    assert near.messages == sent([INVITE])
    for batch in (1, 7, 1000):
        limits = Settings(lookback_frames=20, batch_frames=batch)
        reading = read(tmp_path / "y.pcap", in_tcp(shuffled), limits)
        assert [found for found, *_ in reading.messages] == [text[:200]]
    assert PUSH & ACK == 0
