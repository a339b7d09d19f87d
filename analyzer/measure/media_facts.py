"""Media of calls → what there is to say about each: who is silent, what is lost, who sends from
elsewhere. Columns for all calls; texts only for the few that have something to say.
"""

from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import numpy as np

from analyzer.frozen import frozen
from analyzer.measure.media_losses import Losses, find_losses
from analyzer.measure.media_missing import active_since, expected_rtp
from analyzer.measure.offers import NOT_SPOKEN
from analyzer.sip.media_lines import MediaLines
from analyzer.tables.calls import Party
from analyzer.tables.endpoints import EndpointTable
from analyzer.tables.media import CallMedia, MediaFlag, MediaLineTable, MediaState
from analyzer.tables.rtp import RtpStreamTable
from analyzer.tables.schema import ABSENT, Bool, Float64, Int64, UInt64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, is_in, mix_keys

PRIVATE = (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16",
    "fc00::/7", "fe80::/10",
)  # fmt: skip  # read side by side
"""RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291."""


@frozen
class MediaFacts:
    """Parallel columns, one row per call."""

    silent: Int64
    """Party whose RTP is missing; 0 none."""
    heard: Int64
    """RTP packets of the other side meanwhile, about."""
    heard_whole: Bool
    """These are all that it sent there: no estimate."""
    sent_before: Int64
    """RTP packets of the missing side that came before, on the same hop."""
    sent_elsewhere: Int64
    """RTP packets of it that came on other hops meanwhile."""
    active_ns: Int64
    """How long the media that is missing was agreed on; -1 when none is missing."""
    is_absent: Bool
    """No RTP of either side, though both had agreed and RTP of other calls was captured."""
    awaited_at: list[str | None]
    """Where RTP of the silent side is waited for."""
    awaited_privately: list[bool | None]
    """That is a private address, and the silent side has a public one."""
    losses: Losses
    most_jitter_ns: Float64
    """Greatest jitter; -1 when unknown."""
    other_source: Int64
    """Party whose RTP comes from an address that it does not name; 0 none."""
    seen_row: Int64
    """Row in RtpStreamTable of that RTP; -1 none."""
    named_row: Int64
    """Row in MediaLineTable that names another source; -1 none."""


def media_facts(trace: Trace) -> MediaFacts:
    """Return what there is to say about the media of all calls."""
    media, count = trace.media, len(trace.calls)
    calls = media.calls
    absent_ns = _absent(trace, media)
    awaited = [_awaited(media, call) for call in np.flatnonzero(calls.missing > 0).tolist()]
    awaited_at: list[str | None] = [None] * count
    privately: list[bool | None] = [None] * count
    for call, place, is_private in awaited:
        awaited_at[call], privately[call] = place, is_private
    elsewhere = _elsewhere(trace, media)
    most = np.full(count, -1.0)
    np.maximum.at(most, media.streams.call_row, media.streams.most_jitter_ns)
    return MediaFacts(
        silent=calls.missing.astype(np.int64),
        heard=calls.heard,
        heard_whole=calls.heard_whole,
        sent_before=calls.missing_before,
        sent_elsewhere=calls.missing_elsewhere,
        active_ns=np.where(calls.missing > 0, calls.active_ns, absent_ns),
        is_absent=absent_ns >= 0,
        awaited_at=awaited_at,
        awaited_privately=privately,
        losses=find_losses(media, trace.rtp.streams),
        most_jitter_ns=most,
        other_source=elsewhere[0],
        seen_row=elsewhere[1],
        named_row=elsewhere[2],
    )


def _absent(trace: Trace, media: CallMedia) -> Int64:
    """Return how long calls without any RTP had agreed on media; -1 for other calls."""
    found = np.full(len(trace.calls), ABSENT, np.int64)
    if not media.captured:
        return found
    agreements = media.agreements
    read = MediaLines(media.lines, media.descriptions)
    is_expected = expected_rtp(read, agreements, Party.CALLER)
    is_expected |= expected_rtp(read, agreements, Party.CALLEE)
    is_empty = (media.calls.from_caller == 0) & (media.calls.from_callee == 0)
    is_empty &= trace.calls.final_status // 100 == 2
    rows = np.flatnonzero(is_expected & is_empty[agreements.call_row])
    lasted = agreements.end_ns[rows] - active_since(trace, agreements)[rows]
    np.maximum.at(found, agreements.call_row[rows], lasted)
    return found


def _awaited(media: CallMedia, call: int) -> tuple[int, str, bool]:
    """Return where RTP of the silent side of a call is waited for, and whether only a private
    address is named there.
    """
    agreements, row = media.agreements, int(media.calls.missing_agreement[call])
    offers = int(agreements.offered_by[row]) == int(media.calls.missing[call])
    lines = (int(agreements.offer_row[row]), int(agreements.answer_row[row]))
    silent, heard = lines if offers else lines[::-1]
    is_private = _is_private(media.lines, heard) and not _is_private(media.lines, silent)
    return call, place_of(media.lines, heard), is_private


def _is_private(lines: MediaLineTable, row: int) -> bool:
    if row < 0 or not lines.version[row]:
        return False
    address = ip_address(_addresses(lines).address(row))
    return any(address in network for network in _private_networks())


@cache
def _private_networks() -> tuple[IPv4Network | IPv6Network, ...]:
    """Return what no router passes on to the internet, without what stands for public addresses in
    documentation.
    """
    return tuple(map(ip_network, PRIVATE))


def _addresses(lines: MediaLineTable) -> EndpointTable:
    port = np.maximum(lines.port, 0).astype(np.uint16)
    return EndpointTable(high=lines.high, low=lines.low, port=port, version=lines.version)


def place_of(lines: MediaLineTable, row: int) -> str:
    """Return address and port of an m= line, empty where it names no address."""
    if row < 0 or not lines.version[row]:
        return ""
    return _written(_addresses(lines), row)


def written_end(streams: RtpStreamTable, side: str, row: int) -> str:
    """Return the `source` or `destination` of packets, address and port."""
    high, low, port = (getattr(streams, f"{side}_{name}") for name in ("high", "low", "port"))
    table = EndpointTable(high=high, low=low, port=port, version=streams.version)
    return _written(table, row)


def _written(table: EndpointTable, row: int) -> str:
    address = table.address(row)
    return f"[{address}]:{table.port[row]}" if ":" in address else f"{address}:{table.port[row]}"


def _elsewhere(trace: Trace, media: CallMedia) -> tuple[Int64, Int64, Int64]:
    """Return the party of each call whose RTP comes from an address that its side does not name,
    that RTP, and the m= line that names another. Calls with ICE are left out: it finds others.
    """
    count = len(trace.calls)
    party = np.zeros(count, np.int64)
    seen, named = np.full((2, count), ABSENT, np.int64)
    streams, lines, rtp = media.streams, media.lines, trace.rtp.streams
    from_other = np.flatnonzero((streams.from_row < 0) & (streams.to_row >= 0))
    has_ice = np.zeros(count, np.bool_)
    has_ice[lines.call_row[(lines.flags & MediaFlag.ICE) != 0]] = True
    from_other = from_other[~has_ice[streams.call_row[from_other]]]
    own = _lines_of(lines, streams.call_row[from_other], streams.party[from_other], count)
    stream = streams.stream_row[from_other]
    named_by = _address_keys(lines.call_row, lines.party, lines.low, lines.high)
    source = rtp.source_low[stream], rtp.source_high[stream]
    seen_from = _address_keys(streams.call_row[from_other], streams.party[from_other], *source)
    # on another hop an element between may speak for the party
    rows = np.flatnonzero((own >= 0) & ~is_in(seen_from, named_by))[::-1]
    call = streams.call_row[from_other[rows]]
    party[call] = streams.party[from_other[rows]]
    seen[call], named[call] = stream[rows], own[rows]
    return party, seen, named


def _address_keys(call: IntArray, party: IntArray, low: IntArray, high: IntArray) -> UInt64:
    """Return a number for each address and the party of a call that uses it."""
    sides = 2 * call.astype(np.uint64) + party.astype(np.uint64)
    return mix_keys(mix_keys(low.astype(np.uint64), high.astype(np.uint64)), sides)


def _lines_of(lines: MediaLineTable, call: IntArray, party: IntArray, count: int) -> Int64:
    """Return the first m= line with an address that each party of a call says, -1 without one."""
    first = np.full(2 * count + 2, ABSENT, np.int64)
    rows = np.flatnonzero((lines.port > 0) & (lines.version > 0))[::-1]
    first[2 * lines.call_row[rows].astype(np.int64) + lines.party[rows] - 1] = rows
    found: Int64 = first[2 * call.astype(np.int64) + party - 1]
    return found


def spoken_codec(trace: Trace) -> list[str | None]:
    """Return the first format that carries speech or the like of what each call agreed on."""
    media = trace.media
    names = [
        next((each for each in described.codecs if each not in NOT_SPOKEN), None)
        for described in media.descriptions
    ]
    agreements = media.agreements
    rows = np.flatnonzero((agreements.state == MediaState.AGREED) & (agreements.answer_row >= 0))
    deciding = trace.calls.transaction_row[agreements.call_row[rows]]
    rows = rows[agreements.transaction_row[rows] == deciding][::-1]
    found = np.full(len(trace.calls), len(names), np.int64)
    found[agreements.call_row[rows]] = media.lines.description[agreements.answer_row[rows]]
    return [[*names, None][each] for each in found.tolist()]
