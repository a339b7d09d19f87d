"""Builds capture files byte by byte, as the drafts of pcap and pcapng lay them out."""

from collections.abc import Iterable
from struct import pack

ETHERNET = 1


def pcap_header(
    order: str = "<",
    *,
    magic: int = 0xA1B2C3D4,
    version: tuple[int, int] = (2, 4),
    snap_len: int = 262_144,
    link: int = ETHERNET,
) -> bytes:
    """Return the 24 bytes before the first record."""
    return pack(order + "IHHiIII", magic, *version, 0, 0, snap_len, link)


def pcap_record(
    data: bytes, time: tuple[int, int] = (1, 0), *, order: str = "<", original: int | None = None
) -> bytes:
    """Return a record; `time` is seconds and fraction as they stand in it."""
    wire = len(data) if original is None else original
    return pack(order + "IIII", *time, len(data), wire) + data


def padded(data: bytes) -> bytes:
    """Fill up to 32 bits with zeros."""
    return data + bytes(-len(data) % 4)


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    """Return a pcapng block around its body."""
    length = 12 + len(padded(body))
    return pack(order + "II", kind, length) + padded(body) + pack(order + "I", length)


def option(code: int, value: bytes, order: str = "<") -> bytes:
    """Return an option of a pcapng block."""
    return pack(order + "HH", code, len(value)) + padded(value)


def section(order: str = "<", version: tuple[int, int] = (1, 0)) -> bytes:
    """Return a section header of unknown section length."""
    return block(0x0A0D0D0A, pack(order + "IHHq", 0x1A2B3C4D, *version, -1), order)


def interface(
    order: str = "<",
    *,
    link: int = ETHERNET,
    snap_len: int = 0,
    resolution: int | None = None,
    offset_s: int | None = None,
) -> bytes:
    """Return an interface description."""
    options = option(2, b"eth0", order)
    if resolution is not None:
        options += option(9, bytes([resolution]), order)
    if offset_s is not None:
        options += option(14, pack(order + "q", offset_s), order)
    body = pack(order + "HHI", link, 0, snap_len) + options + option(0, b"", order)
    return block(1, body, order)


def enhanced(
    data: bytes, ticks: int = 0, *, order: str = "<", number: int = 0, original: int | None = None
) -> bytes:
    """Return an enhanced packet block; `number` is that of its interface."""
    wire = len(data) if original is None else original
    fixed = pack(order + "IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(data), wire)
    return block(6, fixed + padded(data) + option(1, b"a comment", order), order)


def simple(data: bytes, *, order: str = "<", original: int | None = None) -> bytes:
    """Return a simple packet block."""
    wire = len(data) if original is None else original
    return block(3, pack(order + "I", wire) + data, order)


def obsolete(data: bytes, ticks: int = 0, *, order: str = "<", number: int = 0) -> bytes:
    """Return an obsolete packet block, with 7 packets dropped before it."""
    fixed = pack(order + "HHIIII", number, 7, ticks >> 32, ticks & 0xFFFFFFFF, len(data), len(data))
    return block(2, fixed + data, order)


def file_of(blocks: Iterable[bytes]) -> bytes:
    """Join the parts of a file."""
    return b"".join(blocks)
