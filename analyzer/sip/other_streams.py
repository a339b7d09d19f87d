"""What else the bytes of a connection can be: TLS and HEP, counted here and not looked into."""

from analyzer.sip.framing import Sink
from analyzer.sip.pieces import Piece


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
