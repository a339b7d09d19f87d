"""Messages → the frames that brought them, and which bytes of each.

A trace that was read with `Settings.origins` knows this of every message, any other only of those
that stand in a frame as they are.
"""

from collections.abc import Iterator

import numpy as np

from analyzer.tables.origins import Form, OriginTable, PartTable
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, distinct

Part = tuple[int, int, int, int, int, int, int]
"""The columns of PartTable from `offset` on."""


def parts_of(trace: Trace, message_rows: IntArray) -> PartTable:
    """Return which bytes of which frames messages, given in ascending order, are made of."""
    messages = trace.messages.take(message_rows)
    is_whole = messages.source < len(trace.captures)
    length = messages.head_len + messages.body_len
    whole = PartTable(
        message_row=message_rows[is_whole],
        offset=np.zeros(np.count_nonzero(is_whole), np.int32),
        length=length[is_whole],
        capture=messages.capture[is_whole],
        frame=messages.frame[is_whole],
        pos=messages.pos[is_whole],
        brought=length[is_whole],
        form=np.full(np.count_nonzero(is_whole), Form.PLAIN),
    )
    if is_whole.all():
        return whole
    origins = _Origins(trace.origins)
    joined = np.flatnonzero(~is_whole)
    spans = zip(
        message_rows[joined].tolist(),
        messages.pos[joined].tolist(),
        length[joined].tolist(),
        strict=True,
    )
    rows = [(row, *part) for row, pos, size in spans for part in origins.parts(pos, size)]
    parts = PartTable.concatenate([whole, PartTable.from_rows(rows)])
    return parts.take(np.lexsort((parts.offset, parts.message_row)))


def frames_of(trace: Trace, message_rows: IntArray) -> dict[int, Int64]:
    """Return the numbers of the frames that brought or complete messages, ascending, by capture."""
    parts = parts_of(trace, np.sort(message_rows))
    captures = np.concatenate([parts.capture, trace.messages.capture[message_rows]])
    frames = np.concatenate([parts.frame, trace.messages.frame[message_rows]])
    return {
        capture: distinct(frames[captures == capture]) for capture in distinct(captures).tolist()
    }


class _Origins:
    """Looks up what brought bytes of the arena."""

    def __init__(self, table: OriginTable) -> None:
        """Take the table."""
        self._table = table
        # where each row, or one before it, ends at the latest
        self._ends = np.maximum.accumulate(table.start + table.length)

    def parts(self, start: int, length: int) -> Iterator[Part]:
        """Yield what brought a span of the arena, in the order of the table."""
        starts, lengths = self._table.start, self._table.length
        first = int(np.searchsorted(self._ends, start, "right"))
        for row in range(first, int(np.searchsorted(starts, start + length, "left"))):
            begin = max(start, int(starts[row]))
            end = min(start + length, int(starts[row]) + int(lengths[row]))
            if begin < end:
                yield from self._parts_of_row(row, begin, end - begin, begin - start)

    def _parts_of_row(self, row: int, begin: int, length: int, offset: int) -> Iterator[Part]:
        table = self._table
        form, pos, brought = int(table.form[row]), int(table.pos[row]), int(table.brought[row])
        # packed bytes are not cut, and what is around belongs to the beginning
        is_bytewise = form < Form.PACKED
        if is_bytewise:
            pos, brought = pos + begin - int(table.start[row]), length
        if table.source[row] < 0:
            frame = int(table.frame[row])
            yield offset, length, int(table.capture[row]), frame, pos, brought, form
            return
        # fragments brought what these bytes stood in
        for at, size, capture, frame, its_pos, its_bytes, its_form in self.parts(pos, brought):
            span = (offset + at, size) if is_bytewise else (offset, length)
            yield *span, capture, frame, its_pos, its_bytes, max(form, its_form)
