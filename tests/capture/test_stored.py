"""Files, pipes and compressed input become one read-only view of their bytes."""

import errno
import gzip
import io
import os
import stat
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from analyzer.capture.stored import Stored, first_bytes, open_stored, unpack, unreadable
from analyzer.errors import CaptureError

PLAIN = bytes(range(256)) * 1000
LIMIT = 1 << 30


def content(stored: Stored) -> bytes:
    """Return the bytes and close."""
    found = bytes(stored.data)
    stored.close()
    return found


def test_a_regular_file_is_mapped(tmp_path: Path) -> None:
    """The view is read-only and has the bytes of the file; closing releases it."""
    path = tmp_path / "file"
    path.write_bytes(PLAIN)
    stored = open_stored(str(path), 10)
    assert stored.data.readonly
    assert stored.mapping is not None
    assert (stored.size, stored.compression, stored.faults) == (len(PLAIN), None, [])
    assert stored.size_now() == len(PLAIN)
    assert content(stored) == PLAIN
    with pytest.raises(ValueError, match="closed"):
        stored.mapping.size()


def test_an_empty_file(tmp_path: Path) -> None:
    """An empty file, which cannot be mapped, has an empty view."""
    path = tmp_path / "file"
    path.touch()
    stored = open_stored(str(path), LIMIT)
    assert stored.size_now() == 0
    assert content(stored) == b""


def test_a_shrinking_file_is_noticed(tmp_path: Path) -> None:
    """The size that may be touched follows the file when it shrinks, not when it grows."""
    path = tmp_path / "file"
    path.write_bytes(PLAIN)
    stored = open_stored(str(path), LIMIT)
    with path.open("ab") as file:
        file.write(b"more")
    assert stored.size_now() == len(PLAIN)
    os.truncate(path, 100)
    assert stored.size_now() == 100
    stored.close()


def test_a_compressed_file_is_unpacked(tmp_path: Path) -> None:
    """The size is that of the file, the bytes are the unpacked ones."""
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(PLAIN))
    stored = open_stored(str(path), LIMIT)
    assert stored.compression == "gzip"
    assert stored.size == path.stat().st_size
    assert stored.data.readonly
    assert content(stored) == PLAIN


def test_a_cut_compressed_file_has_a_fault(tmp_path: Path) -> None:
    """What could be unpacked is there, and the fault says that it is not all."""
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(PLAIN)[:-9])
    stored = open_stored(str(path), LIMIT)
    assert [each.kind for each in stored.faults] == ["file-cut"]
    assert PLAIN.startswith(content(stored))


def test_the_limit_of_unpacked_bytes(tmp_path: Path) -> None:
    """No more than the limit is written anywhere, and the fault says so."""
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(PLAIN))
    stored = open_stored(str(path), 1000)
    assert [each.kind for each in stored.faults] == ["spool-limit"]
    assert stored.limit_hit
    assert content(stored) == PLAIN[:1000]
    stored = open_stored(str(path), len(PLAIN))
    assert not stored.limit_hit
    assert content(stored) == PLAIN


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
@pytest.mark.parametrize("raw", [PLAIN, gzip.compress(PLAIN, mtime=0)])
def test_a_named_pipe(tmp_path: Path, raw: bytes) -> None:
    """A pipe, which cannot be mapped or read twice, gives its bytes, compressed or not."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=[raw])
    writer.start()
    stored = open_stored(str(path), LIMIT)
    writer.join()
    assert stored.size == len(raw)
    assert content(stored) == PLAIN


def set_stdin(monkeypatch: pytest.MonkeyPatch, buffer: io.BytesIO | io.BufferedReader) -> None:
    """Put `buffer` below standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(buffer))


def test_standard_input_piped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Piped standard input is read to its end and stays open."""
    set_stdin(monkeypatch, io.BytesIO(PLAIN))
    stored = open_stored("-", LIMIT)
    assert stored.size == len(PLAIN)
    assert content(stored) == PLAIN
    assert not sys.stdin.closed


def test_standard_input_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file that is redirected to standard input is mapped, not copied."""
    path = tmp_path / "file"
    path.write_bytes(PLAIN)
    with path.open("rb") as file:
        stdin = io.TextIOWrapper(file)
        monkeypatch.setattr(sys, "stdin", stdin)
        stored = open_stored("-", 10)
        assert content(stored) == PLAIN
        assert not sys.stdin.closed
        file.seek(7)
        stored = open_stored("-", LIMIT)
        assert content(stored) == PLAIN[7:]
        stdin.detach()


def test_standard_input_without_a_capture(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal and a closed standard input are told, not waited for."""
    terminal = io.BytesIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    set_stdin(monkeypatch, terminal)
    with pytest.raises(CaptureError, match="terminal"):
        open_stored("-", LIMIT)
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(CaptureError, match="closed"):
        open_stored("-", LIMIT)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (errno.ENOENT, "a.pcap: no such file"),
        (errno.EACCES, "a.pcap: permission denied"),
        (errno.EISDIR, "a.pcap is a directory"),
        (errno.ENOSPC, "set TMPDIR"),
        (errno.EIO, "a.pcap cannot be read: "),
    ],
)
def test_errors_of_the_system(number: int, text: str) -> None:
    """What the system refuses is one line that names the file."""
    line = str(unreadable("a.pcap", OSError(number, os.strerror(number))))
    assert text in line
    assert "\n" not in line


def test_no_such_file(tmp_path: Path) -> None:
    """A missing file and a directory are told as such."""
    with pytest.raises(CaptureError, match="no such file"):
        open_stored(str(tmp_path / "missing"), LIMIT)
    with pytest.raises(CaptureError, match=r"is a directory|permission denied"):
        open_stored(str(tmp_path), LIMIT)


def test_no_room_for_unpacking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is told with what to do."""

    class Full(io.BytesIO):
        def write(self, _data: object) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "file"
    path.write_bytes(gzip.compress(PLAIN))
    monkeypatch.setattr(tempfile, "TemporaryFile", Full)
    with pytest.raises(CaptureError, match="TMPDIR"):
        open_stored(str(path), LIMIT)


class Trickle(io.RawIOBase):
    """A stream that gives a byte at a time."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # narrower than typeshed's
        """Give one byte."""
        return self._data.readinto(buffer[:1])


@pytest.mark.parametrize("raw", [b"", b"x", PLAIN[:1000], gzip.compress(PLAIN, mtime=0)])
def test_slow_streams(raw: bytes) -> None:
    """A stream that gives a byte at a time is recognised and read like any other."""
    unpacked = unpack(io.BufferedReader(Trickle(raw)))
    found = b"".join(unpacked.chunks)
    assert found == (PLAIN if unpacked.compression else raw)
    assert unpacked.whole.given == len(raw)


def test_first_bytes(tmp_path: Path) -> None:
    """The first bytes of a file are unpacked ones, as many as there are."""
    path = tmp_path / "file"
    path.write_bytes(PLAIN)
    assert first_bytes(str(path), 300) == (PLAIN[:300], None)
    path.write_bytes(gzip.compress(PLAIN))
    assert first_bytes(str(path), 300) == (PLAIN[:300], "gzip")
    path.write_bytes(gzip.compress(PLAIN)[:5])
    assert first_bytes(str(path), 300) == (b"", "gzip")
    path.write_bytes(b"abc")
    assert first_bytes(str(path), 300) == (b"abc", None)


def test_temporary_files_have_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unpacked captures leave nothing behind, even if the program is killed."""
    if sys.platform == "win32":
        pytest.skip("Windows deletes the file when it is closed")
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(PLAIN))
    stored = open_stored(str(path), LIMIT)
    assert list(place.iterdir()) == []
    assert stat.S_ISREG(os.fstat(stored.file.fileno()).st_mode)
    stored.close()
