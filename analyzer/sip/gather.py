"""Batches of a capture → its message table, coverage and anomalies, in the order of the frames."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from analyzer.decode.cursor import DatagramTable
from analyzer.decode.explain import explain
from analyzer.decode.verdicts import FIRST_KIND, MEDIA, NOT_UNDERSTOOD, OTHER, SIP
from analyzer.frozen import frozen
from analyzer.sip.accounts import FRESH, Found
from analyzer.sip.headers import CompiledEndpointInterner
from analyzer.sip.message_growth import GrowingMessages
from analyzer.sip.message_rows import RowBatch, RowTable
from analyzer.sip.reassembly import Batch, Reassembly
from analyzer.sip.stream_start import whole_messages
from analyzer.tables.anomalies import FRAMES_KEPT, AnomalyLog, Coverage
from analyzer.tables.endpoints import EndpointInterner
from analyzer.tables.messages import MessageTable
from analyzer.tables.origins import OriginTable
from analyzer.tables.rtp import Rtp, no_rtp
from analyzer.tables.schema import Bool, Int32, Int64
from analyzer.tables.symbols import SymbolTable
from analyzer.tables.trace import MessageAnomalies

MAX_METHODS = 32_767
"""Symbols of methods have 16 bits; further methods count as unreadable."""
LIMITS = {
    "too-many-layers": "max_layers",
    "too-many-headers": "max_headers",
    "head-too-long": "max_head_bytes",
}
"""Kind of anomaly → the limit of `settings` behind it."""


@dataclass(slots=True)
class Scanned:
    """What one capture holds."""

    messages: MessageTable
    coverage: Coverage = field(default_factory=Coverage)
    anomalies: AnomalyLog = field(default_factory=AnomalyLog)
    message_anomalies: MessageAnomalies = field(default_factory=MessageAnomalies)
    rtp: Rtp = field(default_factory=no_rtp)
    origins: OriginTable = field(default_factory=lambda: OriginTable.zeros(0))


@frozen
class Part:
    """Messages that came alike: parallel columns, by the frames that complete them."""

    rows: RowTable
    ends: DatagramTable
    frame: Int64
    time_ns: Int64
    source: Int64
    transport: Int64
    anomalies: Sequence[tuple[int, str, str]]
    """Row, kind of anomaly, detail; by row."""

    def __len__(self) -> int:
        """Count the messages."""
        return len(self.rows)


class Gather:
    """Puts batches together in the order of the capture."""

    def __init__(
        self,
        scanned: Scanned,
        index: int,
        endpoints: EndpointInterner | CompiledEndpointInterner,
        methods: SymbolTable,
    ) -> None:
        """Fill `scanned`, of the capture that is number `index` of the analysis."""
        self._messages = GrowingMessages()
        self._scanned = scanned
        self._index = index
        self._endpoints = endpoints
        self._methods = methods
        self._done = 1.0
        self.stated_last_ns = -1
        """Latest capture time that an encapsulation states; -1 when none does."""

    def add(self, batch: Batch, reassembly: Reassembly, done: float) -> None:
        """Add the messages of a batch and count its frames; `done` is the part of the capture that
        is read with it.
        """
        self._done = done
        is_message = batch.read.rows.state == 1
        if not is_message.all():
            no_message = batch.decoded.datagrams.frame_row[~is_message]
            batch.decoded.verdicts[no_message] = OTHER
        self._count(batch)
        parts = [self._datagrams(batch, is_message)]
        accepted = reassembly.take(batch)
        if accepted is not None:
            parts.append(self._whole_messages(batch, accepted))
        parts.extend(self._found(reassembly))
        self._add_messages(_merged(parts))

    def end(self, reassembly: Reassembly) -> None:
        """Add what was found last, and fill the message table."""
        reassembly.end()
        self.stated_last_ns = max(self.stated_last_ns, reassembly.accounts.stated_last_ns)
        self._add_messages(_merged(self._found(reassembly)))
        if reassembly.accounts.origins is not None:
            self._scanned.origins = reassembly.accounts.origins.table()
        self._finish()

    def _finish(self) -> None:
        """Bring messages that were completed late to their place."""
        messages, noted = self._messages.table(), self._scanned.message_anomalies
        if (np.diff(messages.frame) < 0).any():
            order = np.argsort(messages.frame, kind="stable")
            place = np.empty(len(order), np.int64)
            place[order] = np.arange(len(order))
            messages = messages.take(order)
            rows = place[noted.message_rows].tolist() if noted.message_rows else []
            pairs = sorted(zip(rows, noted.kinds, strict=True))
            noted.message_rows = [row for row, _ in pairs]
            noted.kinds = [kind for _, kind in pairs]
        self._scanned.messages = messages

    def _datagrams(self, batch: Batch, is_message: Bool) -> Part:
        """Return the messages of datagrams."""
        return self._part(batch, batch.read, batch.decoded.datagrams, is_message)

    def _whole_messages(self, batch: Batch, accepted: Bool) -> Part:
        """Return the messages of segments that hold whole ones, where they are the next."""
        datagrams = whole_messages(batch.decoded.segments, batch.starts)
        is_next = accepted[batch.starts.row] & (batch.starts.count[batch.starts.row] > 0)
        return self._part(batch, batch.whole, datagrams, is_next)

    def _part(
        self,
        batch: Batch,
        read: RowBatch,
        ends: DatagramTable,
        wanted: Bool,
    ) -> Part:
        rows, anomalies = self._named(read, wanted), read.anomalies
        if not wanted.all():
            rows, ends = rows.take(wanted), ends.take(wanted)
            place = np.cumsum(wanted) - 1
            anomalies = [
                (int(place[row]), kind, detail) for row, kind, detail in anomalies if wanted[row]
            ]
        size = len(rows)
        if size:
            self.stated_last_ns = max(self.stated_last_ns, int(ends.time_ns.max()))
        return Part(
            rows,
            ends,
            batch.frames.number[ends.frame_row],
            np.where(ends.time_ns < 0, batch.frames.time_ns[ends.frame_row], ends.time_ns),
            np.full(size, self._index),
            ends.transport.astype(np.int64),
            anomalies,
        )

    def _found(self, reassembly: Reassembly) -> list[Part]:
        """Return the messages that were put together, or looked at with care."""
        accounts, read = reassembly.accounts, reassembly.read
        found, fresh = accounts.found, accounts.fresh
        accounts.found, accounts.fresh = [], bytearray()
        base = accounts.arena.append(fresh) if fresh else 0
        parts = []
        for is_fresh in (False, True):
            chosen = [each for each in found if (each.source == FRESH) is is_fresh]
            if not chosen:
                continue
            ends = _datagrams_of(chosen)
            batch = read(memoryview(fresh) if is_fresh else accounts.data, ends)
            self._named(batch, batch.rows.state == 1)
            batch.rows.pos += base if is_fresh else 0
            if is_fresh and accounts.origins is not None:
                for each in chosen:
                    if each.joined is not None:
                        accounts.origins.add(base + each.pos, each.joined)
            carriage = [
                (row, *anomaly) for row, each in enumerate(chosen) for anomaly in each.anomalies
            ]
            size = len(chosen)
            part = Part(
                batch.rows,
                ends,
                np.array([each.frame for each in chosen], np.int64),
                np.array([each.time_ns for each in chosen], np.int64),
                np.full(size, accounts.arena.source if is_fresh else self._index),
                np.array([each.transport for each in chosen], np.int64),
                sorted([*batch.anomalies, *carriage]),
            )
            parts.append(_only(part, batch.rows.state == 1))
        return parts

    def _named(self, read: RowBatch, wanted: Bool) -> RowTable:
        """Give methods that are not registered ones their symbols, where `wanted` holds."""
        for row, method in read.methods.items():
            if wanted[row] and (len(self._methods) < MAX_METHODS or self._methods.find(method)):
                read.rows.method_sym[row] = self._methods.intern(method)
        return read.rows

    def _add_messages(self, part: Part | None) -> None:
        if part is None:
            return
        rows = part.rows
        columns: dict[str, npt.NDArray[np.generic] | int] = {
            each.name: getattr(rows, each.name) for each in rows.columns if each.name != "state"
        }
        ends = self._intern_ends(part.ends)
        columns |= {
            "time_ns": part.time_ns,
            "frame": part.frame,
            "capture": self._index,
            "source": part.source,
            "transport": part.transport,
            "ip_id": part.ends.ip_id,
            "source_row": ends[0::2],
            "destination_row": ends[1::2],
        }
        noted = self._scanned.message_anomalies
        for row, kind, detail in part.anomalies:
            frame = (self._index, int(part.frame[row]))
            self._scanned.anomalies.add(kind, [frame], detail=detail)
            noted.message_rows.append(self._messages.size + row)
            noted.kinds.append(kind)
            if kind in LIMITS:
                self._hit(LIMITS[kind], 1)
        self._messages.extend(columns, len(rows), self._done)

    def _intern_ends(self, datagrams: DatagramTable) -> Int32:
        """Return the endpoints of source and destination in turn, so that their order of
        appearance does not depend on the size of batches.
        """
        pairs = {
            name: np.stack(
                (getattr(datagrams, f"source_{name}"), getattr(datagrams, f"destination_{name}")),
                axis=1,
            ).reshape(-1)
            for name in ("high", "low", "port")
        }
        return self._endpoints.intern(**pairs, version=np.repeat(datagrams.version, 2))

    def _count(self, batch: Batch) -> None:
        frames, coverage = batch.frames, self._scanned.coverage
        verdicts = batch.decoded.verdicts
        usual = [int(np.count_nonzero(verdicts == each)) for each in (SIP, MEDIA, OTHER)]
        coverage.packets += len(frames)
        coverage.sip += usual[0]
        coverage.media += usual[1]
        coverage.other += usual[2]
        coverage.truncated += int(np.count_nonzero(frames.captured < frames.original))
        if sum(usual) == len(frames):
            return  # as of most batches: to count all verdicts takes several times as long
        counts = np.bincount(verdicts, minlength=FIRST_KIND).tolist()
        for code, kind in enumerate(NOT_UNDERSTOOD, start=FIRST_KIND):
            if code < len(counts) and counts[code]:
                self._note_frames(batch, code, kind, counts[code])

    def _note_frames(self, batch: Batch, code: int, kind: str, count: int) -> None:
        rows = np.flatnonzero(batch.decoded.verdicts == code)[:FRAMES_KEPT]
        frames = [(self._index, number) for number in batch.frames.number[rows].tolist()]
        detail = explain(kind, int(batch.decoded.details[rows[0]]))
        self._scanned.coverage.add_not_understood(kind, count, frames[0])
        self._scanned.anomalies.add(kind, frames, count=count, detail=detail)
        if kind in LIMITS:
            self._hit(LIMITS[kind], count)

    def _hit(self, limit: str, count: int) -> None:
        hits = self._scanned.coverage.limits_hit
        hits[limit] = hits.get(limit, 0) + count


def _datagrams_of(found: Sequence[Found]) -> DatagramTable:
    """Return found messages as if each were a datagram."""
    ends = list(zip(*(each.ends for each in found), strict=True))
    return DatagramTable(
        frame_row=np.zeros(len(found), np.int32),
        pos=[each.pos for each in found],
        length=[each.length for each in found],
        wire_length=[min(each.wire_length, 0x7FFFFFFF) for each in found],
        ip_id=[each.ip_id for each in found],
        source_high=np.array(ends[0], np.uint64),
        source_low=np.array(ends[1], np.uint64),
        source_port=ends[2],
        destination_high=np.array(ends[3], np.uint64),
        destination_low=np.array(ends[4], np.uint64),
        destination_port=ends[5],
        version=ends[6],
        time_ns=np.full(len(found), -1),
        transport=[each.transport for each in found],
    )


def _only(part: Part, wanted: Bool) -> Part:
    """Return the messages where `wanted` holds."""
    if wanted.all():
        return part
    place = np.cumsum(wanted) - 1
    return Part(
        part.rows.take(wanted),
        part.ends.take(wanted),
        part.frame[wanted],
        part.time_ns[wanted],
        part.source[wanted],
        part.transport[wanted],
        [(int(place[row]), kind, text) for row, kind, text in part.anomalies if wanted[row]],
    )


def _merged(parts: Sequence[Part]) -> Part | None:
    """Put the messages of several parts into one order, by frame."""
    parts = [part for part in parts if len(part)]
    if len(parts) < 2:
        return parts[0] if parts else None
    frame = np.concatenate([part.frame for part in parts])
    order = np.argsort(frame, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    anomalies: list[tuple[int, str, str]] = []
    offset = 0
    for part in parts:
        anomalies += [(int(place[offset + row]), kind, text) for row, kind, text in part.anomalies]
        offset += len(part)
    return Part(
        RowTable.concatenate([part.rows for part in parts]).take(order),
        DatagramTable.concatenate([part.ends for part in parts]).take(order),
        frame[order],
        np.concatenate([part.time_ns for part in parts])[order],
        np.concatenate([part.source for part in parts])[order],
        np.concatenate([part.transport for part in parts])[order],
        sorted(anomalies),
    )
