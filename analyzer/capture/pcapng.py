"""pcapng files (draft-ietf-opsawg-pcapng) → frames.

Several sections, each in its own byte order and with its own interfaces; enhanced, simple and
obsolete packet blocks; all other blocks are passed over. `walk_blocks` is the reference twin of
`_walk.walk_pcapng`: both go over sound enhanced and simple packet blocks, and leave every other
block, one at a time, to `PcapngReader`.
"""

from bisect import bisect_right
from struct import Struct

import numpy as np

from analyzer.capture.formats import CaptureFormat
from analyzer.capture.frame_reader import first_frames, missing_bytes, room_for
from analyzer.capture.originals import InterfaceDescription, Original
from analyzer.capture.pcapng_blocks import (
    DECRYPTION_SECRETS,
    ENHANCED_PACKET,
    INTERFACE,
    NUMBERED_BLOCKS,
    OBSOLETE_PACKET,
    SECTION_HEADER,
    SIMPLE_PACKET,
    SMALLEST_BLOCK,
    UNKNOWN_INTERFACE,
    Block,
    Interface,
    Packet,
    Section,
    block_at,
    byte_order,
    interface_of,
    key_log_of,
    original_at,
    packet_of,
)
from analyzer.capture.pcapng_ends import INTERFACE_STATISTICS, end_of, is_ours
from analyzer.tables.anomalies import AnomalyLog
from analyzer.tables.frames import FrameTable

try:
    from analyzer.capture._walk import walk_pcapng as _compiled_walk
except ImportError:
    _compiled_walk = None  # type: ignore[assignment]  # built without a compiler

_MAX_ORIGINAL = 2**31 - 1
_MAX_BLOCKS = 65_536
"""Blocks without a packet passed over in one go, so that a reading can be interrupted."""
_VERSIONS = {(1, 0), (1, 2)}
_WALKED = frozenset((ENHANCED_PACKET, SIMPLE_PACKET))

_Row = tuple[int, int, int, int, int]


def sniff(head: bytes) -> bool:
    """Say whether a file begins like pcapng; a file cut in its first bytes still does."""
    if int.from_bytes(head[:4], "big") != SECTION_HEADER:
        return False
    return len(head) < 12 or byte_order(memoryview(head), 0) is not None


def walk_blocks(
    data: memoryview, pos: int, end: int, section: Section, frames: FrameTable, row: int
) -> tuple[int, int]:
    """Fill `frames` (all but `number`) from `row` on with the packets at `pos`, until it is full
    or the next block is no sound enhanced or simple packet block of a known interface that ends
    before `end`; return the rows filled and the next position.
    """
    rows: list[_Row] = []
    room = len(frames) - row
    while len(rows) < room:
        block = block_at(data, pos, end, section)
        if isinstance(block, str) or block.kind not in _WALKED:
            break
        packet = packet_of(data, block, section)
        if packet is None or packet.interface >= len(section.interfaces):
            break
        rows.append(_row_of(packet, section.interfaces[packet.interface]))
        pos = block.end
    _fill(frames, row, rows)
    return len(rows), pos


def _row_of(packet: Packet, interface: Interface) -> _Row:
    captured = packet.captured
    wire = min(max(captured, packet.original), _MAX_ORIGINAL)
    time_ns = 0 if packet.ticks is None else interface.clock.time_ns(packet.ticks)
    return time_ns, packet.pos, captured, wire, interface.link_type


def _fill(frames: FrameTable, row: int, rows: list[_Row]) -> None:
    if not rows:
        return
    names = ("time_ns", "pos", "captured", "original", "link_type")
    for name, values in zip(names, zip(*rows, strict=True), strict=True):
        getattr(frames, name)[row : row + len(rows)] = values


walk = walk_blocks if _compiled_walk is None else _compiled_walk


class PcapngReader:
    """Walks a pcapng file; see FrameReader."""

    def __init__(self, data: memoryview, index: int, anomalies: AnomalyLog) -> None:
        """Start before the first section header."""
        self.finished = False
        self.complete = True
        self._data = data
        self._index = index
        self._anomalies = anomalies
        self._number = 1
        self._pos = 0
        self._section = Section(big_endian=byte_order(data, 0) or False)
        self._sections: list[tuple[int, Section]] = []
        """Number of the first frame after the header of each section, and the section."""
        self.secrets: list[bytes] = []
        self.ended_ns: int | None = None
        self._is_extract = False

    def read(self, end: int, batch: int) -> FrameTable:
        """Return the next frames."""
        frames = room_for(batch, end - self._pos, SMALLEST_BLOCK)
        row = 0
        blocks = 0
        while row < len(frames) and not self.finished and blocks < _MAX_BLOCKS:
            count, self._pos = walk(self._data, self._pos, end, self._section, frames, row)
            frames.number[row : row + count] = np.arange(self._number, self._number + count)
            self._number += count
            row += count
            if row < len(frames):
                row += self._read_block(end, frames, row)
                blocks += 1
        return first_frames(frames, row)

    def interfaces(self) -> list[InterfaceDescription]:
        """Return those of all sections; see FrameReader."""
        return [each.description for _, section in self._sections for each in section.interfaces]

    def originals(self, frames: FrameTable) -> list[Original]:
        """Return interface, time and options of each; see FrameReader."""
        firsts = [first for first, _ in self._sections]
        before = np.cumsum([0, *(len(section.interfaces) for _, section in self._sections)])
        found = []
        columns = (frames.number.tolist(), frames.pos.tolist(), frames.captured.tolist())
        for number, pos, captured in zip(*columns, strict=True):
            at = bisect_right(firsts, number) - 1
            original = original_at(self._data, pos, captured, self._sections[at][1])
            found.append(original._replace(interface=int(before[at]) + original.interface))
        return found

    def _read_block(self, end: int, frames: FrameTable, row: int) -> int:
        """Read the block that the walk left; return how many rows it filled."""
        if self._pos == len(self._data):
            self.finished = True
            return 0
        block = self._next_block(end)
        if block is None:
            return 0
        self._pos = block.end
        if block.kind == INTERFACE:
            self._describe_interface(block)
        elif block.kind == DECRYPTION_SECRETS:
            key_log = key_log_of(self._data, block, self._section)
            self.secrets += [key_log] if key_log is not None else []
        elif block.kind == SECTION_HEADER:
            self._is_extract = is_ours(self._data, block, self._section)
        elif block.kind == INTERFACE_STATISTICS and self._is_extract:
            end_ns = end_of(self._data, block, self._section) or 0
            self.ended_ns = max(self.ended_ns or 0, end_ns)
        elif block.kind in NUMBERED_BLOCKS:
            self._count("record-no-packet", NUMBERED_BLOCKS[block.kind])
        elif block.kind in {ENHANCED_PACKET, SIMPLE_PACKET, OBSOLETE_PACKET}:
            return self._put_packet(block, frames, row)
        return 0

    def _next_block(self, end: int) -> Block | None:
        if not self._enter_section(end):
            return None
        block = block_at(self._data, self._pos, end, self._section)
        if isinstance(block, Block):
            return block
        if block == "cut":
            self._stop("file-cut", self._missing(end))
        else:
            self._stop("damaged-record", block)
        return None

    def _enter_section(self, end: int) -> bool:
        """Start a section when its header is next; return False when the header is not
        sound.
        """
        pos = self._pos
        head = bytes(self._data[pos : min(pos + 16, end)])
        if head[:4] != SECTION_HEADER.to_bytes(4, "big"):
            return True
        if len(head) < 16:
            self._stop("file-cut", "a section header is cut")
            return False
        big_endian = byte_order(self._data, pos)
        if big_endian is None:
            self._stop("damaged-record", f"the section at byte {pos} has no byte order")
            return False
        self._section = Section(big_endian)
        self._sections.append((self._number, self._section))
        major, minor = Struct(">HH" if big_endian else "<HH").unpack_from(head, 12)
        if (major, minor) not in _VERSIONS:
            detail = f"pcapng version {major}.{minor}, read like 1.0"
            self._anomalies.add(
                "unknown-file-version", [(self._index, self._number)], detail=detail
            )
        return True

    def _describe_interface(self, block: Block) -> None:
        interface = interface_of(self._data, block, self._section)
        if interface is None:
            self._stop("damaged-record", f"the interface at byte {block.pos} is not described")
        else:
            self._section.add(interface)

    def _put_packet(self, block: Block, frames: FrameTable, row: int) -> int:
        packet = packet_of(self._data, block, self._section)
        if packet is None:
            text = f"the packet at byte {block.pos} is longer than its block"
            self._stop("damaged-record", text)
            return 0
        frames.number[row] = self._number
        interface = UNKNOWN_INTERFACE
        if packet.interface < len(self._section.interfaces):
            interface = self._section.interfaces[packet.interface]
        else:
            detail = f"interface {packet.interface} of {len(self._section.interfaces)}"
            here = (self._index, self._number)
            self._anomalies.add("unknown-interface", [here], detail=detail)
        _fill(frames, row, [_row_of(packet, interface)])
        self._number += 1
        return 1

    def _count(self, kind: str, detail: str) -> None:
        self._anomalies.add(kind, [(self._index, self._number)], detail=detail)
        self._number += 1

    def _missing(self, end: int) -> str:
        there = end - self._pos
        shrank = end < len(self._data)
        needed = SMALLEST_BLOCK
        if there >= 8:
            (needed,) = self._section.word.unpack_from(self._data, self._pos + 4)
        return f"block: {missing_bytes(there, max(needed, SMALLEST_BLOCK), shrank=shrank)}"

    def _stop(self, kind: str, detail: str) -> None:
        self.finished = True
        self.complete = False
        self._anomalies.add(kind, [(self._index, self._number)], detail=detail)


FORMAT = CaptureFormat("pcapng", sniff, PcapngReader)
