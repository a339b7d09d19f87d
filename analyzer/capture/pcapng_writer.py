"""Frames → a pcapng file (draft-ietf-opsawg-pcapng): little-endian, times in nanoseconds."""

from collections.abc import Iterable
from struct import pack
from typing import BinaryIO

from analyzer.capture.pcapng_blocks import (
    CUSTOM_BLOCK,
    DECRYPTION_SECRETS,
    ENHANCED_PACKET,
    INTERFACE,
    SECTION_HEADER,
    TLS_KEY_LOG,
)
from analyzer.tables.frames import FrameTable

_BYTE_ORDER = 0x1A2B3C4D
_NO_LENGTH = 2**64 - 1
_IF_TSRESOL = 9
_NANOSECONDS = 9


class PcapngWriter:
    """Writes one section; an interface is described when a link type first occurs."""

    def __init__(self, out: BinaryIO) -> None:
        """Write the section header."""
        self._out = out
        self._interfaces: dict[int, int] = {}
        self._block(SECTION_HEADER, pack("<IHHQ", _BYTE_ORDER, 1, 0, _NO_LENGTH))

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
        number = self._interface(link_type)
        head = pack("<IIIII", number, time_ns >> 32, time_ns & 0xFFFFFFFF, len(frame), original)
        self._block(ENHANCED_PACKET, head + frame)

    def write_custom_block(self) -> None:
        """Write a block that holds no packet and has a number as if it did."""
        self._block(CUSTOM_BLOCK, pack("<I", 0))

    def _interface(self, link_type: int) -> int:
        if link_type not in self._interfaces:
            self._interfaces[link_type] = len(self._interfaces)
            resolution = pack("<HHB3xHH", _IF_TSRESOL, 1, _NANOSECONDS, 0, 0)
            self._block(INTERFACE, pack("<HHI", link_type, 0, 0) + resolution)
        return self._interfaces[link_type]

    def _block(self, kind: int, body: bytes) -> None:
        body += bytes(-len(body) % 4)
        length = 12 + len(body)
        self._out.write(pack("<II", kind, length) + body + pack("<I", length))
