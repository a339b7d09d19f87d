"""ICMP errors that quote datagrams of chosen calls (RFC 792, RFC 4443 §3): nothing listened there.

Read on common links and outside of tunnels, where an IP header without options quotes another. What
is quoted is told by its ends, and by the identification of its packet where that has one.
"""

import numpy as np

from analyzer.extract.choice import Chosen
from analyzer.extract.keys import key_columns
from analyzer.extract.windows import MediaWindows, Windows
from analyzer.rtp.streams import KEY
from analyzer.tables.frames import FrameTable
from analyzer.tables.messages import Transport
from analyzer.tables.schema import Bool, Int32, Int64, Table, UInt8, UInt16, UInt64, column
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray

_HEADERS = {0: (4,), 1: (14, 18, 22), 12: (0,), 101: (0,), 108: (4,), 113: (16,), 228: (0,),
            229: (0,), 276: (20,)}  # fmt: skip  # read side by side
"""Link type → bytes before IP, with tags of VLANs too."""
_SOON_NS = 10_000_000_000
"""How long after a packet an error may quote it."""
_UDP = 17
_ANY = 0


class QuoteTable(Table):
    """Datagrams as they are quoted."""

    frame: Int64 = column("Number of the frame.")
    time_ns: Int64 = column("Time of the frame.")
    version: UInt8 = column("IP version, 4 or 6.")
    source_high: UInt64 = column("Upper 64 bits of an IPv6 source address; 0 for IPv4.")
    source_low: UInt64 = column("Lower 64 bits of the source address.")
    source_port: UInt16 = column("Source port.")
    destination_high: UInt64 = column("Upper 64 bits of an IPv6 destination address.")
    destination_low: UInt64 = column("Lower 64 bits of the destination address.")
    destination_port: UInt16 = column("Destination port.")
    identification: Int32 = column("Identification of an IPv4 packet; 0 without one.")


class Errors:
    """Tells the errors about chosen datagrams from others."""

    def __init__(self, trace: Trace, chosen: Chosen, media: MediaWindows | None) -> None:
        """Take the datagrams of messages and of media."""
        rows = chosen.messages[trace.messages.transport[chosen.messages] == Transport.UDP]
        sent = _sent(trace, rows)
        keys = [_keys(sent, sent.identification)]
        times = [(sent.time_ns, sent.time_ns)]
        if media is not None:
            keys.append(key_columns(media.rtp, *KEY, more=(np.zeros(len(media.rtp)),)))
            times.append((media.first_ns, media.last_ns))
        first, last = (np.concatenate(each) for each in zip(*times, strict=True))
        self._windows = Windows(np.concatenate(keys), first, last + _SOON_NS)

    def __len__(self) -> int:
        """Count the datagrams and sources."""
        return len(self._windows)

    def frames(self, data: memoryview, frames: FrameTable) -> Int64:
        """Return the numbers of the frames with errors about them."""
        quotes = QuoteTable.concatenate(
            [
                quotes_in(data, frames, link_type, length)
                for link_type, lengths in _HEADERS.items()
                if (frames.link_type == link_type).any()
                for length in lengths
            ]
        )
        held = [
            self._windows.hold(_keys(quotes, identification), quotes.time_ns)
            for identification in (quotes.identification, quotes.identification * _ANY)
        ]
        return quotes.frame[held[0] | held[1]]


def _sent(trace: Trace, rows: Int64) -> QuoteTable:
    """Return messages as errors would quote them."""
    messages, ends = trace.messages.take(rows), trace.endpoints
    columns: dict[str, IntArray] = {"version": ends.version[messages.source_row]}
    for side in ("source", "destination"):
        end = getattr(messages, f"{side}_row")
        columns |= {f"{side}_{name}": getattr(ends, name)[end] for name in ("high", "low", "port")}
    return QuoteTable(
        frame=messages.frame,
        time_ns=messages.time_ns,
        identification=np.maximum(messages.ip_id, _ANY),
        **columns,
    )


def _keys(quotes: QuoteTable, identification: IntArray) -> UInt64:
    return key_columns(quotes, *KEY, more=(identification,))


def quotes_in(data: memoryview, frames: FrameTable, link_type: int, length: int) -> QuoteTable:
    """Return the datagrams that ICMP errors quote, where IP begins after so many bytes."""
    at = frames.pos + length
    is_on_link = frames.link_type == link_type
    parts = []
    for layout in (_V4, _V6):
        has_room = is_on_link & (frames.captured >= length + layout.size)
        rows = np.flatnonzero(has_room)
        bytes_ = _Bytes(data, at[rows])
        is_error = layout.is_error(bytes_)
        parts.append(layout.quotes(bytes_.take(is_error), frames.take(rows[is_error])))
    return QuoteTable.concatenate(parts)


class _Bytes:
    """Numbers at places of the capture."""

    def __init__(self, data: memoryview, at: Int64) -> None:
        self._data = data
        self._raw = np.frombuffer(data, np.uint8)
        self._at = at

    def take(self, chosen: Bool) -> "_Bytes":
        """Return the same at some of the places."""
        return _Bytes(self._data, self._at[chosen])

    def number(self, offset: int, size: int) -> IntArray:
        """Return the big-endian numbers so far behind the places."""
        places = self._at[:, np.newaxis] + np.arange(offset, offset + size)
        kind = {1: ">u1", 2: ">u2", 4: ">u4", 8: ">u8"}[size]
        return np.ascontiguousarray(self._raw[places]).view(kind)[:, 0]


class _Layout:
    """Where an error of one IP version quotes a datagram."""

    def __init__(self, version: int, header: int, protocol: tuple[int, int], kinds: range) -> None:
        self._version = version
        self._protocol = protocol
        """Place of the protocol in the header, and ICMP."""
        self._kinds = kinds
        self._header = header
        self._inner = header + 8
        self.size = self._inner + header + 4

    def is_error(self, found: _Bytes) -> Bool:
        """Tell where there is an error that quotes a datagram."""
        place, icmp = self._protocol
        kind = found.number(self._header, 1)
        is_error: Bool = (
            self._begins(found, 0)
            & (found.number(place, 1) == icmp)
            & (kind >= self._kinds.start)
            & (kind < self._kinds.stop)
            & self._begins(found, self._inner)
            & (found.number(self._inner + place, 1) == _UDP)
        )
        return is_error

    def _begins(self, found: _Bytes, offset: int) -> Bool:
        """Tell where a header of the usual length begins."""
        first = found.number(offset, 1)
        begins: Bool = (first == 0x45) if self._version == 4 else (first >> 4 == 6)
        return begins

    def quotes(self, found: _Bytes, frames: FrameTable) -> QuoteTable:
        """Return what is quoted."""
        at, size, count = self._inner, self._header, len(frames)
        ends: dict[str, IntArray] = {}
        for side, number in (("source", 0), ("destination", 1)):
            if self._version == 4:
                ends[f"{side}_high"] = np.zeros(count, np.uint64)
                ends[f"{side}_low"] = found.number(at + 12 + 4 * number, 4)
            else:
                ends[f"{side}_high"] = found.number(at + 8 + 16 * number, 8)
                ends[f"{side}_low"] = found.number(at + 16 + 16 * number, 8)
            ends[f"{side}_port"] = found.number(at + size + 2 * number, 2)
        is_v4 = self._version == 4
        return QuoteTable(
            frame=frames.number,
            time_ns=frames.time_ns,
            version=np.full(count, self._version),
            identification=found.number(at + 4, 2) if is_v4 else np.zeros(count),
            **ends,
        )


_V4 = _Layout(4, 20, (9, 1), range(3, 13))
_V6 = _Layout(6, 40, (6, 58), range(1, 5))
