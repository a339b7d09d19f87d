"""SCTP packets → SIP messages (RFC 9260 §3.3.1, §6.9; RFC 4168; RFC 8260 §2.1 for I-DATA).

A user message is one SIP message. Fragments of DATA chunks join by consecutive TSN, those of
I-DATA by their number in the message; a TSN that was seen is a retransmission and no new message.
"""

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.decode.parts import SctpTable
from analyzer.decode.verdicts import OTHER, SIP, STREAM_UNREAD
from analyzer.settings import Settings
from analyzer.sip.accounts import Accounts
from analyzer.sip.flows import Ends, ends_of
from analyzer.sip.pieces import Joined, Piece, Stretch
from analyzer.sip.start_line import scan_start_line
from analyzer.tables.messages import Transport
from analyzer.tables.schema import Int64

DATA, I_DATA = 0, 64
ENDS, BEGINS, UNORDERED = 1, 2, 4
"""Flags of both."""
_MOST_PARTS = 64
"""Fragments of one message that are looked for."""
_TSNS_KEPT = 4_096
"""Numbers of messages remembered in all, to tell retransmissions."""
_SIP = re.compile(rb"SIP/", re.IGNORECASE)
_COLUMNS = ("ip_id", "pos", "length", "wire_length")

Place = tuple[Ends, tuple[int, ...], int]
"""Direction, what the fragments of a message have in common, number of the fragment."""


@dataclass(slots=True)
class Chunk:
    """A part of a user message."""

    place: Place
    flags: int
    tsn: int
    data: bytes
    wire_length: int
    piece: Piece
    pos: int
    """Where its bytes stand in the source of the piece."""

    def stretch(self) -> Stretch:
        """Return where its bytes stand."""
        return Stretch(self.piece, self.pos, len(self.data))


class Associations:
    """The SCTP associations of one capture."""

    def __init__(self, accounts: Accounts, settings: Settings) -> None:
        """Start without chunks."""
        self._accounts = accounts
        self._settings = settings
        self._parts: OrderedDict[Place, Chunk] = OrderedDict()
        self._waiting: dict[int, int] = {}
        self._seen: OrderedDict[tuple[Ends, int], None] = OrderedDict()

    def take(self, packets: SctpTable, numbers: Int64, times: Int64) -> None:
        """Take the packets of a batch, with number and time of their frames."""
        columns = (numbers, times, *(getattr(packets, name) for name in _COLUMNS))
        rows = zip(*(column.tolist() for column in columns), strict=True)
        for ends, (number, time_ns, ip_id, pos, length, wire_length) in zip(
            ends_of(packets), rows, strict=True
        ):
            where = (0, ~pos) if pos < 0 else (-1, pos)
            data = self._accounts.read(*where, length)
            piece = Piece(number, time_ns, ip_id, *where, length, wire_length)
            if is_plain(data):
                self._accounts.done(piece)
            else:
                self._read(piece, ends, data)

    def end(self) -> None:
        """Take that the capture ends."""
        while self._parts:
            self._give_up()

    def _read(self, piece: Piece, ends: Ends, data: bytes) -> None:
        self._hold(piece)
        for chunk in chunks_of(piece, ends, data):
            if chunk.flags & BEGINS and chunk.flags & ENDS:
                self._message([chunk])
            elif (ends, chunk.tsn) not in self._seen and chunk.place not in self._parts:
                self._parts[chunk.place] = chunk
                self._hold(piece)
                self._join(chunk)
        self._release(piece)
        while len(self._parts) > self._settings.max_fragments:
            self._accounts.limit("max_fragments", piece)
            self._give_up()

    def _join(self, chunk: Chunk) -> None:
        """Hand on the message of which a fragment came, when it is whole now."""
        ends, common, number = chunk.place
        found = [chunk]
        for step, last in ((-1, BEGINS), (1, ENDS)):
            at, edge = number, chunk
            while not edge.flags & last:
                at = (at + step) & 0xFFFFFFFF
                following = self._parts.get((ends, common, at))
                if following is None or len(found) == _MOST_PARTS:
                    return
                edge = following
                found.insert(0 if step < 0 else len(found), edge)
        for each in found:
            del self._parts[each.place]
        self._message(found, chunk.piece)
        for each in found:
            self._release(each.piece)

    def _message(self, chunks: list[Chunk], last: Piece | None = None) -> None:
        """Hand on a message when it is one and new."""
        ends = chunks[0].place[0]
        text = b"".join(each.data for each in chunks)
        if not _SIP.search(text, 0, 8_192) or scan_start_line(text.decode("latin-1")) is None:
            return
        if any((ends, each.tsn) in self._seen for each in chunks):
            return
        for each in chunks:
            self._seen[ends, each.tsn] = None
            each.piece.mark(SIP)
        while len(self._seen) > _TSNS_KEPT:
            self._seen.popitem(last=False)
        missing = sum(each.wire_length - len(each.data) for each in chunks)
        lengths = (len(text), len(text) + missing)
        joined = Joined(text, [each.stretch() for each in chunks])
        self._accounts.message(last or chunks[-1].piece, joined, lengths, ends, Transport.SCTP)

    def _hold(self, piece: Piece) -> None:
        """Keep a packet uncounted until as many releases."""
        self._waiting[piece.frame] = self._waiting.get(piece.frame, 0) + 1

    def _release(self, piece: Piece) -> None:
        """Count a packet when none of its fragments waits any more."""
        self._waiting[piece.frame] -= 1
        if not self._waiting[piece.frame]:
            del self._waiting[piece.frame]
            self._accounts.done(piece)

    def _give_up(self) -> None:
        """Let go of the oldest fragment."""
        _, chunk = self._parts.popitem(last=False)
        if chunk.flags & BEGINS and scan_start_line(chunk.data.decode("latin-1")):
            ends = chunk.place[0]
            chunk.piece.mark(SIP)
            lengths = (len(chunk.data), len(chunk.data) + 1)
            joined = Joined(chunk.data, [chunk.stretch()])
            self._accounts.message(chunk.piece, joined, lengths, ends, Transport.SCTP)
        elif _SIP.search(chunk.data):
            chunk.piece.mark(STREAM_UNREAD)
        else:
            chunk.piece.mark(OTHER)
        self._release(chunk.piece)


def is_plain(data: bytes) -> bool:
    """Tell whether a packet has no part of a SIP message: no fragment, and no SIP version."""
    return not _SIP.search(data) and all(
        kind not in {DATA, I_DATA} or flags & 3 == BEGINS | ENDS
        for kind, flags, *_ in raw_chunks(data)
    )


def raw_chunks(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield type, flags, start and length on the wire of each chunk, without its header."""
    at = 0
    while at + 4 <= len(data):
        length = int.from_bytes(data[at + 2 : at + 4])
        if length < 4:
            return
        yield data[at], data[at + 1], at + 4, length - 4
        at += length + (-length & 3)


def chunks_of(piece: Piece, ends: Ends, data: bytes) -> Iterator[Chunk]:
    """Yield the parts of user messages in a packet."""
    for kind, flags, start, length in raw_chunks(data):
        head = {DATA: 12, I_DATA: 16}.get(kind)
        if head is None or length <= head or start + head > len(data):
            continue
        tsn = int.from_bytes(data[start : start + 4])
        common: tuple[int, ...] = (kind,)
        number = tsn
        if kind == I_DATA:
            stream = int.from_bytes(data[start + 4 : start + 6])
            message = int.from_bytes(data[start + 8 : start + 12])
            common = (kind, stream, message, flags & UNORDERED)
            number = 0 if flags & BEGINS else int.from_bytes(data[start + 12 : start + 16])
        text = data[start + head : min(start + length, len(data))]
        pos = piece.pos + start + head
        yield Chunk((ends, common, number), flags, tsn, text, length - head, piece, pos)
