"""What else the bytes of a connection can be: TLS, counted here and not looked into, and HEP."""

from collections.abc import Callable

from analyzer.decode.encapsulation.hep import parse_hep
from analyzer.decode.mirrored import Mirrored
from analyzer.decode.verdicts import OTHER, SIP
from analyzer.sip.framing import Sink, StreamBuffer
from analyzer.sip.pieces import Joined, Piece

Mirror = Callable[[Piece, Mirrored, Joined], None]
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
        self._mirror = mirror
        self._buffer = StreamBuffer(sink)

    @property
    def is_idle(self) -> bool:
        """Whether the next byte begins a packet."""
        return not self._buffer.data

    @property
    def held(self) -> int:
        """Bytes in hand."""
        return len(self._buffer.data)

    def feed(self, piece: Piece, pos: int, chunk: bytes) -> None:
        """Take the next bytes."""
        self._buffer.append(piece, pos, chunk)
        while packet := self._next_packet():
            size, mirrored = len(packet), parse_hep(packet)
            if mirrored.verdict == SIP:
                record = Joined(packet, self._buffer.stretches(0, size))
                text = record.span(mirrored.start, len(mirrored.message(packet)))
                self._mirror(self._buffer.latest(size), mirrored, text)
            self._buffer.take(size, mirrored.verdict)

    def _next_packet(self) -> bytes:
        """Return the whole packet at the front; what is none, as after a gap, is passed over."""
        while True:
            data = self._buffer.data
            at = data.find(_MAGIC)
            begins = data.startswith(_MAGIC[: len(data)])
            if at < 0 and not begins:
                at = len(data) - len(_MAGIC) + 1
            self._buffer.take(max(0, at), OTHER)
            if len(data) < _HEAD:
                return b""
            length = int.from_bytes(data[4:_HEAD], "big")
            if length >= _HEAD:
                return bytes(data[:length]) if len(data) >= length else b""
            self._buffer.take(len(_MAGIC), OTHER)

    def gap(self, count: int) -> bool:
        """Take that bytes are missing: the packet in hand is lost."""
        del count
        is_lost = not self.is_idle
        self.let_go()
        return is_lost

    def let_go(self) -> None:
        """Give up the packet in hand."""
        self._buffer.take(self.held, OTHER)

    def end(self, *, cut: bool) -> None:
        """Take that no more comes."""
        del cut
        self.let_go()
