"""RTCP packets → what sender and receiver reports say of each source (RFC 3550 §6.4).

They are few: one for some hundred packets of RTP. A report that is encrypted (SRTCP, RFC 3711 §3.4)
shows only its first eight bytes; what is read behind them means nothing then, and who shows it has
to know from SDP.
"""

from collections.abc import Iterator

from analyzer.decode.parts import MediaTable
from analyzer.rtp.streams import FIRST_RTCP, KEY, Flow
from analyzer.settings import Settings
from analyzer.tables.frames import FrameTable
from analyzer.tables.rtp import RtcpTable

SENDER_REPORT, RECEIVER_REPORT = 200, 201
_BLOCK = 24
_ECHOED = 4
"""Sender reports of a source that an echo may name."""
_LONGEST_ROUND_TRIP_NS = 60_000_000_000
_NS_PER_S = 1_000_000_000


class _Row:
    """Reports of one sender about one source."""

    def __init__(self, time_ns: int) -> None:
        self.first_ns = self.last_ns = time_ns
        self.counts = [0, 0]
        self.fraction_lost = self.jitter = self.most_jitter = self.round_trip_ns = -1
        self.lost = 0

    def row(self) -> tuple[int, ...]:
        """Return the row from `first_ns` on."""
        return (
            self.first_ns, self.last_ns, *self.counts, self.fraction_lost, self.lost, self.jitter,
            self.most_jitter, self.round_trip_ns,
        )  # fmt: skip  # read side by side


class Reports:
    """Counts the reports of one capture."""

    def __init__(self, settings: Settings) -> None:
        """Start without reports."""
        self._limit = settings.max_rtp_streams
        self._rows: dict[tuple[Flow, int, int], _Row] = {}
        self._sent: dict[tuple[Flow, int], list[tuple[int, int]]] = {}
        """Sender reports that may be echoed: the middle of their NTP time, and when they passed."""

    def count(self, data: memoryview, media: MediaTable, frames: FrameTable) -> None:
        """Count the RTCP packets of a batch of frames."""
        is_rtcp = media.payload_type >= FIRST_RTCP
        if not is_rtcp.any():
            return
        chosen = media.take(is_rtcp)
        flows = zip(*(getattr(chosen, name).tolist() for name in KEY), strict=True)
        places = zip(chosen.pos.tolist(), chosen.length.tolist(), strict=True)
        times = frames.time_ns[chosen.frame_row].tolist()
        for flow, (pos, length), at_ns in zip(flows, places, times, strict=True):
            for kind, packet in _packets(bytes(data[pos : pos + length])):
                self._take(flow, kind, packet, at_ns)

    def _take(self, flow: Flow, kind: int, packet: bytes, time_ns: int) -> None:
        sender = _word(packet, 4)
        if kind == SENDER_REPORT and len(packet) >= 28:
            sent = self._sent.setdefault((flow, sender), [])
            sent.append((int.from_bytes(packet[10:14]), time_ns))
            del sent[:-_ECHOED]
            if len(self._sent) > self._limit:
                self._sent.pop(next(iter(self._sent)))
        begin = 28 if kind == SENDER_REPORT else 8
        count = min(packet[0] & 31, max(0, len(packet) - begin) // _BLOCK)
        blocks = [packet[begin + _BLOCK * at :][:_BLOCK] for at in range(count)]
        for block in blocks or [b""]:
            about = _word(block, 0) if block else -1
            row = self._row(flow, sender, about, time_ns)
            if row is None:
                return
            row.last_ns = max(row.last_ns, time_ns)
            row.counts[kind - SENDER_REPORT] += 1
            if block:
                self._read(row, block, _turned(flow), time_ns)

    def _row(self, flow: Flow, sender: int, about: int, time_ns: int) -> _Row | None:
        key = (flow, sender, about)
        if key not in self._rows:
            if len(self._rows) >= self._limit:
                return None
            self._rows[key] = _Row(time_ns)
        return self._rows[key]

    def _read(self, row: _Row, block: bytes, back: Flow, time_ns: int) -> None:
        """Read a report block: fraction and number lost, jitter, echo and its delay."""
        row.fraction_lost = max(row.fraction_lost, block[4])
        row.lost = int.from_bytes(block[5:8], signed=True)
        row.jitter = _word(block, 12)
        row.most_jitter = max(row.most_jitter, row.jitter)
        echo, delay_ns = _word(block, 16), _word(block, 20) * _NS_PER_S >> 16
        for middle, sent_ns in self._sent.get((back, _word(block, 0)), ()):
            took_ns = time_ns - sent_ns - delay_ns
            if echo and middle == echo and 0 <= took_ns <= _LONGEST_ROUND_TRIP_NS:
                row.round_trip_ns = max(row.round_trip_ns, took_ns)

    def table(self, capture: int) -> RtcpTable:
        """Return what was counted."""
        return RtcpTable.from_rows(
            [
                (capture, *flow, sender, about, *row.row())
                for (flow, sender, about), row in self._rows.items()
            ]
        )


def _packets(payload: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the reports of a compound packet; what is cut or no RTCP ends it (RFC 3550 §6.1)."""
    at = 0
    while at + 8 <= len(payload) and payload[at] >> 6 == 2:
        size = 4 * (1 + int.from_bytes(payload[at + 2 : at + 4]))
        if payload[at + 1] in {SENDER_REPORT, RECEIVER_REPORT} and size >= 8:
            yield payload[at + 1], payload[at : at + size]
        at += size


def _word(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4])


def _turned(flow: Flow) -> Flow:
    """Return the other direction."""
    return (flow[0], *flow[4:7], *flow[1:4])
