"""A capture that is open: mapped bytes → batches of frames, with what is known of the file."""

from collections.abc import Callable, Iterator
from typing import Self

import numpy as np

from analyzer.capture.frame_reader import MAX_TIME_NS, FrameReader
from analyzer.capture.stored import Stored
from analyzer.tables.anomalies import AnomalyLog
from analyzer.tables.captures import CaptureInfo
from analyzer.tables.frames import FrameTable
from analyzer.tables.schema import Int64

OpenReader = Callable[[memoryview, int, AnomalyLog], FrameReader]


class Capture:
    """One open input; `close` it, or use it in a `with` statement."""

    info: CaptureInfo
    """Filled while `frames` goes on; the link types are named by who decodes."""
    anomalies: AnomalyLog
    """What was strange about the file, filled while `frames` goes on."""
    limits_hit: dict[str, int]
    """Name of a limit of `settings` → how often this input hit it."""
    secrets: tuple[bytes, ...]
    """TLS key logs that the file holds, known when all its frames were gone through."""

    def __init__(
        self, path: str, stored: Stored, format_name: str, open_reader: OpenReader
    ) -> None:
        """Take over the stored bytes, whose format is known."""
        self._stored = stored
        self._open_reader = open_reader
        self.info = CaptureInfo(path, format_name, stored.compression, bytes=stored.size)
        self.limits_hit = {"max_spool_bytes": 1} if stored.limit_hit else {}
        self._start()

    @property
    def data(self) -> memoryview:
        """The bytes that `FrameTable.pos` counts in, unpacked and read-only."""
        return self._stored.data

    def size_now(self) -> int:
        """Return how many of the bytes may be touched: fewer than mapped when the file shrank."""
        return self._stored.size_now()

    def frames(self, index: int, batch: int) -> Iterator[FrameTable]:
        """Go through the frames, at most `batch` at a time; `index` is this capture's number in
        the frames that the anomalies name.
        """
        self._start()
        reader = self._open_reader(self.data, index, self.anomalies)
        while not reader.finished:
            frames = reader.read(self.size_now(), batch)
            if len(frames):
                yield self._account(frames, index)
        self.info.complete = self.info.complete and reader.complete
        self.info.ended_ns = reader.ended_ns
        self.secrets = tuple(reader.secrets)

    def reader(self) -> FrameReader:
        """Return what goes through the frames once more and counts nothing."""
        return self._open_reader(self.data, 0, AnomalyLog())

    def close(self) -> None:
        """Release the bytes; views of `data` made elsewhere must be released before."""
        self._stored.close()

    def __enter__(self) -> Self:
        """Return the capture itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close it."""
        self.close()

    def _start(self) -> None:
        self.anomalies = AnomalyLog()
        self.secrets = ()
        for fault in self._stored.faults:
            self.anomalies.add(fault.kind, [], count=1, detail=fault.detail)
        self.info.packets = 0
        self.info.link_types = []
        self.info.first_ns = self.info.last_ns = None
        self.info.complete = not self._stored.faults

    def _account(self, frames: FrameTable, index: int) -> FrameTable:
        info = self.info
        info.packets += len(frames)
        first, last = int(frames.time_ns.min()), int(frames.time_ns.max())
        if first < 0 or last >= MAX_TIME_NS:
            frames = self._without_absurd_times(frames, index)
            first, last = int(frames.time_ns.min()), int(frames.time_ns.max())
        if first <= 0 < last:
            first = _earliest(frames.time_ns)
        known = [each for each in (info.first_ns, first) if each]
        info.first_ns = min(known, default=0)
        info.last_ns = max(info.last_ns or 0, last)
        return frames

    def _without_absurd_times(self, frames: FrameTable, index: int) -> FrameTable:
        is_absurd = (frames.time_ns < 0) | (frames.time_ns >= MAX_TIME_NS)
        numbers = frames.number[is_absurd].tolist()
        self.anomalies.add("time-out-of-range", [(index, number) for number in numbers])
        return frames.replace(time_ns=np.clip(frames.time_ns, 0, MAX_TIME_NS))


def _earliest(times: Int64) -> int:
    """Return the earliest time that is not 0, which says that the format gives none."""
    return int(times[times > 0].min())
