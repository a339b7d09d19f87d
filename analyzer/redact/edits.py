"""Edits of a text: which pieces of it are exchanged for what, and where its other places come to
lie.
"""

from bisect import bisect_right

from analyzer.frozen import frozen


@frozen
class Edit:
    """One piece, from `start` to `end`, and what it becomes."""

    start: int
    end: int
    new: bytes


def zeros(start: int, end: int) -> list[Edit]:
    """Return the edit that leaves as many zeros; none where there is nothing."""
    return [Edit(start, end, bytes(end - start))] if start < end else []


class Edited:
    """Bytes with edits, which do not overlap and are in order."""

    def __init__(self, data: bytes, edits: list[Edit]) -> None:
        """Put the new bytes together."""
        self.edits = edits
        """In order."""
        self._starts = [each.start for each in edits]
        self._shifts: list[int] = []
        pieces, at, shift = [], 0, 0
        for each in edits:
            pieces += [data[at : each.start], each.new]
            at = each.end
            self._shifts.append(shift)
            shift += len(each.new) - (each.end - each.start)
        self._shift = shift
        self.data = b"".join([*pieces, data[at:]])

    def place(self, old: int) -> int:
        """Return where a place in the old bytes is in the new ones; inside an exchanged piece it is
        as far from the start as before, at most at the end.
        """
        number = bisect_right(self._starts, old) - 1
        if number < 0:
            return old
        edit = self.edits[number]
        begin = edit.start + self._shifts[number]
        if old < edit.end:
            return begin + min(old - edit.start, len(edit.new))
        return begin + len(edit.new) + old - edit.end
