"""Segments of one direction in order: gaps, repeats, overlaps, places."""

from analyzer.settings import Settings
from analyzer.sip.directions import Direction
from analyzer.sip.pieces import Piece, distance

ENDS = (0, 1, 5060, 0, 2, 5060, 4)
TEXT = bytes(range(256)) * 4


class Recorder:
    """A framer that only writes down."""

    gave_up = False
    is_idle = True
    held = 0

    def __init__(self) -> None:
        """Start with nothing."""
        self.said: list[object] = []

    def feed(self, piece: Piece, pos: int, chunk: bytes) -> None:
        """Write bytes down."""
        assert piece.pos <= pos
        assert TEXT[pos : pos + len(chunk)] == chunk
        self.said.append((pos, len(chunk)))

    def gap(self, count: int) -> bool:
        """Write a gap down."""
        self.said.append(("gap", count))
        return True

    def end(self, *, cut: bool) -> None:
        """Write the end down."""
        self.said.append("cut" if cut else "end")

    def let_go(self) -> None:
        """Take no notice."""


class Losses:
    """Writes down what is lost, beside what a framer does."""

    def __init__(self, framer: Recorder) -> None:
        """Write where the framer writes."""
        self.said = framer.said

    def gap(self, piece: Piece, count: int) -> None:
        """Write down before which piece a gap is."""
        self.said.append(("lost", piece.pos, count))

    def done(self, piece: Piece) -> None:
        """Write down what is not needed."""
        self.said.append(("old", piece.pos))

    def limit(self, name: str, piece: Piece) -> None:
        """Write a limit down."""
        assert piece.wire_length
        self.said.append(name)


def read(source: int, pos: int, length: int) -> bytes:
    """Return bytes of the text."""
    assert source == -1
    return TEXT[pos : pos + length]


def after(
    *segments: tuple[int, int], first: int = 0, most: int = 9, flags: int = 0
) -> list[object]:
    """Return what is said when segments (start in the text, length) come; `first` is the sequence
    number of the first byte.
    """
    said = Recorder()
    direction = Direction(ENDS, first, first, said)
    limits = Settings(max_held_segments=most)
    for frame, (start, length) in enumerate(segments):
        sequence = (first + start) & 0xFFFFFFFF
        piece = Piece(frame, 0, 0, -1, start, length, length, sequence, flags if length == 0 else 0)
        assert direction.take(piece, read, Losses(said), limits)
    return said.said


def test_in_order() -> None:
    """Bytes are handed on as they come, also where numbers wrap."""
    for first in (0, 0xFFFFFFFE, 0x7FFFFFFF):
        assert after((0, 10), (10, 5), (15, 1), first=first) == [(0, 10), (10, 5), (15, 1)]


def test_out_of_order() -> None:
    """What comes too early waits."""
    assert after((10, 5), (15, 5), (0, 10)) == [(0, 10), (10, 5), (15, 5)]


def test_repeats_and_overlaps() -> None:
    """Bytes that were handed on once are left out."""
    assert after((0, 10), (0, 10), (9, 1), (5, 10)) == [(0, 10), ("old", 0), ("old", 9), (10, 5)]
    assert after((10, 10), (5, 10), (0, 7)) == [(0, 7), (7, 8), (15, 5)]


def test_gap_when_too_many_wait() -> None:
    """What never comes is given up when the limit is reached."""
    assert after((10, 5), (20, 5), (30, 5), most=2) == [
        "max_held_segments", ("gap", 10), ("lost", 10, 10), (10, 5),
    ]  # fmt: skip


def test_end() -> None:
    """The end counts when all before it is here (FIN = 1)."""
    assert after((10, 5), (15, 0), (0, 10), flags=1) == [("old", 15), (0, 10), (10, 5), "end"]


def test_what_was_cut_off() -> None:
    """Bytes that the snap length cut off are a gap after those that are there."""
    said = Recorder()
    direction = Direction(ENDS, 0, 0, said)
    assert direction.take(Piece(1, 0, 0, -1, 0, 6, 10, 0), read, Losses(said), Settings())
    assert direction.take(Piece(2, 0, 0, -1, 10, 5, 5, 10), read, Losses(said), Settings())
    assert said.said == [(0, 6), ("gap", 4), ("lost", 0, 4), (10, 5)]


def test_another_connection() -> None:
    """A SYN elsewhere, and numbers too far away, are not of this connection (SYN = 2)."""
    said = Recorder()
    direction = Direction(ENDS, 100, 200, said)
    for sequence, flags, taken in (
        (99, 2, True), (199, 2, True), (5000, 2, False), (200 + 2**25, 0, False),
    ):  # fmt: skip
        piece = Piece(1, 0, 0, -1, 0, 0, 0, sequence, flags)
        assert direction.take(piece, read, Losses(said), Settings()) is taken


def test_distance() -> None:
    """Sequence numbers are compared around the wrap (RFC 9293 §3.4)."""
    assert distance(5, 0xFFFFFFFF) == 6
    assert distance(0xFFFFFFFF, 5) == -6
