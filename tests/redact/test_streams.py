"""Streams without names: cut anywhere, lost, repeated, in frames of WebSocket, in chunks of SCTP,
in fragments.
"""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from struct import pack
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.annotate.dialogue_pcap import Packet
from analyzer.pipeline import open_trace
from carriages import hep3
from redact.equality import differences
from redact.everything import EVERYTHING, SECRETS, left_of
from redact.redacted import SETTINGS, TSHARK, bad_checksums, redacted_bytes, tshark_frames
from segments import (
    ACK,
    Deflater,
    Segment,
    capture,
    in_tcp,
    ip,
    later,
    messages_of,
    stream,
    websocket_frame,
)

CLIENT, SERVER = ("192.0.2.1", 5060), ("192.0.2.2", 5060)
ADDRESSES = (bytes((192, 0, 2, 1)), bytes((192, 0, 2, 2)))
_DIALOGUE = messages_of()


def sent() -> list[Packet]:
    """Return a message with names everywhere, and a dialogue after it."""
    return [Packet(_DIALOGUE[0].time_ns - 10**9, CLIENT, SERVER, EVERYTHING), *_DIALOGUE]


def check(data: bytes, *, expected: int | None = None) -> None:
    """Assert that nothing is left of a capture, and that its analysis is the same."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "stream.pcap"
        path.write_bytes(data)
        found = redacted_bytes(path)
        assert left_of(SECRETS, found) == []
        assert [each for each in ADDRESSES if each in found] == []
        with (
            closing(open_trace([str(path)])) as original,
            closing(open_trace([str(path)], SETTINGS)) as redacted,
        ):
            assert differences(original, redacted) == {}
            if expected is not None:
                assert len(redacted.messages) == expected


@settings(max_examples=25)
@given(st.lists(st.integers(1, 9_000), max_size=12), st.integers(0, 2**32 - 1))
def test_any_cuts(cuts: list[int], first: int) -> None:
    """Wherever segments end, and wherever sequence numbers begin, nothing changes but names."""
    check(in_tcp(stream(sent(), cuts, first=first)), expected=len(sent()))


@settings(max_examples=25)
@given(st.randoms(), st.lists(st.integers(1, 9_000), min_size=3, max_size=12))
def test_disorder_loss_and_repetition(random: Random, cuts: list[int]) -> None:
    """Segments that come late, twice or never: what is said stays the same, and nothing leaks."""
    segments = stream(sent(), cuts)
    chosen: Sequence[Segment] = [
        each for each in segments for _ in range(random.choice((0, 1, 1, 1, 1, 1, 2)))
    ]
    swapped = list(chosen)
    for at in range(len(swapped) - 1):
        if random.random() < 0.2:
            swapped[at], swapped[at + 1] = swapped[at + 1], swapped[at]
    check(in_tcp(later(swapped)))


@pytest.mark.parametrize("snap_len", [80, 300, 1200])
def test_cut_segments(snap_len: int) -> None:
    """What the snap length took is missing before and after."""
    check(in_tcp(stream(sent(), range(0, 9000, 700)), snap_len=snap_len))


@pytest.mark.skipif(TSHARK is None, reason="tshark is not installed")
def test_streams_stay_whole_for_tshark(tmp_path: Path) -> None:
    """Sequence and acknowledgement numbers follow: tshark misses nothing and finds no checksum
    wrong.
    """
    segments = stream(sent(), range(0, 9000, 500), first=2**32 - 3000)
    got = {CLIENT: 0, SERVER: 0}
    packets = []
    for each in segments:
        got[each.source] = each.sequence + len(each.payload) + (each.flags & 2 != 0)
        packets.append((each.time_ns, _acknowledging(each, got[each.destination])))
    path, made = tmp_path / "stream.pcap", tmp_path / "redacted.pcapng"
    path.write_bytes(capture(packets))
    made.write_bytes(redacted_bytes(path))
    lost = "tcp.analysis.lost_segment || tcp.analysis.ack_lost_segment || tcp.analysis.out_of_order"
    assert tshark_frames(made, lost) == tshark_frames(path, lost) == set()
    assert bad_checksums(made) == set()
    assert tshark_frames(made, "sip") == tshark_frames(path, "sip") != set()


def _acknowledging(segment: Segment, number: int) -> bytes:
    """Return the packet of a segment that acknowledges what the other side sent so far."""
    packet = segment.packet()
    at = packet.index(pack(">HH", segment.source[1], segment.destination[1]), 20) + 8
    flags = bytes([segment.flags | ACK])
    return (
        packet[:at] + pack(">I", number & 0xFFFFFFFF) + packet[at + 4 : at + 5] + flags
        + packet[at + 6 :]
    )  # fmt: skip  # read side by side


_HELLO = (
    b"GET /alice HTTP/1.1\r\nHost: pbx.wonder.net\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: YWxpY2UgYXQgYWNtZQ==\r\nOrigin: https://wonder.net\r\n"
    b"Cookie: user=alice\r\nSec-WebSocket-Protocol: sip\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
_WELCOME = (
    b"HTTP/1.1 101 Hello alice\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Protocol: sip\r\n\r\n"
)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("mask", [b"", b"\x11\x22\x33\x44"])
@pytest.mark.parametrize("pieces", [1, 3])
def test_websocket(packed: bool, mask: bytes, pieces: int) -> None:  # noqa: FBT001 - parameters
    """Messages in frames (RFC 7118): masked, compressed, in pieces, after a handshake."""
    deflaters = {CLIENT: Deflater(takeover=True), SERVER: Deflater(takeover=True)}
    carried = [
        Packet(_DIALOGUE[0].time_ns - 3 * 10**9, CLIENT, SERVER, _HELLO),
        Packet(_DIALOGUE[0].time_ns - 2 * 10**9, SERVER, CLIENT, _WELCOME),
    ]
    for each in sent():
        text = deflaters[each.source].pack(each.payload) if packed else each.payload
        size = -(-len(text) // pieces)
        parts = [text[at : at + size] for at in range(0, len(text), size)]
        framed = b"".join(
            websocket_frame(
                part,
                opcode=0 if at else 1,
                final=at == len(parts) - 1,
                mask=mask,
                packed=packed and not at,
            )
            for at, part in enumerate(parts)
        )
        ping = websocket_frame(b"alice", opcode=9, mask=mask)
        carried.append(Packet(each.time_ns, each.source, each.destination, framed + ping))
    check(in_tcp(stream(carried)), expected=len(sent()))


def _sctp(each: Packet, chunks: bytes) -> bytes:
    ports = pack(">HHII", each.source[1], each.destination[1], 7, 0)
    return ip(each.source[0], each.destination[0], 132, ports + chunks)


def _data(tsn: int, flags: int, text: bytes) -> bytes:
    head = pack(">BBHIHHI", 0, flags, 16 + len(text), tsn, 0, tsn & 0xFFFF, 0)
    return head + text + bytes(-len(text) % 4)


@pytest.mark.parametrize("size", [100_000, 700])
def test_sctp(size: int, tmp_path: Path) -> None:
    """User messages in one chunk, or in several that belong together (RFC 9260 §6.9)."""
    address = pack(">HH4s", 5, 8, bytes((192, 0, 2, 1)))
    init = pack(">BBHIIHHI", 1, 0, 20 + len(address), 1, 65_535, 1, 1, 100) + address
    heartbeat = pack(">BBHHH", 4, 0, 16, 1, 12) + b"alice\0\0\0"
    first = sent()[0]
    packets = [(first.time_ns - 1000, _sctp(first, init)), (first.time_ns, _sctp(first, heartbeat))]
    tsn = {CLIENT: 100, SERVER: 200}
    for each in sent():
        parts = [each.payload[at : at + size] for at in range(0, len(each.payload), size)]
        for number, part in enumerate(parts):
            flags = (2 if number == 0 else 0) | (1 if number == len(parts) - 1 else 0)
            packets.append((each.time_ns, _sctp(each, _data(tsn[each.source], flags, part))))
            tsn[each.source] += 1
    data = capture(packets)
    check(data, expected=len(sent()))
    if TSHARK:
        path, made = tmp_path / "sctp.pcap", tmp_path / "redacted.pcapng"
        path.write_bytes(data)
        made.write_bytes(redacted_bytes(path))
        assert bad_checksums(made) == set()


def _fragments(packet: Packet, size: int, ident: int, ends: tuple[str, str]) -> list[bytes]:
    ports = pack(">HHHH", packet.source[1], packet.destination[1], 8 + len(packet.payload), 0)
    payload = ports + packet.payload
    return [
        ip(*ends, 17, payload[at : at + size], ident=ident,
           place=at // 8 | (0x2000 if at + size < len(payload) else 0))
        for at in range(0, len(payload), size)
    ]  # fmt: skip  # read side by side


@pytest.mark.parametrize("size", [48, 1480])
@pytest.mark.parametrize("order", ["forward", "backward", "twice", "first only", "no last"])
def test_fragments(size: int, order: str, tmp_path: Path) -> None:
    """IP fragments in any order, repeated, or not all of them (RFC 791 §3.2)."""
    packets = []
    for ident, each in enumerate(sent(), start=1):
        parts = _fragments(each, size, ident, (each.source[0], each.destination[0]))
        chosen = {
            "forward": parts,
            "backward": parts[::-1],
            "twice": [part for part in parts for _ in range(2)],
            "first only": parts[:1],
            "no last": parts[:-1] if len(parts) > 1 else parts,
        }[order]
        packets += [(each.time_ns + at, part) for at, part in enumerate(chosen)]
    data = capture(packets)
    check(data)
    if TSHARK and order == "forward":
        path, made = tmp_path / "fragments.pcap", tmp_path / "redacted.pcapng"
        path.write_bytes(data)
        made.write_bytes(redacted_bytes(path))
        assert bad_checksums(made) == set()
        assert tshark_frames(made, "sip") == tshark_frames(path, "sip")


def test_fragments_of_ipv6() -> None:
    """The same of IPv6, whose fragments have a header of their own (RFC 8200 §4.5)."""
    six = {"192.0.2.1": "2001:db8::1", "192.0.2.2": "2001:db8::2"}
    packets = []
    for ident, each in enumerate(sent(), start=1):
        ends = six[each.source[0]], six[each.destination[0]]
        parts = _fragments(each, 1400, ident, ends)
        packets += [(each.time_ns + at, part) for at, part in enumerate(parts)]
    check(capture(packets), expected=len(sent()))


def test_hep_over_tcp() -> None:
    """Records of HEP version 3 in a stream, the Call-ID as correlation id among them."""
    records = [
        Packet(
            each.time_ns,
            CLIENT,
            ("192.0.2.2", 9060),
            hep3(
                ip(each.source[0], each.destination[0], 17,
                   pack(">HHHH", 5060, 5060, 8 + len(each.payload), 0) + each.payload),
                (17, b"f81d4fae-8a7b6c5d@198.51.100.7"),
            ),
        )
        for each in sent()
    ]  # fmt: skip  # read side by side
    check(in_tcp(stream(records, range(0, 12_000, 1000))))
