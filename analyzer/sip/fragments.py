"""IP fragments → whole packets → what they carry (RFC 791 §3.2, RFC 8200 §4.5).

Pieces come in any order; of what comes twice the first copy counts. Of a packet that is not whole,
what stands at its beginning is read as far as it goes: a filter for ports lets only the first
fragment through.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TypeVar

import numpy as np

from analyzer.decode.cursor import DatagramTable, Fates, Packets
from analyzer.decode.datagrams import Decoded, decode_packets
from analyzer.decode.explain import explain
from analyzer.decode.parts import FragmentTable, SctpTable, SegmentTable
from analyzer.decode.protocols import IP_SPACE
from analyzer.decode.verdicts import FIRST_KIND, IP_FRAGMENT, NOT_UNDERSTOOD, OTHER, SIP, WAITING
from analyzer.settings import Settings
from analyzer.sip.accounts import Accounts
from analyzer.sip.flows import END_COLUMNS, Ends
from analyzer.sip.pieces import Joined, Piece, Stretch
from analyzer.sip.start_line import scan_start_line
from analyzer.tables.messages import Transport
from analyzer.tables.schema import Int64

_ADDRESSES = ("version", "source_high", "source_low", "destination_high", "destination_low")
_COLUMNS = (*_ADDRESSES, "ip_id", "identification", "protocol", "offset", "more", "frame_row",
            "pos", "length", "wire_length")  # fmt: skip
_MOST_OVERLAPPING = 256
_NESTED = 4
"""Packets in fragments inside packets in fragments."""

Rows = TypeVar("Rows", SegmentTable, SctpTable)
Key = tuple[int, ...]
"""Version, addresses, identification; protocol too in IPv4."""


@dataclass(slots=True)
class Fragment:
    """One piece of a packet."""

    offset: int
    end: int
    frame_row: int
    piece: Piece


@dataclass(slots=True)
class Fragmented:
    """A packet of which pieces are here."""

    key: Key
    protocol: int
    first_ns: int
    pieces: list[Fragment] = field(default_factory=list)
    total: int = -1
    """Bytes of its payload; -1 while the last piece is not here."""
    overlaps: bool = False
    covered: int = 0
    """Bytes of the pieces, each piece counted once."""
    spans: list[tuple[int, int]] = field(default_factory=list)
    """Start and end of each piece, in order, each once."""

    def add(self, fragment: Fragment, *, more: bool) -> bool:
        """Add a piece; tell whether it covers others without being the same."""
        span = (fragment.offset, fragment.end)
        at = bisect_left(self.spans, span)
        self.pieces.append(fragment)
        if not more and self.total < 0:
            self.total = fragment.end
        if self.spans[at : at + 1] == [span]:
            return False
        before, after = self.spans[max(at - 1, 0) : at], self.spans[at : at + 1]
        overlaps = any(end > span[0] for _, end in before) or any(
            start < span[1] for start, _ in after
        )
        self.overlaps |= overlaps
        self.covered += span[1] - span[0]
        self.spans.insert(at, span)
        return overlaps

    def prefix(self) -> int:
        """Return how many bytes from the beginning are covered by pieces."""
        reached = 0
        for start, end in self.spans:
            if start > reached:
                break
            reached = max(reached, end)
        return reached

    @property
    def is_whole(self) -> bool:
        """Whether all pieces are here."""
        if not 0 < self.total <= self.covered:
            return False
        # To find out costs more when pieces overlap: of such a packet no more than usual are tried.
        return not (self.overlaps and len(self.spans) > _MOST_OVERLAPPING) and (
            self.prefix() >= self.total
        )


class Fragments:
    """Packets in pieces of one capture."""

    def __init__(self, accounts: Accounts, settings: Settings) -> None:
        """Start without pieces."""
        self._accounts = accounts
        self._settings = settings
        self._open: dict[Key, Fragmented] = {}
        self._whole: dict[Key, int] = {}
        self._count = 0

    def take(self, decoded: Decoded, numbers: Int64, times: Int64) -> Decoded:
        """Take the fragments of a batch, with number and time of each frame; return the batch with
        the parts of other transports that whole packets hold.
        """
        found = self._take(decoded.fragments, numbers, times, _NESTED)
        return Decoded(
            decoded.verdicts,
            decoded.details,
            decoded.datagrams,
            _in_order(SegmentTable, [decoded.segments, *(each.segments for each in found)]),
            _in_order(SctpTable, [decoded.sctp, *(each.sctp for each in found)]),
            decoded.fragments,
            decoded.media,
        )

    def end(self) -> None:
        """Take that the capture ends."""
        for each in list(self._open.values()):
            self._give_up(each)

    def _take(
        self, fragments: FragmentTable, numbers: Int64, times: Int64, depth: int
    ) -> list[Decoded]:
        found: list[Decoded] = []
        columns = (getattr(fragments, name).tolist() for name in _COLUMNS)
        for row in zip(*columns, strict=True):
            *addresses, ip_id, identification, protocol, offset, more, frame_row = row[:11]
            pos, length, wire_length = row[11:]
            key = (*addresses, identification, protocol if addresses[0] == 4 else 0)
            where = (0, ~pos) if pos < 0 else (-1, pos)
            frame, time_ns = int(numbers[frame_row]), int(times[frame_row])
            piece = Piece(frame, time_ns, ip_id, *where, length, wire_length)
            fragment = Fragment(offset, offset + wire_length, frame_row, piece)
            packet = self._packet(key, protocol, piece)
            if packet.add(fragment, more=bool(more)):
                self._accounts.note("fragment-overlap", piece, identity(packet))
            self._count += 1
            if packet.is_whole:
                self._drop(packet)
                self._whole[key] = time_ns
                found.extend(self._decode(packet, fragment, numbers, times, depth))
            self._keep_bounds(piece)
        return found

    def _packet(self, key: Key, protocol: int, piece: Piece) -> Fragmented:
        """Return the packet that a piece belongs to."""
        packet = self._open.get(key)
        timeout = self._settings.fragment_timeout_ms * 1_000_000
        if packet is not None and abs(piece.time_ns - packet.first_ns) > timeout:
            self._give_up(packet)
            packet = None
        if packet is None:
            packet = self._open[key] = Fragmented(key, protocol, piece.time_ns)
        return packet

    def _keep_bounds(self, piece: Piece) -> None:
        """Give up the oldest packets when there are too many pieces."""
        while self._count > self._settings.max_fragments:
            self._accounts.limit("max_fragments", piece)
            self._give_up(next(iter(self._open.values())))
        while len(self._whole) > self._settings.max_fragments:
            del self._whole[next(iter(self._whole))]

    def _drop(self, packet: Fragmented) -> None:
        self._count -= len(packet.pieces)
        del self._open[packet.key]

    def _payload(self, packet: Fragmented) -> Joined:
        """Return the bytes from the beginning up to the first that is missing."""
        payload = bytearray()
        stretches = []
        for each in sorted(packet.pieces, key=lambda it: (it.offset, it.piece.frame)):
            if each.offset > len(payload):
                break
            old = len(payload) - each.offset
            if each.piece.length > old:
                piece = each.piece
                stretches.append(Stretch(piece, piece.pos + old, piece.length - old))
                payload += self._accounts.read(piece.source, piece.pos + old, piece.length - old)
            if each.piece.length < each.piece.wire_length and each.end > len(payload):
                break
        joined = Joined(bytes(payload), stretches)
        return joined if packet.total < 0 else joined.span(0, packet.total)

    def _decode(
        self, packet: Fragmented, last: Fragment, numbers: Int64, times: Int64, depth: int
    ) -> list[Decoded]:
        """Find out what a whole packet carries."""
        payload = self._payload(packet)
        decoded = decode_payload(packet, last.piece.ip_id, payload.data, self._settings)
        verdict = int(decoded.verdicts[0])
        if verdict == SIP:
            verdict = self._message(decoded.datagrams, payload, last.piece)
        before = [each for each in packet.pieces if each is not last]
        if verdict != WAITING:
            kind = NOT_UNDERSTOOD[verdict - FIRST_KIND] if verdict >= FIRST_KIND else ""
            detail = explain(kind, int(decoded.details[0])) if kind else ""
            for each in packet.pieces:
                self._accounts.count(verdict, each.piece.frame, detail)
            return []
        self._accounts.add(other=len(before))
        base = self._accounts.keep(payload)
        moved = _moved(decoded, base, last.frame_row)
        if not len(moved.fragments):
            return [moved]
        if depth:
            return [moved, *self._take(moved.fragments, numbers, times, depth - 1)]
        self._accounts.count(IP_FRAGMENT, last.piece.frame, identity(packet))
        return []

    def _message(self, datagrams: DatagramTable, payload: Joined, piece: Piece) -> int:
        """Hand on the message in a datagram; return the verdict."""
        pos, length = int(datagrams.pos[0]), int(datagrams.length[0])
        text = payload.span(pos, length)
        if scan_start_line(text.data.decode("latin-1")) is None:
            return OTHER
        lengths = (length, int(datagrams.wire_length[0]))
        self._accounts.message(piece, text, lengths, _ends(datagrams), Transport.UDP)
        return SIP

    def _give_up(self, packet: Fragmented) -> None:
        """Count the pieces of a packet that never became whole; read what its beginning holds."""
        self._drop(packet)
        if packet.key in self._whole and all(
            abs(each.piece.time_ns - self._whole[packet.key])
            <= self._settings.fragment_timeout_ms * 1_000_000
            for each in packet.pieces
        ):
            # Copies of pieces of a packet that was whole.
            self._accounts.add(other=len(packet.pieces))
            return
        payload = self._payload(packet)
        used: set[int] = set()
        size = len(payload.data)
        if size:
            last = max(
                (each for each in packet.pieces if each.offset < size),
                key=lambda it: it.piece.frame,
            )
            packet.total = max(packet.total, size + 1)
            decoded = decode_payload(packet, last.piece.ip_id, payload.data, self._settings)
            if decoded.verdicts[0] == SIP and (
                self._message(decoded.datagrams, payload, last.piece) == SIP
            ):
                used = {each.piece.frame for each in packet.pieces if each.offset < size}
        for each in packet.pieces:
            if each.piece.frame in used:
                self._accounts.count(SIP, each.piece.frame)
                self._accounts.note("ip-fragment", each.piece, identity(packet))
            else:
                self._accounts.count(IP_FRAGMENT, each.piece.frame, identity(packet))


def decode_payload(packet: Fragmented, ip_id: int, payload: bytes, settings: Settings) -> Decoded:
    """Take the payload of a packet through its protocols; positions count in the payload."""
    fates = Fates(np.zeros(1, np.uint8), np.zeros(1, np.int32))
    total = max(packet.total, len(payload))
    spans = (np.zeros(1, np.int64), np.full(1, len(payload)), np.full(1, total))
    batch = Packets(np.frombuffer(payload, np.uint8), fates, np.zeros(1, np.int64), spans)
    for name, value in zip(_ADDRESSES, packet.key, strict=False):
        setattr(batch, name, np.full(1, value, getattr(batch, name).dtype))
    batch.ip_id = np.full(1, ip_id, np.int64)
    batch.go_on(IP_SPACE, packet.protocol)
    return decode_packets(batch, settings)


def identity(packet: Fragmented) -> str:
    """Name a packet by its addresses and identification."""
    version, *halves, identification, _ = packet.key
    source, destination = halves[:2], halves[2:]
    ends = [_address(version, high, low) for high, low in (source, destination)]
    return f"{ends[0]} > {ends[1]}, id 0x{identification:04x}, protocol {packet.protocol}"


def _address(version: int, high: int, low: int) -> str:
    size = 4 if version == 4 else 16
    return str(ip_address(((high << 64) | low).to_bytes(size)))


def _ends(datagrams: DatagramTable) -> Ends:
    values = [int(getattr(datagrams, name)[0]) for name in END_COLUMNS]
    return tuple(values)  # type: ignore[return-value]  # as many as it names


def _moved(decoded: Decoded, base: int, frame_row: int) -> Decoded:
    """Return parts that stand in the arena from `base` on, as parts of a frame of the batch."""
    segments, sctp, fragments = decoded.segments, decoded.sctp, decoded.fragments
    return Decoded(
        decoded.verdicts,
        decoded.details,
        decoded.datagrams,
        segments.replace(pos=~(segments.pos + base), frame_row=np.full(len(segments), frame_row)),
        sctp.replace(pos=~(sctp.pos + base), frame_row=np.full(len(sctp), frame_row)),
        fragments.replace(
            pos=~(fragments.pos + base), frame_row=np.full(len(fragments), frame_row)
        ),
        decoded.media.take(np.zeros(len(decoded.media), np.bool_)),
    )


def _in_order(kind: type[Rows], tables: list[Rows]) -> Rows:
    tables = [each for each in tables if len(each)]
    if len(tables) < 2:
        return tables[0] if tables else kind.zeros(0)
    rows = kind.concatenate(tables)
    return rows.take(np.argsort(rows.frame_row, kind="stable"))
