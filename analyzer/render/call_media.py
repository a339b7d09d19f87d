"""The media of calls → columns of call records: offered and answered, RTP, RTCP, who is silent."""

import numpy as np

from analyzer.render.record_columns import (
    Booleans,
    Durations,
    Endpoints,
    Integers,
    Lists,
    Members,
    Tokens,
    Values,
)
from analyzer.render.record_source import RecordSource, optional
from analyzer.tables.calls import Party
from analyzer.tables.endpoints import EndpointTable
from analyzer.tables.media import Direction, MediaFlag, MediaLineTable, MediaState
from analyzer.tables.rtp import RtpStreamTable
from analyzer.tables.schema import ABSENT, Float64, Int64
from analyzer.tables.vector import IntArray, pick

KEYINGS = ("sdes", "dtls")
"""How SRTP gets its keys: RFC 4568, RFC 5763."""


def media_values(source: RecordSource, rows: IntArray) -> Values:
    """Return the media of some calls; nothing where nobody wanted to know."""
    trace = source.trace
    agreed = Members(trace.media_of_call).of(rows)
    streams = Members(trace.streams_of_call).of(rows)
    reports = Members(trace.reports_of_call).of(rows)
    return {
        "media": Lists(agreed[0], _agreed(source, agreed[1])),
        "streams": Lists(streams[0], _streams(source, streams[1])),
        "rtcp": Lists(reports[0], _reports(source, reports[1])),
        "silent": source.names(trace.media.calls.silent[rows], Party),
    }


def _agreed(source: RecordSource, rows: Int64) -> Values:
    """Return what was offered and answered."""
    media = source.trace.media
    picked = media.agreements.take(rows)
    described = pick(media.lines.description, picked.offer_row, ABSENT)
    return {
        "index": Integers(picked.index),
        "kind": _texts(source, [each.kind for each in media.descriptions], described),
        "protocol": _texts(source, [each.protocol for each in media.descriptions], described),
        "state": source.names(picked.state, MediaState),
        "offered_by": source.names(picked.offered_by, Party),
        "offered": _side(source, picked.offer_row),
        "answered": _side(source, picked.answer_row),
    }


def _side(source: RecordSource, rows: IntArray) -> Values:
    """Return what one side says; all absent for row -1."""
    media = source.trace.media
    lines = media.lines
    flags = pick(lines.flags, rows, 0)
    keying = [source.words.number(each) for each in KEYINGS]
    keyed = np.select(
        [(flags & MediaFlag.FINGERPRINT) != 0, (flags & MediaFlag.CRYPTO) != 0],
        [keying[1], keying[0]],
        ABSENT,
    )
    codecs = [each.codecs for each in media.descriptions]
    return {
        "endpoint": Endpoints(_named(lines, rows), _places(lines)),
        "direction": source.names(pick(lines.direction, rows, 0), Direction),
        "codecs": _texts(source, codecs, pick(lines.description, rows, ABSENT)),
        "keying": Tokens(keyed, source.words),
        "rtcp_mux": _flag(rows, flags, MediaFlag.RTCP_MUX),
        "ice": _flag(rows, flags, MediaFlag.ICE),
    }


def _flag(rows: IntArray, flags: IntArray, flag: MediaFlag) -> Booleans:
    return Booleans((rows >= 0) & ((flags & flag) != 0))


def _texts(
    source: RecordSource, values: list[str] | list[tuple[str, ...]], which: IntArray
) -> Tokens:
    """Return texts by their index; -1 and the empty one are absent."""
    numbers = [source.words.number(each) if each else ABSENT for each in values]
    return Tokens(np.array([*numbers, ABSENT], np.int64)[which], source.words)


def _named(lines: MediaLineTable, rows: IntArray) -> IntArray:
    """Leave out rows whose address is a name, or whose port cannot be read."""
    is_known = (pick(lines.version, rows, 0) > 0) & (pick(lines.port, rows, ABSENT) >= 0)
    return np.where(is_known, rows, ABSENT)


def _places(lines: MediaLineTable) -> EndpointTable:
    port = np.maximum(lines.port, 0).astype(np.uint16)
    return EndpointTable(high=lines.high, low=lines.low, port=port, version=lines.version)


def ends_of(streams: RtpStreamTable, side: str) -> EndpointTable:
    """Return the `source` or `destination` of each stretch."""
    high, low, port = (getattr(streams, f"{side}_{name}") for name in ("high", "low", "port"))
    return EndpointTable(high=high, low=low, port=port, version=streams.version)


def _streams(source: RecordSource, rows: Int64) -> Values:
    """Return the RTP sources."""
    trace = source.trace
    media, rtp = trace.media, trace.rtp.streams
    picked = media.streams.take(rows)
    return {
        "index": Integers(picked.index),
        "from": source.names(picked.party, Party),
        "source": Endpoints(picked.stream_row, ends_of(rtp, "source")),
        "destination": Endpoints(picked.stream_row, ends_of(rtp, "destination")),
        "source_signalled": Booleans(picked.from_row >= 0),
        "destination_signalled": Booleans(picked.to_row >= 0),
        "ssrc": Integers(picked.ssrc),
        "payload_type": Integers(picked.payload_type),
        "codec": _codecs(source, picked.description, picked.payload_type),
        "first_ns": Integers(picked.first_ns),
        "last_ns": Integers(picked.last_ns),
        "packets": Integers(picked.packets),
        "octets": Integers(picked.octets),
        "expected": Integers(picked.expected),
        "lost": Integers(picked.lost),
        "duplicates": Integers(picked.duplicates),
        "reordered": Integers(picked.reordered),
        "jitter_ms": _duration(picked.jitter_ns),
        "mean_jitter_ms": _duration(picked.mean_jitter_ns),
        "max_jitter_ms": _duration(picked.most_jitter_ns),
        "max_gap_ms": Durations(picked.gap_ns),
    }


def _duration(values: Float64) -> Durations:
    return Durations(np.round(values).astype(np.int64))


def _codecs(source: RecordSource, description: IntArray, payload_type: IntArray) -> Tokens:
    """Return the encoding names of payload types."""
    pairs = (description.astype(np.int64) << 8) | payload_type
    values, which = np.unique(pairs, return_inverse=True)
    names = [
        source.trace.media.encoding(value >> 8, str(value & 0xFF)) for value in values.tolist()
    ]
    return _texts(source, names, which)


def _reports(source: RecordSource, rows: Int64) -> Values:
    """Return what RTCP reports."""
    media = source.trace.media
    picked = media.reports.take(rows)
    rtcp = media.rtcp.take(picked.report_row)

    def readable(column: IntArray) -> IntArray:
        return np.where(picked.encrypted | (rtcp.fraction_lost < 0), ABSENT, column)

    lost = np.where(readable(rtcp.jitter) < 0, np.iinfo(np.int64).min, rtcp.lost)
    return {
        "from": source.names(picked.party, Party),
        "ssrc": Integers(rtcp.sender),
        "about": optional(np.where(picked.encrypted, ABSENT, rtcp.about)),
        "sender_reports": Integers(rtcp.sender_reports),
        "receiver_reports": Integers(rtcp.receiver_reports),
        "max_fraction_lost": optional(readable(rtcp.fraction_lost)),
        "lost": optional(lost, int(np.iinfo(np.int64).min)),
        "jitter": optional(readable(rtcp.jitter)),
        "max_jitter": optional(readable(rtcp.most_jitter)),
        "max_round_trip_ms": Durations(readable(rtcp.round_trip_ns)),
    }
