"""Agreements and RTP of calls → whose RTP is missing.

A side is missing where both had agreed that it sends audio and the call was answered, RTP of the
other side was captured there, and none of its own came then or later. Why, a capture does not show:
see `rules/media`.
"""

import numpy as np

from analyzer.frozen import frozen
from analyzer.measure.media_matches import OTHER_PARTY
from analyzer.sip.media_lines import MediaLines
from analyzer.tables.calls import Party
from analyzer.tables.media import (
    AgreementTable,
    Direction,
    MediaFlag,
    MediaLineTable,
    MediaState,
    MediaStreamTable,
)
from analyzer.tables.schema import ABSENT, Bool, Int64, UInt64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, distinct, is_in, keys_of, pick

_SENDS = (Direction.SENDRECV, Direction.SENDONLY)
_RECEIVES = (Direction.SENDRECV, Direction.RECVONLY)
_ON_ITS_WAY_NS = 1_000_000_000
"""How long packets may be on their way, those of a new agreement and still those of an old one."""
_NEVER = 2**62


def active_since(trace: Trace, agreements: AgreementTable) -> Int64:
    """Return from when on media may be expected by each agreement: before the answer to the call
    there is early media, of one side or of none.
    """
    answered_ns = pick(trace.messages.time_ns, trace.calls.final_row, ABSENT)
    return np.maximum(agreements.start_ns, answered_ns[agreements.call_row])


def expected_rtp(read: MediaLines, agreements: AgreementTable, party: Party) -> Bool:
    """Tell where both sides agreed that a party sends speech, to a place that exists. Where both
    do ICE it finds other places (RFC 8839).
    """
    lines = read.lines
    own, other = _line_of(agreements, party), _line_of(agreements, Party(int(OTHER_PARTY[party])))
    has_place = pick(lines.low, other, 0) + pick(lines.high, other, 0) > 0
    does_ice = (pick(lines.flags, own, 0) & pick(lines.flags, other, 0) & MediaFlag.ICE) != 0
    speaks = [each.kind == "audio" and "RTP/" in each.protocol for each in read.descriptions]
    expected: Bool = (
        (agreements.state == MediaState.AGREED)
        & np.array([*speaks, False], np.bool_)[lines.description[agreements.offer_row]]
        & np.isin(pick(lines.direction, own, 0), _SENDS)
        & np.isin(pick(lines.direction, other, 0), _RECEIVES)
        & has_place
        & ~does_ice
    )
    return expected


def _line_of(agreements: AgreementTable, party: Party) -> Int64:
    """Return the m= line of a party in each agreement, -1 without an answer."""
    offers = agreements.offered_by == party
    return np.where(offers, agreements.offer_row, agreements.answer_row).astype(np.int64)


_COLUMNS = (
    "missing", "missing_agreement", "active_ns", "heard", "heard_whole", "missing_before",
    "missing_elsewhere", "silent",
)  # fmt: skip  # read side by side


def find_missing(
    trace: Trace, read: MediaLines, agreements: AgreementTable, streams: MediaStreamTable
) -> dict[str, Int64]:
    """Return the columns of CallMediaTable about whose RTP is missing: of several agreements the
    one that held longest counts.
    """
    found = {name: np.zeros(len(trace.calls), np.int64) for name in _COLUMNS}
    found["missing_agreement"][:] = found["active_ns"][:] = ABSENT
    if len(streams) == 0:
        return found
    is_answered = trace.calls.final_status[agreements.call_row] // 100 == 2
    is_answered &= ~_turns_back(trace, streams)[agreements.call_row]
    start_ns = active_since(trace, agreements)
    heard = _Heard(read.lines, agreements, streams)
    for party in (Party.CALLEE, Party.CALLER):
        own, other = heard.of(party), heard.of(Party(int(OTHER_PARTY[party])))
        has_sent = (own.packets > 0) & (own.first_ns <= start_ns)
        began_ns = np.where(has_sent, start_ns + _ON_ITS_WAY_NS, start_ns)
        lasted_ns = agreements.end_ns - began_ns
        packets, is_whole = other.between(began_ns, agreements.end_ns)
        is_missing = is_answered & expected_rtp(read, agreements, party) & (packets > 0)
        is_missing &= (own.last_ns <= began_ns) & (lasted_ns >= _ON_ITS_WAY_NS)
        rows = np.flatnonzero(is_missing)
        rows = rows[np.argsort(lasted_ns[rows], kind="stable")]
        anywhere = heard.anywhere(party)
        elsewhere = np.where(anywhere.last_ns > began_ns, anywhere.packets - own.packets, 0)
        silent = np.where((own.packets > 0) | (elsewhere > 0), Party.UNKNOWN, party)
        columns = (
            np.full(len(agreements), party), np.arange(len(agreements)), lasted_ns, packets,
            is_whole, own.packets, elsewhere, silent,
        )  # fmt: skip  # read side by side
        for name, column in zip(_COLUMNS, columns, strict=True):
            found[name][agreements.call_row[rows]] = column[rows]
    return found


def _turns_back(trace: Trace, streams: MediaStreamTable) -> Bool:
    """Tell in which calls RTP of one side goes back to where other RTP of it comes from: by SDP it
    is all of that side, and yet there are two directions.
    """
    rtp, rows = trace.rtp.streams, streams.stream_row

    def seen(near: str, far: str) -> UInt64:
        names = (f"{near}_high", f"{near}_low", f"{near}_port", f"{far}_high", f"{far}_low")
        columns = [getattr(rtp, name)[rows] for name in names]
        return keys_of(streams.call_row, streams.party, *columns)

    found = np.zeros(len(trace.calls), np.bool_)
    found[streams.call_row[is_in(seen("destination", "source"), seen("source", "destination"))]] = (
        True
    )
    return found


@frozen
class _Sent:
    """Parallel columns, one row per agreement: RTP of one side."""

    packets: Int64
    """Duplicates excluded."""
    first_ns: Int64
    last_ns: Int64
    """Before all times where there is none."""

    def between(self, begin_ns: Int64, end_ns: Int64) -> tuple[Int64, Bool]:
        """Return how many of the packets came at a time, by its share in that of all of them, and
        where these are all.
        """
        begun, ended = np.maximum(self.first_ns, begin_ns), np.minimum(self.last_ns, end_ns)
        is_whole = (self.first_ns >= begin_ns - _ON_ITS_WAY_NS) & (
            self.last_ns <= end_ns + _ON_ITS_WAY_NS
        )
        share = (ended - begun) / np.maximum(self.last_ns - self.first_ns, 1)
        part = np.floor(self.packets * np.clip(share, 0.0, 1.0)).astype(np.int64)
        overlaps = (self.packets > 0) & (ended >= begun)
        return np.where(overlaps, np.where(is_whole, self.packets, part), 0), is_whole


class _Heard:
    """The RTP that concerns each agreement: it goes to the place that the other side names in it,
    or comes from the one that the sender names. In calls with a single path it is all of that m=
    line, which may come from and go to other places than SDP names.
    """

    def __init__(
        self, lines: MediaLineTable, agreements: AgreementTable, streams: MediaStreamTable
    ) -> None:
        self._agreements, self._streams = agreements, streams
        self._place = _places(lines)
        most = np.full(int(agreements.call_row.max(initial=ABSENT)) + 1, ABSENT, np.int64)
        least = np.full(len(most), np.iinfo(np.int64).max)
        np.maximum.at(most, agreements.call_row, agreements.path)
        np.minimum.at(least, agreements.call_row, agreements.path)
        self._has_one_path = (most == least)[agreements.call_row]

    def of(self, sender: Party) -> _Sent:
        """Return what a side sent that concerns each agreement."""
        streams, receiver = self._streams, Party(int(OTHER_PARTY[sender]))
        found = [
            self._at_place(of_stream, sender, namer)
            for of_stream, namer in (
                (streams.to_row, receiver),
                (streams.from_row, sender),
                (streams.back_row, sender),
            )
        ]
        anywhere = self.anywhere(sender)
        packets = np.max([each.packets for each in found], axis=0)
        first_ns = np.min([each.first_ns for each in found], axis=0)
        last_ns = np.max([each.last_ns for each in found], axis=0)
        return _Sent(
            np.where(self._has_one_path, anywhere.packets, packets),
            np.where(self._has_one_path, anywhere.first_ns, first_ns),
            np.where(self._has_one_path, anywhere.last_ns, last_ns),
        )

    def anywhere(self, sender: Party) -> _Sent:
        """Return what a side sent for the m= line of each agreement, on all hops of its call."""
        rows = np.flatnonzero(self._streams.party == sender)
        keys = _pairs(self._streams.call_row[rows], self._streams.index[rows])
        return self._sum(rows, keys, _pairs(self._agreements.call_row, self._agreements.index))

    def _at_place(self, of_stream: IntArray, sender: Party, namer: Party) -> _Sent:
        rows = np.flatnonzero((self._streams.party == sender) & (of_stream >= 0))
        place = pick(self._place, _line_of(self._agreements, namer), ABSENT)
        keys = _pairs(self._streams.call_row[rows], self._place[of_stream[rows]])
        return self._sum(rows, keys, _pairs(self._agreements.call_row, place))

    def _sum(self, rows: Int64, keys: Int64, asked: Int64) -> _Sent:
        """Add up rows of the streams with equal keys, for each key that is asked for."""
        streams, known = self._streams, distinct(keys)
        group = np.searchsorted(known, keys)
        packets = np.zeros(len(known), np.int64)
        np.add.at(packets, group, streams.packets[rows] - streams.duplicates[rows])
        first_ns, last_ns = np.full(len(known), _NEVER), np.full(len(known), -_NEVER)
        np.minimum.at(first_ns, group, streams.first_ns[rows])
        np.maximum.at(last_ns, group, streams.last_ns[rows])
        at = np.searchsorted(known, asked)
        at[np.append(known, ABSENT)[at] != asked] = ABSENT
        return _Sent(pick(packets, at, 0), pick(first_ns, at, _NEVER), pick(last_ns, at, -_NEVER))


def _pairs(first: IntArray, second: IntArray) -> Int64:
    """Return a number for each pair of numbers below 2**31, a negative one for a second that is."""
    return np.where(second >= 0, (first.astype(np.int64) << 32) | second.astype(np.int64), -2)


def _places(lines: MediaLineTable) -> Int64:
    """Return numbers for the addresses with ports that m= lines name."""
    if len(lines) == 0:
        return np.zeros(0, np.int64)
    keys = (lines.port, lines.low, lines.high, lines.version)
    order = np.lexsort(keys)
    is_new = np.ones(len(order), np.bool_)
    is_new[1:] = np.any([each[order[1:]] != each[order[:-1]] for each in keys], axis=0)
    numbers = np.empty(len(order), np.int64)
    numbers[order] = np.cumsum(is_new) - 1
    return numbers
