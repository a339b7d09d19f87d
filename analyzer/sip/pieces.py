"""A part of a stream as one frame brought it."""

from collections.abc import Sequence
from copy import copy
from typing import NamedTuple

import numpy as np

from analyzer.decode.parts import SegmentTable
from analyzer.decode.verdicts import OTHER, SIP
from analyzer.tables.origins import Form
from analyzer.tables.schema import Int64, UInt8


class Piece:
    """A part of a stream as one frame brought it."""

    __slots__ = ("flags", "frame", "ip_id", "length", "pos", "sequence", "source", "start",
                 "time_ns", "verdict", "wire_length")  # fmt: skip

    def __init__(  # noqa: PLR0913, PLR0917 - a row of the segments
        self,
        frame: int,
        time_ns: int,
        ip_id: int,
        source: int,
        pos: int,
        length: int,
        wire_length: int,
        sequence: int = 0,
        flags: int = 0,
        start: int = 0,
    ) -> None:
        """Take where the bytes are; `source` is -1 for the capture, else 0 for the arena."""
        self.frame = frame
        self.time_ns = time_ns
        self.ip_id = ip_id
        self.source = source
        self.pos = pos
        self.length = length
        self.wire_length = wire_length
        self.sequence = sequence
        self.flags = flags
        self.start = start
        self.verdict = OTHER

    def at(self, time_ns: int) -> "Piece":
        """Return the same piece with another time."""
        other = copy(self)
        other.time_ns = time_ns
        return other

    def mark(self, verdict: int) -> None:
        """Say what some of it is: SIP counts most, then what could not be read."""
        if self.verdict == OTHER or verdict == SIP:
            self.verdict = verdict


class Stretch(NamedTuple):
    """Bytes that a piece brought, in the source of the piece."""

    piece: Piece
    pos: int
    length: int


class Joined(NamedTuple):
    """Bytes that stand nowhere as they are, and what they were made of, in order."""

    data: bytes
    stretches: Sequence[Stretch]
    form: Form = Form.PLAIN
    around: Sequence[Stretch] = ()
    """What stands before and behind in what they were taken out of."""

    def span(self, start: int, length: int) -> "Joined":
        """Return some of plain bytes."""
        data = self.data[start : start + length]
        end = start + len(data)
        behind = part_of(self.stretches, end, len(self.data) - end)
        around = (*part_of(self.stretches, 0, start), *behind)
        return Joined(data, part_of(self.stretches, start, len(data)), self.form, around)


def part_of(stretches: Sequence[Stretch], start: int, length: int) -> list[Stretch]:
    """Return what brought the bytes from `start` on."""
    found: list[Stretch] = []
    for piece, pos, size in stretches:
        skipped = min(start, size)
        taken = min(size - skipped, length)
        if taken:
            found.append(Stretch(piece, pos + skipped, taken))
        start -= skipped
        length -= taken
    return found


def distance(one: int, other: int) -> int:
    """Return how far a sequence number is ahead of another."""
    return ((one - other + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)


def pieces_of(segments: SegmentTable, start: UInt8, numbers: Int64, times: Int64) -> list[Piece]:
    """Return segments as objects."""
    in_arena = segments.pos < 0
    columns = (
        numbers,
        times,
        segments.ip_id,
        np.where(in_arena, 0, -1),
        np.where(in_arena, ~segments.pos, segments.pos),
        segments.length,
        segments.wire_length,
        segments.sequence,
        segments.flags,
        start,
    )
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [Piece(*row) for row in rows]
