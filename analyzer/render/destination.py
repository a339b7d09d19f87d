"""Where output goes: standard output, a file (replaced as a whole), a device (written to)."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from analyzer.errors import UsageError

STDOUT = "-"


@contextmanager
def open_output(path: str, what: str = "the report") -> Iterator[BinaryIO]:
    """Open an output for writing bytes; `what` names them where that fails. A regular file appears,
    or changes, only when all is written; raises UsageError when it cannot be written.
    """
    name = "standard output" if path == STDOUT else path
    try:
        with _opened(path, what) as out:
            yield out
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(f"{name}: cannot write {what}: {error.strerror or error}") from error


@contextmanager
def _opened(path: str, what: str) -> Iterator[BinaryIO]:
    if path == STDOUT:
        if sys.stdout is None:
            raise UsageError("standard output is closed: name a file with -o")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise UsageError(f"{path}: cannot write {what}: it is a directory")
    with _write_through(target) if _is_special(target) else _write_whole(target) as out:
        yield out


def _is_special(target: Path) -> bool:
    """Tell devices and pipes, which a rename would replace."""
    return target.exists() and not stat.S_ISREG(target.stat().st_mode)


@contextmanager
def _write_through(target: Path) -> Iterator[BinaryIO]:
    with target.open("wb") as out:
        yield out


@contextmanager
def _write_whole(target: Path) -> Iterator[BinaryIO]:
    unfinished = target.with_name(f".{target.name}.{os.urandom(4).hex()}.part")
    try:
        with unfinished.open("xb") as out:
            yield out
        if target.exists():
            unfinished.chmod(stat.S_IMODE(target.stat().st_mode))
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
