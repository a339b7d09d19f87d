"""Frames → verdicts and datagrams: what each header says, by both twins."""

from struct import pack

import pytest

from analyzer.decode import datagrams
from analyzer.decode.datagrams import Decoded, decode_frames
from analyzer.decode.explain import explain
from analyzer.decode.verdicts import FIRST_KIND, NOT_UNDERSTOOD
from analyzer.settings import Settings
from frames import CLIENT6, SERVER6, batch_of, ethernet, ipv4, ipv6, udp

TEXT = b"BYE sip:bob@example.com SIP/2.0\r\n\r\n"
DATAGRAM = udp(TEXT)
V4, V6 = ipv4(17, DATAGRAM), ipv6(17, DATAGRAM)
TCP = pack(">HHIIBBHHH", 5060, 5062, 9, 1, 0x50, 0x10, 0xFFFF, 0, 0)
NAMES = {1: "sip", 2: "media", 3: "other", 4: "waiting"} | dict(
    enumerate(NOT_UNDERSTOOD, start=FIRST_KIND)
)
TWINS = [True, False] if datagrams.COMPILED else [False]


def decode(frame: bytes, link_type: int = 1, *, cut: int | None = None, **limits: int) -> Decoded:
    """Decode one frame with each twin; they must agree."""
    data, table = batch_of([frame], link_type=link_type, cut=cut)
    found = [
        decode_frames(memoryview(data), table, Settings(**limits), compiled=compiled)  # type: ignore[arg-type]  # only numbers are given
        for compiled in TWINS
    ]
    assert found[0].verdicts.tolist() == found[-1].verdicts.tolist()
    return found[0]


def verdict(frame: bytes, link_type: int = 1, *, cut: int | None = None, **limits: int) -> str:
    """Return the name of the verdict on a frame."""
    return NAMES[int(decode(frame, link_type, cut=cut, **limits).verdicts[0])]


SLL = pack(">HHH8xH", 0, 1, 6, 0x0800)
SLL2 = pack(">HHIHBB8x", 0x86DD, 0, 1, 1, 0, 6)
TAG = pack(">HH", 5, 0x0800)


@pytest.mark.parametrize(
    ("link_type", "frame"),
    [
        (1, ethernet(0x0800, V4)),
        (1, ethernet(0x86DD, V6)),
        (1, ethernet(0x8100, TAG + V4)),
        (1, ethernet(0x88A8, pack(">HH", 9, 0x8100) + TAG + V4)),
        (1, ethernet(0x9100, pack(">HH", 9, 0x9200) + TAG + V4)),
        (1, ethernet(200, b"\xaa\xaa\x03\x00\x00\x00\x08\x00" + V4)),
        (113, SLL + V4),
        (276, SLL2 + V6),
        (0, pack("<I", 2) + V4),
        (0, pack(">I", 2) + V4),
        (0, pack("<I", 30) + V6),
        (108, pack(">I", 24) + V6),
        (101, V4),
        (101, V6),
        (12, V4),
        (14, V6),
        (228, V4),
        (229, V6),
    ],
)
def test_link_types(link_type: int, frame: bytes) -> None:
    """The payload is found below every link header and tag."""
    found = decode(frame, link_type).datagrams
    start, length = int(found.pos[0]), int(found.length[0])
    assert frame[start : start + length] == TEXT
    assert (found.source_port.tolist(), found.destination_port.tolist()) == ([5060], [5062])


@pytest.mark.parametrize(
    "frame",
    [
        ipv4(17, DATAGRAM, options=bytes(12)),
        ipv4(17, DATAGRAM) + bytes(6),
        ipv4(17, DATAGRAM, total=0),
        ipv4(17, DATAGRAM, fragment=0x4000),
        ipv4(51, pack(">BBHII", 17, 2, 0, 1, 1) + bytes(4) + DATAGRAM),
        ipv4(17, udp(TEXT, length=0)),
        ipv6(0, bytes([17, 0]) + bytes(6) + DATAGRAM),
        ipv6(60, bytes([43, 1]) + bytes(14) + bytes([17, 0]) + bytes(6) + DATAGRAM),
        ipv6(44, bytes([17, 0]) + bytes(6) + DATAGRAM),
        ipv6(17, DATAGRAM, length=0),
        ipv6(17, DATAGRAM) + bytes(9),
    ],
)
def test_network_headers(frame: bytes) -> None:
    """Options, padding, extension headers, atomic fragments and lengths of 0 hide nothing."""
    found = decode(frame, 101).datagrams
    start = int(found.pos[0])
    assert frame[start : start + int(found.length[0])] == TEXT


def test_addresses() -> None:
    """Addresses and identification are the header's own."""
    v4, v6 = decode(V4, 101).datagrams, decode(V6, 101).datagrams
    assert (v4.version.tolist(), v6.version.tolist()) == ([4], [6])
    assert (v4.ip_id.tolist(), v6.ip_id.tolist()) == ([7], [-1])
    assert (int(v4.source_low[0]), int(v4.destination_low[0])) == (0xC0000201, 0xC0000202)
    source = int(v6.source_high[0]) << 64 | int(v6.source_low[0])
    destination = int(v6.destination_high[0]) << 64 | int(v6.destination_low[0])
    assert source.to_bytes(16, "big") == CLIENT6
    assert destination.to_bytes(16, "big") == SERVER6


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (ethernet(0x0806, bytes(28)), "other"),
        (ethernet(0x88CC, bytes(28)), "other"),
        (ethernet(38, b"\x42\x42\x03" + bytes(35)), "other"),
        (ethernet(0x1234, bytes(28)), "unknown-ethertype"),
        (ethernet(0x0800, V6), "packet-damaged"),
        (ethernet(0x86DD, V4 + bytes(20)), "packet-damaged"),
        (ethernet(0x0800, ipv4(17, DATAGRAM, total=27)), "packet-damaged"),
        (ethernet(0x0800, ipv4(17, DATAGRAM, total=19)), "packet-damaged"),
        (ethernet(0x0800, ipv4(17, udp(TEXT, length=7))), "packet-damaged"),
        (ethernet(0x0800, b"\x45"), "packet-damaged"),
        (ethernet(0x0800, ipv4(17, DATAGRAM, fragment=0x2000)), "waiting"),
        (ethernet(0x0800, ipv4(17, DATAGRAM, fragment=1)), "waiting"),
        (ethernet(0x86DD, ipv6(44, bytes([17, 0, 0, 1]) + bytes(4) + DATAGRAM)), "waiting"),
        (ethernet(0x0800, ipv4(6, bytes(20))), "packet-damaged"),
        (ethernet(0x0800, ipv4(6, TCP)), "other"),
        (ethernet(0x0800, ipv4(6, TCP + TEXT)), "waiting"),
        (ethernet(0x0800, ipv4(132, bytes(20))), "waiting"),
        (ethernet(0x0800, ipv4(50, bytes(20))), "esp"),
        (ethernet(0x0800, ipv4(1, V4)), "other"),
        (ethernet(0x86DD, ipv6(58, bytes(8))), "other"),
        (ethernet(0x86DD, ipv6(59, b"")), "other"),
        (ethernet(0x0800, ipv4(200, bytes(20))), "unknown-ip-protocol"),
    ],
)
def test_what_is_not_udp(frame: bytes, expected: str) -> None:
    """Each kind of packet is named."""
    assert verdict(frame) == expected


def test_unknown_link_type() -> None:
    """The link type is named with its number."""
    found = decode(bytes(40), 147)
    assert NAMES[int(found.verdicts[0])] == "unknown-link-type"
    assert explain("unknown-link-type", int(found.details[0])) == "link type 147 (USER0)"


@pytest.mark.parametrize("cut", [0, 13, 14, 33, 34, 41, 42])
def test_cut_in_headers(cut: int) -> None:
    """A snap length inside the headers, or right after them, leaves nothing to see."""
    assert verdict(ethernet(0x0800, V4), cut=cut) == "packet-cut"


def test_cut_in_payload() -> None:
    """What was captured of a datagram is there, with its length on the wire."""
    found = decode(ethernet(0x0800, V4), cut=60).datagrams
    assert (found.length.tolist(), found.wire_length.tolist()) == ([18], [len(TEXT)])


def test_too_many_layers() -> None:
    """Headers inside each other end at the limit; one more is allowed where it is the limit."""
    frame = ethernet(0x8100, pack(">HH", 1, 0x8100) * 3 + TAG + V4)
    # Ethernet, four tags, IPv4, UDP
    assert verdict(frame, max_layers=7) == "sip"
    assert verdict(frame, max_layers=6) == "too-many-layers"


def test_no_frames() -> None:
    """An empty batch decodes to nothing."""
    data, table = batch_of([])
    assert len(decode_frames(memoryview(data), table, Settings()).datagrams) == 0
