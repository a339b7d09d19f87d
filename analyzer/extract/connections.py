"""Segments of TCP → those that belong to needed ones: how their connection is opened and ended,
repetitions, and where nothing can be read otherwise, all from its beginning.
"""

from collections.abc import Iterator

import numpy as np

from analyzer.decode.parts import SegmentTable
from analyzer.decode.transport.tcp import OPENS_OR_ENDS, TcpFlag
from analyzer.extract.keys import key_columns
from analyzer.frozen import frozen
from analyzer.rtp.streams import KEY
from analyzer.sip.lookback import connection_keys
from analyzer.tables.schema import Bool, Int64, Table, UInt8, UInt64, column
from analyzer.tables.vector import distinct, find_keys, is_in

_ACK = 16


class CandidateTable(Table):
    """Segments of connections with needed ones, in the order of the frames."""

    frame: Int64 = column("Number of its frame.")
    connection: UInt64 = column("What both directions of its connection have in common.")
    flags: UInt8 = column("Control bits.")
    place: UInt64 = column("What it and its repetitions have in common.")


@frozen
class Connections:
    """What is known of the connections of needed segments."""

    keys: UInt64
    """Ascending."""
    from_the_beginning: UInt64
    """Of these, those that are needed from their beginning."""
    needed: UInt64
    """What repetitions of the needed segments have in common."""

    def candidates(self, segments: SegmentTable, numbers: Int64) -> CandidateTable:
        """Return the segments that may belong to needed ones; `numbers` are those of frames."""
        connection = connection_keys(segments)
        rows = np.flatnonzero(find_keys(self.keys, connection) >= 0)
        segments, connection = segments.take(rows), connection[rows]
        same = _repetition_keys(segments)
        is_wanted = (
            ((segments.flags & OPENS_OR_ENDS) != 0)
            | (find_keys(self.from_the_beginning, connection) >= 0)
            | (find_keys(self.needed, same) >= 0)
        )
        table = CandidateTable(
            frame=numbers[segments.frame_row],
            connection=connection,
            flags=segments.flags,
            place=same,
        )
        return table.take(is_wanted)

    def belonging(self, candidates: CandidateTable, needed: Int64) -> Int64:
        """Return the numbers of the frames that belong to needed ones."""
        found = [candidates.frame[find_keys(self.needed, candidates.place) >= 0]]
        order = np.argsort(candidates.connection, kind="stable")
        starts = np.searchsorted(candidates.connection[order], self.keys)
        ends = np.searchsorted(candidates.connection[order], self.keys, "right")
        whole = set(self.from_the_beginning.tolist())
        for key, start, end in zip(self.keys.tolist(), starts.tolist(), ends.tolist(), strict=True):
            table = candidates.take(order[start:end])
            found += _of_one(table, needed, from_the_beginning=key in whole)
        return distinct(np.concatenate(found))


def connections_of(segments: SegmentTable, is_from_the_beginning: Bool) -> Connections:
    """Return the connections of needed segments, which may be needed from their beginning."""
    connection = connection_keys(segments)
    return Connections(
        distinct(connection),
        distinct(connection[is_from_the_beginning]),
        distinct(_repetition_keys(segments)),
    )


def _repetition_keys(segments: SegmentTable) -> UInt64:
    """Return a number for direction and place of each segment."""
    return key_columns(segments, *KEY, "sequence", "wire_length")


def _of_one(table: CandidateTable, needed: Int64, *, from_the_beginning: bool) -> Iterator[Int64]:
    """Yield the frames that belong to the needed ones of one pair of ends, which may have been
    used by one connection after the other.
    """
    frame = table.frame
    inside = frame[is_in(frame, needed)]
    if not len(inside):
        return
    first, last = int(inside[0]), int(inside[-1])
    is_syn = (table.flags & TcpFlag.SYN) != 0
    is_end = (table.flags & (TcpFlag.FIN | TcpFlag.RST)) != 0
    opens = is_syn & ((table.flags & _ACK) == 0)
    begin = _begin(table, opens, is_syn, first)
    later = frame[opens & (frame > last)]
    limit = int(later[0]) if len(later) else int(frame[-1]) + 1
    is_lasting = (frame >= begin) & (frame < limit)
    yield frame[is_lasting & (is_syn | is_end)]
    if from_the_beginning:
        yield frame[is_lasting & (frame <= last)]


def _begin(table: CandidateTable, opens: Bool, is_syn: Bool, first: int) -> int:
    """Return the frame with which the connection of a frame begins."""
    before = table.frame <= first
    for is_opening in (opens & before, is_syn & before):
        rows = np.flatnonzero(is_opening)
        if len(rows):
            same = is_opening & (table.place == table.place[rows[-1]])
            return int(table.frame[same][0])
    return int(table.frame[0])
