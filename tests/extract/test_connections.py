"""Segments that belong to needed ones."""

import numpy as np
import pytest

from analyzer.decode.parts import SegmentTable
from analyzer.extract.connections import connections_of

FIN, SYN, RST, ACK = 1, 2, 4, 16
THERE, BACK, OTHER = (1, 2), (2, 1), (1, 3)


def segments(*rows: tuple[tuple[int, int], int, int, int]) -> SegmentTable:
    """Return segments, a frame each: ports, flags, sequence number, bytes."""
    ports, flags, sequence, length = zip(*rows, strict=True)
    return SegmentTable.zeros(len(rows)).replace(
        frame_row=np.arange(len(rows)),
        source_port=[each[0] for each in ports],
        destination_port=[each[1] for each in ports],
        flags=flags,
        sequence=sequence,
        wire_length=length,
        version=np.full(len(rows), 4),
    )


OPENED = [(THERE, SYN, 10, 0), (BACK, SYN | ACK, 50, 0)]
TALK = [(THERE, ACK, 11, 100), (BACK, ACK, 51, 100), (THERE, ACK, 111, 100)]
CLOSED = [(THERE, FIN | ACK, 211, 0), (BACK, FIN | ACK, 151, 0)]
NOISE = [(OTHER, SYN, 1, 0), (OTHER, ACK, 2, 30), (OTHER, FIN, 32, 0)]


def belonging(
    rows: list[tuple[tuple[int, int], int, int, int]], needed: list[int], *, whole: bool = False
) -> list[int]:
    """Return the frames, numbered from 1, that belong to needed ones."""
    table, numbers = segments(*rows), np.arange(1, len(rows) + 1)
    own = table.take(np.array(needed) - 1)
    connections = connections_of(own, np.full(len(own), whole))
    found = connections.belonging(connections.candidates(table, numbers), np.array(needed))
    return sorted({*needed, *found.tolist()})


def test_how_a_connection_opens_and_ends() -> None:
    """Both are taken, segments between are not, nor those of other connections."""
    rows = [*OPENED, *NOISE, *TALK, *CLOSED]
    assert belonging(rows, [7]) == [1, 2, 7, 9, 10]
    assert belonging([*TALK, *CLOSED], [2]) == [2, 4, 5]
    assert belonging(TALK, [2]) == [2]


def test_from_the_beginning() -> None:
    """All up to the needed segment is taken, from the opening on, or what there is of it."""
    rows = [*OPENED, *NOISE, *TALK, *CLOSED]
    assert belonging(rows, [7], whole=True) == [1, 2, 6, 7, 9, 10]
    assert belonging([*TALK, *CLOSED], [2], whole=True) == [1, 2, 4, 5]


@pytest.mark.parametrize("whole", [False, True])
def test_one_connection_after_the_other(whole: bool) -> None:  # noqa: FBT001 - a parameter
    """Of several connections between the same ports only that of the needed segment is taken."""
    again = [(ends, flags, at + 1000, size) for ends, flags, at, size in [*OPENED, *TALK, *CLOSED]]
    rows = [*OPENED, *TALK, *CLOSED, *again]
    first, second = [1, 2, 3, 6, 7], [8, 9, 10, 13, 14]
    assert belonging(rows, [3], whole=whole) == first
    assert belonging(rows, [10], whole=whole) == second


def test_what_is_sent_again() -> None:
    """Repetitions of an opening and of a needed segment are taken; of others they are not."""
    rows = [OPENED[0], *OPENED, *TALK, TALK[0], TALK[1]]
    assert belonging(rows, [4]) == [1, 2, 3, 4, 7]


def test_without_its_beginning() -> None:
    """An answer to a SYN that was not captured counts as the opening."""
    assert belonging([OPENED[1], *TALK], [3]) == [1, 3]
