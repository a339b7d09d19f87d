"""RTP whose ends no SDP names, but that goes to where RTP of a call came from just before.

So answers who sends to the address that NAT gave the other side, out of another port than its own.
"""

from bisect import bisect_right

import numpy as np

from analyzer.measure.media_matches import OTHER_PARTY, Matches
from analyzer.tables.rtp import RtpStreamTable
from analyzer.tables.schema import ABSENT, Int64
from analyzer.tables.vector import is_in, mix_keys

_PAUSE_NS = 5_000_000_000
"""How long after the last packet from somewhere others still answer it."""
_End = tuple[int, ...]
"""IP version, both halves of the address, port."""


def with_answers(matches: Matches, streams: RtpStreamTable) -> Matches:
    """Add such stretches of RTP to those that SDP names."""
    unnamed = np.flatnonzero(matches.from_row < 0)
    is_known = np.zeros(len(streams), np.bool_)
    is_known[matches.stream] = True
    others = np.flatnonzero(~is_known)
    sources = _keys(streams, "source", matches.stream[unnamed])
    others = others[is_in(_keys(streams, "destination", others), sources)]
    if len(others) == 0:
        return matches
    pairs = list(_Sources(matches, streams, unnamed).of(others))
    if not pairs:
        return matches
    row, other = np.array(pairs, np.int64).T
    nothing = np.full(len(row), ABSENT, np.int64)
    return Matches(
        np.concatenate([matches.stream, other]),
        np.concatenate([matches.call, matches.call[row]]),
        np.concatenate([matches.party, OTHER_PARTY[matches.party[row]]]),
        np.concatenate([matches.to_row, nothing]),
        np.concatenate([matches.from_row, nothing]),
        np.concatenate([matches.back_row, matches.to_row[row]]),
    )


class _Sources:
    """Where RTP of calls comes from, other than SDP says."""

    def __init__(self, matches: Matches, streams: RtpStreamTable, rows: Int64) -> None:
        self._streams = streams
        self._rows: dict[int, list[int]] = {}
        """Rows of the matches of each stretch."""
        for row, stream in zip(rows.tolist(), matches.stream[rows].tolist(), strict=True):
            self._rows.setdefault(stream, []).append(row)
        self._begun: dict[_End, list[tuple[int, int]]] = {}
        """When stretches from there began, and which."""
        known = np.array(sorted(self._rows), np.int64)
        times = streams.first_ns[known].tolist()
        for end, time_ns, stream in zip(
            _ends(streams, "source", known), times, known.tolist(), strict=True
        ):
            self._begun.setdefault(end, []).append((time_ns, stream))
        for begun in self._begun.values():
            begun.sort()

    def of(self, others: Int64) -> list[tuple[int, int]]:
        """Return pairs of a match and one of some stretches that go back to its source."""
        streams, pairs = self._streams, []
        ends = _ends(streams, "destination", others)
        for other, end in zip(others.tolist(), ends, strict=True):
            begun = self._begun.get(end, [])
            at = bisect_right(begun, (int(streams.last_ns[other]), len(streams))) - 1
            if at >= 0 and streams.last_ns[begun[at][1]] + _PAUSE_NS >= streams.first_ns[other]:
                pairs += [(row, other) for row in self._rows[begun[at][1]]]
        return pairs


def _ends(streams: RtpStreamTable, side: str, rows: Int64) -> list[_End]:
    columns = [
        getattr(streams, f"{side}_{name}")[rows].tolist() for name in ("high", "low", "port")
    ]
    return list(zip(streams.version[rows].tolist(), *columns, strict=True))


def _keys(streams: RtpStreamTable, side: str, rows: Int64) -> Int64:
    """Return a number for each end; equal ones are to be compared."""
    low, port = (getattr(streams, f"{side}_{name}")[rows] for name in ("low", "port"))
    return mix_keys(low.astype(np.uint64), port.astype(np.uint64)).view(np.int64)
