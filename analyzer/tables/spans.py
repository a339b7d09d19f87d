"""Bytes of a (source, pos, len): text stays in the capture until it is shown."""

from collections.abc import Sequence


class SpanStore:
    """The byte sources of one analysis: mapped captures, arenas of reassembled streams."""

    def __init__(self, sources: Sequence[memoryview]) -> None:
        """Keep views of the sources; `close` releases them."""
        self.sources = tuple(sources)

    def bytes_at(self, source: int, pos: int, length: int) -> bytes:
        """Copy out a span."""
        return bytes(self.sources[source][pos : pos + length])

    def close(self) -> None:
        """Release the views, so that the captures behind them can be closed."""
        for view in self.sources:
            view.release()
        self.sources = ()
