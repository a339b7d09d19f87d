"""A message table that grows while a capture is read."""

import numpy as np
import numpy.typing as npt

from analyzer.tables.messages import MessageTable


class GrowingMessages:
    """A message table that grows. Room is made for what the whole capture will hold if it goes on
    as it began: memory that is never written costs nothing, copying a grown table would.
    """

    def __init__(self) -> None:
        self.size = 0
        self._room = 0
        self._columns: dict[str, npt.NDArray[np.generic]] = {
            each.name: np.zeros(0, each.dtype) for each in MessageTable.columns
        }

    def extend(
        self, columns: dict[str, npt.NDArray[np.generic] | int], count: int, done: float
    ) -> None:
        """Add `count` rows; `done` is the part of the capture that is read with them."""
        end = self.size + count
        if self.size == 0:
            self._room = int(end / done * 1.05) + 1
            self._columns = {
                each.name: np.empty(self._room, each.dtype) for each in MessageTable.columns
            }
        elif end > self._room:
            self._resize(end + max(count, end // 8))
        for name, values in columns.items():
            self._columns[name][self.size : end] = values
        self.size = end

    def table(self) -> MessageTable:
        """Return the rows added so far; nothing can be added after that."""
        self._resize(self.size)
        return MessageTable(**self._columns)

    def _resize(self, room: int) -> None:
        self._room = room
        for column in self._columns.values():
            column.resize(room, refcheck=False)
