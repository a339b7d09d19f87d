"""Which TCP segments need to be looked at with care: the directions of connections that are known.

Of a direction that carries nothing but whole messages in order, only where it goes on is kept, in
the compiled table. `ReferenceFlows` does without: every segment of a known direction is looked at,
with the same result.
"""

import os
from enum import IntEnum

from analyzer.decode.parts import SctpTable, SegmentTable
from analyzer.decode.transport.tcp import TcpFlag
from analyzer.frozen import frozen
from analyzer.sip.stream_start import Starts
from analyzer.tables.schema import Int64, UInt8

Ends = tuple[int, int, int, int, int, int, int]
"""A direction: source address in two halves, source port, the same of the destination, version."""


class Fate(IntEnum):
    """What is to be done with a segment."""

    OTHER = 0
    ACCEPTED = 1
    """Its whole messages are the next ones of its direction."""
    LOOK = 2
    UNASSIGNED = 3
    """It belongs to no connection with SIP that is known by now."""


class Mode(IntEnum):
    """How a direction is known."""

    IN_ORDER = 1
    CAREFUL = 2
    FORGOTTEN = 3


@frozen
class Sorted:
    """The fates of a batch of segments."""

    fates: UInt8
    firsts: Int64
    """Where a direction was met that needs care from this segment on, or where it begins; -1 where
    neither is known.
    """
    expected: Int64
    """Where it goes on; -2 where only the other direction is known; else -1."""


MOST_OPENED = 32_768
"""Openings of connections remembered, and as many before them: without the beginning of a
connection one cannot tell that its first segment is missing.
"""
END_COLUMNS = (
    "source_high", "source_low", "source_port",
    "destination_high", "destination_low", "destination_port", "version",
)  # fmt: skip


def ends_of(segments: SegmentTable | SctpTable) -> list[Ends]:
    """Return the direction of each segment."""
    columns = [getattr(segments, name).tolist() for name in END_COLUMNS]
    return list(zip(*columns, strict=True))


def turned(ends: Ends) -> Ends:
    """Return the other direction of a connection."""
    return (*ends[3:6], *ends[0:3], ends[6])


class CompiledFlows:
    """The compiled table."""

    def __init__(self, limit: int) -> None:
        """Start empty; the seed keeps collisions from being prepared."""
        from analyzer.sip import _flows  # noqa: PLC0415 - only where it was compiled

        self._table = _flows.FlowTable(int.from_bytes(os.urandom(8)), limit, MOST_OPENED)

    def sort_out(self, segments: SegmentTable, starts: Starts, force: UInt8, out: Sorted) -> None:
        """Set the fate of each segment."""
        columns = (
            segments.version,
            segments.source_high,
            segments.source_low,
            segments.source_port,
            segments.destination_high,
            segments.destination_low,
            segments.destination_port,
            segments.sequence,
            segments.flags,
            segments.length,
            segments.wire_length,
            starts.start,
            starts.count,
        )
        self._table.sort_out(columns, force, out.fates, out.firsts, out.expected)

    def set(self, ends: Ends, mode: Mode, first: int, sequence: int) -> None:
        """Say how a direction goes on."""
        self._table.set(ends, mode, first & 0xFFFFFFFF, sequence & 0xFFFFFFFF)

    def is_in_order(self, ends: Ends) -> bool:
        """Tell whether a direction is known and ordinary."""
        return self._table.is_in_order(ends)

    def begins(self, ends: Ends) -> int:
        """Return where a direction begins, -1 when that was not seen."""
        return self._table.begins(ends)

    def forget_if_full(self) -> bool:
        """Forget what is known in order when there are more directions than the limit."""
        if not self._table.is_full():
            return False
        self._table.clear()
        return True


class ReferenceFlows:
    """The twin in Python: looks at every segment of a known direction."""

    def __init__(self, limit: int) -> None:
        """Start empty."""
        self._limit = limit
        self._known: dict[Ends, tuple[Mode, int, int]] = {}
        self._opened: dict[Ends, int] = {}
        self._opened_before: dict[Ends, int] = {}

    def sort_out(self, segments: SegmentTable, starts: Starts, force: UInt8, out: Sorted) -> None:
        """Set the fate of each segment."""
        del starts
        columns = (segments.wire_length, segments.sequence, segments.flags, force)
        each = zip(ends_of(segments), *(column.tolist() for column in columns), strict=True)
        for row, (ends, length, sequence, flags, forced) in enumerate(each):
            out.firsts[row] = out.expected[row] = -1
            known = self._known.get(ends)
            if known is not None:
                out.fates[row] = Fate.LOOK
                if known[0] is Mode.IN_ORDER:
                    out.firsts[row], out.expected[row] = known[1:]
                    self._known[ends] = (Mode.CAREFUL, 0, 0)
            elif not length:
                out.fates[row] = Fate.LOOK if forced else Fate.OTHER
                if flags & TcpFlag.SYN:
                    self._open(ends, (sequence + 1) & 0xFFFFFFFF)
            elif forced or turned(ends) in self._known:
                out.fates[row] = Fate.LOOK
                out.firsts[row] = self.begins(ends)
                if not forced:
                    self._known[ends] = (Mode.CAREFUL, 0, 0)
                    out.expected[row] = -2
            else:
                out.fates[row] = Fate.UNASSIGNED

    def _open(self, ends: Ends, sequence: int) -> None:
        """Remember where a direction begins; the oldest are forgotten."""
        if len(self._opened) >= MOST_OPENED:
            self._opened_before, self._opened = self._opened, {}
        self._opened[ends] = sequence

    def set(self, ends: Ends, mode: Mode, first: int, sequence: int) -> None:
        """Say how a direction goes on."""
        if mode is Mode.FORGOTTEN:
            self._known.pop(ends, None)
        else:
            self._known[ends] = (mode, first & 0xFFFFFFFF, sequence & 0xFFFFFFFF)

    def is_in_order(self, ends: Ends) -> bool:
        """Tell whether a direction is known and ordinary."""
        return self._known.get(ends, (None,))[0] is Mode.IN_ORDER

    def begins(self, ends: Ends) -> int:
        """Return where a direction begins, -1 when that was not seen."""
        return self._opened.get(ends, self._opened_before.get(ends, -1))

    def forget_if_full(self) -> bool:
        """Forget what is known in order when there are more directions than the limit."""
        if len(self._known) <= self._limit:
            return False
        self._known.clear()
        return True


Flows = CompiledFlows | ReferenceFlows
