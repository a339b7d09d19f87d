"""Bytes of a (source, pos, len): text stays in the capture until it is shown."""

import mmap
from collections.abc import Sequence
from contextlib import suppress
from typing import IO

_KEPT_IN_MEMORY = 8 << 20
"""Bytes of an arena from which on it goes to a temporary file."""


class Arena:
    """Bytes that are nowhere in a capture as they are: reassembled, unmasked, unpacked.

    It grows while captures are read; `view` ends that. Past some size the bytes go to a temporary
    file without a name, so that memory does not grow with the capture.
    """

    def __init__(self, source: int) -> None:
        """Start empty; `source` is its number in the SpanStore."""
        self.source = source
        self._recent = bytearray()
        self._stored = 0
        self._file: IO[bytes] | None = None
        self._mapping: mmap.mmap | None = None

    def __len__(self) -> int:
        """Count the bytes."""
        return self._stored + len(self._recent)

    def append(self, data: bytes | bytearray) -> int:
        """Add bytes and return their position."""
        pos = self._stored + len(self._recent)
        self._recent += data
        if len(self._recent) > _KEPT_IN_MEMORY:
            self._store()
        return pos

    def bytes_at(self, pos: int, length: int) -> bytes:
        """Copy out a span; it was added by one `append`."""
        if self._file is None or pos >= self._stored:
            return bytes(self._recent[pos - self._stored : pos - self._stored + length])
        self._file.seek(pos)
        return self._file.read(length)

    def view(self) -> memoryview:
        """Return all bytes; nothing can be added after that."""
        if self._file is None:
            return memoryview(bytes(self._recent))
        self._store()
        self._mapping = mmap.mmap(self._file.fileno(), self._stored, access=mmap.ACCESS_READ)
        return memoryview(self._mapping)

    def close(self) -> None:
        """Release the file, after the views of it."""
        # Where an analysis fails, a view of it may still be held by what failed.
        with suppress(BufferError):
            if self._mapping is not None:
                self._mapping.close()
        if self._file is not None:
            self._file.close()

    def _store(self) -> None:
        if self._file is None:
            import tempfile  # noqa: PLC0415 - few captures need it

            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._file.seek(self._stored)
        self._file.write(self._recent)
        self._file.flush()
        self._stored += len(self._recent)
        self._recent = bytearray()


class SpanStore:
    """The byte sources of one analysis: mapped captures, then the arena of reassembled bytes."""

    def __init__(self, sources: Sequence[memoryview], arena: Arena | None = None) -> None:
        """Keep views of the sources; `close` releases them."""
        self.sources = tuple(sources)
        self._arena = arena
        if arena is not None and len(arena):
            self.sources += (arena.view(),)

    def bytes_at(self, source: int, pos: int, length: int) -> bytes:
        """Copy out a span."""
        return bytes(self.sources[source][pos : pos + length])

    def close(self) -> None:
        """Release the views, so that the captures behind them can be closed."""
        for view in self.sources:
            view.release()
        self.sources = ()
        if self._arena is not None:
            self._arena.close()
