"""Packets of one link type → a pcap file (draft-ietf-opsawg-pcap), little-endian."""

from struct import pack
from typing import BinaryIO

from analyzer.frozen import frozen

_MICROSECONDS, _NANOSECONDS = 0xA1B2C3D4, 0xA1B23C4D
_LATEST_S = 0xFFFFFFFF
_NS_PER_S = 1_000_000_000


@frozen
class PcapHead:
    """What the file header says of all packets."""

    link_type: int
    snap_len: int
    nanoseconds: bool
    """Whether times are finer than microseconds."""


class PcapWriter:
    """Writes records one after the other."""

    def __init__(self, out: BinaryIO, head: PcapHead) -> None:
        """Write the file header."""
        self._out = out
        self._fraction_ns = 1 if head.nanoseconds else 1000
        magic = _NANOSECONDS if head.nanoseconds else _MICROSECONDS
        out.write(pack("<IHHiIII", magic, 2, 4, 0, 0, head.snap_len, head.link_type))

    def write_packet(self, time_ns: int, data: bytes, original: int) -> None:
        """Write a packet."""
        seconds, rest = divmod(time_ns, _NS_PER_S)
        fraction = rest // self._fraction_ns
        head = pack("<IIII", min(seconds, _LATEST_S), fraction, len(data), original)
        self._out.write(head + data)
