"""Builds frames byte by byte, as the standards lay them out, and batches of them."""

from collections.abc import Sequence
from struct import pack

import numpy as np

from analyzer.tables.frames import FrameTable

CLIENT, SERVER = bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])
CLIENT6, SERVER6 = (
    bytes.fromhex("20010db8" + "00" * 11 + "01"),
    bytes.fromhex("fe80" + "00" * 13 + "02"),
)
MACS = bytes(range(12))


def ethernet(ether_type: int, payload: bytes) -> bytes:
    """Return an Ethernet II frame."""
    return MACS + pack(">H", ether_type) + payload


def ipv4(
    protocol: int,
    payload: bytes,
    *,
    options: bytes = b"",
    fragment: int = 0,
    total: int | None = None,
    ident: int = 7,
    version: int = 4,
) -> bytes:
    """Return an IPv4 packet; `fragment` is the field with the flags in it (RFC 791 §3.1)."""
    length = 20 + len(options) + len(payload) if total is None else total
    first = (version << 4) | (5 + len(options) // 4)
    header = pack(">BBHHHBBH", first, 0, length, ident, fragment, 64, protocol, 0)
    return header + CLIENT + SERVER + options + payload


def ipv6(protocol: int, payload: bytes, *, length: int | None = None) -> bytes:
    """Return an IPv6 packet (RFC 8200 §3)."""
    size = len(payload) if length is None else length
    return pack(">IHBB", 0x60000000, size, protocol, 64) + CLIENT6 + SERVER6 + payload


def udp(
    payload: bytes, source: int = 5060, destination: int = 5062, *, length: int | None = None
) -> bytes:
    """Return a UDP datagram (RFC 768)."""
    size = 8 + len(payload) if length is None else length
    return pack(">HHHH", source, destination, size, 0) + payload


def sip_frame(message: bytes) -> bytes:
    """Return a message in UDP, IPv4 and Ethernet."""
    return ethernet(0x0800, ipv4(17, udp(message)))


def batch_of(
    frames: Sequence[bytes], *, link_type: int = 1, cut: int | None = None
) -> tuple[bytes, FrameTable]:
    """Return frames one after the other and the table that says where they stand; `cut` is the
    snap length.
    """
    captured = [frame[:cut] for frame in frames]
    sizes = np.array([len(each) for each in captured], np.int64)
    table = FrameTable(
        number=np.arange(1, len(frames) + 1),
        time_ns=np.arange(len(frames)) * 1_000_000,
        pos=np.cumsum(sizes) - sizes,
        captured=sizes,
        original=[len(each) for each in frames],
        link_type=np.full(len(frames), link_type),
    )
    return b"".join(captured), table
