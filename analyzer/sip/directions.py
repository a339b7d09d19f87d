"""Segments of one direction of a connection → its bytes in order (RFC 9293 §3.4, §3.10.7.4).

Segments wait for earlier ones; what comes twice counts once, the first copy. What never comes is a
gap. Sequence numbers are unwrapped to integers that only grow.
"""

from bisect import insort
from collections.abc import Callable
from typing import Protocol

from analyzer.decode.transport.tcp import TcpFlag
from analyzer.settings import Settings
from analyzer.sip.flows import Ends
from analyzer.sip.pieces import Piece

Read = Callable[[int, int, int], bytes]
"""Copies bytes out: source, position, length."""


class Framer(Protocol):
    """Takes the bytes of one direction in order."""

    gave_up: bool

    @property
    def is_idle(self) -> bool:
        """Whether nothing is in hand and the next byte begins something new."""

    @property
    def held(self) -> int:
        """Bytes in hand."""

    def feed(self, piece: Piece, pos: int, chunk: bytes) -> None:
        """Take the next bytes."""

    def gap(self, count: int) -> bool:
        """Take that bytes are missing; tell whether that lost more than part of a body."""

    def end(self, *, cut: bool) -> None:
        """Take that no more comes."""

    def let_go(self) -> None:
        """Give up what is in hand: there is too much of it."""


class Losses(Protocol):
    """Takes what is lost, and segments of which nothing is needed."""

    def done(self, piece: Piece) -> None:
        """Take a piece of which nothing is needed any more."""

    def gap(self, piece: Piece, count: int) -> None:
        """Take that bytes before a piece are missing."""

    def limit(self, name: str, piece: Piece) -> None:
        """Take that a limit of the settings was hit."""


def _place_of(held: tuple[int, int, Piece]) -> tuple[int, int]:
    return held[0], held[1]


class Direction:
    """One direction of a connection."""

    def __init__(self, ends: Ends, first: int, following: int, framer: Framer) -> None:
        """Start where the first byte was met, and where the next one is expected."""
        self.ends = ends
        self.first = first
        self.following = following
        self.framer = framer
        self._held: list[tuple[int, int, Piece]] = []
        self._end: int | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nothing is in hand or waits."""
        return not self._held and self.framer.is_idle

    def place(self, sequence: int) -> int:
        """Return a sequence number unwrapped: the one nearest to what is expected."""
        return self.following + ((sequence - self.following + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)

    def take(self, piece: Piece, read: Read, losses: Losses, settings: Settings) -> bool:
        """Take a segment; False when it belongs to another connection with the same ends."""
        start = self.place(piece.sequence)
        if piece.flags & TcpFlag.SYN:
            start += 1
            if start not in {self.following, self.first}:
                return False
        if abs(start - self.following) > settings.max_sequence_jump:
            return False
        if piece.flags & (TcpFlag.FIN | TcpFlag.RST):
            self._end = start + piece.wire_length
        if piece.wire_length == 0:
            losses.done(piece)
        elif start > self.following:
            insort(self._held, (start, piece.frame, piece), key=_place_of)
            if len(self._held) > settings.max_held_segments:
                losses.limit("max_held_segments", piece)
                self.skip(read, losses)
        else:
            self._deliver(start, piece, read, losses)
        self._release(read, losses)
        return True

    def skip(self, read: Read, losses: Losses) -> None:
        """Give up waiting for what comes before the segments that are here."""
        if not self._held:
            return
        start, _, piece = self._held[0]
        if start > self.following:
            self._gap(start - self.following, piece, losses)
            self.following = start
        self._release(read, losses)

    def end(self, read: Read, losses: Losses, *, cut: bool) -> None:
        """Take that no more comes."""
        while self._held:
            self.skip(read, losses)
        self.framer.end(cut=cut)

    def _release(self, read: Read, losses: Losses) -> None:
        while self._held and self._held[0][0] <= self.following:
            start, _, piece = self._held.pop(0)
            self._deliver(start, piece, read, losses)
        if self._end is not None and self.following >= self._end:
            self._end = None
            self.framer.end(cut=False)

    def _deliver(self, start: int, piece: Piece, read: Read, losses: Losses) -> None:
        """Hand on what is new of a segment."""
        old = self.following - start
        if old >= piece.wire_length:
            losses.done(piece)
            return
        self.following = start + piece.wire_length
        here = piece.length - old
        if here > 0:
            self.framer.feed(piece, piece.pos + old, read(piece.source, piece.pos + old, here))
        missing = piece.wire_length - max(piece.length, old)
        if missing:
            self._gap(missing, piece, losses)
            if here <= 0:
                losses.done(piece)

    def _gap(self, count: int, piece: Piece, losses: Losses) -> None:
        if self.framer.gap(count):
            losses.gap(piece, count)
