"""Messages and calls → all packets that belong to them, capture by capture."""

from collections.abc import Iterator

import numpy as np

from analyzer.capture.frame_reader import MAX_TIME_NS, FrameReader
from analyzer.capture.mapped import Capture
from analyzer.decode.datagrams import decode_frames
from analyzer.decode.parts import FragmentTable
from analyzer.decode.verdicts import OTHER
from analyzer.extract.boundaries import frames_from_the_beginning, needed_frames
from analyzer.extract.choice import Chosen
from analyzer.extract.connections import CandidateTable, Connections, connections_of
from analyzer.extract.icmp import Errors
from analyzer.extract.keys import key_columns
from analyzer.extract.windows import MediaWindows
from analyzer.frozen import frozen, replace
from analyzer.settings import Settings
from analyzer.tables.frames import FrameTable
from analyzer.tables.schema import Int64, UInt64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import distinct, find_keys, is_in

_PACKET = ("version", "source_high", "source_low", "destination_high", "destination_low",
           "identification")  # fmt: skip  # read side by side
"""What the fragments of a packet have in common."""


@frozen
class Packets:
    """The packets of one capture, in its order."""

    capture: Capture
    reader: FrameReader
    """What has read them; it knows how they stand in the file."""
    frames: FrameTable
    encrypted: Int64
    """Numbers of the frames of connections that are encrypted."""


def find_packets(trace: Trace, chosen: Chosen, settings: Settings) -> list[Packets]:
    """Return the packets of messages, and of the media of calls when settings ask for media."""
    needed = needed_frames(trace, chosen.messages)
    entire = frames_from_the_beginning(trace, chosen.messages)
    nothing = np.zeros(0, np.int64)
    media = MediaWindows(trace, chosen.calls) if settings.media else None
    errors = Errors(trace, chosen, media)
    found = []
    for index, capture in enumerate(trace.opened):
        search = _Search(capture, settings, media, errors)
        found.append(search.find(needed.get(index, nothing), entire.get(index, nothing)))
    return found


class _Search:
    """Goes through one capture once more."""

    def __init__(
        self, capture: Capture, settings: Settings, media: MediaWindows | None, errors: Errors
    ) -> None:
        self._capture = capture
        self._media = media if media and len(media) else None
        self._settings = replace(settings, media=self._media is not None)
        self._errors = errors
        self._data = capture.data

    def find(self, needed: Int64, entire: Int64) -> Packets:
        """Return the packets to which needed frames belong, those of `entire` with all that came
        before them on their connections; and the media.
        """
        _, frames = self._take(needed)
        decoded = decode_frames(self._data, frames, replace(self._settings, media=False))
        segments, fragments = decoded.segments, decoded.fragments
        is_entire = is_in(frames.number[segments.frame_row], entire)
        connections = connections_of(segments, is_entire)
        cut = _Fragmented(fragments, frames)
        numbers = [needed]
        encrypted = entire
        if self._media or len(self._errors) or len(segments) or len(fragments):
            more, candidates = self._belonging(connections, cut)
            numbers += [more, connections.belonging(candidates, needed)]
            encrypted = candidates.frame[
                find_keys(connections.from_the_beginning, candidates.connection) >= 0
            ]
        reader, frames = self._take(distinct(np.concatenate(numbers)))
        return Packets(self._capture, reader, frames, encrypted)

    def _belonging(
        self, connections: Connections, cut: "_Fragmented"
    ) -> tuple[Int64, CandidateTable]:
        """Return the numbers of errors, media and fragments, and segments to choose from."""
        numbers, candidates = [np.zeros(0, np.int64)], []
        for frames in self._batches(self._capture.reader()):
            decoded = decode_frames(self._data, frames, self._settings)
            if len(self._errors):
                others = frames.take(decoded.verdicts == OTHER)
                numbers.append(self._errors.frames(self._data, others))
            if self._media and len(decoded.media):
                rows = decoded.media.frame_row
                rows = rows[self._media.hold(decoded.media, frames.time_ns[rows])]
                numbers.append(frames.number[rows])
            if len(decoded.fragments) and len(cut):
                numbers.append(cut.others(decoded.fragments, frames, self._settings))
            if len(decoded.segments) and len(connections.keys):
                candidates.append(connections.candidates(decoded.segments, frames.number))
        return np.concatenate(numbers), CandidateTable.concatenate(candidates)

    def _take(self, numbers: Int64) -> tuple[FrameReader, FrameTable]:
        """Return frames by their numbers, which are ascending, and what has read them."""
        reader, parts = self._capture.reader(), []
        for frames in self._batches(reader):
            ends = (frames.number[0], frames.number[-1] + 1)
            first, last = np.searchsorted(numbers, ends).tolist()
            if first < last:
                parts.append(frames.take(is_in(frames.number, numbers[first:last])))
        return reader, FrameTable.concatenate(parts)

    def _batches(self, reader: FrameReader) -> Iterator[FrameTable]:
        while not reader.finished:
            frames = reader.read(self._capture.size_now(), self._settings.batch_frames)
            if len(frames):
                time_ns = frames.time_ns - self._capture.info.ahead_ns
                yield frames.replace(time_ns=np.clip(time_ns, 0, MAX_TIME_NS))


class _Fragmented:
    """Packets in fragments of which some are needed."""

    def __init__(self, fragments: FragmentTable, frames: FrameTable) -> None:
        keys, times = _packet_keys(fragments), frames.time_ns[fragments.frame_row]
        order = np.lexsort((times, keys))
        self._keys, self._times = keys[order], times[order]

    def __len__(self) -> int:
        """Count the fragments."""
        return len(self._keys)

    def others(self, fragments: FragmentTable, frames: FrameTable, settings: Settings) -> Int64:
        """Return the numbers of the frames with fragments of the same packets."""
        keys, rows = _packet_keys(fragments), fragments.frame_row
        at = find_keys(self._keys, keys)
        timeout_ns = settings.fragment_timeout_ms * 1_000_000
        first = self._times[np.maximum(at, 0)]
        last = self._times[np.searchsorted(self._keys, keys, "right") - 1]
        times = frames.time_ns[rows]
        is_near = (times >= first - timeout_ns) & (times <= last + timeout_ns)
        return frames.number[rows[(at >= 0) & is_near]]


def _packet_keys(fragments: FragmentTable) -> UInt64:
    protocol = np.where(fragments.version == 4, fragments.protocol, 0)
    return key_columns(fragments, *_PACKET, more=(protocol,))
