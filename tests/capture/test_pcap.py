"""pcap files: layouts, lengths, cuts and damage, all built by struct."""

from struct import pack

import pytest

from analyzer.capture.pcap import PcapReader, parse_header, sniff
from analyzer.tables.anomalies import AnomalyLog
from analyzer.tables.frames import FrameTable
from capture_files import pcap_header, pcap_record

DATA = (b"first frame", b"", b"the third")


def read_all(raw: bytes, batch: int = 100) -> tuple[FrameTable, AnomalyLog, PcapReader]:
    """Read a whole file in batches."""
    anomalies = AnomalyLog()
    reader = PcapReader(memoryview(raw), 0, anomalies)
    parts = []
    while not reader.finished:
        parts.append(reader.read(len(raw), batch))
    return FrameTable.concatenate(parts), anomalies, reader


def contents(raw: bytes, frames: FrameTable) -> list[bytes]:
    """Cut the frames out of the file."""
    spans = zip(frames.pos.tolist(), frames.captured.tolist(), strict=True)
    return [raw[pos : pos + length] for pos, length in spans]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("magic", "fraction", "time_ns"),
    [(0xA1B2C3D4, 999_999, 5_999_999_000), (0xA1B23C4D, 999_999_999, 5_999_999_999)],
)
def test_byte_orders_and_resolutions(order: str, magic: int, fraction: int, time_ns: int) -> None:
    """Both byte orders, with microseconds and with nanoseconds, give the same frames."""
    records = [pcap_record(each, (5, fraction), order=order, original=99) for each in DATA]
    raw = pcap_header(order, magic=magic, link=113) + b"".join(records)
    frames, anomalies, reader = read_all(raw)
    assert contents(raw, frames) == list(DATA)
    assert frames.number.tolist() == [1, 2, 3]
    assert frames.time_ns.tolist() == [time_ns] * 3
    assert frames.original.tolist() == [99] * 3
    assert frames.link_type.tolist() == [113] * 3
    assert reader.complete
    assert not len(anomalies)


@pytest.mark.parametrize("order", ["<", ">"])
def test_modified_headers_are_longer(order: str) -> None:
    """The record headers of the modified kind have 8 more bytes (interface, protocol, type)."""
    extra = pack(order + "IHBB", 3, 0x0800, 0, 0)
    records = [pack(order + "IIII", 1, 0, len(each), len(each)) + extra + each for each in DATA]
    raw = pcap_header(order, magic=0xA1B2CD34) + b"".join(records)
    frames, _anomalies, reader = read_all(raw)
    assert contents(raw, frames) == list(DATA)
    assert reader.complete


@pytest.mark.parametrize("version", [(2, 1), (2, 2), (543, 0)])
def test_old_versions_state_the_original_length_first(version: tuple[int, int]) -> None:
    """Before 2.3, and in DG/UX's 543.0, the two lengths stand the other way round."""
    records = [pack("<IIII", 1, 0, len(each) + 9, len(each)) + each for each in DATA]
    raw = pcap_header(version=version) + b"".join(records)
    frames, _anomalies, _reader = read_all(raw)
    assert contents(raw, frames) == list(DATA)
    assert frames.original.tolist() == [len(each) + 9 for each in DATA]


def test_version_2_3_has_both_orders_of_lengths() -> None:
    """In 2.3 the smaller length is the captured one."""
    first = pack("<IIII", 1, 0, 20, 11) + DATA[0]
    second = pack("<IIII", 1, 0, 11, 20) + DATA[0]
    raw = pcap_header(version=(2, 3)) + first + second
    frames, _anomalies, _reader = read_all(raw)
    assert contents(raw, frames) == [DATA[0], DATA[0]]
    assert frames.original.tolist() == [20, 20]


def test_an_unknown_version_is_read_and_told() -> None:
    """A version that no one has defined is named, and its records are read like 2.4."""
    raw = pcap_header(version=(7, 1)) + pcap_record(DATA[0])
    frames, anomalies, reader = read_all(raw)
    assert contents(raw, frames) == [DATA[0]]
    assert [each.kind for each in anomalies] == ["unknown-file-version"]
    assert reader.complete


def test_check_sequence_bits_are_no_part_of_the_link_type() -> None:
    """The upper half of the link type field tells the length of frame check sequences."""
    assert parse_header(pcap_header(link=0x2400_0001)).link_type == 1


def test_every_cut_keeps_the_frames_before_it() -> None:
    """Cut at any byte: whole records are read; a cut inside a record is told, with its frame."""
    ends = [24]
    raw = pcap_header()
    for each in DATA:
        raw += pcap_record(each)
        ends.append(len(raw))
    for size in range(4, len(raw) + 1):
        frames, anomalies, reader = read_all(raw[:size])
        whole = sum(end <= size for end in ends[1:])
        assert len(frames) == whole
        found = [(each.kind, each.frames) for each in anomalies]
        assert found == ([] if size in ends else [("file-cut", [(0, whole + 1)])])
        assert reader.complete == (size in ends)


@pytest.mark.parametrize("claimed", [262_145, 2**28 + 1, 2**32 - 1])
def test_an_absurd_length_is_damage(claimed: int) -> None:
    """A record longer than any is no cut: its length cannot be right, and reading stops there."""
    raw = pcap_header() + pcap_record(DATA[0]) + pack("<IIII", 1, 1, claimed, 5) + bytes(50)
    frames, anomalies, reader = read_all(raw)
    assert len(frames) == 1
    assert [(each.kind, each.frames) for each in anomalies] == [("damaged-record", [(0, 2)])]
    assert "51" in next(iter(anomalies)).detail
    assert not reader.complete


def test_snap_length_in_the_header_allows_longer_records() -> None:
    """A record up to the stated snap length is read, though libpcap would not write it."""
    data = bytes(300_000)
    frames, anomalies, _reader = read_all(pcap_header(snap_len=400_000) + pcap_record(data))
    assert frames.captured.tolist() == [300_000]
    assert not len(anomalies)


def test_extreme_values_fit_the_columns() -> None:
    """The largest time and original length neither overflow nor raise."""
    record = pcap_record(b"x", (2**32 - 1, 2**32 - 1), original=2**32 - 1)
    frames, _anomalies, _reader = read_all(pcap_header() + record)
    assert frames.time_ns.tolist() == [(2**32 - 1) * 10**9 + (2**32 - 1) * 1000]
    assert frames.original.tolist() == [2**31 - 1]


def test_an_original_length_below_the_captured_is_raised() -> None:
    """Some writers leave the original length at 0; it is never less than what is there."""
    frames, _anomalies, _reader = read_all(pcap_header() + pcap_record(b"xyz", original=0))
    assert frames.original.tolist() == [3]


def test_bytes_accounted_for() -> None:
    """File header, record headers and frames are all the bytes of a sound file."""
    raw = pcap_header() + b"".join(pcap_record(bytes(size)) for size in range(50))
    frames, _anomalies, _reader = read_all(raw, batch=7)
    assert 24 + 16 * len(frames) + int(frames.captured.sum()) == len(raw)


def test_sniff_needs_one_of_the_magic_numbers() -> None:
    """Only the four bytes of the known kinds are pcap."""
    assert sniff(pcap_header())
    assert sniff(pcap_header(">", magic=0xA1B2CD34))
    assert not sniff(b"")
    assert not sniff(b"\xa1\xb2\xc3\xd5" + bytes(20))
