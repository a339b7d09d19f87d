"""A bar on standard error while captures are read, when that is a terminal."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer.i18n import Texts

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE_S = 0.5
"""What is done sooner needs no bar."""


class ReadingBar:
    """Counts bytes; becomes visible when the work takes long."""

    def __init__(self, total: int | None, texts: Texts) -> None:
        """Take the bytes to read, None when nobody knows."""
        self._total = total
        self._texts = texts
        self._done = 0
        self._started = time.monotonic()
        self._shown: Progress | None = None

    def advance(self, count: int) -> None:
        """Count bytes that were read."""
        self._done += count
        if self._shown is None and time.monotonic() - self._started > PATIENCE_S:
            self._shown = _show()
        if self._shown is None:
            return
        # A compressed capture unpacks to more than its file holds.
        is_read = self._total is not None and self._done >= self._total
        self._shown.update(
            self._shown.tasks[0].id,
            completed=self._done,
            total=None if is_read else self._total,
            description=self._texts("progress.explaining" if is_read else "progress.reading"),
        )

    def stop(self) -> None:
        """Remove the bar."""
        if self._shown is not None:
            self._shown.stop()


def _show() -> "Progress":
    from rich.console import Console  # noqa: PLC0415 - only when there is something to wait for
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - see above

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    bar.add_task("", total=None)
    bar.start()
    return bar


@contextmanager
def reading_bar(paths: Sequence[str], texts: Texts, *, quiet: bool) -> Iterator[ReadingBar | None]:
    """Show a bar for reading these files; None where nobody would see it."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    bar = ReadingBar(_size(paths), texts)
    try:
        yield bar
    finally:
        bar.stop()


def _size(paths: Sequence[str]) -> int | None:
    """Return the bytes of files and of the files in directories, None when there is a pipe."""
    total = 0
    for path in map(Path, paths):
        if path.is_file():
            total += path.stat().st_size
        elif path.is_dir():
            total += sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
        else:
            return None
    return total
