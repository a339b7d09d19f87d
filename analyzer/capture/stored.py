"""Input of any kind → one read-only view of its bytes, unpacked.

A regular file is mapped where it is. What is piped or compressed goes, under a stated limit, to a
temporary file without a name, and that is mapped.
"""

import errno
import io
import mmap
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from analyzer.capture.compressed import CODECS, UnpackError, find_codec
from analyzer.capture.foreign import shown
from analyzer.errors import CaptureError
from analyzer.frozen import frozen

STDIN = "-"
_HEAD_BYTES = 16
_CHUNK_BYTES = 1 << 20


@frozen
class Fault:
    """Why the bytes are not all there: kind of anomaly and what was found."""

    kind: str
    detail: str


@dataclass(slots=True)
class Stored:
    """The bytes of one input."""

    data: memoryview
    size: int
    """Bytes as stored, compressed if they are."""
    file: IO[bytes]
    """What is mapped."""
    mapping: mmap.mmap | None = None
    compression: str | None = None
    faults: list[Fault] = field(default_factory=list)
    limit_hit: bool = False

    def size_now(self) -> int:
        """Return how many of the mapped bytes the file still has: others must not be touched."""
        if self.mapping is None:
            return len(self.data)
        return min(len(self.data), os.fstat(self.file.fileno()).st_size)

    def close(self) -> None:
        """Release view, mapping and file."""
        # A view that an interrupted thread still holds is freed with it; failing here would hide
        # what interrupted it.
        with suppress(BufferError):
            self.data.release()
            if self.mapping is not None:
                self.mapping.close()
        self.file.close()


def open_stored(path: str, limit: int) -> Stored:
    """Map the bytes of a file or of `-`; raises CaptureError when they cannot be read."""
    try:
        source = open_input(path)
        try:
            return _store(source, limit)
        finally:
            if source is not getattr(sys.stdin, "buffer", None):
                source.close()
    except OSError as error:
        raise unreadable(path, error) from error


def open_input(path: str) -> IO[bytes]:
    """Open a file or standard input for reading; raises OSError or CaptureError."""
    if path != STDIN:
        return open(path, "rb")  # noqa: PTH123 - the caller closes it; a path may be any string
    if sys.stdin is None or sys.stdin.closed:
        raise CaptureError("standard input is closed: give the name of a capture file")
    if sys.stdin.isatty():
        raise CaptureError("standard input is a terminal: pipe a capture in, or name a file")
    return sys.stdin.buffer


@frozen
class Unpacked:
    """A stream that is being unpacked."""

    compression: str | None
    chunks: Iterator[bytes]
    """The bytes; raises UnpackError where they end too early."""
    whole: "_Rewound"
    """Counts what was read of the stream."""


def unpack(source: IO[bytes]) -> Unpacked:
    """Unpack a stream from its beginning, whatever its compression, also none."""
    head = source.read(_HEAD_BYTES)
    codec = find_codec(head)
    whole = _Rewound(head, source)
    buffered = io.BufferedReader(whole, _CHUNK_BYTES)
    if codec is None:
        return Unpacked(None, iter(lambda: buffered.read1(_CHUNK_BYTES), b""), whole)
    return Unpacked(codec, CODECS[codec](buffered), whole)


def first_bytes(path: str, count: int) -> tuple[bytes, str | None]:
    """Return the first unpacked bytes of a regular file, fewer if it is short or damaged, and its
    compression; raises OSError.
    """
    with open(path, "rb", buffering=0) as source:  # noqa: PTH123 - a path may be any string
        unpacked = unpack(source)
        head = b""
        with suppress(UnpackError):
            while len(head) < count and (chunk := next(unpacked.chunks, b"")):
                head += chunk
    return head[:count], unpacked.compression


class _Rewound(io.RawIOBase):
    """A stream of which some bytes were read, from its beginning; it does not own the stream."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        super().__init__()
        self._head = head
        self._rest = rest
        self.given = 0

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # typeshed's WriteableBuffer has no name at run time
        """Fill the buffer as far as bytes are there, at least with one unless at the end."""
        if self._head:
            piece, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        else:
            read1 = getattr(self._rest, "read1", self._rest.read)
            piece = read1(len(buffer))
        self.given += len(piece)
        buffer[: len(piece)] = piece
        return len(piece)


def _store(source: IO[bytes], limit: int) -> Stored:
    regular_bytes = _regular_bytes(source)
    if regular_bytes:
        head = source.read(_HEAD_BYTES)
        source.seek(0)
        if find_codec(head) is None:
            # A second descriptor: the first may be standard input, which is not ours to close.
            kept = os.fdopen(os.dup(source.fileno()), "rb")
            return map_file(kept, regular_bytes)
    stored = _spool(source, limit)
    stored.size = regular_bytes or stored.size
    return stored


def _regular_bytes(source: IO[bytes]) -> int:
    """Return the size of a regular file that stands at its beginning; 0 for anything else."""
    try:
        found = os.fstat(source.fileno())
        return found.st_size if stat.S_ISREG(found.st_mode) and source.tell() == 0 else 0
    except OSError:
        return 0


def map_file(file: IO[bytes], size: int) -> Stored:
    """Map the first bytes of an open file, which what is returned keeps."""
    if size == 0:
        return Stored(memoryview(b""), 0, file)
    mapping = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
    return Stored(memoryview(mapping), size, file, mapping)


def _spool(source: IO[bytes], limit: int) -> Stored:
    import tempfile  # noqa: PLC0415 - most captures are mapped where they are

    unpacked = unpack(source)
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - what is returned keeps it
    try:
        fault = _copy(unpacked.chunks, spool, limit)
        spool.flush()
        stored = map_file(spool, spool.tell())
    except BaseException:
        spool.close()
        raise
    stored.size = unpacked.whole.given
    stored.compression = unpacked.compression
    stored.faults = [fault] if fault else []
    stored.limit_hit = fault is not None and fault.kind == "spool-limit"
    return stored


def _copy(chunks: Iterator[bytes], spool: IO[bytes], limit: int) -> Fault | None:
    """Copy until the end, or until what is returned stops it."""
    room = limit
    try:
        for chunk in chunks:
            spool.write(chunk[:room])
            room -= len(chunk)
            if room < 0:
                return Fault("spool-limit", f"only the first {limit} bytes were read")
    except UnpackError as error:
        return Fault(error.kind, error.detail)
    return None


def unreadable(path: str, error: OSError) -> CaptureError:
    """Say in one line why a file cannot be read, and what to do."""
    name = shown(path)
    if error.errno == errno.ENOENT:
        return CaptureError(f"{name}: no such file; check the name")
    if error.errno == errno.EACCES:
        return CaptureError(f"{name}: permission denied; ask for the right to read it")
    if error.errno == errno.EISDIR:
        return CaptureError(f"{name} is a directory; name a file in it")
    if error.errno == errno.ENOSPC:
        import tempfile  # noqa: PLC0415 - see _spool

        return CaptureError(
            f"{name}: no room to unpack it in {tempfile.gettempdir()}; "
            "set TMPDIR to a directory with more"
        )
    return CaptureError(f"{name} cannot be read: {error.strerror or error}")
