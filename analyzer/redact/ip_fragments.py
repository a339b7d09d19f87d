"""IP fragments → the packet they make, redacted as a whole and cut into as many again.

What is not whole is redacted as far as it goes from the beginning; all other pieces lose their
content.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from analyzer.decode.parts import FragmentTable
from analyzer.decode.protocols import IpProtocol
from analyzer.frozen import frozen
from analyzer.redact.packet import CannotRedactError
from analyzer.tables.schema import Int64

_COLUMNS = (
    "version", "source_high", "source_low", "destination_high", "destination_low",
    "identification", "protocol", "offset", "more", "frame_row", "pos", "length", "wire_length",
)  # fmt: skip  # read side by side
_KEY_SIZE = 7
_UNIT = 8
"""Offsets count in this many bytes (RFC 791 §3.1)."""
_LONGEST = 1 << 16
_TIMEOUT_NS = 60_000_000_000

Key = tuple[int, ...]
"""Version, both addresses in halves, identification, protocol."""
RedactPayload = Callable[[Key, bytes, int], bytes]
"""Takes the payload of a packet and its length on the wire."""


@frozen
class Piece:
    """One fragment."""

    frame: int
    time_ns: int
    offset: int
    more: bool
    data: bytes
    wire_length: int


@frozen
class NewPiece:
    """What becomes of a fragment."""

    offset: int
    data: bytes
    is_lost: bool = False


@dataclass(slots=True)
class _Packet:
    first_ns: int
    pieces: dict[int, Piece] = field(default_factory=dict)
    """By offset, the first copy of each."""
    copies: list[Piece] = field(default_factory=list)


class IpFragments:
    """The fragmented packets of one capture."""

    def __init__(self, data: memoryview, redact: RedactPayload) -> None:
        """Take what redacts the payload of a whole packet."""
        self._data = data
        self._redact = redact
        self._packets: dict[Key, list[_Packet]] = defaultdict(list)
        self._made: dict[int, NewPiece] = {}

    def add(self, fragments: FragmentTable, numbers: Int64, times: Int64) -> None:
        """Take the fragments of a batch, with number and time of its frames."""
        columns = (getattr(fragments, name).tolist() for name in _COLUMNS)
        for row in zip(*columns, strict=True):
            key, (offset, more, frame_row, pos, length, wire_length) = (
                row[:_KEY_SIZE],
                row[_KEY_SIZE:],
            )
            data = bytes(self._data[pos : pos + length])
            frame, time_ns = int(numbers[frame_row]), int(times[frame_row])
            piece = Piece(frame, time_ns, offset, bool(more), data, wire_length)
            self._put(key, piece)

    def _put(self, key: Key, piece: Piece) -> None:
        packets = self._packets[key]
        packet = packets[-1] if packets else None
        known = packet.pieces.get(piece.offset) if packet else None
        is_same = known is not None and (known.data, known.more) == (piece.data, piece.more)
        if (
            packet is None
            or piece.time_ns - packet.first_ns > _TIMEOUT_NS
            or (known is not None and not is_same)
        ):
            packet = _Packet(piece.time_ns)
            packets.append(packet)
        if piece.offset in packet.pieces:
            packet.copies.append(piece)
        else:
            packet.pieces[piece.offset] = piece

    def finish(self) -> None:
        """Redact all packets."""
        for key, packets in self._packets.items():
            for packet in packets:
                made = self._take(key, packet)
                for piece in (*packet.pieces.values(), *packet.copies):
                    self._made[piece.frame] = made[piece.offset]
        self._packets.clear()

    def piece(self, frame: int) -> NewPiece | None:
        """Return what becomes of the fragment in a frame; None when there is none."""
        return self._made.get(frame)

    def _take(self, key: Key, packet: _Packet) -> dict[int, NewPiece]:
        """Return the new pieces of a packet by their old offsets."""
        ordered = [packet.pieces[offset] for offset in sorted(packet.pieces)]
        made = {each.offset: _emptied(each) for each in ordered}
        chain = list(_beginning(ordered))
        if not chain:
            return made
        is_whole = len(chain) == len(ordered) and not chain[-1].more
        payload = b"".join(each.data for each in chain)
        new = payload
        wire_length = sum(each.wire_length for each in chain) + (0 if is_whole else 1)
        try:
            new = self._redact(key, payload, wire_length)
            stated = int.from_bytes(new[4:6], "big") if key[-1] == IpProtocol.UDP else _LONGEST
            made.update(_cut(chain, new, stated, is_whole=is_whole))
        except CannotRedactError:
            pass
        if len(chain) < len(ordered):
            growth = -(-max(0, len(new) - len(payload)) // _UNIT) * _UNIT
            for each in ordered[len(chain) :]:
                made[each.offset] = _emptied(each, growth)
        return made


def _emptied(piece: Piece, growth: int = 0) -> NewPiece:
    return NewPiece(piece.offset + growth, bytes(len(piece.data)), is_lost=True)


def _beginning(ordered: list[Piece]) -> Iterator[Piece]:
    """Yield the pieces that follow each other from the beginning on without overlap or gap."""
    reach = 0
    for each in ordered:
        if each.offset != reach:
            return
        yield each
        reach += each.wire_length
        if len(each.data) < each.wire_length or not each.more:
            return


def _in_units(new: bytes, stated: int) -> bytes:
    """Let the beginning of a packet end where an offset can be, as others follow, and before the
    length that it states.
    """
    filled = new + b"x" * (-len(new) % _UNIT)
    return filled if len(filled) < stated else new[: len(new) - len(new) % _UNIT]


def _cut(chain: list[Piece], new: bytes, stated: int, *, is_whole: bool) -> dict[int, NewPiece]:
    """Cut new bytes into as many pieces, at the old places where that leaves something for all;
    `stated` is the length that the packet states, as far as that is known.
    """
    starts = [each.offset for each in chain]
    if not is_whole:
        new = _in_units(new, stated)
    size = len(new)
    if size <= starts[-1]:
        share = (size - 1) // len(chain) // _UNIT * _UNIT
        if not share:
            raise CannotRedactError
        starts = [share * number for number in range(len(chain))]
    ends = [*starts[1:], size]
    return {
        each.offset: NewPiece(start, new[start:end])
        for each, start, end in zip(chain, starts, ends, strict=True)
    }
