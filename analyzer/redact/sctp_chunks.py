"""SCTP packets → the same without names: user messages chunk by chunk, addresses of the peers
(RFC 9260 §3.3, RFC 8260 §2.1).

A message that several chunks carry is redacted as a whole and cut again.
"""

from collections import defaultdict

from analyzer.redact.messages import Messages
from analyzer.sip.associations import BEGINS, DATA, ENDS, I_DATA, Chunk, chunks_of, raw_chunks
from analyzer.sip.flows import Ends
from analyzer.sip.pieces import Piece
from analyzer.sip.start_line import scan_start_line

INIT, INIT_ACK, SACK, SHUTDOWN, FORWARD_TSN = 1, 2, 3, 7, 192
_KEPT = frozenset((SACK, SHUTDOWN, 11, 14, FORWARD_TSN, 194))
"""Chunks that hold numbers only; also COOKIE ACK, SHUTDOWN COMPLETE and I-FORWARD-TSN."""
_INIT_FIXED = 16
_ADDRESS_PARAMETERS = {5: 4, 6: 16}
_CHUNK_HEADER = 4
_MOST_PARTS = 64

_Place = tuple[Ends, tuple[int, ...], int]


class SctpChunks:
    """The associations of one capture."""

    def __init__(self, messages: Messages) -> None:
        """Start without chunks."""
        self._messages = messages
        self._parts: dict[_Place, Chunk] = {}
        self._made: dict[_Place, bytes] = {}

    def add(self, ends: Ends, frame: int, data: bytes) -> None:
        """Take the chunks of a packet that are parts of longer messages."""
        piece = Piece(frame, 0, -1, -1, 0, len(data), len(data))
        for chunk in chunks_of(piece, ends, data):
            if chunk.flags & (BEGINS | ENDS) != BEGINS | ENDS:
                self._parts.setdefault(chunk.place, chunk)

    def finish(self) -> None:
        """Redact the messages that are whole, and the beginnings of others."""
        by_place: dict[_Place, list[Chunk]] = defaultdict(list)
        for place, chunk in self._parts.items():
            if chunk.flags & BEGINS:
                by_place[place] = self._following(chunk)
        for chunks in by_place.values():
            text = b"".join(each.data for each in chunks)
            if scan_start_line(text.decode("latin-1")) is None:
                continue
            made, taken = self._messages.redact(text), 0
            for number, each in enumerate(chunks):
                start = made.place(taken)
                taken += len(each.data)
                is_last = number == len(chunks) - 1
                stop = len(made.data) if is_last else made.place(taken)
                self._made[each.place] = made.data[start:stop]
        self._parts.clear()

    def _following(self, chunk: Chunk) -> list[Chunk]:
        """Return the chunks of a message from its first on, as far as they are here."""
        found = [chunk]
        ends, common, number = chunk.place
        while not found[-1].flags & ENDS and len(found) < _MOST_PARTS:
            number = (number + 1) & 0xFFFFFFFF
            following = self._parts.get((ends, common, number))
            if following is None or following.flags & BEGINS:
                break
            found.append(following)
        return found

    def take(self, ends: Ends, frame: int, data: bytes) -> bytes:
        """Return the chunks of a packet without names."""
        piece = Piece(frame, 0, -1, -1, 0, len(data), len(data))
        parts = {each.data_at: each for each in _located(piece, ends, data)}
        found = bytearray()
        at = 0
        for kind, flags, start, length in raw_chunks(data):
            stop = min(start + length, len(data))
            value = self._value(kind, flags, data[start:stop], parts.get(start))
            size = _CHUNK_HEADER + length + len(value) - (stop - start)
            found += bytes((kind, flags)) + (size & 0xFFFF).to_bytes(2, "big") + value
            at = start + length + (-length & 3)
            if at <= len(data):
                found += bytes(-size & 3)
            else:
                found += bytes(max(0, len(data) - stop))
        return bytes(found) + bytes(max(0, len(data) - at))

    def _value(self, kind: int, flags: int, value: bytes, part: "_Located | None") -> bytes:
        if kind in {DATA, I_DATA} and part is not None:
            head = value[: part.head]
            text = value[part.head :]
            if flags & (BEGINS | ENDS) == BEGINS | ENDS:
                return head + self._message(text)
            return head + self._made.get(part.chunk.place, bytes(len(text)))
        if kind in {INIT, INIT_ACK}:
            return value[:_INIT_FIXED] + self._parameters(value[_INIT_FIXED:])
        return value if kind in _KEPT else bytes(len(value))

    def _message(self, text: bytes) -> bytes:
        if scan_start_line(text.decode("latin-1")) is None:
            return bytes(len(text))
        return self._messages.redact(text).data

    def _parameters(self, data: bytes) -> bytes:
        """Exchange addresses; of other parameters only kind and length stay."""
        found = bytearray(data)
        at = 0
        while at + _CHUNK_HEADER <= len(data):
            kind = int.from_bytes(data[at : at + 2], "big")
            length = int.from_bytes(data[at + 2 : at + 4], "big")
            if length < _CHUNK_HEADER:
                break
            start, stop = at + _CHUNK_HEADER, min(at + length, len(data))
            if _ADDRESS_PARAMETERS.get(kind) == stop - start:
                packed = self._messages.names.addresses.packed
                found[start:stop] = packed(data[start:stop])
            else:
                found[start:stop] = bytes(stop - start)
            at += length + (-length & 3)
        found[min(at, len(data)) :] = bytes(max(0, len(data) - at))
        return bytes(found)


class _Located:
    """A part of a user message with the place of its chunk's value."""

    def __init__(self, chunk: Chunk, data_at: int, head: int) -> None:
        self.chunk, self.data_at, self.head = chunk, data_at, head


def _located(piece: Piece, ends: Ends, data: bytes) -> list[_Located]:
    """Return the parts of user messages in a packet; as `chunks_of` finds them."""
    found = []
    chunks = iter(chunks_of(piece, ends, data))
    for kind, _flags, start, length in raw_chunks(data):
        head = {DATA: 12, I_DATA: 16}.get(kind)
        if head is None or length <= head or start + head > len(data):
            continue
        found.append(_Located(next(chunks), start, head))
    return found
