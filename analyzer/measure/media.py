"""Trace → the media of its calls: what SDP says, what RTP and RTCP show, and who is not heard.

A side is silent where both had agreed that it sends audio, packets of the other side were captured
on that hop, and none of its own. Why, a capture does not show: see `rules/media`.
"""

import numpy as np

from analyzer.measure.agreements import find_agreements
from analyzer.measure.media_matches import OTHER_PARTY, match_reports, match_streams
from analyzer.measure.media_parties import lines_of_calls, read_offers
from analyzer.measure.media_streams import streams_of_calls
from analyzer.sip.media_lines import MediaLines
from analyzer.tables.calls import Party
from analyzer.tables.media import (
    AgreementTable,
    CallMedia,
    CallMediaTable,
    Direction,
    MediaFlag,
    MediaLineTable,
    MediaReportTable,
    MediaState,
    MediaStreamTable,
)
from analyzer.tables.schema import ABSENT, Bool, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, distinct, pick

SENDS = (Direction.SENDRECV, Direction.SENDONLY)
RECEIVES = (Direction.SENDRECV, Direction.RECVONLY)
_ENCRYPTING = MediaFlag.CRYPTO | MediaFlag.FINGERPRINT


def measure_media(trace: Trace, offers: MediaLines | None = None) -> CallMedia:
    """Return the media of all calls of a trace; `offers` saves reading them where that is done."""
    read = lines_of_calls(trace, read_offers(trace) if offers is None else offers)
    agreements = find_agreements(trace, read.lines)
    matches = match_streams(trace, read.lines, trace.rtp.streams)
    streams = streams_of_calls(trace.rtp, matches, read.lines, read.descriptions)
    return CallMedia(
        lines=read.lines,
        descriptions=read.descriptions,
        agreements=agreements,
        streams=streams,
        reports=_reports(trace, read.lines),
        calls=_calls(trace, read, agreements, streams),
        rtcp=trace.rtp.reports,
        captured=len(streams) > 0,
    )


def _reports(trace: Trace, lines: MediaLineTable) -> MediaReportTable:
    found = match_reports(trace, lines, trace.rtp.reports)
    line = np.where(found.to_row >= 0, found.to_row, found.from_row)
    order = np.lexsort((found.stream, found.call))
    encrypted = (lines.flags[line] & _ENCRYPTING) != 0
    return MediaReportTable(
        call_row=found.call[order],
        party=found.party[order],
        report_row=found.stream[order],
        encrypted=encrypted[order],
    )


def _calls(
    trace: Trace, read: MediaLines, agreements: AgreementTable, streams: MediaStreamTable
) -> CallMediaTable:
    count = len(trace.calls)
    silent = _Silence(trace, read, agreements, streams)
    return CallMediaTable(
        **_totals(streams, count),
        silent=silent.party,
        silent_agreement=silent.agreement,
        active_ns=silent.active_ns,
        heard=silent.heard,
        has_echo=_echoes(streams, count),
    )


def _totals(streams: MediaStreamTable, count: int) -> dict[str, Int64]:
    """Add up the packets of both directions of each call."""
    totals = {}
    for party, name in ((Party.CALLER, "caller"), (Party.CALLEE, "callee")):
        rows = np.flatnonzero(streams.party == party)
        call = streams.call_row[rows]
        for prefix, column in (
            ("", streams.packets),
            ("lost_", streams.lost),
            ("expected_", streams.expected),
        ):
            total = np.bincount(call, column[rows], minlength=count).astype(np.int64)
            totals[f"{prefix}from_{name}"] = total
    return totals


def _echoes(streams: MediaStreamTable, count: int) -> Bool:
    """Tell in which calls one SSRC comes from both sides."""
    found = np.zeros(count, np.bool_)
    order = np.lexsort((streams.party, streams.ssrc, streams.call_row))
    here, before = order[1:], order[:-1]
    is_echo = (
        (streams.call_row[here] == streams.call_row[before])
        & (streams.ssrc[here] == streams.ssrc[before])
        & (streams.party[here] != streams.party[before])
    )
    found[streams.call_row[here[is_echo]]] = True
    return found


class _Silence:
    """The sides that are not heard, call by call."""

    def __init__(
        self,
        trace: Trace,
        read: MediaLines,
        agreements: AgreementTable,
        streams: MediaStreamTable,
    ) -> None:
        lines, descriptions = read.lines, read.descriptions
        count = len(trace.calls)
        self.party = np.zeros(count, np.int64)
        self.agreement, self.active_ns = np.full((2, count), ABSENT, np.int64)
        self.heard = np.zeros(count, np.int64)
        if len(streams) == 0:
            return
        packets = {
            party: _packets_to(lines, agreements, streams, party)
            for party in (Party.CALLER, Party.CALLEE)
        }
        is_answered = trace.calls.final_status[agreements.call_row] // 100 == 2
        is_audio = np.array([each.kind == "audio" for each in descriptions], np.bool_)
        is_asked = is_answered & is_audio[lines.description[agreements.offer_row]]
        lasted_ns = agreements.end_ns - agreements.start_ns
        for party in (Party.CALLEE, Party.CALLER):
            other = Party(int(OTHER_PARTY[party]))
            is_silent = (
                is_asked
                & _expected(lines, agreements, party)
                & (packets[party] == 0)
                & (packets[other] > 0)
                & ~_is_heard(agreements, streams, party, count)[agreements.call_row]
            )
            rows = np.flatnonzero(is_silent)
            rows = rows[np.argsort(lasted_ns[rows], kind="stable")]
            call = agreements.call_row[rows]
            self.party[call], self.agreement[call] = party, rows
            self.active_ns[call], self.heard[call] = lasted_ns[rows], packets[other][rows]


def _line_of(agreements: AgreementTable, party: Party) -> Int64:
    """Return the m= line of a party in each agreement, -1 without an answer."""
    offers = agreements.offered_by == party
    return np.where(offers, agreements.offer_row, agreements.answer_row).astype(np.int64)


def _expected(lines: MediaLineTable, agreements: AgreementTable, party: Party) -> Bool:
    """Tell where both sides agreed that a party sends, to a place that exists."""
    own, other = _line_of(agreements, party), _line_of(agreements, Party(int(OTHER_PARTY[party])))
    has_place = pick(lines.low, other, 0) + pick(lines.high, other, 0) > 0
    expected: Bool = (
        (agreements.state == MediaState.AGREED)
        & np.isin(pick(lines.direction, own, 0), SENDS)
        & np.isin(pick(lines.direction, other, 0), RECEIVES)
        & has_place
    )
    return expected


def _packets_to(
    lines: MediaLineTable, agreements: AgreementTable, streams: MediaStreamTable, sender: Party
) -> Int64:
    """Count the packets of a sender that concern each agreement: those that go to the place that
    the other side names in it, or come from the one that the sender names.
    """
    place = _places(lines)
    call = streams.call_row.astype(np.int64)
    rows = np.flatnonzero(streams.party == sender)
    receiver = Party(int(OTHER_PARTY[sender]))
    counts = np.zeros(len(agreements), np.int64)
    for of_stream, party in ((streams.to_row, receiver), (streams.from_row, sender)):
        named = rows[of_stream[rows] >= 0]
        pairs = np.stack([call[named], place[of_stream[named]]], axis=1)
        line = _line_of(agreements, party)
        asked = np.stack([agreements.call_row, pick(place, line, ABSENT)], axis=1)
        counts = np.maximum(counts, _sums(pairs, streams.packets[named], asked))
    return counts


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


def _sums(pairs: Int64, values: Int64, asked: IntArray) -> Int64:
    """Add up the values of equal pairs, for each pair that is asked for."""
    # both numbers are below 2**31
    keys, wanted = ((each[:, 0].astype(np.int64) << 32) | each[:, 1] for each in (pairs, asked))
    if len(keys) == 0:
        return np.zeros(len(wanted), np.int64)
    known = distinct(keys)
    sums = np.bincount(np.searchsorted(known, keys), values).astype(np.int64)
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where((known[at] == wanted) & (asked[:, 1] >= 0), sums[at], 0)


def _is_heard(
    agreements: AgreementTable, streams: MediaStreamTable, party: Party, count: int
) -> Bool:
    """Tell in which calls with a single path packets of a party were captured anywhere: these came
    from and went to other places than SDP names.
    """
    found = np.zeros(count, np.bool_)
    found[streams.call_row[streams.party == party]] = True
    most = np.full(count, ABSENT, np.int64)
    least = np.full(count, np.iinfo(np.int64).max)
    np.maximum.at(most, agreements.call_row, agreements.path)
    np.minimum.at(least, agreements.call_row, agreements.path)
    heard: Bool = found & (most == least)
    return heard
