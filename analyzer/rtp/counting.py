"""The media packets of one capture, batch by batch → its tables of RTP and RTCP."""

from collections import deque
from typing import TYPE_CHECKING

from analyzer.decode.parts import MediaTable
from analyzer.rtp.reports import Reports
from analyzer.rtp.streams import new_streams
from analyzer.settings import Settings
from analyzer.tables.anomalies import AnomalyLog, Coverage
from analyzer.tables.frames import FrameTable
from analyzer.tables.rtp import Rtp

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

LIMIT = "max_rtp_streams"
WAITING = 1
"""Batches that wait while one is counted: each takes memory."""


class MediaCount:
    """Counts what the batches of a capture hold, in their order: from the second on in a thread of
    its own, while the next ones are decoded.
    """

    def __init__(self, data: memoryview, settings: Settings, *, compiled: bool) -> None:
        """Start with nothing counted."""
        self._data = data
        self._streams = new_streams(settings, compiled=compiled)
        self._reports = Reports(settings)
        self._batches = 0
        self._thread: ThreadPoolExecutor | None = None
        self._counting: deque[Future[None]] = deque()

    def add(self, media: MediaTable, frames: FrameTable) -> None:
        """Count the media of a batch of frames, once that of the batches before is counted."""
        if len(media) == 0:
            return
        self._batches += 1
        if self._batches == 1:
            self._count(media, frames)
            return
        if len(self._counting) > WAITING:
            self._counting.popleft().result()
        self._counting.append(self._own_thread().submit(self._count, media, frames))

    def _own_thread(self) -> "ThreadPoolExecutor":
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - most have one batch

        self._thread = self._thread or ThreadPoolExecutor(1)
        return self._thread

    def _count(self, media: MediaTable, frames: FrameTable) -> None:
        self._streams.count(media, frames)
        self._reports.count(self._data, media, frames)

    def end(self, capture: int, anomalies: AnomalyLog, coverage: Coverage) -> Rtp:
        """Return the tables; say where a limit was hit."""
        for each in self._counting:
            each.result()
        if self._thread:
            self._thread.shutdown()
        refused = self._streams.refused
        if refused:
            frames = [(capture, self._streams.refused_frame)]
            anomalies.add("too-many-streams", frames, count=refused)
            coverage.limits_hit[LIMIT] = coverage.limits_hit.get(LIMIT, 0) + refused
        streams, payloads = self._streams.tables(capture)
        return Rtp(streams, payloads, self._reports.table(capture))
