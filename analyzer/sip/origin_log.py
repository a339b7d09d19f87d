"""What the bytes in the arena were made of, written down while they come: see `tables.origins`."""

from operator import itemgetter

from analyzer.sip.pieces import Joined, Stretch
from analyzer.tables.origins import Form, OriginTable


class OriginLog:
    """Of one capture."""

    def __init__(self, capture: int) -> None:
        """Start empty; `capture` is its index."""
        self._capture = capture
        self._rows: list[tuple[int, int, int, int, int, int, int, int]] = []

    def add(self, start: int, joined: Joined) -> None:
        """Take that bytes stand in the arena from `start` on."""
        whole = len(joined.data)
        for each in joined.around:
            self._row(start, whole, each, Form.AROUND)
        for each in joined.stretches:
            if joined.form < Form.PACKED:
                self._row(start, each.length, each, joined.form)
                start += each.length
            else:
                self._row(start, whole, each, joined.form)

    def _row(self, start: int, length: int, brought: Stretch, form: Form) -> None:
        piece, pos, size = brought
        place = (piece.frame, piece.source, pos, size)
        self._rows.append((start, length, self._capture, *place, form))

    def table(self) -> OriginTable:
        """Return all, by their place in the arena."""
        return OriginTable.from_rows(sorted(self._rows, key=itemgetter(0)))
