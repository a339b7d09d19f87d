"""The capture formats, recognised by their first bytes, and the one way to open a capture.

A module of this package that declares `FORMAT = CaptureFormat(…)` is found by itself.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache

import analyzer.capture
from analyzer.capture.foreign import describe, shown
from analyzer.capture.frame_reader import FrameReader
from analyzer.capture.mapped import Capture
from analyzer.capture.stored import Stored, open_stored
from analyzer.errors import CaptureError
from analyzer.frozen import frozen
from analyzer.settings import Settings
from analyzer.tables.anomalies import AnomalyLog

__all__ = [
    "SNIFF_BYTES",
    "Capture",
    "CaptureFormat",
    "capture_formats",
    "find_format",
    "open_capture",
]

SNIFF_BYTES = 512
"""First bytes that `sniff` and the naming of foreign formats look at."""


@frozen
class CaptureFormat:
    """One file format."""

    name: str
    """As in `CaptureInfo.format`."""
    sniff: Callable[[bytes], bool]
    """Whether a file begins like this format, by its first SNIFF_BYTES (fewer if it is short)."""
    open: Callable[[memoryview, int, AnomalyLog], FrameReader]
    """Start reading: bytes, index of the capture for the anomalies, where these go."""


def capture_formats() -> Iterator[CaptureFormat]:
    """Yield the formats of all modules of this package, in the order of the modules' names; each
    module is imported when its turn comes.
    """
    for name in _module_names():
        found = getattr(importlib.import_module(name), "FORMAT", None)
        if isinstance(found, CaptureFormat):
            yield found


@cache
def _module_names() -> tuple[str, ...]:
    package = analyzer.capture
    names = sorted(each.name for each in pkgutil.iter_modules(package.__path__))
    return tuple(f"{package.__name__}.{name}" for name in names if not name.startswith("_"))


def find_format(head: bytes) -> CaptureFormat | None:
    """Return the format that a file with these first bytes has; None when it is no capture."""
    return next((each for each in capture_formats() if each.sniff(head)), None)


def open_capture(path: str, settings: Settings) -> Capture:
    """Open a capture of any format and compression, `-` for standard input; raises CaptureError
    when it cannot be read or is no capture.
    """
    stored = open_stored(path, settings.max_spool_bytes)
    try:
        found = _format_of(path, stored)
    except BaseException:
        stored.close()
        raise
    return Capture(path, stored, found.name, found.open)


def _format_of(path: str, stored: Stored) -> CaptureFormat:
    head = bytes(stored.data[:SNIFF_BYTES])
    found = find_format(head)
    if found is not None:
        return found
    if stored.faults and not head:
        raise CaptureError(
            f"{shown(path)} begins like {stored.compression}, but nothing in it can be unpacked "
            f"({stored.faults[0].detail}): copy or record it again"
        )
    raise CaptureError(describe(path, head, stored.compression))
