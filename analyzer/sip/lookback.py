"""The last segments of connections that showed no sign of SIP yet, some frames back."""

from collections.abc import Iterable

import numpy as np

from analyzer.decode.parts import SegmentTable
from analyzer.frozen import frozen
from analyzer.sip.flows import Ends, ends_of
from analyzer.sip.pieces import Piece, pieces_of
from analyzer.sip.stream_start import Start, Starts
from analyzer.tables.schema import Bool, Int64, UInt8, UInt64
from analyzer.tables.vector import find_keys, mix_keys


@frozen
class _Recent:
    """Segments with the columns that go with them."""

    segments: SegmentTable
    start: UInt8
    numbers: Int64
    times: Int64
    keys: UInt64

    def take(self, rows: Int64 | Bool) -> "_Recent":
        return _Recent(
            self.segments.take(rows),
            self.start[rows],
            self.numbers[rows],
            self.times[rows],
            self.keys[rows],
        )


def connection_keys(segments: SegmentTable) -> UInt64:
    """Return a number for each segment that both directions of its connection have in common; that
    others have it too is possible and does no harm.
    """
    ends = [
        mix_keys(
            mix_keys(getattr(segments, side + "_high"), getattr(segments, side + "_low")),
            getattr(segments, side + "_port").astype(np.uint64),
        )
        for side in ("source", "destination")
    ]
    return ends[0] + ends[1]


class Lookback:
    """Remembers unassigned segments of the last frames."""

    def __init__(self, frames: int) -> None:
        """Remember so many frames."""
        self._frames = frames
        self._recent: _Recent | None = None
        self._forgotten: set[int] = set()
        self._keys: UInt64 | None = None

    def force(
        self, segments: SegmentTable, starts: Starts
    ) -> tuple[UInt8, Iterable[tuple[Piece, Ends]]]:
        """Return which segments must be looked at, as their connection shows a sign of SIP and is
        not ordinary; and what is remembered of such connections.
        """
        force = np.zeros(len(segments), np.uint8)
        is_blank = starts.start == Start.BLANK
        is_sign = (starts.start != Start.NONE) & ~is_blank
        is_odd = (segments.length > 0) & (starts.count == 0) & ~is_blank
        self._keys = None
        if not is_sign.any() or not (is_odd.any() or self._recent is not None):
            return force, ()
        keys = self._keys = connection_keys(segments)
        odd = keys[is_odd]
        if self._recent is not None:
            odd = np.concatenate([odd, self._recent.keys])
        signs = keys[is_sign]
        wanted = signs[find_keys(odd, signs) >= 0]
        if not len(wanted):
            return force, ()
        force[find_keys(wanted, keys) >= 0] = 1
        if self._recent is None:
            return force, ()
        return force, self._pieces(self._recent.take(find_keys(wanted, self._recent.keys) >= 0))

    @staticmethod
    def _pieces(recent: _Recent) -> Iterable[tuple[Piece, Ends]]:
        pieces = pieces_of(recent.segments, recent.start, recent.numbers, recent.times)
        return zip(pieces, ends_of(recent.segments), strict=True)

    def forget(self, frame: int) -> None:
        """Take that the segment of a frame belongs to a connection that is followed now."""
        self._forgotten.add(frame)

    def keep(
        self,
        segments: SegmentTable,
        starts: Starts,
        numbers: Int64,
        times: Int64,
        unassigned: Bool,
    ) -> None:
        """Remember what is unassigned, and forget what is too long ago."""
        last = int(numbers[-1])
        rows = np.flatnonzero(unassigned & (numbers > last - self._frames))
        parts = []
        if self._recent is not None:
            parts.append(self._recent.take(self._recent.numbers > last - self._frames))
        if len(rows):
            keys = connection_keys(segments) if self._keys is None else self._keys
            new = _Recent(segments, starts.start, numbers, times, keys)
            parts.append(new.take(rows))
        self._recent = _joined(parts)
        if self._forgotten and self._recent is not None:
            stays = [number not in self._forgotten for number in self._recent.numbers.tolist()]
            self._recent = _joined([self._recent.take(np.array(stays, np.bool_))])
        self._forgotten.clear()


def _joined(parts: list[_Recent]) -> _Recent | None:
    parts = [each for each in parts if len(each.numbers)]
    if len(parts) < 2:
        return parts[0] if parts else None
    return _Recent(
        SegmentTable.concatenate([each.segments for each in parts]),
        np.concatenate([each.start for each in parts]),
        np.concatenate([each.numbers for each in parts]),
        np.concatenate([each.times for each in parts]),
        np.concatenate([each.keys for each in parts]),
    )
