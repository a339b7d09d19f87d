"""Segments of TCP connections with SIP → their payloads and sequence numbers without names.

What a connection carries is put together, redacted as a whole, and cut again where the old cuts
come to lie; so streams stay whole although messages become longer or shorter. Numbers of bytes
that the other side acknowledges follow.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from analyzer.decode.parts import SegmentTable
from analyzer.decode.transport.tcp import TcpFlag
from analyzer.frozen import frozen
from analyzer.redact.edits import Edited
from analyzer.redact.messages import Messages
from analyzer.redact.packet import CannotRedactError
from analyzer.redact.stream_texts import texts_of
from analyzer.settings import Settings
from analyzer.sip.flows import Ends, ends_of, turned
from analyzer.sip.pieces import distance
from analyzer.sip.stream_start import Start, read_starts
from analyzer.tables.schema import Int64

_FOLLOWED = (
    Start.SIP,
    Start.WEBSOCKET_HANDSHAKE,
    Start.WEBSOCKET_FRAME,
    Start.HEP,
    Start.TLS,
)


@frozen
class Segment:
    """One segment."""

    frame: int
    sequence: int
    flags: int
    pos: int
    length: int
    wire_length: int
    start: int


@dataclass(slots=True)
class _Stretch:
    """Bytes without a gap: where they begin, old and new."""

    old: int
    new: int
    edited: Edited
    length: int


@dataclass(slots=True)
class Stream:
    """One direction from its opening to the next, or to a jump of its numbers."""

    first_frame: int
    base: int
    """Sequence number of place 0."""
    is_opened: bool = False
    """Whether its opening was captured."""
    segments: list[tuple[int, Segment]] = field(default_factory=list)
    """Places with what stands there."""
    following: int = 0
    stretches: list[_Stretch] = field(default_factory=list)

    def place_of(self, sequence: int) -> int:
        """Return the place that a sequence number means: the nearest to what comes next."""
        expected = (self.base + self.following) & 0xFFFFFFFF
        return self.following + distance(sequence, expected)

    def moved(self, place: int) -> int:
        """Return where a place is after redaction."""
        at = bisect_right(self.stretches, place, key=lambda each: each.old) - 1
        if at < 0:
            return place
        each = self.stretches[at]
        if place <= each.old + each.length:
            return each.new + each.edited.place(place - each.old)
        return each.new + len(each.edited.data) + place - each.old - each.length

    def payload(self, place: int, length: int) -> bytes:
        """Return the new bytes of a segment."""
        at = bisect_right(self.stretches, place, key=lambda each: each.old) - 1
        each = self.stretches[max(at, 0)] if self.stretches else None
        if each is None or not each.old <= place <= place + length <= each.old + each.length:
            raise CannotRedactError
        start = each.edited.place(place - each.old)
        return each.edited.data[start : each.edited.place(place - each.old + length)]


class TcpStreams:
    """The connections with SIP of one capture."""

    def __init__(self, data: memoryview, messages: Messages, settings: Settings) -> None:
        """Start without segments."""
        self._data = data
        self._messages = messages
        self._settings = settings
        self._segments: dict[Ends, list[Segment]] = defaultdict(list)
        self._kinds: dict[Ends, Start] = {}
        self._streams: dict[Ends, list[Stream]] = {}

    def add(self, segments: SegmentTable, numbers: Int64) -> None:
        """Take the segments of a batch, with the number of the frame of each row."""
        if not len(segments):
            return
        starts = read_starts(self._data, segments, self._settings).start
        columns = (
            numbers[segments.frame_row],
            segments.sequence,
            segments.flags,
            segments.pos,
            segments.length,
            segments.wire_length,
            np.asarray(starts),
        )
        rows = zip(*(column.tolist() for column in columns), strict=True)
        for ends, row in zip(ends_of(segments), rows, strict=True):
            segment = Segment(*row)
            self._segments[ends].append(segment)
            if segment.start in _FOLLOWED and ends not in self._kinds:
                kind = Start(segment.start)
                self._kinds[ends] = self._kinds[turned(ends)] = kind

    def finish(self) -> None:
        """Redact what the connections carried, and forget all others."""
        for ends, kind in self._kinds.items():
            streams = list(self._split(sorted(self._segments[ends], key=lambda each: each.frame)))
            for stream in streams:
                self._redact(stream, kind)
            self._streams[ends] = streams
        self._segments.clear()

    def stream_at(self, ends: Ends, frame: int) -> Stream | None:
        """Return the stream of a direction that a frame belongs to, None without SIP."""
        streams = self._streams.get(ends)
        if not streams:
            return None
        at = bisect_right(streams, frame, key=lambda each: each.first_frame) - 1
        return streams[max(at, 0)]

    def _split(self, segments: list[Segment]) -> Iterator[Stream]:
        """Yield the streams that the segments of one direction are."""
        stream: Stream | None = None
        for each in segments:
            is_opening = bool(each.flags & TcpFlag.SYN)
            start = (each.sequence + is_opening) & 0xFFFFFFFF
            if stream is not None:
                place = stream.place_of(start)
                is_new = is_opening and place not in {0, stream.following}
                jump = abs(place - stream.following) > self._settings.max_sequence_jump
                if is_new or jump:
                    yield stream
                    stream = None
            if stream is None:
                stream = Stream(each.frame, start, is_opening)
                place = 0
            if each.length:
                stream.segments.append((place, each))
            stream.following = max(stream.following, place + each.wire_length)
        if stream is not None:
            yield stream

    def _redact(self, stream: Stream, kind: Start) -> None:
        """Fill the stretches of a stream."""
        texts, end, shift = None, 0, 0
        for old, data, is_start in self._gathered(stream):
            if texts is None:
                texts = texts_of(kind, self._messages, lost=not (is_start or stream.is_opened))
            edited = Edited(data, texts.take(data, old - end if stream.stretches else 0))
            stream.stretches.append(_Stretch(old, old + shift, edited, len(data)))
            shift += len(edited.data) - len(data)
            end = old + len(data)

    def _gathered(self, stream: Stream) -> Iterator[tuple[int, bytes, bool]]:
        """Yield the bytes between gaps with their place, the first copy of each, and whether they
        begin as something that is followed.
        """
        pieces: list[tuple[int, Segment]] = []
        reach = 0
        for place, segment in sorted(stream.segments, key=lambda each: each[0]):
            if pieces and place > reach:
                yield self._joined(pieces, reach)
                pieces = []
            reach = max(reach, place + segment.length) if pieces else place + segment.length
            pieces.append((place, segment))
        if pieces:
            yield self._joined(pieces, reach)

    def _joined(self, pieces: list[tuple[int, Segment]], end: int) -> tuple[int, bytes, bool]:
        start, first = pieces[0]
        joined = bytearray(end - start)
        # The first copy counts: it is written last.
        for place, each in sorted(pieces, key=lambda it: it[1].frame, reverse=True):
            at = place - start
            joined[at : at + each.length] = self._data[each.pos : each.pos + each.length]
        return start, bytes(joined), first.start != Start.NONE
