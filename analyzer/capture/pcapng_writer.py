"""Packets → a pcapng file (draft-ietf-opsawg-pcapng): one section, little-endian."""

from collections.abc import Iterable, Sequence
from struct import pack
from typing import BinaryIO

from analyzer.capture.originals import (
    END_OF_OPTIONS,
    IF_TSRESOL,
    InterfaceDescription,
    Option,
)
from analyzer.capture.pcapng_blocks import (
    CUSTOM_BLOCK,
    DECRYPTION_SECRETS,
    ENHANCED_PACKET,
    INTERFACE,
    SECTION_HEADER,
    TLS_KEY_LOG,
)
from analyzer.capture.pcapng_ends import APPLICATION, INTERFACE_STATISTICS
from analyzer.tables.frames import FrameTable

_BYTE_ORDER = 0x1A2B3C4D
_NO_LENGTH = 2**64 - 1
_NANOSECONDS = bytes([9])
LONGEST_OPTION = 65_535
"""Bytes of a value."""


class PcapngWriter:
    """Writes one section. Packets come with an interface that was described, or frames with their
    link type, of which an interface is made when it first occurs.
    """

    def __init__(self, out: BinaryIO, application: str = "") -> None:
        """Write the section header, which may name the application that writes."""
        self._out = out
        self._described = 0
        self._interfaces: dict[int, int] = {}
        fixed = pack("<IHHQ", _BYTE_ORDER, 1, 0, _NO_LENGTH)
        named = ((APPLICATION, application.encode()),) if application else ()
        self._block(SECTION_HEADER, fixed + _options(named))

    def add_interface(self, description: InterfaceDescription) -> int:
        """Describe one more interface and return its number."""
        fixed = pack("<HHI", description.link_type, 0, description.snap_len)
        self._block(INTERFACE, fixed + _options(description.options))
        self._described += 1
        return self._described - 1

    def write_packet(
        self,
        interface: int,
        ticks: int,
        data: bytes,
        original: int,
        options: Sequence[Option] = (),
    ) -> None:
        """Write a packet, its time in the resolution of its interface."""
        high, low = ticks >> 32, ticks & 0xFFFFFFFF
        head = pack("<IIIII", interface, high, low, len(data), original)
        self._block(ENHANCED_PACKET, head + data + bytes(-len(data) % 4) + _options(options))

    def write_statistics(self, interface: int, options: Sequence[Option]) -> None:
        """Say something of an interface after its packets."""
        self._block(INTERFACE_STATISTICS, pack("<III", interface, 0, 0) + _options(options))

    def write_key_logs(self, secrets: Iterable[bytes]) -> None:
        """Write TLS key logs (NSS format); what they decrypt has to come after them."""
        for each in secrets:
            self._block(DECRYPTION_SECRETS, pack("<II", TLS_KEY_LOG, len(each)) + each)

    def write_frames(self, data: memoryview, frames: FrameTable) -> None:
        """Write frames, whose bytes are in `data`."""
        columns = (
            frames.link_type.tolist(),
            frames.time_ns.tolist(),
            frames.pos.tolist(),
            frames.captured.tolist(),
            frames.original.tolist(),
        )
        for link_type, time_ns, pos, captured, original in zip(*columns, strict=True):
            self.write_frame(bytes(data[pos : pos + captured]), time_ns, original, link_type)

    def write_frame(self, frame: bytes, time_ns: int, original: int, link_type: int) -> None:
        """Write one frame, which had `original` bytes on the wire."""
        self.write_packet(self._interface(link_type), time_ns, frame, original)

    def write_custom_block(self) -> None:
        """Write a block that holds no packet and has a number as if it did."""
        self._block(CUSTOM_BLOCK, pack("<I", 0))

    def _interface(self, link_type: int) -> int:
        if link_type not in self._interfaces:
            resolution = ((IF_TSRESOL, _NANOSECONDS),)
            described = InterfaceDescription(link_type, 0, resolution)
            self._interfaces[link_type] = self.add_interface(described)
        return self._interfaces[link_type]

    def _block(self, kind: int, body: bytes) -> None:
        body += bytes(-len(body) % 4)
        length = 12 + len(body)
        self._out.write(pack("<II", kind, length) + body + pack("<I", length))


def _options(options: Sequence[Option]) -> bytes:
    """Return options as they stand in a block; no options are no bytes."""
    if not options:
        return b""
    parts = []
    for code, value in (*options, (END_OF_OPTIONS, b"")):
        parts += [pack("<HH", code, len(value)), value, bytes(-len(value) % 4)]
    return b"".join(parts)
