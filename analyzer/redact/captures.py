"""A capture → one without names, frame for frame: same numbers, same times.

It is written to a temporary file without a name, and read from there like any other: what the
original said can reach no output, because nothing else is read.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import BinaryIO

from analyzer.capture.mapped import Capture
from analyzer.capture.pcapng import FORMAT
from analyzer.capture.pcapng_writer import PcapngWriter
from analyzer.capture.stored import Stored, map_file
from analyzer.decode.datagrams import trace_frames
from analyzer.errors import UsageError
from analyzer.redact.carriage import Carriage
from analyzer.redact.frames import Frames, Header, headers_of
from analyzer.redact.messages import Messages
from analyzer.redact.names import Names
from analyzer.settings import Settings
from analyzer.tables.anomalies import AnomalyLog
from analyzer.tables.frames import FrameTable

_BATCH = 8_192
"""Frames decoded at a time: the decoders alone need room for each."""
_FRAMES_NAMED = 10
Progress = Callable[[int], None]


class RedactedCapture(Capture):
    """A capture without names, which still says what was strange about the file it comes from."""

    def __init__(self, original: Capture, stored: Stored, name: str) -> None:
        """Take over the stored bytes; the original must have been gone through."""
        self._file_anomalies = original.anomalies
        self._whole = original.info.complete
        self._ended_ns = original.info.ended_ns
        super().__init__(name, stored, original.info.format, FORMAT.open)
        self.info.compression = original.info.compression
        self.info.bytes = original.info.bytes
        self.limits_hit = dict(original.limits_hit)

    def frames(self, index: int, batch: int) -> Iterator[FrameTable]:
        """Go through the frames; what the original says of its end still holds."""
        yield from super().frames(index, batch)
        self.info.ended_ns = self._ended_ns

    def _start(self) -> None:
        super()._start()
        self.anomalies = AnomalyLog()
        self.anomalies.update(self._file_anomalies)
        self.info.complete = self._whole


def redact_captures(
    captures: Sequence[Capture], settings: Settings, opened: ExitStack, progress: Progress | None
) -> list[Capture]:
    """Return captures without names, whose files `opened` closes, and close the originals."""
    redaction = settings.redaction
    assert redaction is not None  # noqa: S101 - only then is anything to be done
    if settings.keylog is not None or settings.decoder != "native":
        raise UsageError(
            "--redact reads no TLS and lets no other program read: leave --keylog and --decoder out"
        )
    names = Names(redaction.key, redaction.keep)
    found: list[Capture] = []
    for index, capture in enumerate(captures):
        made = redact_capture(capture, index, names, progress)
        opened.callback(made.close)
        capture.close()
        found.append(made)
    return found


def redact_capture(
    capture: Capture, index: int, names: Names, progress: Progress | None = None
) -> RedactedCapture:
    """Return a capture without names, number `index` of the analysis; the original stays open.

    Its file name is a name too: what is returned is called by its number.
    """
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - what is returned keeps it
    try:
        messages = Messages(names)
        carriage = Carriage(capture, messages, Settings())
        carriage.gather(index)
        _Writing(capture, index, Frames(messages, carriage)).write(spool, progress)
        spool.flush()
        stored = map_file(spool, spool.tell())
    except BaseException:
        spool.close()
        raise
    if capture.secrets:
        capture.anomalies.add("keys-removed", [], count=len(capture.secrets))
    return RedactedCapture(capture, stored, f"capture-{index + 1}.{capture.info.format}")


class _Writing:
    """Writes the frames of a capture without names."""

    def __init__(self, capture: Capture, index: int, redactor: Frames) -> None:
        self._capture = capture
        self._index = index
        self._redactor = redactor
        self._following = 1

    def write(self, spool: BinaryIO, progress: Progress | None) -> None:
        """Write all frames."""
        writer, capture, settings = PcapngWriter(spool), self._capture, Settings()
        lost: list[int] = []
        seen = 0
        for frames in capture.frames(self._index, _BATCH):
            decoded, steps = trace_frames(capture.data, frames, settings)
            verdicts = decoded.verdicts.tolist()
            for row, headers in enumerate(headers_of(frames, steps)):
                lost += self._write_frame(writer, frames, row, (headers, verdicts[row]))
            end = int(frames.pos[-1]) + int(frames.captured[-1])
            if progress:
                progress(end - seen)
            seen = end
        if progress:
            progress(len(capture.data) - seen)
        if lost:
            named = [(self._index, number) for number in lost[:_FRAMES_NAMED]]
            capture.anomalies.add("content-removed", named, count=len(lost))

    def _write_frame(
        self, writer: PcapngWriter, frames: FrameTable, row: int, decoded: tuple[list[Header], int]
    ) -> list[int]:
        """Write a frame; return its number where it lost what it held."""
        number = int(frames.number[row])
        for _ in range(number - self._following):
            # A record that is no packet has a number too.
            writer.write_custom_block()
        self._following = number + 1
        pos, captured = int(frames.pos[row]), int(frames.captured[row])
        frame = bytes(self._capture.data[pos : pos + captured])
        made = self._redactor.redact(frame, *decoded, number)
        writer.write_frame(
            made.data,
            int(frames.time_ns[row]),
            max(int(frames.original[row]) + made.growth, len(made.data)),
            int(frames.link_type[row]),
        )
        return [number] if made.is_lost else []
