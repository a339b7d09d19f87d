"""Trace → the media of its calls: what SDP says, what RTP and RTCP show, and who is not heard."""

import numpy as np

from analyzer.measure.agreements import find_agreements
from analyzer.measure.media_answers import with_answers
from analyzer.measure.media_matches import match_reports, match_streams
from analyzer.measure.media_missing import find_missing
from analyzer.measure.media_parties import lines_of_calls, read_offers
from analyzer.measure.media_streams import streams_of_calls
from analyzer.sip.media_lines import MediaLines
from analyzer.tables.calls import Party
from analyzer.tables.media import (
    AgreementTable,
    CallMedia,
    CallMediaTable,
    MediaFlag,
    MediaLineTable,
    MediaReportTable,
    MediaStreamTable,
)
from analyzer.tables.schema import Bool, Int64
from analyzer.tables.trace import Trace

_ENCRYPTING = MediaFlag.CRYPTO | MediaFlag.FINGERPRINT


def measure_media(trace: Trace, offers: MediaLines | None = None) -> CallMedia:
    """Return the media of all calls of a trace; `offers` saves reading them where that is done."""
    read = lines_of_calls(trace, read_offers(trace) if offers is None else offers)
    agreements = find_agreements(trace, read.lines)
    matches = match_streams(trace, read.lines, trace.rtp.streams)
    matches = with_answers(matches, trace.rtp.streams)
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
    return CallMediaTable(
        **_totals(streams, count),
        **find_missing(trace, read, agreements, streams),
        has_echo=_echoes(streams, count),
    )


def _totals(streams: MediaStreamTable, count: int) -> dict[str, Int64]:
    """Add up the packets of both directions of each call."""
    totals = {}
    for party, name in ((Party.CALLER, "caller"), (Party.CALLEE, "callee")):
        rows = np.flatnonzero(streams.party == party)
        total = np.bincount(streams.call_row[rows], streams.packets[rows], minlength=count)
        totals[f"from_{name}"] = total.astype(np.int64)
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
