"""The compiled walks fill exactly what their reference twins fill, on any bytes."""

from collections.abc import Callable
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.capture import pcap, pcapng
from analyzer.capture.pcap import PcapReader
from analyzer.capture.pcapng import PcapngReader
from analyzer.tables.anomalies import AnomalyLog
from analyzer.tables.frames import FrameTable
from capture_files import (
    block,
    enhanced,
    file_of,
    interface,
    obsolete,
    pcap_header,
    pcap_record,
    section,
    simple,
)

_walk = pytest.importorskip("analyzer.capture._walk", reason="built without a compiler")

ORDERS = st.sampled_from("<>")
DATA = st.binary(max_size=40)
WORDS = st.one_of(st.integers(0, 2**32 - 1), st.integers(0, 100), st.just(2**32 - 1))
LONG_WORDS = st.one_of(st.integers(0, 2**64 - 1), st.integers(2**64 - 5, 2**64 - 1))


@st.composite
def damaged(draw: st.DrawFn, raw: bytes) -> bytes:
    """Cut a file anywhere and change some of its bytes, or leave it as it is."""
    changed = bytearray(raw)
    for at, value in draw(
        st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=4)
    ):
        if changed:
            changed[at % len(changed)] = value
    return bytes(changed[: draw(st.integers(0, len(changed)))] if draw(st.booleans()) else changed)


@st.composite
def pcap_files(draw: st.DrawFn) -> bytes:
    """Draw a pcap file of any kind, damaged or not."""
    order = draw(ORDERS)
    magic = draw(st.sampled_from([0xA1B2C3D4, 0xA1B23C4D, 0xA1B2CD34]))
    version = draw(st.sampled_from([(2, 4), (2, 3), (2, 2), (543, 0), (9, 9)]))
    raw = pcap_header(order, magic=magic, version=version, link=draw(WORDS))
    extra = bytes(8) if magic == 0xA1B2CD34 else b""
    records = st.tuples(WORDS, WORDS, DATA, st.one_of(st.none(), WORDS))
    for seconds, fraction, data, other in draw(st.lists(records, max_size=8)):
        first, second = len(data), len(data) if other is None else other
        if version in {(2, 2), (543, 0)}:
            first, second = second, first
        raw += pack(order + "IIII", seconds, fraction, first, second) + extra + data
    return draw(damaged(raw))


@st.composite
def pcapng_blocks(draw: st.DrawFn, order: str) -> bytes:
    """Draw a block of any kind."""
    data = draw(DATA)
    number = draw(st.integers(0, 2))
    ticks = draw(LONG_WORDS)
    kinds: list[Callable[[], bytes]] = [
        lambda: enhanced(data, ticks, order=order, number=number, original=draw(WORDS)),
        lambda: simple(data, order=order),
        lambda: obsolete(data, ticks, order=order, number=number),
        lambda: block(draw(WORDS), data, order),
        lambda: interface(
            order,
            link=number,
            snap_len=draw(st.integers(0, 50)),
            resolution=draw(st.one_of(st.none(), st.integers(0, 255))),
            offset_s=draw(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1))),
        ),
    ]
    return draw(st.sampled_from(kinds))()


@st.composite
def pcapng_files(draw: st.DrawFn) -> bytes:
    """Draw a pcapng file of one or two sections, damaged or not."""
    raw = b""
    for order in draw(st.lists(ORDERS, min_size=1, max_size=2)):
        blocks = draw(st.lists(pcapng_blocks(order), max_size=8))
        raw += file_of([section(order), interface(order), *blocks])
    return draw(damaged(raw))


Reading = tuple[list[tuple[int, ...]], list[tuple[object, ...]], bool]


def read_all(reader_class: type[PcapReader | PcapngReader], raw: bytes, batch: int) -> Reading:
    """Return all rows, all anomalies and the completeness of a file."""
    anomalies = AnomalyLog()
    reader = reader_class(memoryview(raw), 3, anomalies)
    rows: list[tuple[int, ...]] = []
    while not reader.finished:
        frames = reader.read(len(raw), batch)
        columns = [getattr(frames, each.name).tolist() for each in FrameTable.columns]
        rows += zip(*columns, strict=True)
    found = [(each.kind, each.count, tuple(each.frames), each.detail) for each in anomalies]
    return rows, list(found), reader.complete


def believable(reading: Reading, size: int) -> None:
    """Check what holds for every reading: frames lie in the file, in order, numbered upwards."""
    rows, anomalies, complete = reading
    end = 0
    last = 0
    for number, _time, pos, captured, original, _link in rows:
        assert number > last
        assert pos >= end
        assert 0 <= captured <= original
        last, end = number, pos + captured
    assert end <= size
    kinds = {each[0] for each in anomalies}
    assert complete == (not kinds & {"file-cut", "damaged-record"})


@given(pcap_files(), st.integers(1, 9))
def test_pcap_twins_agree(raw: bytes, batch: int) -> None:
    """Compiled and reference walk of any pcap file, whole or damaged, in batches of any size."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pcap, "walk", _walk.walk_pcap)
        compiled = read_all(PcapReader, raw, batch) if pcap.sniff(raw) else None
        patch.setattr(pcap, "walk", pcap.walk_records)
        reference = read_all(PcapReader, raw, batch + 1) if pcap.sniff(raw) else None
    assert compiled == reference
    if reference is not None:
        believable(reference, len(raw))


@given(pcapng_files(), st.integers(1, 9))
def test_pcapng_twins_agree(raw: bytes, batch: int) -> None:
    """Compiled and reference walk of any pcapng file, whole or damaged, in batches of any size."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pcapng, "walk", _walk.walk_pcapng)
        compiled = read_all(PcapngReader, raw, batch)
        patch.setattr(pcapng, "walk", pcapng.walk_blocks)
        reference = read_all(PcapngReader, raw, batch + 1)
    assert compiled == reference
    believable(reference, len(raw))


@given(st.integers(0, 255), st.integers(-(2**63), 2**63 - 1), LONG_WORDS)
def test_clocks_agree(resolution: int, offset_s: int, ticks: int) -> None:
    """Time stamps of any resolution, offset and value are the same in C and in Python."""
    raw = file_of(
        [section(), interface(resolution=resolution, offset_s=offset_s), enhanced(b"", ticks)]
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pcapng, "walk", _walk.walk_pcapng)
        compiled = read_all(PcapngReader, raw, 10)
        patch.setattr(pcapng, "walk", pcapng.walk_blocks)
        assert read_all(PcapngReader, raw, 10) == compiled


def test_the_compiled_walks_are_used() -> None:
    """Where the extension is built, the readers use it, and it takes a sound file in one go."""
    assert pcap.walk is _walk.walk_pcap
    assert pcapng.walk is _walk.walk_pcapng
    raw = pcap_header() + pcap_record(b"abc") * 5
    frames = FrameTable.zeros(9)
    layout = pcap.parse_header(raw[:24])
    assert _walk.walk_pcap(memoryview(raw), 24, len(raw), layout, frames) == (5, len(raw))


def test_nothing_at_or_after_the_end_is_taken() -> None:
    """The walks stop before `end`, since a file that shrank has no more bytes there."""
    raw = pcap_header() + pcap_record(b"abc") * 5
    layout = pcap.parse_header(raw[:24])
    for end in range(len(raw) + 1):
        frames = FrameTable.zeros(9)
        count, pos = _walk.walk_pcap(memoryview(raw), 24, end, layout, frames)
        assert count == max(0, (end - 24) // 19)
        assert pos == 24 + 19 * count
