"""What the bytes in the arena were made of, written down while they come: see `tables.origins`."""

from analyzer.sip.pieces import Joined
from analyzer.tables.origins import Form, OriginTable


class OriginLog:
    """Of one capture."""

    def __init__(self, capture: int) -> None:
        """Start empty; `capture` is its index."""
        self._capture = capture
        self._rows: list[tuple[int, int, int, int, int, int, int, int]] = []

    def add(self, start: int, joined: Joined) -> None:
        """Take that bytes stand in the arena from `start` on."""
        is_bytewise = joined.form < Form.PACKED
        for piece, pos, brought in joined.stretches:
            length = brought if is_bytewise else len(joined.data)
            self._rows.append(
                (
                    start,
                    length,
                    self._capture,
                    piece.frame,
                    piece.source,
                    pos,
                    brought,
                    joined.form,
                )
            )
            start += length if is_bytewise else 0

    def table(self) -> OriginTable:
        """Return all, by their place in the arena."""
        return OriginTable.from_rows(sorted(self._rows))
