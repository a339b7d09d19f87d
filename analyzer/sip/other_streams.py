"""What else the bytes of a connection can be: TLS, counted here and not looked into, and HEP."""

from collections.abc import Callable

from analyzer.decode.encapsulation.hep import parse_hep
from analyzer.decode.mirrored import Mirrored
from analyzer.decode.verdicts import SIP
from analyzer.sip.framing import Sink
from analyzer.sip.pieces import Piece

Mirror = Callable[[Piece, Mirrored, bytes], None]
"""Takes the message of a record, and the piece that completes the record."""

_MAGIC = b"HEP3"
_HEAD = 6
"""The magic and the length of the whole packet."""


class CountingFramer:
    """Counts the segments of a connection whose bytes cannot be read."""

    gave_up = False
    is_idle = False
    held = 0

    def __init__(self, sink: Sink, verdict: int) -> None:
        """Give each segment this verdict."""
        self._sink = sink
        self._verdict = verdict

    def feed(self, piece: Piece, pos: int, chunk: bytes) -> None:
        """Count a segment."""
        del pos, chunk
        piece.mark(self._verdict)
        self._sink.done(piece)

    def gap(self, count: int) -> bool:
        """Nothing is lost that could be read."""
        del count
        return False

    def let_go(self) -> None:
        """Nothing is in hand."""

    def end(self, *, cut: bool) -> None:
        """Nothing waits."""


class HepFramer:
    """Splits a stream into packets of HEP version 3, which state their length, and hands on the
    messages that they mirror.
    """

    gave_up = False

    def __init__(self, sink: Sink, mirror: Mirror) -> None:
        """Give each mirrored message, with the piece that completes it, to `mirror`."""
        self._sink = sink
        self._mirror = mirror
        self._waiting = bytearray()
        self._pieces: list[Piece] = []

    @property
    def is_idle(self) -> bool:
        """Whether the next byte begins a packet."""
        return not self._waiting

    @property
    def held(self) -> int:
        """Bytes in hand."""
        return len(self._waiting)

    def feed(self, piece: Piece, pos: int, chunk: bytes) -> None:
        """Take the next bytes."""
        del pos
        self._waiting += chunk
        self._pieces.append(piece)
        while packet := self._next_packet():
            mirrored = parse_hep(packet)
            for each in self._pieces:
                each.mark(mirrored.verdict)
            if mirrored.verdict == SIP:
                self._mirror(piece, mirrored, mirrored.message(packet))
            # what came before this piece is all in packets now
            self._let_go_of(self._pieces[:-1])
        if not self._waiting:
            self._let_go_of(self._pieces[:])

    def _next_packet(self) -> bytes:
        """Cut the next whole packet off; what is none, as after a gap, is passed over."""
        while True:
            at = self._waiting.find(_MAGIC)
            begins = self._waiting.startswith(_MAGIC[: len(self._waiting)])
            if at < 0 and not begins:
                at = len(self._waiting) - len(_MAGIC) + 1
            del self._waiting[: max(0, at)]
            if len(self._waiting) < _HEAD:
                return b""
            length = int.from_bytes(self._waiting[4:_HEAD], "big")
            if length < _HEAD:
                del self._waiting[: len(_MAGIC)]
                continue
            if len(self._waiting) < length:
                return b""
            packet = bytes(self._waiting[:length])
            del self._waiting[:length]
            return packet

    def _let_go_of(self, pieces: list[Piece]) -> None:
        for each in pieces:
            self._sink.done(each)
        del self._pieces[: len(pieces)]

    def gap(self, count: int) -> bool:
        """Take that bytes are missing: the packet in hand is lost."""
        del count
        is_lost = bool(self._waiting)
        self.let_go()
        return is_lost

    def let_go(self) -> None:
        """Give up the packet in hand."""
        self._waiting.clear()
        self._let_go_of(self._pieces[:])

    def end(self, *, cut: bool) -> None:
        """Take that no more comes."""
        del cut
        self.let_go()
