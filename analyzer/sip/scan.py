"""Capture → message table, coverage and anomalies: every frame is accounted for.

Frames come in batches; the compiled scan works on several at once with the GIL released, and the
results are put together in the order of the capture. Without a compiler the reference parser and
the decoders of `analyzer.decode` do all of it, with the same result.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import numpy.typing as npt

from analyzer.capture.mapped import Capture
from analyzer.decode import datagrams as decode_datagrams
from analyzer.decode.cursor import DatagramTable
from analyzer.decode.datagrams import Decoded, decode_frames
from analyzer.decode.explain import explain
from analyzer.decode.link_names import link_name
from analyzer.decode.verdicts import FIRST_KIND, MEDIA, NOT_UNDERSTOOD, OTHER, SIP
from analyzer.frozen import frozen
from analyzer.settings import Settings
from analyzer.sip import headers, message_rows
from analyzer.sip.headers import CompiledEndpointInterner, new_endpoints, same_bytes
from analyzer.sip.message_rows import RowBatch, read_rows, transaction_identity
from analyzer.tables.anomalies import FRAMES_KEPT, AnomalyLog, Coverage
from analyzer.tables.endpoints import EndpointInterner
from analyzer.tables.frames import FrameTable
from analyzer.tables.messages import MessageTable
from analyzer.tables.schema import Int32
from analyzer.tables.symbols import SymbolTable
from analyzer.tables.trace import MessageAnomalies
from analyzer.tables.vector import distinct

__all__ = [
    "SCAN",
    "Scanned",
    "new_endpoints",
    "same_bytes",
    "scan_capture",
    "transaction_identity",
]

COMPILED = message_rows.COMPILED and decode_datagrams.COMPILED and headers.COMPILED
SCAN = "compiled" if COMPILED else "reference"
"""Which scan is in use."""

_MAX_METHODS = 32_767
"""Symbols of methods have 16 bits; further methods count as unreadable."""
_LIMITS = {
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


@frozen
class _Batch:
    """A batch of frames, decoded and read."""

    frames: FrameTable
    decoded: Decoded
    read: RowBatch


def scan_capture(  # noqa: PLR0913, PLR0917 - what all captures of an analysis share
    capture: Capture,
    index: int,
    key: bytes,
    endpoints: EndpointInterner | CompiledEndpointInterner,
    methods: SymbolTable,
    settings: Settings,
    progress: Callable[[int], None] | None = None,
    *,
    compiled: bool = COMPILED,
) -> Scanned:
    """Read all frames of a capture, which is number `index` of the analysis and of its spans."""
    scanned = Scanned(MessageTable.zeros(0))
    gather = _Gather(scanned, index, endpoints, methods)
    seen = 0

    def work(frames: FrameTable) -> _Batch:
        decoded = decode_frames(capture.data, frames, settings, compiled=compiled)
        read = read_rows(capture.data, decoded.datagrams, key, settings, compiled=compiled)
        return _Batch(frames, decoded, read)

    threads = settings.scan_threads if compiled else 1
    batches = capture.frames(index, settings.batch_frames)
    for batch in _in_order(work, batches, threads):
        end = int(batch.frames.pos[-1]) + int(batch.frames.captured[-1])
        gather.add(batch, end / len(capture.data))
        _name_link_types(capture, batch.frames)
        if progress:
            progress(end - seen)
        seen = end
    if progress:
        progress(len(capture.data) - seen)
    scanned.messages = gather.messages.table()
    if gather.stated_last_ns >= 0:
        capture.info.stated_last_ns = gather.stated_last_ns
    scanned.anomalies.update(capture.anomalies)
    scanned.coverage.update(Coverage(limits_hit=dict(capture.limits_hit)))
    return scanned


def _in_order(
    work: Callable[[FrameTable], _Batch], batches: Iterator[FrameTable], threads: int
) -> Iterator[_Batch]:
    """Work on some batches at once, at most one waiting for each thread; one needs no thread."""
    first = next(batches, None)
    second = next(batches, None)
    if first is None:
        return
    if second is None or threads < 2:
        yield work(first)
        yield from map(work, batches if second is None else chain((second,), batches))
        return
    from concurrent.futures import Future, ThreadPoolExecutor  # noqa: PLC0415 - most have one batch

    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[_Batch]] = deque()
        try:
            for frames in chain((first, second), batches):
                waiting.append(pool.submit(work, frames))
                if len(waiting) > threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _name_link_types(capture: Capture, frames: FrameTable) -> None:
    numbers = frames.link_type
    kinds = numbers[:1] if (numbers == numbers[0]).all() else distinct(numbers)
    for number in kinds.tolist():
        name = link_name(number)
        if name not in capture.info.link_types:
            capture.info.link_types.append(name)


class _Messages:
    """A message table that grows. Room is made for what the whole capture will hold if it goes on
    as it began: memory that is never written costs nothing, copying a grown table would.
    """

    def __init__(self) -> None:
        self.size = 0
        self._room = 0
        self._columns: dict[str, npt.NDArray[np.generic]] = {
            each.name: np.zeros(0, each.dtype) for each in MessageTable.columns
        }

    def extend(
        self, columns: dict[str, npt.NDArray[np.generic] | int], count: int, done: float
    ) -> None:
        """Add `count` rows; `done` is the part of the capture that is read with them."""
        end = self.size + count
        if self.size == 0:
            self._room = int(end / done * 1.05) + 1
            self._columns = {
                each.name: np.empty(self._room, each.dtype) for each in MessageTable.columns
            }
        elif end > self._room:
            self._resize(end + max(count, end // 8))
        for name, values in columns.items():
            self._columns[name][self.size : end] = values
        self.size = end

    def table(self) -> MessageTable:
        """Return the rows added so far; nothing can be added after that."""
        self._resize(self.size)
        return MessageTable(**self._columns)

    def _resize(self, room: int) -> None:
        self._room = room
        for column in self._columns.values():
            column.resize(room, refcheck=False)


class _Gather:
    """Puts batches together in the order of the capture."""

    def __init__(
        self,
        scanned: Scanned,
        index: int,
        endpoints: EndpointInterner | CompiledEndpointInterner,
        methods: SymbolTable,
    ) -> None:
        self.messages = _Messages()
        self.stated_last_ns = -1
        self._scanned = scanned
        self._index = index
        self._endpoints = endpoints
        self._methods = methods

    def add(self, batch: _Batch, done: float) -> None:
        """Add the messages of a batch and count its frames; `done` is the part of the capture that
        is read with it.
        """
        is_message = batch.read.rows.state == 1
        if not is_message.all():
            no_message = batch.decoded.datagrams.frame_row[~is_message]
            batch.decoded.verdicts[no_message] = OTHER
        self._count(batch)
        self._note_anomalies(batch, is_message)
        self._add_messages(batch, is_message, done)

    def _add_messages(self, batch: _Batch, is_message: npt.NDArray[np.bool_], done: float) -> None:
        datagrams, rows = batch.decoded.datagrams, batch.read.rows
        for row, method in batch.read.methods.items():
            if len(self._methods) < _MAX_METHODS or self._methods.find(method):
                rows.method_sym[row] = self._methods.intern(method)
        if not is_message.all():
            datagrams, rows = datagrams.take(is_message), rows.take(is_message)
        columns: dict[str, npt.NDArray[np.generic] | int] = {
            each.name: getattr(rows, each.name) for each in rows.columns if each.name != "state"
        }
        ends = self._intern_ends(datagrams)
        if len(datagrams):
            self.stated_last_ns = max(self.stated_last_ns, int(datagrams.time_ns.max()))
        of_frame = batch.frames.time_ns[datagrams.frame_row]
        columns |= {
            "time_ns": np.where(datagrams.time_ns < 0, of_frame, datagrams.time_ns),
            "frame": batch.frames.number[datagrams.frame_row],
            "capture": self._index,
            "source": self._index,
            "transport": datagrams.transport,
            "ip_id": datagrams.ip_id,
            "source_row": ends[0::2],
            "destination_row": ends[1::2],
        }
        self.messages.extend(columns, len(rows), done)

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

    def _count(self, batch: _Batch) -> None:
        frames, coverage = batch.frames, self._scanned.coverage
        counts = np.bincount(batch.decoded.verdicts, minlength=FIRST_KIND).tolist()
        coverage.packets += len(frames)
        coverage.sip += counts[SIP]
        coverage.media += counts[MEDIA]
        coverage.other += counts[OTHER]
        coverage.truncated += int(np.count_nonzero(frames.captured < frames.original))
        for code, kind in enumerate(NOT_UNDERSTOOD, start=FIRST_KIND):
            if code < len(counts) and counts[code]:
                self._note_frames(batch, code, kind, counts[code])

    def _note_frames(self, batch: _Batch, code: int, kind: str, count: int) -> None:
        rows = np.flatnonzero(batch.decoded.verdicts == code)[:FRAMES_KEPT]
        frames = [(self._index, number) for number in batch.frames.number[rows].tolist()]
        detail = explain(kind, int(batch.decoded.details[rows[0]]))
        self._scanned.coverage.add_not_understood(kind, count, frames[0])
        self._scanned.anomalies.add(kind, frames, count=count, detail=detail)
        if kind in _LIMITS:
            self._hit(_LIMITS[kind], count)

    def _note_anomalies(self, batch: _Batch, is_message: npt.NDArray[np.bool_]) -> None:
        if not batch.read.anomalies:
            return
        message_rows = self.messages.size + np.cumsum(is_message) - 1
        numbers = batch.frames.number[batch.decoded.datagrams.frame_row]
        for row, kind, detail in batch.read.anomalies:
            self._scanned.anomalies.add(kind, [(self._index, int(numbers[row]))], detail=detail)
            self._scanned.message_anomalies.message_rows.append(int(message_rows[row]))
            self._scanned.message_anomalies.kinds.append(kind)
            if kind in _LIMITS:
                self._hit(_LIMITS[kind], 1)

    def _hit(self, limit: str, count: int) -> None:
        hits = self._scanned.coverage.limits_hit
        hits[limit] = hits.get(limit, 0) + count
