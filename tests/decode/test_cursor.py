"""The cursor reads like code for one packet and never past the captured bytes."""

import numpy as np

from analyzer.decode.cursor import Fates, Packets
from analyzer.decode.verdicts import PACKET_CUT, PACKET_DAMAGED


def packets(data: bytes, ends: list[int], wire: list[int]) -> tuple[Packets, Fates]:
    """Return a batch of packets that all begin at 0."""
    size = len(ends)
    fates = Fates(np.zeros(size, np.uint8), np.zeros(size, np.int32))
    spans = (np.zeros(size, np.int64), np.array(ends), np.array(wire))
    return Packets(np.frombuffer(data, np.uint8), fates, np.arange(size), spans), fates


def test_reading() -> None:
    """Numbers are big endian; what was not captured reads as 0."""
    p, _ = packets(bytes(range(1, 10)), [9, 2], [9, 9])
    assert p.u8(0).tolist() == [1, 1]
    assert p.u16(1).tolist() == [0x0203, 0x0200]
    assert p.u32(0).tolist() == [0x01020304, 0x01020000]
    assert p.u64(0).tolist() == [0x0102030405060708, 0x0102 << 48]
    p.advance(4)
    assert p.u8(-1).tolist() == [4, 0]
    assert p.u8(np.array([0, 1])).tolist() == [5, 0]


def test_require() -> None:
    """Packets that are too short leave: cut when the wire had more, damaged when it had not."""
    p, fates = packets(bytes(20), [20, 5, 5], [20, 20, 5])
    p.require(10)
    assert p.frame_row.tolist() == [0]
    assert fates.verdicts.tolist() == [0, PACKET_CUT, PACKET_DAMAGED]


def test_leave_and_split() -> None:
    """A packet that leaves has verdict and detail; a split batch keeps its columns."""
    p, fates = packets(bytes(4), [4, 4, 4], [4, 4, 4])
    p.ip_id = np.array([10, 20, 30])
    p.go_on(1, np.array([5, 6, 7]))
    p.leave(np.array([False, True, False]), 3, np.array([0, 99, 0]))
    assert (fates.verdicts.tolist(), fates.details.tolist()) == ([0, 3, 0], [0, 99, 0])
    assert p.next.tolist() == [5, 7]
    part = p.split(p.next == 7)
    assert (part.frame_row.tolist(), part.ip_id.tolist(), len(part)) == ([2], [30], 1)


def test_joined() -> None:
    """Batches put together have all their packets with all they know."""
    p, _ = packets(bytes(4), [4, 4, 4], [4, 4, 4])
    p.ip_id, p.layers = np.array([10, 20, 30]), np.array([1, 2, 3])
    p.go_on(np.array([1, 2, 3]), np.array([5, 6, 7]))
    first, second = p.split(p.next == 6), p.split(p.next != 6)
    first.go_on(9, 9)
    whole = Packets.joined([first, second])
    assert whole.frame_row.tolist() == [1, 0, 2]
    assert (whole.ip_id.tolist(), whole.layers.tolist()) == ([20, 10, 30], [2, 1, 3])
    assert (whole.next_space.tolist(), whole.next.tolist()) == ([9, 0, 0], [9, 0, 0])


def test_little_endian() -> None:
    """Some link headers are in the byte order of the machine that captured."""
    p, _ = packets(bytes(range(1, 10)), [9], [9])
    assert (p.le16(0).tolist(), p.le32(1).tolist()) == ([0x0201], [0x05040302])


def test_cut_to() -> None:
    """A header may say that what follows is shorter than what there is, never longer."""
    p, _ = packets(bytes(20), [20, 8], [20, 20])
    p.cut_to(np.array([10, 10]))
    assert (p.end.tolist(), p.wire_end.tolist()) == ([10, 8], [10, 10])
    p.cut_to(np.array([15, 15]))
    assert p.wire_end.tolist() == [10, 10]
