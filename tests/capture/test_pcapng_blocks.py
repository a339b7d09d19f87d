"""Blocks of pcapng, built by struct."""

from struct import pack

import pytest

from analyzer.capture.pcapng_blocks import (
    Block,
    Interface,
    Packet,
    Section,
    block_at,
    byte_order,
    interface_of,
    options,
    packet_of,
)
from analyzer.capture.pcapng_clock import make_clock
from capture_files import ETHERNET, block, enhanced, interface, obsolete, option, section, simple


def whole(raw: bytes, described: Section) -> Block:
    """Return the block that these bytes are."""
    found = block_at(memoryview(raw), 0, len(raw), described)
    assert isinstance(found, Block)
    return found


def packet_in(raw: bytes, described: Section) -> Packet | None:
    """Return the packet in these bytes."""
    return packet_of(memoryview(raw), whole(raw, described), described)


@pytest.mark.parametrize(("order", "big_endian"), [("<", False), (">", True)])
def test_byte_order_magic(order: str, big_endian: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """The byte-order magic of a section header says how the section is written."""
    assert byte_order(memoryview(section(order)), 0) is big_endian


def test_no_byte_order() -> None:
    """Any other magic is none."""
    assert byte_order(memoryview(bytes(20)), 0) is None
    assert byte_order(memoryview(b""), 0) is None


@pytest.mark.parametrize("order", ["<", ">"])
def test_packets_of_each_kind(order: str) -> None:
    """The three kinds of packet block give interface, ticks, place and lengths."""
    described = Section(order == ">")
    described.add(Interface(ETHERNET, 4, make_clock(6, 0)))
    ticks = 0x1_0000_0002
    found = packet_in(enhanced(b"abcde", ticks, order=order, number=5, original=9), described)
    assert found == Packet(5, ticks, 28, 5, 9)
    found = packet_in(obsolete(b"abc", ticks, order=order, number=6), described)
    assert found == Packet(6, ticks, 28, 3, 3)
    found = packet_in(simple(b"abcd", order=order, original=99), described)
    assert found == Packet(0, None, 12, 4, 99)


def test_a_packet_longer_than_its_block() -> None:
    """Captured bytes that would reach into the trailing length are no packet."""
    fixed = pack("<IIIII", 0, 0, 0, 9, 9)
    assert packet_in(block(6, fixed + b"8 bytes."), Section(big_endian=False)) is None
    assert packet_in(block(6, b"short"), Section(big_endian=False)) is None
    assert packet_in(block(3, pack("<I", 9) + b"8 bytes."), Section(big_endian=False)) is None
    assert packet_in(block(3, b""), Section(big_endian=False)) is None


def test_block_lengths() -> None:
    """A block needs 12 bytes, must not reach past the end, and states its length twice."""
    described = Section(big_endian=False)
    raw = block(0x777, b"abcd")
    for end in range(len(raw)):
        assert block_at(memoryview(raw), 0, end, described) == "cut"
    assert isinstance(block_at(memoryview(raw), 0, len(raw), described), Block)
    short = pack("<II", 6, 8) + bytes(20)
    assert "claims 8 bytes" in str(block_at(memoryview(short), 0, len(short), described))
    differing = raw[:-4] + pack("<I", 99)
    assert "99 at its end" in str(block_at(memoryview(differing), 0, len(raw), described))


def test_length_without_padding() -> None:
    """A length that leaves out the padding, as some writers have it, is rounded up."""
    raw = pack("<II", 0x777, 15) + b"abc\0" + pack("<I", 15)
    assert whole(raw, Section(big_endian=False)).end == 16


def test_interface_options() -> None:
    """Link type, snap length, resolution and offset are read; all options are kept, their numbers
    little-endian.
    """
    raw = interface(">", link=113, snap_len=77, resolution=9, offset_s=-5)
    described = Section(big_endian=True)
    found = interface_of(memoryview(raw), whole(raw, described), described)
    kept = ((2, b"eth0"), (9, b"\x09"), (14, pack("<q", -5)))
    assert found == Interface(113, 77, make_clock(9, -5), kept)


def test_interface_without_options() -> None:
    """Without if_tsresol, ticks are microseconds."""
    raw = block(1, pack("<HHI", 1, 0, 0))
    described = Section(big_endian=False)
    found = interface_of(memoryview(raw), whole(raw, described), described)
    assert found == Interface(1, 0, make_clock(6, 0))


def test_interface_too_short() -> None:
    """An interface block without its fixed fields describes nothing."""
    raw = block(1, b"\x01\x00\x00\x00")
    described = Section(big_endian=False)
    assert interface_of(memoryview(raw), whole(raw, described), described) is None


def test_options_end_at_a_broken_one() -> None:
    """Options before one that reaches past the block are kept, also without an end of options."""
    raw = option(2, b"abcde") + pack("<HH", 9, 200) + b"xxxx"
    assert options(raw, "<") == [(2, b"abcde")]
    assert options(option(2, b"abcde"), "<") == [(2, b"abcde")]
    assert options(b"", "<") == []


def test_many_interfaces_are_all_columns() -> None:
    """The columns for the compiled walk grow with the interfaces."""
    described = Section(big_endian=False)
    for number in range(50):
        described.add(Interface(number, number * 2, make_clock(number % 12, number)))
    assert described.table.link_type[:50].tolist() == list(range(50))
    assert described.table.snap_len[:50].tolist() == list(range(0, 100, 2))
    clocks = [each.clock for each in described.interfaces]
    assert described.table.offset_ns[:50].tolist() == [each.offset_ns for each in clocks]
    assert described.table.multiply[:50].tolist() == [each.multiply for each in clocks]
    assert described.table.divide[:50].tolist() == [each.divide for each in clocks]
    assert described.table.shift[:50].tolist() == [each.shift for each in clocks]
