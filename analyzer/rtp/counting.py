"""The media packets of one capture, batch by batch → its tables of RTP and RTCP."""

from analyzer.decode.parts import MediaTable
from analyzer.rtp.reports import Reports
from analyzer.rtp.streams import new_streams
from analyzer.settings import Settings
from analyzer.tables.anomalies import AnomalyLog, Coverage
from analyzer.tables.frames import FrameTable
from analyzer.tables.rtp import Rtp

LIMIT = "max_rtp_streams"


class MediaCount:
    """Counts what the batches of a capture hold, in their order."""

    def __init__(self, data: memoryview, settings: Settings, *, compiled: bool) -> None:
        """Start with nothing counted."""
        self._data = data
        self._streams = new_streams(settings, compiled=compiled)
        self._reports = Reports(settings)

    def add(self, media: MediaTable, frames: FrameTable) -> None:
        """Count the media of a batch of frames."""
        if len(media):
            self._streams.count(media, frames)
            self._reports.count(self._data, media, frames)

    def end(self, capture: int, anomalies: AnomalyLog, coverage: Coverage) -> Rtp:
        """Return the tables; say where a limit was hit."""
        refused = self._streams.refused
        if refused:
            frames = [(capture, self._streams.refused_frame)]
            anomalies.add("too-many-streams", frames, count=refused)
            coverage.limits_hit[LIMIT] = coverage.limits_hit.get(LIMIT, 0) + refused
        streams, payloads = self._streams.tables(capture)
        return Rtp(streams, payloads, self._reports.table(capture))
