"""Stretches of RTP and the calls they belong to → one row per source of a call.

Stretches of one source are put together where the sequence numbers go on; of what two captures
show at one time, the one with more packets counts.
"""

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise

import numpy as np

from analyzer.frozen import frozen
from analyzer.measure.media_matches import Matches
from analyzer.rtp.streams import KEY, MAX_DROPOUT, STATIC_RATES
from analyzer.tables.media import MediaDescription, MediaLineTable, MediaStreamTable
from analyzer.tables.rtp import GUESSED_RATES, Rtp
from analyzer.tables.schema import ABSENT, Float64, Int64
from analyzer.tables.vector import IntArray, distinct, pick

NO_SPEECH = frozenset({"telephone-event", "cn"})
"""Formats, in lower case, whose packets do not come at the pace of speech."""
_NS_PER_S = 1e9


@frozen
class _Payloads:
    """What the payload types of stretches come to, one row per match."""

    payload_type: Int64
    description: Int64
    jitter: tuple[Float64, Float64, Float64]
    """Last, greatest and mean, ns; -1 unknown."""


def streams_of_calls(
    rtp: Rtp, matches: Matches, lines: MediaLineTable, descriptions: Sequence[MediaDescription]
) -> MediaStreamTable:
    """Return the RTP sources of all calls."""
    streams = rtp.streams.take(matches.stream)
    payloads = _payloads(rtp, matches, lines, descriptions)
    expected = np.where(streams.packets > streams.jumps, streams.highest - streams.lowest + 1, 0)
    received = streams.packets - streams.duplicates - streams.jumps
    line = np.max([matches.from_row, matches.back_row], axis=0)
    line = np.where(matches.to_row >= 0, matches.to_row, line)
    table = MediaStreamTable(
        call_row=matches.call,
        party=matches.party,
        index=lines.index[line],
        stream_row=matches.stream,
        to_row=matches.to_row,
        from_row=matches.from_row,
        back_row=matches.back_row,
        payload_type=payloads.payload_type,
        description=payloads.description,
        first_ns=streams.first_ns,
        last_ns=streams.last_ns,
        packets=streams.packets,
        octets=streams.octets,
        expected=expected,
        lost=np.maximum(expected - received, 0),
        duplicates=streams.duplicates,
        reordered=streams.reordered,
        gap_ns=streams.gap_ns,
        jitter_ns=payloads.jitter[0],
        most_jitter_ns=payloads.jitter[1],
        mean_jitter_ns=payloads.jitter[2],
        ssrc=streams.ssrc,
    )
    return _in_order(_together(table, rtp))


def _in_order(table: MediaStreamTable) -> MediaStreamTable:
    return table.take(np.lexsort((table.stream_row, table.first_ns, table.call_row)))


def _payloads(
    rtp: Rtp, matches: Matches, lines: MediaLineTable, descriptions: Sequence[MediaDescription]
) -> _Payloads:
    """Return for each match the payload type of most packets that carry speech, and its jitter."""
    table = rtp.payloads
    begin = np.searchsorted(table.stream_row, matches.stream)
    count = np.searchsorted(table.stream_row, matches.stream, "right") - begin
    owner = np.repeat(np.arange(len(begin)), count)
    rows = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count - begin, count)
    payload_type = table.payload_type[rows].astype(np.int64)
    described = _naming(payload_type, owner, matches, lines, descriptions)
    rates = _Rates(descriptions)
    rate, speaks = rates.of(described, payload_type)
    order = np.lexsort((-table.packets[rows], ~speaks, owner))
    chosen = np.full(len(begin), ABSENT, np.int64)
    chosen[owner[order[::-1]]] = order[::-1]
    row = pick(rows, chosen, ABSENT)
    jitter = _jitter(rtp, row, pick(rate, chosen, 0), pick(payload_type, chosen, 0))
    return _Payloads(pick(payload_type, chosen, 0), pick(described, chosen, ABSENT), jitter)


def _naming(
    payload_type: Int64,
    owner: Int64,
    matches: Matches,
    lines: MediaLineTable,
    descriptions: Sequence[MediaDescription],
) -> Int64:
    """Return the description that names each payload type: that of who gets it (RFC 3264 §5.1),
    else of who sends it, -1 for none.
    """
    named = [{each.payload for each in description.formats} for description in descriptions]
    found = np.full(len(owner), ABSENT, np.int64)
    for line in (matches.back_row, matches.from_row, matches.to_row):
        candidate = pick(lines.description, line, ABSENT).astype(np.int64)[owner]
        pairs, which = _distinct_pairs(candidate, payload_type)
        has = np.array([at >= 0 and str(kind) in named[at] for at, kind in pairs], np.bool_)
        if len(pairs):
            found = np.where(has[which], candidate, found)
    return found


def _distinct_pairs(first: Int64, second: Int64) -> tuple[list[tuple[int, int]], Int64]:
    """Return the pairs of small numbers that occur, and which one each row has."""
    pairs = (first << 8) | second
    values = distinct(pairs)
    which = np.searchsorted(values, pairs)
    return [(value >> 8, value & 0xFF) for value in values.tolist()], which


class _Rates:
    """Clock rates of payload types in descriptions."""

    def __init__(self, descriptions: Sequence[MediaDescription]) -> None:
        self._formats = [{each.payload: each for each in d.formats} for d in descriptions]

    def of(self, description: Int64, payload_type: Int64) -> tuple[Int64, "IntArray"]:
        """Return the clock rates, 0 where unknown, and whether the packets carry speech."""
        pairs, which = _distinct_pairs(description, payload_type)
        rates, speaks = [], []
        for at, kind in pairs:
            known = self._formats[at].get(str(kind)) if at >= 0 else None
            rates.append(known.clock_rate if known else STATIC_RATES.get(kind, 0))
            speaks.append(known is None or known.name.lower() not in NO_SPEECH)
        return np.array(rates, np.int64)[which], np.array(speaks, np.bool_)[which]


def _jitter(
    rtp: Rtp, row: Int64, rate: Int64, payload_type: Int64
) -> tuple[Float64, Float64, Float64]:
    """Return last, greatest and mean jitter of rows of RtpPayloadTable by their clock rates."""
    table = rtp.payloads
    static = np.array([STATIC_RATES.get(each, 0) for each in range(128)])[payload_type]
    pairs = pick(table.differences, row, 0)
    found = np.full((3, len(row)), -1.0)
    for at, guessed in enumerate(GUESSED_RATES):
        is_it = (rate == guessed) & (static == 0)
        if at == 0:
            is_it = is_it | ((static > 0) & (rate == static))
        chosen = np.flatnonzero(is_it & (pairs > 0))
        for what, name in enumerate(("last", "most", "sum")):
            column = getattr(table, f"{name}_{at}")
            found[what, chosen] = column[row[chosen]] * _NS_PER_S / rate[chosen]
    found[2] = np.where(pairs > 0, found[2] / np.maximum(pairs, 1), -1.0)
    return found[0], found[1], np.where(found[0] < 0, -1.0, found[2])


def _together(table: MediaStreamTable, rtp: Rtp) -> MediaStreamTable:
    """Put the stretches of each source of a call together."""
    keys = [getattr(rtp.streams, name)[table.stream_row] for name in (*KEY, "ssrc")]
    keys += [table.party, table.call_row]
    order = np.lexsort((table.first_ns, *keys))
    is_first = np.ones(len(order), np.bool_)
    if len(order) > 1:
        is_first[1:] = reduce(np.logical_or, [each[order[1:]] != each[order[:-1]] for each in keys])
    starts = np.flatnonzero(is_first)
    sizes = np.diff(np.append(starts, len(order)))
    if (sizes == 1).all():
        return table
    alone = table.take(order[starts[sizes == 1]])
    merged = [
        _merged(table, rtp, order[start : start + size].tolist())
        for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True)
    ]
    columns = zip(*merged, strict=True)
    pairs = zip(MediaStreamTable.columns, columns, strict=True)
    joined = MediaStreamTable(**{each.name: np.array(v, each.dtype) for each, v in pairs})
    return MediaStreamTable.concatenate([alone, joined])


def _merged(table: MediaStreamTable, rtp: Rtp, rows: list[int]) -> list[float]:
    """Return the row of several stretches of one source, in the order of their first packets."""
    kept = _of_one_view(table, rtp, rows)
    total = {each.name: getattr(table, each.name)[kept[0]].item() for each in table.columns}
    longest = max(kept, key=lambda row: int(table.packets[row]))
    for name in ("payload_type", "description", "jitter_ns", "mean_jitter_ns"):
        total[name] = getattr(table, name)[longest].item()
    total["most_jitter_ns"] = max(table.most_jitter_ns[kept].tolist())
    for name in ("to_row", "from_row", "back_row", "last_ns", "gap_ns"):
        total[name] = max(getattr(table, name)[kept].tolist())
    for name in ("packets", "octets", "expected", "lost", "duplicates", "reordered"):
        total[name] = sum(getattr(table, name)[kept].tolist())
    streams = rtp.streams
    for before, after in pairwise(kept):
        silence_ns = int(table.first_ns[after]) - int(table.last_ns[before])
        total["gap_ns"] = max(total["gap_ns"], silence_ns)
        highest = int(streams.highest[table.stream_row[before]])
        missing = (int(streams.lowest[table.stream_row[after]]) - highest - 1) & 0xFFFF
        if missing < MAX_DROPOUT:
            total["expected"] += missing
            total["lost"] += missing
    return [total[each.name] for each in table.columns]


def _of_one_view(table: MediaStreamTable, rtp: Rtp, rows: list[int]) -> list[int]:
    """Leave out what another capture shows of the same time with more packets."""
    capture = rtp.streams.capture[table.stream_row[rows]].tolist()
    kept: list[int] = []
    for row, where in sorted(
        zip(rows, capture, strict=True), key=lambda each: -int(table.packets[each[0]])
    ):
        is_seen = any(
            int(rtp.streams.capture[table.stream_row[other]]) != where
            and table.first_ns[row] <= table.last_ns[other]
            and table.first_ns[other] <= table.last_ns[row]
            for other in kept
        )
        if not is_seen:
            kept.append(row)
    return sorted(kept, key=lambda row: int(table.first_ns[row]))
