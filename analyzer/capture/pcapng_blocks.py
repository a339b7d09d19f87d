"""The blocks of pcapng (draft-ietf-opsawg-pcapng), one function or class per kind."""

from dataclasses import dataclass, field
from struct import Struct
from typing import NamedTuple

from analyzer.capture.frame_reader import MAX_RECORD_BYTES
from analyzer.capture.originals import (
    IF_TSOFFSET,
    IF_TSRESOL,
    InterfaceDescription,
    Option,
    Original,
    interface_options,
    packet_options,
)
from analyzer.capture.pcapng_clock import DEFAULT_RESOLUTION, Clock, make_clock
from analyzer.frozen import frozen
from analyzer.tables.schema import Int16, Int32, Int64, Table, UInt64, column

SECTION_HEADER = 0x0A0D0D0A
INTERFACE = 1
OBSOLETE_PACKET = 2
SIMPLE_PACKET = 3
ENHANCED_PACKET = 6
DECRYPTION_SECRETS = 10
TLS_KEY_LOG = 0x544C534B
"""Type of the secrets that are a TLS key log in the format of NSS (§4.7)."""
CUSTOM_BLOCK = 0x0000_0BAD
NUMBERED_BLOCKS = {
    0x0000_0009: "a systemd journal entry",
    0x0000_0204: "a system call",
    0x0000_0216: "a system call",
    0x0000_0221: "a system call",
    CUSTOM_BLOCK: "a custom block",
    0x4000_0BAD: "a custom block",
}
"""Blocks that hold no packet, but get a frame number from Wireshark."""

SMALLEST_BLOCK = 12
UNKNOWN_LINK_TYPE = 0xFFFF
"""`FrameTable.link_type` of a packet whose interface is not described: a number of no link."""

_ORDER_MAGIC = b"\x1a\x2b\x3c\x4d"


class InterfaceTable(Table):
    """The interfaces of a section, as the compiled walk reads them."""

    link_type: Int32 = column("LINKTYPE_ number.")
    snap_len: Int64 = column("Longest captured length; 0 unlimited.")
    multiply: UInt64 = column("Clock.multiply.")
    divide: UInt64 = column("Clock.divide.")
    shift: Int16 = column("Clock.shift.")
    offset_ns: Int64 = column("Clock.offset_ns.")


@frozen
class Interface:
    """What an Interface Description Block says (§4.2)."""

    link_type: int
    snap_len: int
    clock: Clock
    options: tuple[Option, ...] = ()
    """All it says beside, numbers in them little-endian."""

    @property
    def description(self) -> InterfaceDescription:
        """Return it for who describes it again."""
        return InterfaceDescription(self.link_type, self.snap_len, self.options)


UNKNOWN_INTERFACE = Interface(UNKNOWN_LINK_TYPE, 0, make_clock(DEFAULT_RESOLUTION, 0))


@dataclass(slots=True)
class Section:
    """A section (§4.1): its byte order and the interfaces described so far."""

    big_endian: bool
    interfaces: list[Interface] = field(default_factory=list)
    table: InterfaceTable = field(default_factory=lambda: InterfaceTable.zeros(4))
    """The same as columns; rows from `len(interfaces)` on are spare."""
    word: Struct = field(init=False)
    """Reads 32 bits."""
    head: Struct = field(init=False)
    """Reads type and length of a block."""
    packet: Struct = field(init=False)
    """Reads the fixed fields of an enhanced packet block: interface, time (high, low), captured and
    original length.
    """

    def __post_init__(self) -> None:
        """Choose the readers for the byte order."""
        order = ">" if self.big_endian else "<"
        self.word = Struct(order + "I")
        self.head = Struct(order + "II")
        self.packet = Struct(order + "IIIII")

    def add(self, interface: Interface) -> None:
        """Give one more interface the next number."""
        row = len(self.interfaces)
        if row == len(self.table):
            self.table = InterfaceTable.concatenate([self.table, InterfaceTable.zeros(row)])
        clock = interface.clock
        self.table.link_type[row] = interface.link_type
        self.table.snap_len[row] = interface.snap_len
        self.table.multiply[row] = clock.multiply
        self.table.divide[row] = clock.divide
        self.table.shift[row] = clock.shift
        self.table.offset_ns[row] = clock.offset_ns
        self.interfaces.append(interface)


class Block(NamedTuple):
    """A whole block: type, and where it lies; `end` is where the next one begins."""

    kind: int
    pos: int
    end: int


class Packet(NamedTuple):
    """A packet of any kind of block."""

    interface: int
    ticks: int | None
    pos: int
    captured: int
    original: int


def byte_order(data: memoryview, pos: int) -> bool | None:
    """Return whether a section header at `pos` is big-endian; None when it is no section header."""
    magic = bytes(data[pos + 8 : pos + 12])
    if magic == _ORDER_MAGIC:
        return True
    return False if magic == _ORDER_MAGIC[::-1] else None


def block_at(data: memoryview, pos: int, end: int, section: Section) -> Block | str:
    """Return the block at `pos`, or what is wrong with it: `cut` when it reaches past `end`, else
    a sentence.
    """
    if pos + SMALLEST_BLOCK > end:
        return "cut"
    kind, length = section.head.unpack_from(data, pos)
    if length < SMALLEST_BLOCK or length > MAX_RECORD_BYTES:
        return f"the block at byte {pos} claims {length} bytes"
    # Some writers leave the padding out of the length; Wireshark reads them like this, too.
    block_end = pos + (length + 3 & ~3)
    if block_end > end:
        return "cut"
    (again,) = section.word.unpack_from(data, block_end - 4)
    if again + 3 & ~3 != block_end - pos:
        return f"the block at byte {pos} claims {length} bytes at its start and {again} at its end"
    return Block(kind, pos, block_end)


def packet_of(data: memoryview, block: Block, section: Section) -> Packet | None:
    """Return the packet of a packet block; None when it does not fit into the block."""
    if block.kind == SIMPLE_PACKET:
        return _simple_packet(data, block, section)
    if block.end - block.pos < 32:
        return None
    interface, high, low, captured, original = section.packet.unpack_from(data, block.pos + 8)
    if block.kind == OBSOLETE_PACKET:
        interface = _obsolete_interface(interface, section)
    if captured > block.end - block.pos - 32:
        return None
    return Packet(interface, high << 32 | low, block.pos + 28, captured, original)


def _obsolete_interface(word: int, section: Section) -> int:
    # §4 of the appendix: 16 bits of interface, 16 bits of drop count
    return word >> 16 if section.big_endian else word & 0xFFFF


def _simple_packet(data: memoryview, block: Block, section: Section) -> Packet | None:
    if block.end - block.pos < 16:
        return None
    (original,) = section.word.unpack_from(data, block.pos + 8)
    snap_len = section.interfaces[0].snap_len if section.interfaces else 0
    captured = min(original, snap_len) if snap_len else original
    if captured > block.end - block.pos - 16:
        return None
    return Packet(0, None, block.pos + 12, captured, original)


def interface_of(data: memoryview, block: Block, section: Section) -> Interface | None:
    """Return the interface that a block describes; None when it is too short."""
    if block.end - block.pos < 20:
        return None
    order = ">" if section.big_endian else "<"
    link_type, _reserved, snap_len = Struct(order + "HHI").unpack_from(data, block.pos + 8)
    resolution, offset_s = DEFAULT_RESOLUTION, 0
    found = options(bytes(data[block.pos + 16 : block.end - 4]), order)
    for code, value in found:
        if code == IF_TSRESOL and len(value) == 1:
            resolution = value[0]
        elif code == IF_TSOFFSET and len(value) == 8:
            (offset_s,) = Struct(order + "q").unpack(value)
    clock = make_clock(resolution, offset_s)
    return Interface(link_type, snap_len, clock, interface_options(found, order))


def original_at(data: memoryview, pos: int, captured: int, section: Section) -> Original:
    """Return how the packet whose bytes are at `pos` stands in a section; a simple packet block has
    neither time nor options.
    """
    # what precedes the bytes of a simple packet is the length of its block, always greater
    if section.word.unpack_from(data, pos - 8)[0] != captured:
        return Original(0, 0)
    start = pos - 28
    kind, length = section.head.unpack_from(data, start)
    interface, high, low, _, _ = section.packet.unpack_from(data, start + 8)
    if kind == OBSOLETE_PACKET:
        interface = _obsolete_interface(interface, section)
    order = ">" if section.big_endian else "<"
    end = start + (length + 3 & ~3) - 4
    found: list[Option] = options(bytes(data[pos + (captured + 3 & ~3) : end]), order)
    return Original(interface, high << 32 | low, packet_options(found, order))


def key_log_of(data: memoryview, block: Block, section: Section) -> bytes | None:
    """Return the TLS key log of a block of secrets; None when it holds other ones, or is cut."""
    if block.end - block.pos < SMALLEST_BLOCK + 8:
        return None
    kind, length = section.head.unpack_from(data, block.pos + 8)
    if kind != TLS_KEY_LOG or block.pos + 16 + length > block.end - 4:
        return None
    return bytes(data[block.pos + 16 : block.pos + 16 + length])


def options(raw: bytes, order: str) -> list[tuple[int, bytes]]:
    """Return the options of a block (§3.5) up to the first one that is not whole."""
    head = Struct(order + "HH")
    found = []
    pos = 0
    while pos + 4 <= len(raw):
        code, length = head.unpack_from(raw, pos)
        if code == 0 or pos + 4 + length > len(raw):
            break
        found.append((code, raw[pos + 4 : pos + 4 + length]))
        pos += 4 + (length + 3 & ~3)
    return found
