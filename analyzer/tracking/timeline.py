"""Captures → one timeline, by one clock: merged by time, never reordered within a file."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from analyzer.sip.scan import Scanned
from analyzer.tables.anomalies import AnomalyLog, Coverage
from analyzer.tables.captures import CaptureInfo
from analyzer.tables.endpoints import EndpointTable
from analyzer.tables.messages import MessageTable
from analyzer.tables.origins import OriginTable
from analyzer.tables.rtp import RtcpTable, Rtp, RtpPayloadTable, RtpStreamTable
from analyzer.tables.schema import Int64
from analyzer.tables.spans import SpanStore
from analyzer.tables.symbols import SymbolTable
from analyzer.tables.trace import MessageAnomalies, Trace
from analyzer.tracking.clocks import clocks_ahead

Times = TypeVar("Times", MessageTable, RtpStreamTable, RtcpTable)


def merge(
    infos: Sequence[CaptureInfo],
    scanned: Sequence[Scanned],
    spans: SpanStore,
    endpoints: EndpointTable,
    methods: SymbolTable,
) -> Trace:
    """Put the messages of all captures on one timeline; captures are ordered by first packet, then
    path.
    """
    order = sorted(
        range(len(infos)),
        key=lambda at: (infos[at].first_ns is None, infos[at].first_ns or 0, infos[at].path),
    )
    rank = {index: at for at, index in enumerate(order)}
    parts = [scanned[index].messages for index in order]
    messages = MessageTable.concatenate(parts)
    if len(parts) > 1:
        ranks = np.array([rank[index] for index in range(len(infos))], np.int16)
        messages = messages.replace(capture=ranks[messages.capture])
    ahead = clocks_ahead(messages, spans, len(parts)) if len(parts) > 1 else [0]
    for index, ahead_ns in zip(order, ahead, strict=True):
        infos[index].ahead_ns = ahead_ns
    if any(ahead):
        messages = _by_one_clock(messages, np.array(ahead), ("time_ns",))
    rows = _timeline(messages)
    trace = Trace(
        captures=[infos[index] for index in order],
        spans=spans,
        messages=messages if rows is None else messages.take(rows),
        endpoints=endpoints,
        methods=methods,
        coverage=Coverage(),
        anomalies=AnomalyLog(),
    )
    for index in order:
        _add_counts(trace, scanned[index], rank)
    for capture in np.flatnonzero(ahead).tolist():
        first = int(np.flatnonzero(messages.capture == capture)[0])
        frame = (capture, int(messages.frame[first]))
        trace.anomalies.add("clock-apart", [frame], detail=f"{ahead[capture] / 1e9:+.3f} s")
    trace.origins = _origins([scanned[index].origins for index in order], rank)
    trace.rtp = _rtp([scanned[index].rtp for index in order], rank, np.array(ahead))
    trace.message_anomalies = _message_anomalies([scanned[index] for index in order], rows)
    return trace


def _by_one_clock(table: Times, ahead: Int64, names: tuple[str, ...]) -> Times:
    """Return a table with its times by the clock of the captures that are not ahead."""
    columns = {name: getattr(table, name) - ahead[table.capture] for name in names}
    return table.replace(**columns)


def _timeline(messages: MessageTable) -> Int64 | None:
    """Return the rows of stacked captures in the order of the timeline; None: as they are."""
    starts = np.flatnonzero(np.diff(messages.capture)) + 1
    if len(starts) == 0:
        return None
    latest = [np.maximum.accumulate(part) for part in np.split(messages.time_ns, starts)]
    return np.argsort(np.concatenate(latest), kind="stable").astype(np.int64)


def _rtp(parts: Sequence[Rtp], rank: dict[int, int], ahead: Int64) -> Rtp:
    """Put the RTP of all captures together."""
    if len(parts) == 1:
        return parts[0]
    ranks = np.array([rank[index] for index in range(len(rank))], np.int32)
    offsets = np.cumsum([0, *(len(each.streams) for each in parts)]).tolist()
    payloads = [
        each.payloads.replace(stream_row=each.payloads.stream_row + offset)
        for each, offset in zip(parts, offsets, strict=False)
    ]
    streams = RtpStreamTable.concatenate([each.streams for each in parts])
    reports = RtcpTable.concatenate([each.reports for each in parts])
    ends = ("first_ns", "last_ns")
    return Rtp(
        _by_one_clock(streams.replace(capture=ranks[streams.capture]), ahead, ends),
        RtpPayloadTable.concatenate(payloads),
        _by_one_clock(reports.replace(capture=ranks[reports.capture]), ahead, ends),
    )


def _origins(parts: Sequence[OriginTable], rank: dict[int, int]) -> OriginTable:
    """Put what the bytes of the arena were made of together, by their place there."""
    table = OriginTable.concatenate([each for each in parts if len(each)])
    if len(table) == 0:
        return table
    ranks = np.array([rank[index] for index in range(len(rank))], np.int16)
    order = np.argsort(table.start, kind="stable")
    return table.take(order).replace(capture=ranks[table.capture[order]])


def _add_counts(trace: Trace, part: Scanned, rank: dict[int, int]) -> None:
    for each in part.anomalies:
        frames = [(rank[index], number) for index, number in each.frames]
        trace.anomalies.add(each.kind, frames, count=each.count, detail=each.detail)
    coverage = part.coverage
    coverage.not_understood = {
        kind: (count, (rank[first[0]], first[1]))
        for kind, (count, first) in coverage.not_understood.items()
    }
    trace.coverage.update(coverage)


def _message_anomalies(parts: Sequence[Scanned], rows: Int64 | None) -> MessageAnomalies:
    """Name the messages of each anomaly by their rows on the timeline."""
    offset = 0
    before: list[int] = []
    kinds: list[str] = []
    for part in parts:
        before.extend(offset + row for row in part.message_anomalies.message_rows)
        kinds.extend(part.message_anomalies.kinds)
        offset += len(part.messages)
    if rows is None:
        return MessageAnomalies(before, kinds)
    place = np.empty(offset, np.int64)
    place[rows] = np.arange(offset)
    after = place[before].tolist() if before else []
    pairs = sorted(zip(after, kinds, strict=True))
    return MessageAnomalies([row for row, _ in pairs], [kind for _, kind in pairs])
