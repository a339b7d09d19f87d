"""What walks the frames of one capture format, a batch at a time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from analyzer.tables.frames import FrameTable

if TYPE_CHECKING:
    from analyzer.capture.originals import InterfaceDescription, Original

MAX_RECORD_BYTES = 256 << 20
"""A record or block that says it is longer is damaged: no link has packets of this size."""

MAX_TIME_NS = 1 << 62
"""Year 2116: later times are absurd, and would leave no room to add and subtract in 64 bits."""


class FrameReader(Protocol):
    """Keeps its place in the bytes of one capture between two batches.

    Faults go to the AnomalyLog that the reader was opened with, as (capture index, frame number).
    """

    finished: bool
    """Nothing more can be read: the end, a cut or a damaged place."""
    complete: bool
    """False once the bytes turned out to be cut or damaged."""
    secrets: list[bytes]
    """TLS key logs found so far."""
    ended_ns: int | None
    """When the capture ended, as an extract of it states; None when nothing does."""

    def read(self, end: int, batch: int) -> FrameTable:
        """Return the next frames, at most `batch`, none that reaches past `end`; times may be
        absurd. Bytes from `end` on are gone and must not be touched.
        """

    def interfaces(self) -> "Sequence[InterfaceDescription]":
        """Return the interfaces described so far, those of earlier sections first."""

    def originals(self, frames: FrameTable) -> "list[Original]":
        """Return how some of the frames that were read stand in the file."""


def room_for(batch: int, room: int, smallest: int) -> FrameTable:
    """Make a table to fill with `batch` frames, or with as many as `room` bytes can hold."""
    return FrameTable.unfilled(max(1, min(batch, room // smallest + 1)))


def first_frames(frames: FrameTable, count: int) -> FrameTable:
    """Return the first rows without copying them."""
    if count == len(frames):
        return frames
    return FrameTable(**{each.name: getattr(frames, each.name)[:count] for each in frames.columns})


def missing_bytes(there: int, needed: int, *, shrank: bool) -> str:
    """Say how much of a cut record is there."""
    why = "; the file shrank while it was read" if shrank else ""
    return f"{max(0, there)} of {needed} bytes are there{why}"
