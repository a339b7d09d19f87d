"""However WebSocket carries messages, they are the messages that were sent."""

from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from analyzer.annotate.dialogue_pcap import Packet
from analyzer.settings import Settings
from analyzer.tables.messages import Transport
from segments import (
    Deflater,
    in_tcp,
    in_udp,
    later,
    messages_of,
    read,
    sent,
    stream,
    websocket_frame,
)

PACKETS = [
    Packet(
        each.time_ns,
        each.source,
        each.destination,
        each.payload.replace(b"SIP/2.0/UDP", b"SIP/2.0/WS"),
    )
    for each in messages_of()
]
ANY = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
_ASK = b"""GET / HTTP/1.1
Host: proxy.example.com
Upgrade: websocket
Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
Sec-WebSocket-Protocol: sip

"""
_AGREE = b"""HTTP/1.1 101 Switching Protocols
Upgrade: websocket
Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
Sec-WebSocket-Protocol: sip

"""
HANDSHAKE = (_ASK.replace(b"\n", b"\r\n"), _AGREE.replace(b"\n", b"\r\n"))
"""After RFC 7118 §4.2."""
CLIENT = PACKETS[0].source


def handshake() -> list[Packet]:
    """Return request and response of the handshake."""
    client, server = PACKETS[0].source, PACKETS[0].destination
    return [
        Packet(PACKETS[0].time_ns - 10, client, server, HANDSHAKE[0]),
        Packet(PACKETS[0].time_ns - 5, server, client, HANDSHAKE[1]),
    ]


@st.composite
def framed(draw: st.DrawFn, *, joined: bool) -> list[Packet]:
    """Draw the frames that carry the messages."""
    found = [] if joined else handshake()
    deflaters = {
        each: Deflater(takeover=draw(st.booleans()))
        for each in (PACKETS[0].source, PACKETS[0].destination)
    }
    may_pack = not joined and draw(st.booleans())
    for each in PACKETS:
        mask = draw(st.binary(min_size=4, max_size=4)) if each.source == CLIENT else b""
        packed = may_pack and draw(st.booleans())
        text = deflaters[each.source].pack(each.payload) if packed else each.payload
        cut = draw(st.sampled_from([0, 0, 40, 200] if joined else [0, 0, 1, 40, 200]))
        parts = [text[:cut], text[cut:]] if cut else [text]
        frames = []
        for at, part in enumerate(parts):
            final, opcode = at == len(parts) - 1, 0 if at else draw(st.sampled_from([1, 2]))
            frames.append(
                websocket_frame(
                    part, opcode=opcode, final=final, mask=mask, packed=packed and not at
                )
            )
            if draw(st.integers(0, 5)) == 0 and not (joined and each in PACKETS[:4]):
                frames.append(websocket_frame(b"hi", opcode=9, mask=mask))
        found.append(Packet(each.time_ns, each.source, each.destination, b"".join(frames)))
    return found


def check(tmp_path: Path, packets: list[Packet], cuts: list[int], batch: int) -> None:
    """Assert that the messages are those that were sent, and so is what follows from them."""
    segments = later(stream(packets, cuts))
    reading = read(tmp_path / "x.pcap", in_tcp(segments), Settings(batch_frames=batch))
    whole = read(tmp_path / "y.pcap", in_udp(PACKETS))
    assert reading.messages == sent(PACKETS)
    assert reading.transactions == whole.transactions
    assert reading.findings == whole.findings
    assert reading.transports == {Transport.WS}
    assert reading.hidden == {}
    assert reading.anomalies == {}


@ANY
@given(
    framed(joined=False),
    st.lists(st.integers(len(HANDSHAKE[0] + HANDSHAKE[1]), 4000), max_size=9),
    st.sampled_from([1, 3, 1000]),
)
def test_from_the_handshake(
    tmp_path: Path, packets: list[Packet], cuts: list[int], batch: int
) -> None:
    """Masked, fragmented, compressed, with pings between, in any segments."""
    check(tmp_path, packets, cuts, batch)


@ANY
@given(framed(joined=True), st.sampled_from([1, 3, 1000]))
def test_joined_later(tmp_path: Path, packets: list[Packet], batch: int) -> None:
    """Without the handshake a frame with a SIP message in it is enough."""
    check(tmp_path, packets, [], batch)


@ANY
@given(st.binary(max_size=60), st.integers(0, 20))
@example(b"\0", 2)  # a frame that goes on with a message that has ended
def test_any_bytes(tmp_path: Path, noise: bytes, where: int) -> None:
    """Noise in a connection raises nothing, and each packet is counted."""
    packets = handshake()
    for at, each in enumerate(PACKETS):
        payload = noise if at == where else websocket_frame(each.payload)
        packets.append(Packet(each.time_ns, each.source, each.destination, payload))
    read(tmp_path / "x.pcap", in_tcp(later(stream(packets))), explained=False)


@ANY
@given(st.sets(st.integers(2, 12), min_size=1, max_size=3))
def test_lost_segments(tmp_path: Path, lost: set[int]) -> None:
    """After a gap, messages that begin a segment are found."""
    packets = handshake() + [
        Packet(each.time_ns, each.source, each.destination, websocket_frame(each.payload))
        for each in PACKETS
    ]
    segments = later(stream(packets))
    kept = [each for at, each in enumerate(segments) if at not in lost]
    reading = read(tmp_path / "x.pcap", in_tcp(kept), explained=False)
    texts = [text for text, *_ in reading.messages]
    expected = [
        each.payload
        for each in PACKETS
        if any(part.payload == websocket_frame(each.payload) for part in kept)
    ]
    assert texts == expected


def test_a_bomb(tmp_path: Path) -> None:
    """What would unpack to more than the limit is not unpacked."""
    text = PACKETS[0].payload + bytes(100_000)
    frame = websocket_frame(Deflater(takeover=True).pack(text), packed=True)
    first = PACKETS[0]
    packets = [*handshake(), Packet(first.time_ns, first.source, first.destination, frame)]
    data = in_tcp(later(stream(packets)))
    reading = read(tmp_path / "x.pcap", data, Settings(max_message_bytes=10_000))
    assert reading.messages == []
    assert reading.limits == {"max_message_bytes": 1}
    assert "stream-limit" in reading.anomalies
