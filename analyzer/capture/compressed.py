"""Compressed bytes → the bytes themselves, in bounded chunks: gzip, zstd, xz, lz4.

Known by their first bytes, never by a name. Several members or frames one after the other are one
stream. A stream that ends too early gives all that can be unpacked first.
"""

import gzip
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Protocol

_CHUNK_BYTES = 1 << 20
_ZSTD_INPUT_BYTES = 2048
"""So little at a time that even the densest blocks (4 bytes for 128 KiB) unpack to 64 MiB."""

_ZSTD_WINDOW_BYTES = 1 << 31
"""Largest that zstd's own --long option writes."""


class UnpackError(Exception):
    """A compressed stream that ends too early or is damaged."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


def _cut(codec: str) -> UnpackError:
    return UnpackError("file-cut", f"the {codec} data end too early")


def _damaged(codec: str, error: Exception) -> UnpackError:
    return UnpackError("damaged-compression", f"{codec}: {' '.join(str(error).split())}")


class _Stream(Protocol):
    def read1(self, size: int = -1, /) -> bytes: ...


def _chunks(codec: str, stream: _Stream, faults: tuple[type[Exception], ...]) -> Iterator[bytes]:
    """Read a file object of the standard kind; read1, since a failing read loses what it has."""
    while True:
        try:
            chunk = stream.read1(_CHUNK_BYTES)
        except EOFError as error:
            raise _cut(codec) from error
        except faults as error:
            raise _damaged(codec, error) from error
        if not chunk:
            return
        yield chunk


def _gzip(source: IO[bytes]) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=source, mode="rb") as stream:
        yield from _chunks("gzip", stream, (gzip.BadGzipFile, zlib.error))


def _xz(source: IO[bytes]) -> Iterator[bytes]:
    import lzma  # noqa: PLC0415 - some builds of Python lack it

    with lzma.LZMAFile(source, format=lzma.FORMAT_XZ) as stream:
        yield from _chunks("xz", stream, (lzma.LZMAError,))


def _lz4(source: IO[bytes]) -> Iterator[bytes]:
    import lz4.frame  # noqa: PLC0415 - few captures are compressed like this

    with lz4.frame.open(source, "rb") as stream:
        yield from _chunks("lz4", stream, (RuntimeError,))


def _zstd(source: IO[bytes]) -> Iterator[bytes]:
    import zstandard  # noqa: PLC0415 - few captures are compressed like this

    unpacker = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES)
    frame = unpacker.decompressobj()
    begun = False
    while piece := source.read(_ZSTD_INPUT_BYTES):
        while piece:
            begun = True
            try:
                chunk = frame.decompress(piece)
            except zstandard.ZstdError as error:
                raise _damaged("zstd", error) from error
            if chunk:
                yield chunk
            piece = b""
            if frame.eof:
                piece, frame, begun = frame.unused_data, unpacker.decompressobj(), False
    if begun:
        raise _cut("zstd")


CODECS: dict[str, Callable[[IO[bytes]], Iterator[bytes]]] = {
    "gzip": _gzip,
    "lz4": _lz4,
    "xz": _xz,
    "zstd": _zstd,
}
"""Name as in `CaptureInfo.compression` → how its bytes are unpacked; raises UnpackError."""

_MAGICS = {
    b"\x1f\x8b\x08": "gzip",  # RFC 1952 §2.3.1, deflate
    b"\x28\xb5\x2f\xfd": "zstd",  # RFC 8878 §3.1.1
    b"\xfd7zXZ\x00": "xz",
    b"\x04\x22\x4d\x18": "lz4",
}


def find_codec(head: bytes) -> str | None:
    """Return the compression that these first bytes show, None for none."""
    # RFC 8878 §3.1.2: pzstd puts a skippable frame first.
    if len(head) >= 4 and head[0] & 0xF0 == 0x50 and head[1:4] == b"\x2a\x4d\x18":
        return "zstd"
    return next((codec for magic, codec in _MAGICS.items() if head.startswith(magic)), None)
