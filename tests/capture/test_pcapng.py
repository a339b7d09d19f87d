"""pcapng files: sections, interfaces, packet blocks, cuts and damage, all built by struct."""

from struct import pack

import pytest

from analyzer.capture.pcapng import PcapngReader, sniff
from analyzer.capture.pcapng_blocks import UNKNOWN_LINK_TYPE
from analyzer.tables.anomalies import AnomalyLog
from analyzer.tables.frames import FrameTable
from capture_files import (
    block,
    enhanced,
    file_of,
    interface,
    obsolete,
    section,
    simple,
)


def read_all(raw: bytes, batch: int = 100) -> tuple[FrameTable, AnomalyLog, PcapngReader]:
    """Read a whole file in batches."""
    anomalies = AnomalyLog()
    reader = PcapngReader(memoryview(raw), 0, anomalies)
    parts = []
    while not reader.finished:
        parts.append(reader.read(len(raw), batch))
    return FrameTable.concatenate(parts), anomalies, reader


def contents(raw: bytes, frames: FrameTable) -> list[bytes]:
    """Cut the frames out of the file."""
    spans = zip(frames.pos.tolist(), frames.captured.tolist(), strict=True)
    return [raw[pos : pos + length] for pos, length in spans]


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_sections_interfaces_and_packet_kinds(batch: int) -> None:
    """Two sections of different byte order, each with its own interfaces, clocks and packets."""
    raw = file_of(
        [
            section("<"),
            interface("<", link=1, snap_len=3),
            interface("<", link=113, resolution=9, offset_s=10),
            enhanced(b"one", 1_500_000),
            enhanced(b"two2", 1_500_000, number=1, original=40),
            simple(b"thr", original=5),
            obsolete(b"four", 2_000_000, number=0),
            section(">"),
            interface(">", link=101, resolution=0x80 | 1),
            enhanced(b"five", 7, order=">"),
        ]
    )
    frames, anomalies, reader = read_all(raw, batch)
    assert contents(raw, frames) == [b"one", b"two2", b"thr", b"four", b"five"]
    assert frames.number.tolist() == [1, 2, 3, 4, 5]
    assert frames.time_ns.tolist() == [
        1_500_000_000,
        10_001_500_000,
        0,
        2_000_000_000,
        3_500_000_000,
    ]
    assert frames.original.tolist() == [3, 40, 5, 4, 4]
    assert frames.link_type.tolist() == [1, 113, 1, 1, 101]
    assert reader.complete
    assert not len(anomalies)


def test_other_blocks_are_passed_over() -> None:
    """Names, statistics, secrets, and blocks that no one has defined change nothing."""
    others = [
        block(4, bytes(4)),
        block(5, pack("<III", 0, 0, 0)),
        block(10, pack("<II", 0x544C534B, 4) + b"keys"),
        block(0x777, b"abc"),
        block(0x8000_0001, b""),
    ]
    raw = file_of([section(), *others, interface(), enhanced(b"x"), *others, enhanced(b"y")])
    frames, anomalies, reader = read_all(raw)
    assert contents(raw, frames) == [b"x", b"y"]
    assert frames.number.tolist() == [1, 2]
    assert reader.complete
    assert not len(anomalies)


@pytest.mark.parametrize("kind", [9, 0x204, 0x216, 0x221, 0xBAD, 0x4000_0BAD])
def test_blocks_that_wireshark_numbers(kind: int) -> None:
    """Journal entries, system calls and custom blocks take a frame number, but are no packets."""
    raw = file_of([section(), interface(), enhanced(b"x"), block(kind, bytes(48)), enhanced(b"y")])
    frames, anomalies, reader = read_all(raw)
    assert frames.number.tolist() == [1, 3]
    assert [(each.kind, each.frames) for each in anomalies] == [("record-no-packet", [(0, 2)])]
    assert reader.complete


def test_many_blocks_without_packets() -> None:
    """A long run of other blocks ends no batch for good."""
    raw = file_of([section(), interface(), *[block(5, b"")] * 70_000, enhanced(b"x")])
    frames, _anomalies, _reader = read_all(raw)
    assert frames.number.tolist() == [1]


@pytest.mark.parametrize(
    "packet",
    [enhanced(b"x", 9, number=1), obsolete(b"x", 9, number=1), enhanced(b"x", 9, number=9)],
)
def test_a_packet_of_an_unknown_interface(packet: bytes) -> None:
    """The packet is kept, its link type is unknown, and the anomaly names it."""
    raw = file_of([section(), interface(), enhanced(b"a"), packet, enhanced(b"b")])
    frames, anomalies, reader = read_all(raw)
    assert contents(raw, frames) == [b"a", b"x", b"b"]
    assert frames.link_type.tolist() == [1, UNKNOWN_LINK_TYPE, 1]
    assert [(each.kind, each.frames) for each in anomalies] == [("unknown-interface", [(0, 2)])]
    assert reader.complete


def test_interfaces_end_with_their_section() -> None:
    """A packet cannot use an interface of an earlier section."""
    raw = file_of([section(), interface(), section(), simple(b"x"), enhanced(b"y")])
    _frames, anomalies, _reader = read_all(raw)
    assert [(each.kind, each.count) for each in anomalies] == [("unknown-interface", 2)]


def test_every_cut_keeps_the_frames_before_it() -> None:
    """Cut at any byte: whole blocks are read; a cut inside a block is told, with the next frame."""
    blocks = [section(), interface(), enhanced(b"one"), simple(b"two2"), section(">")]
    ends = [sum(map(len, blocks[:count])) for count in range(len(blocks) + 1)]
    raw = file_of(blocks)
    for size in range(4, len(raw) + 1):
        frames, anomalies, reader = read_all(raw[:size])
        whole = sum(end <= size for end in ends[3:5])
        assert len(frames) == whole
        found = [(each.kind, each.frames) for each in anomalies]
        assert found == ([] if size in ends else [("file-cut", [(0, whole + 1)])])
        assert reader.complete == (size in ends)


@pytest.mark.parametrize(
    "damaged",
    [
        enhanced(b"x")[:-4] + pack("<I", 99),
        block(6, pack("<IIIII", 0, 0, 0, 999, 999) + b"x"),
        block(3, pack("<I", 999) + b"x"),
        block(1, b""),
        pack("<III", 6, 4, 4),
        pack("<III", 6, 0, 0),
        pack("<III", 6, 2**32 - 4, 0),
        pack("<III", 6, 2**32 - 1, 0),
        block(0x0A0D0D0A, pack("<IHHq", 0x12345678, 1, 0, -1)),
    ],
)
def test_damage_stops_the_reading(damaged: bytes) -> None:
    """What cannot be right ends the reading with the next frame's number; all before it is kept."""
    raw = file_of([section(), interface(), enhanced(b"a"), damaged, enhanced(b"b")])
    frames, anomalies, reader = read_all(raw)
    assert contents(raw, frames) == [b"a"]
    assert [(each.kind, each.frames) for each in anomalies] == [("damaged-record", [(0, 2)])]
    assert not reader.complete


def test_unknown_version_is_read_and_told() -> None:
    """A section of a version that is not defined is named and read; 1.2 means the same as 1.0."""
    blocks = [interface(), enhanced(b"a")]
    _frames, anomalies, _reader = read_all(file_of([section(version=(1, 2)), *blocks]))
    assert not len(anomalies)
    frames, anomalies, _reader = read_all(file_of([section(version=(3, 1)), *blocks]))
    assert len(frames) == 1
    assert [(each.kind, each.detail) for each in anomalies] == [
        ("unknown-file-version", "pcapng version 3.1, read like 1.0")
    ]


def test_sniff() -> None:
    """A section header in either byte order is pcapng, also when the file ends in it."""
    assert sniff(section("<"))
    assert sniff(section(">"))
    assert sniff(section()[:7])
    assert not sniff(b"\x0a\x0d\x0d")
    assert not sniff(b"\x0a\x0d\x0d\x0a" + bytes(20))


@pytest.mark.parametrize("order", ["<", ">"])
def test_key_logs_are_kept(order: str) -> None:
    """Secrets that are a TLS key log are kept whole, other kinds and cut ones are passed over."""

    def secrets(kind: int, length: int, content: bytes) -> bytes:
        return block(10, pack(order + "II", kind, length) + content, order)

    raw = file_of(
        (
            section(order),
            secrets(0x544C534B, 5, b"a key"),
            secrets(0x57474B4C, 5, b"other"),
            secrets(0x544C534B, 99, b"cut"),
            block(10, b"", order),
            interface(order),
            enhanced(b"frame", order=order),
        )
    )
    frames, anomalies, reader = read_all(raw)
    assert contents(raw, frames) == [b"frame"]
    assert reader.secrets == [b"a key"]
    assert not list(anomalies)
