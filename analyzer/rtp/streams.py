"""RTP packets, in the order of the capture → streams: packets, loss, order, jitter (RFC 3550 A).

Memory goes by streams, not by packets. `ReferenceStreams` says what is right; the compiled twin
`_streams.pyx` does the same, and a property holds both equal.
"""

import os
from collections.abc import Iterator

import numpy as np

from analyzer.decode.parts import MediaTable
from analyzer.settings import Settings
from analyzer.tables.frames import FrameTable
from analyzer.tables.rtp import GUESSED_RATES, RtpPayloadTable, RtpStreamTable
from analyzer.tables.schema import Int64
from analyzer.tables.vector import IntArray

try:
    from analyzer.rtp import _streams
except ImportError:  # no compiler where the package was installed
    COMPILED = False
else:
    COMPILED = True

STATIC_RATES = {
    0: 8_000, 3: 8_000, 4: 8_000, 5: 8_000, 6: 16_000, 7: 8_000, 8: 8_000, 9: 8_000, 10: 44_100,
    11: 44_100, 12: 8_000, 13: 8_000, 14: 90_000, 15: 8_000, 16: 11_025, 17: 22_050, 18: 8_000,
    25: 90_000, 26: 90_000, 28: 90_000, 31: 90_000, 32: 90_000, 33: 90_000, 34: 90_000,
}  # fmt: skip  # read side by side
"""Clock rates of the payload types that need no rtpmap (RFC 3551 tables 4 and 5)."""
FIRST_RTCP = 128
"""Greater values of `payload_type` are RTCP's."""

MAX_DROPOUT = 3_000
"""RFC 3550 A.1: numbers that may be missing before it counts as a jump."""
MAX_MISORDER = 100
"""RFC 3550 A.1: how far a packet may come late."""
WINDOW = 64
"""Latest sequence numbers of which it is known which ones came."""
FEW_SOURCES = 8
"""Sources of one pair of endpoints beyond which one with a single packet gives its place up: what
only looks like RTP has another SSRC in every packet.
"""
MOST_SOURCES = 64
"""Sources of one pair of endpoints that are told apart at a time."""
LONGEST_DIFFERENCE_S = 5
"""A greater difference of transit times is a clock that was set anew, and no jitter."""

KEY = (
    "version", "source_high", "source_low", "source_port",
    "destination_high", "destination_low", "destination_port",
)  # fmt: skip  # read side by side
Flow = tuple[int, ...]
"""The values of KEY."""


def rate_table() -> Int64:
    """Return the clock rate of each static payload type, 0 for all others."""
    rates = np.zeros(FIRST_RTCP, np.int64)
    rates[list(STATIC_RATES)] = list(STATIC_RATES.values())
    return rates


class _Payload:
    """What came of one payload type."""

    __slots__ = ("differences", "last", "last_ns", "most", "packets", "rates", "timestamp", "total")

    def __init__(self, payload_type: int) -> None:
        known = STATIC_RATES.get(payload_type)
        self.rates = GUESSED_RATES if known is None else (known,)
        self.packets = self.differences = 0
        self.last_ns = self.timestamp = 0
        self.last, self.most, self.total = [0.0] * 4, [0.0] * 4, [0.0] * 4

    def take(self, time_ns: int, timestamp: int) -> None:
        """Bring the estimates up to date (RFC 3550 A.8)."""
        steps = ((timestamp - self.timestamp + 0x80000000) & 0xFFFFFFFF) - 0x80000000
        passed_s = (time_ns - self.last_ns) * 1e-9
        self.last_ns, self.timestamp = time_ns, timestamp
        self.packets += 1
        if self.packets == 1:
            return
        self.differences += 1
        for at, rate in enumerate(self.rates):
            difference = abs(passed_s * rate - steps)
            if difference <= LONGEST_DIFFERENCE_S * rate:
                self.last[at] += (difference - self.last[at]) / 16
                self.most[at] = max(self.most[at], self.last[at])
            self.total[at] += self.last[at]


class _Stream:
    """What came from one source."""

    def __init__(self, flow: Flow, ssrc: int, frame: int, time_ns: int, sequence: int) -> None:
        self.flow, self.ssrc, self.frame = flow, ssrc, frame
        self.first_ns = self.last_ns = time_ns
        self.packets = self.octets = self.duplicates = self.reordered = self.jumps = 0
        self.lowest = self.highest = sequence
        self.window = 0
        """Bit n: the number that is n below the highest came."""
        self.restart = -1
        """The sequence number that would go on after a jump."""
        self.gap_ns = 0
        self.payloads: dict[int, _Payload] = {}

    def is_over(self, time_ns: int, sequence: int, gap_ns: int) -> bool:
        """Tell whether a packet is the first of another stretch."""
        return time_ns - self.last_ns > gap_ns or sequence == self.restart

    def take(self, packet: tuple[int, ...]) -> None:
        """Count a packet."""
        time_ns, octets, payload_type, sequence, timestamp = packet
        self.packets += 1
        self.octets += octets
        self.gap_ns = max(self.gap_ns, time_ns - self.last_ns)
        self.last_ns = max(self.last_ns, time_ns)
        if self._place(sequence):
            if payload_type not in self.payloads:
                self.payloads[payload_type] = _Payload(payload_type)
            self.payloads[payload_type].take(time_ns, timestamp)

    def _place(self, sequence: int) -> bool:
        """Put a packet into its place in the sequence; False when it is a duplicate, or far out."""
        ahead = (sequence - self.highest) & 0xFFFF
        behind = 0x10000 - ahead if ahead else 0
        if self.window and ahead >= MAX_DROPOUT and behind > MAX_MISORDER:
            self.jumps += 1
            self.restart = (sequence + 1) & 0xFFFF
            return False
        self.restart = -1
        if ahead < MAX_DROPOUT and (ahead or not self.window):
            self.highest += ahead
            self.window = (self.window << ahead | 1) & ((1 << WINDOW) - 1)
            return True
        if behind < WINDOW and self.window >> behind & 1:
            self.duplicates += 1
            return False
        self.window |= (1 << behind) & ((1 << WINDOW) - 1)
        self.reordered += 1
        self.lowest = min(self.lowest, self.highest - behind)
        return True

    def row(self) -> tuple[int, ...]:
        """Return the row but for the capture."""
        return (
            *self.flow, self.ssrc, self.frame, self.first_ns, self.last_ns, self.packets,
            self.octets, self.lowest, self.highest, self.duplicates, self.reordered, self.jumps,
            self.gap_ns,
        )  # fmt: skip  # read side by side


class ReferenceStreams:
    """The twin in Python: packet by packet."""

    def __init__(self, gap_ns: int, limit: int) -> None:
        """Start without streams."""
        self._gap_ns, self._limit = gap_ns, limit
        self._streams: list[_Stream] = []
        self._flows: dict[Flow, list[int]] = {}
        """Rows of the sources that are told apart, the newest first."""
        self.refused, self.refused_frame = 0, -1
        """Packets beyond the limit, and the frame of the first of them."""

    def count(self, media: MediaTable, frames: FrameTable) -> None:
        """Count the RTP packets of a batch of frames."""
        frame, time_ns = frames.number[media.frame_row], frames.time_ns[media.frame_row]
        names = ("wire_length", "payload_type", "sequence", "timestamp")
        packets = zip(time_ns.tolist(), *(getattr(media, n).tolist() for n in names), strict=True)
        flows = zip(*(getattr(media, name).tolist() for name in KEY), strict=True)
        each = zip(flows, media.ssrc.tolist(), frame.tolist(), packets, strict=True)
        for flow, ssrc, number, packet in each:
            if packet[2] < FIRST_RTCP:
                row = self._row(flow, ssrc, number, packet)
                if row >= 0:
                    self._streams[row].take(packet)

    def _row(self, flow: Flow, ssrc: int, frame: int, packet: tuple[int, ...]) -> int:
        """Return the stream that a packet belongs to, -1 where there may be no more."""
        rows = self._flows.setdefault(flow, [])
        at = next((at for at, row in enumerate(rows) if self._streams[row].ssrc == ssrc), None)
        if at is not None and not self._streams[rows[at]].is_over(
            packet[0], packet[3], self._gap_ns
        ):
            return rows[at]
        stream = _Stream(flow, ssrc, frame, packet[0], packet[3])
        if at is None and len(rows) >= FEW_SOURCES:
            for row in reversed(rows):
                if self._streams[row].packets == 1:
                    self._streams[row] = stream
                    return row
        if len(self._streams) >= self._limit:
            self.refused += 1
            self.refused_frame = frame if self.refused == 1 else self.refused_frame
            return -1
        self._streams.append(stream)
        if at is not None:
            rows[at] = len(self._streams) - 1
        else:
            rows.insert(0, len(self._streams) - 1)
            del rows[MOST_SOURCES:]
        return len(self._streams) - 1

    def tables(self, capture: int) -> tuple[RtpStreamTable, RtpPayloadTable]:
        """Return what was counted."""
        streams = RtpStreamTable.from_rows([(capture, *each.row()) for each in self._streams])
        payloads = list(self._payloads())
        columns = zip(*payloads, strict=True) if payloads else [()] * len(RtpPayloadTable.columns)
        pairs = zip(RtpPayloadTable.columns, columns, strict=True)
        return streams, RtpPayloadTable(
            **{each.name: np.array(values, each.dtype) for each, values in pairs}
        )

    def _payloads(self) -> Iterator[tuple[float, ...]]:
        for row, stream in enumerate(self._streams):
            for payload_type, each in stream.payloads.items():
                counts = (row, payload_type, each.packets, each.differences)
                yield (*counts, *each.last, *each.most, *each.total)


class CompiledStreams:
    """The compiled twin."""

    def __init__(self, gap_ns: int, limit: int) -> None:
        """Start without streams; the seed keeps collisions from being prepared."""
        seed = int.from_bytes(os.urandom(8))
        self._table = _streams.StreamTable(seed, gap_ns, limit, rate_table())

    def count(self, media: MediaTable, frames: FrameTable) -> None:
        """Count the RTP packets of a batch of frames."""
        names = (*KEY, "ssrc", "wire_length", "payload_type", "sequence", "timestamp", "frame_row")
        columns = tuple(getattr(media, name) for name in names)
        self._table.count(columns, frames.time_ns, frames.number)

    @property
    def refused(self) -> int:
        """Return the packets beyond the limit."""
        return int(self._table.refused)

    @property
    def refused_frame(self) -> int:
        """Return the frame of the first of them, -1 for none."""
        return int(self._table.refused_frame)

    def tables(self, capture: int) -> tuple[RtpStreamTable, RtpPayloadTable]:
        """Return what was counted."""
        counts = self._table.sizes()
        streams, payloads = RtpStreamTable.zeros(counts[0]), RtpPayloadTable.zeros(counts[1])
        streams = streams.replace(capture=np.full(counts[0], capture, np.int32))
        self._table.fill(_columns(streams)[1:], _columns(payloads))
        return streams, payloads


def _columns(table: RtpStreamTable | RtpPayloadTable) -> tuple[IntArray, ...]:
    return tuple(getattr(table, each.name) for each in table.columns)


Streams = CompiledStreams | ReferenceStreams


def new_streams(settings: Settings, *, compiled: bool = COMPILED) -> Streams:
    """Return a counter without streams."""
    kind = CompiledStreams if compiled and COMPILED else ReferenceStreams
    return kind(settings.rtp_gap_ms * 1_000_000, settings.max_rtp_streams)
