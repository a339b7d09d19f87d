"""Compressed streams: known by content, unpacked whole, as far as they go, in bounded chunks."""

import gzip
import io
import lzma
from collections.abc import Callable

import lz4.frame
import pytest
import zstandard

from analyzer.capture.compressed import CODECS, UnpackError, find_codec

PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "xz": lzma.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "lz4": lz4.frame.compress,
}
# Bytes that compress badly, so that a cut stream still gives some of them.
PLAIN = b"".join((i * 2654435761 % 2**32).to_bytes(4, "big") for i in range(100_000))


def unpack(codec: str, raw: bytes) -> tuple[bytes, UnpackError | None]:
    """Unpack all that can be unpacked."""
    found = b""
    try:
        for chunk in CODECS[codec](io.BytesIO(raw)):
            found += chunk
    except UnpackError as error:
        return found, error
    return found, None


@pytest.mark.parametrize("codec", PACK)
def test_round_trip(codec: str) -> None:
    """What the usual tool packs is known by its first bytes and unpacks to the same."""
    packed = PACK[codec](PLAIN)
    assert find_codec(packed[:16]) == codec
    assert unpack(codec, packed) == (PLAIN, None)


@pytest.mark.parametrize("codec", PACK)
def test_several_members_are_one_stream(codec: str) -> None:
    """Members or frames one after the other, an empty one among them, unpack to all of it."""
    pieces = (PLAIN[:1000], b"", PLAIN[1000:50_000], PLAIN[50_000:])
    assert unpack(codec, b"".join(map(PACK[codec], pieces))) == (PLAIN, None)


@pytest.mark.parametrize("codec", PACK)
def test_a_cut_stream_gives_what_it_has(codec: str) -> None:
    """A stream cut anywhere gives a beginning of the data, and says that it is cut."""
    packed = PACK[codec](PLAIN)
    assert packed[:-1] != packed
    for size in (len(packed) - 1, len(packed) // 2, 40):
        found, error = unpack(codec, packed[:size])
        assert PLAIN.startswith(found)
        assert error is not None
        assert error.kind == "file-cut"
    half, _error = unpack(codec, packed[: len(packed) // 2])
    assert codec == "xz" or len(half) > len(PLAIN) // 5


@pytest.mark.parametrize("codec", PACK)
def test_a_damaged_stream_gives_what_it_has(codec: str) -> None:
    """Damage is told from a cut, never raises anything else, and its text is one line."""
    packed = bytearray(PACK[codec](PLAIN))
    middle = len(packed) // 2
    packed[middle : middle + 64] = bytes(64)
    _found, error = unpack(codec, bytes(packed))
    if error is not None:
        assert error.kind in {"damaged-compression", "file-cut"}
        assert "\n" not in error.detail
    packed = bytearray(PACK[codec](PLAIN))
    packed[5:12] = b"\xff" * 7
    found, error = unpack(codec, bytes(packed))
    assert error is not None or found != PLAIN


def test_zstd_skippable_frame_first() -> None:
    """A skippable frame, as pzstd writes it first, is passed over (RFC 8878 §3.1.2)."""
    skippable = b"\x50\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"size"
    packed = skippable + PACK["zstd"](PLAIN)
    assert find_codec(packed[:16]) == "zstd"
    assert unpack("zstd", packed) == (PLAIN, None)


@pytest.mark.parametrize("codec", PACK)
def test_chunks_stay_bounded(codec: str) -> None:
    """Data that unpack to a thousand times their size come in pieces."""
    packed = PACK[codec](bytes(100 << 20))
    chunks = [len(chunk) for chunk in CODECS[codec](io.BytesIO(packed))]
    assert sum(chunks) == 100 << 20
    assert max(chunks) <= 64 << 20


@pytest.mark.parametrize("head", [b"", b"\x1f", b"\x1f\x8b", b"plain text", b"\xd4\xc3\xb2\xa1"])
def test_no_codec(head: bytes) -> None:
    """Other first bytes, and too few of them, are no compression."""
    assert find_codec(head) is None
