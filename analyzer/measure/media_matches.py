"""Endpoints that SDP names and endpoints that packets used → which packets belong to which call.

A port is used by one call after the other: packets belong to the calls that had named it by then
and were not over. Where two calls at one time name an endpoint, as the legs of one that were not
joined do, they belong to both.
"""

import numpy as np

from analyzer.frozen import frozen
from analyzer.tables.calls import Party
from analyzer.tables.media import MediaLineTable
from analyzer.tables.rtp import RtcpTable, RtpStreamTable
from analyzer.tables.schema import ABSENT, Bool, Int64, UInt64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, mix_keys

_CALLS_LOOKED_AT = 16
"""Calls that named an endpoint before some packets, the latest ones, which are looked at."""
_LINGER_NS = 2_000_000_000
"""How long packets may go on after the BYE."""
_FOREVER = np.iinfo(np.int64).max
OTHER_PARTY = np.array([Party.UNKNOWN, Party.CALLEE, Party.CALLER])
"""By party: who is at the other end."""


@frozen
class Matches:
    """Parallel columns: packets of one stretch, and a call they belong to."""

    stream: Int64
    """Row of what was captured."""
    call: Int64
    party: Int64
    """Party that sends."""
    to_row: Int64
    """Row in MediaLineTable that names the destination; -1 none does."""
    from_row: Int64
    back_row: Int64
    """Row of the sender of packets that `with_answers` added; -1 for others."""


@frozen
class _Announced:
    """Endpoints that calls name, by key and time."""

    key: UInt64
    line: Int64
    start_ns: Int64
    quiet_ns: Int64
    """Last message of the call."""
    until_ns: Int64
    """Until when packets may be its own."""


def endpoint_keys(version: IntArray, high: IntArray, low: IntArray, port: IntArray) -> UInt64:
    """Return a number for each endpoint; equal ones are to be compared."""
    ends = (port.astype(np.uint64) << np.uint64(8)) | version.astype(np.uint64)
    mixed = mix_keys(low.astype(np.uint64), ends)
    return np.where(version == 6, mix_keys(mixed, high.astype(np.uint64)), mixed)


def match_streams(trace: Trace, lines: MediaLineTable, streams: RtpStreamTable) -> Matches:
    """Return the calls that stretches of RTP belong to."""
    rows = np.flatnonzero((lines.port > 0) & (lines.version > 0))
    return _match(trace, lines, [(rows, lines.port[rows])], streams)


def match_reports(trace: Trace, lines: MediaLineTable, reports: RtcpTable) -> Matches:
    """Return the calls that RTCP belongs to: to the port named for it, the next one, or that of
    RTP (RFC 3605, RFC 3550 §11, RFC 5761).
    """
    rows = np.flatnonzero((lines.port > 0) & (lines.version > 0))
    port, named = lines.port[rows], lines.rtcp_port[rows]
    places = [(rows, port), (rows, np.where(named > 0, named, port + 1))]
    return _match(trace, lines, places, reports)


def _match(
    trace: Trace,
    lines: MediaLineTable,
    places: list[tuple[Int64, IntArray]],
    seen: RtpStreamTable | RtcpTable,
) -> Matches:
    nothing = (np.zeros(0, np.int64), np.zeros(0, np.int64))
    if len(seen.version) == 0:
        return _joined(lines, nothing, nothing)
    announced, ports = _announced(trace, lines, places)
    found = []
    for side in ("destination", "source"):
        stream, at = _candidates(announced, seen, side)
        line = announced.line[at]
        is_same = (
            (getattr(seen, f"{side}_low")[stream] == lines.low[line])
            & (getattr(seen, f"{side}_high")[stream] == lines.high[line])
            & (getattr(seen, f"{side}_port")[stream] == ports[at])
            & (seen.version[stream] == lines.version[line])
        )
        found.append((stream[is_same], line[is_same]))
    return _joined(lines, *found)


def _announced(
    trace: Trace, lines: MediaLineTable, places: list[tuple[Int64, IntArray]]
) -> tuple[_Announced, IntArray]:
    """Return the endpoints that calls name, each once for each party; and their ports."""
    rows = np.concatenate([each for each, _ in places])
    ports = np.concatenate([each for _, each in places])
    key = endpoint_keys(lines.version[rows], lines.high[rows], lines.low[rows], ports)
    call, party = lines.call_row[rows], lines.party[rows]
    start_ns = trace.messages.time_ns[lines.message_row[rows]]
    order = np.lexsort((start_ns, party, call, key))
    again = np.zeros(len(order), np.bool_)
    here, before = order[1:], order[:-1]
    again[1:] = (
        (key[here] == key[before]) & (call[here] == call[before]) & (party[here] == party[before])
    )
    first = order[~again]
    first = first[np.lexsort((start_ns[first], key[first]))]
    calls = trace.calls
    quiet_ns = calls.end_ns[call[first]]
    is_over = calls.end_row[call[first]] >= 0
    is_over |= calls.final_status[call[first]] >= 300
    until_ns = np.where(is_over, quiet_ns + _LINGER_NS, _FOREVER)
    announced = _Announced(key[first], rows[first], start_ns[first], quiet_ns, until_ns)
    return announced, ports[first]


def _candidates(
    announced: _Announced, seen: RtpStreamTable | RtcpTable, side: str
) -> tuple[Int64, Int64]:
    """Return pairs of what was captured and an endpoint that was named, going back in time."""
    values = (seen.version, *(getattr(seen, f"{side}_{name}") for name in ("high", "low", "port")))
    key = endpoint_keys(*values)
    low = np.searchsorted(announced.key, key)
    at = _latest(announced, key, seen.last_ns)
    floor_ns = np.full(len(key), np.iinfo(np.int64).min)
    streams, places = [], []
    for _ in range(_CALLS_LOOKED_AT):
        rows = np.flatnonzero(at >= low)
        if len(rows) == 0:
            break
        place, first_ns = at[rows], seen.first_ns[rows]
        fits = (first_ns <= announced.until_ns[place]) & (
            announced.quiet_ns[place] > floor_ns[rows]
        )
        has_begun = fits & (announced.start_ns[place] <= first_ns)
        floor_ns[rows[has_begun]] = np.maximum(
            floor_ns[rows[has_begun]], announced.start_ns[place[has_begun]]
        )
        streams.append(rows[fits])
        places.append(place[fits])
        at = at - 1
    if not streams:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate(streams), np.concatenate(places)


def _latest(announced: _Announced, key: UInt64, last_ns: Int64) -> Int64:
    """Return for each key the last place at which it was announced by then; the place before its
    first one when it was not.
    """
    count = len(announced.key)
    is_asked = np.concatenate([np.zeros(count, np.bool_), np.ones(len(key), np.bool_)])
    times = np.concatenate([announced.start_ns, last_ns])
    order = np.lexsort((is_asked, times, np.concatenate([announced.key, key])))
    before = np.cumsum(~is_asked[order])
    asked = order[is_asked[order]] - count
    latest = np.empty(len(key), np.int64)
    latest[asked] = before[is_asked[order]] - 1
    return latest


def _joined(lines: MediaLineTable, to: tuple[Int64, Int64], out_of: tuple[Int64, Int64]) -> Matches:
    """Put what is known of the destination and of the source of the same packets together; where
    they contradict each other the destination counts, and who named an endpoint first.
    """
    stream = np.concatenate([to[0], out_of[0]])
    line = np.concatenate([to[1], out_of[1]])
    is_to = np.concatenate([np.ones(len(to[0]), np.bool_), np.zeros(len(out_of[0]), np.bool_)])
    call = lines.call_row[line].astype(np.int64)
    named = lines.party[line].astype(np.int64)
    party = np.where(is_to, OTHER_PARTY[named], named)
    order = np.lexsort((line, ~is_to, call, stream))
    stream, line, is_to, call, party = (each[order] for each in (stream, line, is_to, call, party))
    starts = np.flatnonzero(_is_first(stream, call))
    number = np.cumsum(_is_first(stream, call)) - 1
    to_row, from_row = np.full((2, len(starts)), ABSENT, np.int64)
    sender = party[starts]
    agrees = party == sender[number]
    to_row[number[is_to & agrees]] = line[is_to & agrees]
    from_row[number[~is_to & agrees]] = line[~is_to & agrees]
    back_row = np.full(len(starts), ABSENT, np.int64)
    return Matches(stream[starts], call[starts], sender, to_row, from_row, back_row)


def _is_first(stream: Int64, call: Int64) -> Bool:
    is_first = np.ones(len(stream), np.bool_)
    is_first[1:] = (stream[1:] != stream[:-1]) | (call[1:] != call[:-1])
    return is_first
