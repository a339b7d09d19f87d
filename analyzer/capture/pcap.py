"""pcap files (draft-ietf-opsawg-pcap) → frames.

Both byte orders, micro- and nanoseconds, the "modified" kind with its longer record headers, and
the old versions whose two lengths are exchanged. `walk_records` is the reference twin of
`_walk.walk_pcap`: both go over whole and believable records, and leave the rest to `PcapReader`.
"""

from enum import IntEnum
from struct import Struct

import numpy as np

from analyzer.capture.formats import CaptureFormat
from analyzer.capture.frame_reader import (
    MAX_RECORD_BYTES,
    first_frames,
    missing_bytes,
    room_for,
)
from analyzer.capture.originals import (
    IF_FCSLEN,
    IF_TSRESOL,
    InterfaceDescription,
    Option,
    Original,
)
from analyzer.frozen import frozen
from analyzer.tables.anomalies import AnomalyLog
from analyzer.tables.frames import FrameTable
from analyzer.tables.schema import Int64

try:
    from analyzer.capture._walk import walk_pcap as _compiled_walk
except ImportError:
    _compiled_walk = None  # type: ignore[assignment]  # built without a compiler

FILE_HEADER_BYTES = 24
_USUAL_RECORD_BYTES = 262_144
"""Largest record that libpcap and Wireshark write, whatever snap length the header states."""
_MAX_ORIGINAL = 2**31 - 1
_HAS_CHECK = 1 << 26
"""Of the upper half of the link type: a length of frame check sequences stands above it."""

_MAGICS = {
    # record header length, ns in one unit of the fraction of a second
    0xA1B2C3D4: (16, 1000),
    0xA1B23C4D: (16, 1),
    0xA1B2CD34: (24, 1000),
}


class Lengths(IntEnum):
    """Which of a record's two lengths is the captured one."""

    CAPTURED_FIRST = 0
    SMALLER_IS_CAPTURED = 1
    ORIGINAL_FIRST = 2


@frozen
class PcapLayout:
    """What the file header says about the records."""

    big_endian: bool
    record_header_bytes: int
    fraction_ns: int
    lengths: Lengths
    link_type: int
    max_captured: int
    version: tuple[int, int]
    snap_len: int
    check_bits: int
    """Length of the frame check sequence at the end of frames; 0 when nothing is said of it."""


def sniff(head: bytes) -> bool:
    """Say whether a file begins like pcap."""
    magic = head[:4]
    return int.from_bytes(magic, "little") in _MAGICS or int.from_bytes(magic, "big") in _MAGICS


def parse_header(header: bytes) -> PcapLayout:
    """Read the 24 bytes at the start of a file that `sniff` accepts."""
    big_endian = int.from_bytes(header[:4], "big") in _MAGICS
    fields = Struct(">IHHiIII" if big_endian else "<IHHiIII").unpack(header)
    magic, major, minor, _zone, _accuracy, snap_len, link = fields
    record_header_bytes, fraction_ns = _MAGICS[magic]
    return PcapLayout(
        big_endian=big_endian,
        record_header_bytes=record_header_bytes,
        fraction_ns=fraction_ns,
        lengths=_lengths_of(major, minor),
        link_type=link & 0xFFFF,
        max_captured=min(max(snap_len, _USUAL_RECORD_BYTES), MAX_RECORD_BYTES),
        version=(major, minor),
        snap_len=snap_len,
        check_bits=(link >> 28) * 16 if link & _HAS_CHECK else 0,
    )


def _lengths_of(major: int, minor: int) -> Lengths:
    # libpcap's and Wireshark's readers know these: the fields changed places in version 2.3, not
    # all writers followed at once, and DG/UX numbers its version 543.0.
    if major == 543 or (major == 2 and minor < 3):
        return Lengths.ORIGINAL_FIRST
    return Lengths.SMALLER_IS_CAPTURED if (major, minor) == (2, 3) else Lengths.CAPTURED_FIRST


def record_lengths(layout: PcapLayout, first: int, second: int) -> tuple[int, int]:
    """Return captured and original length of a record from its two length fields."""
    if layout.lengths == Lengths.ORIGINAL_FIRST:
        return second, first
    if layout.lengths == Lengths.SMALLER_IS_CAPTURED and first > second:
        return second, first
    return first, second


def walk_records(
    data: memoryview, pos: int, end: int, layout: PcapLayout, frames: FrameTable
) -> tuple[int, int]:
    """Fill rows of `frames` (all but `number`) from the records at `pos`, until it is full or the
    next record is not whole before `end` or not believable; return the rows and the next position.
    """
    unpack = Struct(">II" if layout.big_endian else "<II").unpack_from
    in_order = layout.lengths == Lengths.CAPTURED_FIRST
    header = layout.record_header_bytes
    last = end - header
    longest = layout.max_captured
    room = len(frames)
    starts: list[int] = []
    while pos <= last and len(starts) < room:
        captured, second = unpack(data, pos + 8)
        if not in_order:
            captured, _original = record_lengths(layout, captured, second)
        if captured > longest or captured > last - pos:
            break
        starts.append(pos)
        pos += header + captured
    _fill(data, np.array(starts, np.int64), layout, frames)
    return len(starts), pos


def _fill(data: memoryview, starts: Int64, layout: PcapLayout, frames: FrameTable) -> None:
    """Fill the first rows of `frames` from the record headers at `starts`."""
    rows = slice(len(starts))
    raw = np.frombuffer(data, np.uint8)[starts[:, np.newaxis] + np.arange(16)]
    words = raw.view(">u4" if layout.big_endian else "<u4").astype(np.int64)
    seconds, fraction, captured, original = words.T
    if layout.lengths == Lengths.ORIGINAL_FIRST:
        captured, original = original, captured
    elif layout.lengths == Lengths.SMALLER_IS_CAPTURED:
        captured, original = np.minimum(captured, original), np.maximum(captured, original)
    frames.time_ns[rows] = seconds * 1_000_000_000 + fraction * layout.fraction_ns
    frames.pos[rows] = starts + layout.record_header_bytes
    frames.captured[rows] = captured
    frames.original[rows] = np.minimum(np.maximum(captured, original), _MAX_ORIGINAL)
    frames.link_type[rows] = layout.link_type


walk = walk_records if _compiled_walk is None else _compiled_walk


class PcapReader:
    """Walks a pcap file; see FrameReader."""

    def __init__(self, data: memoryview, index: int, anomalies: AnomalyLog) -> None:
        """Read the file header."""
        self.finished = False
        self.complete = True
        self.secrets: list[bytes] = []
        self.ended_ns: int | None = None
        self._data = data
        self._index = index
        self._anomalies = anomalies
        self._number = 1
        self._pos = FILE_HEADER_BYTES
        header = bytes(data[:FILE_HEADER_BYTES])
        if len(header) < FILE_HEADER_BYTES:
            there = missing_bytes(len(header), FILE_HEADER_BYTES, shrank=False)
            self._stop("file-cut", f"file header: {there}")
            return
        self._layout = parse_header(header)
        if self._layout.version[0] not in {2, 543}:
            version = ".".join(map(str, self._layout.version))
            detail = f"pcap version {version}, read like 2.4"
            anomalies.add("unknown-file-version", [(index, 1)], detail=detail)

    def read(self, end: int, batch: int) -> FrameTable:
        """Return the next frames."""
        smallest = self._layout.record_header_bytes
        frames = room_for(batch, end - self._pos, smallest)
        count, self._pos = walk(self._data, self._pos, end, self._layout, frames)
        frames.number[:count] = np.arange(self._number, self._number + count)
        self._number += count
        if count < len(frames):
            self._judge(end)
        return first_frames(frames, count)

    def interfaces(self) -> tuple[InterfaceDescription, ...]:
        """Return the one that the file header describes; see FrameReader."""
        layout = self._layout
        resolution = 9 if layout.fraction_ns == 1 else 6
        options: tuple[Option, ...] = ((IF_TSRESOL, bytes([resolution])),)
        if layout.check_bits:
            options += ((IF_FCSLEN, bytes([layout.check_bits])),)
        return (InterfaceDescription(layout.link_type, layout.snap_len, options),)

    def originals(self, frames: FrameTable) -> list[Original]:
        """Return the times; see FrameReader."""
        ticks = frames.time_ns // self._layout.fraction_ns
        return [Original(0, each) for each in ticks.tolist()]

    def _judge(self, end: int) -> None:
        """Say why the walk ended here."""
        size = len(self._data)
        shrank = end < size
        if self._pos == size:
            self.finished = True
            return
        header = self._layout.record_header_bytes
        if self._pos + header > end:
            there = missing_bytes(end - self._pos, header, shrank=shrank)
            self._stop("file-cut", f"record header: {there}")
            return
        lengths = Struct(">II" if self._layout.big_endian else "<II")
        first, second = lengths.unpack_from(self._data, self._pos + 8)
        captured, _original = record_lengths(self._layout, first, second)
        if captured > self._layout.max_captured:
            self._stop("damaged-record", f"the record at byte {self._pos} claims {captured} bytes")
        else:
            there = missing_bytes(end - self._pos - header, captured, shrank=shrank)
            self._stop("file-cut", f"packet: {there}")

    def _stop(self, kind: str, detail: str) -> None:
        self.finished = True
        self.complete = False
        self._anomalies.add(kind, [(self._index, self._number)], detail=detail)


FORMAT = CaptureFormat("pcap", sniff, PcapReader)
