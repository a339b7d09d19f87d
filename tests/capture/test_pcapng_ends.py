"""How long a capture was watched, as an extract of it states; nobody else is believed."""

import io
from struct import pack

import pytest

from analyzer.capture.originals import IF_TSOFFSET, IF_TSRESOL, InterfaceDescription
from analyzer.capture.pcapng import PcapngReader
from analyzer.capture.pcapng_clock import make_clock
from analyzer.capture.pcapng_ends import statistics_options
from analyzer.capture.pcapng_writer import PcapngWriter
from analyzer.tables.anomalies import AnomalyLog
from capture_files import block, file_of, interface, option

END_NS = 1_700_000_000_123_456_000


def ended(raw: bytes) -> int | None:
    """Return when a capture ended."""
    reader = PcapngReader(memoryview(raw), 0, AnomalyLog())
    while not reader.finished:
        reader.read(len(raw), 100)
    return reader.ended_ns


def written(application: str, resolution: int = 6, offset_s: int = 0) -> bytes:
    """Return a file whose interface was watched until END_NS."""
    out = io.BytesIO()
    writer = PcapngWriter(out, application)
    options = ((IF_TSRESOL, bytes([resolution])), (IF_TSOFFSET, pack("<q", offset_s)))
    described = InterfaceDescription(1, 0, options)
    number = writer.add_interface(described)
    writer.write_statistics(number, statistics_options(described.clock, 0, END_NS))
    return out.getvalue()


@pytest.mark.parametrize(("resolution", "offset_s"), [(6, 0), (9, 0), (9, -100), (0x80 | 30, 5)])
def test_what_is_written_is_read_again(resolution: int, offset_s: int) -> None:
    """The end comes back, as fine as the clock of the interface."""
    end_ns = ended(written("sipwhy 0.1", resolution, offset_s))
    assert end_ns is not None
    assert 0 <= END_NS - end_ns <= 1


def test_only_our_own_are_believed() -> None:
    """Statistics of other programs say nothing of packets that were left out since."""
    assert ended(written("Dumpcap (Wireshark) 4.0")) is None
    assert ended(written("")) is None


def test_damaged_statistics() -> None:
    """Of an interface that is not described, without an end, or cut: nothing is taken."""
    head = written("sipwhy 0.1")[: len(written("sipwhy 0.1")) - 48]
    end = option(3, pack("<II", 1, 1))
    for body in (pack("<III", 7, 0, 0) + end, pack("<III", 0, 0, 0) + option(3, b"12"), b"1234"):
        assert ended(head + block(5, body)) in {None, 0}


def test_ticks_are_the_inverse() -> None:
    """A clock gives back the ticks of a time, or of the last before it."""
    for resolution, time_ns, ticks in (
        (6, 1_500, 1), (3, 2_999_999, 2), (9, 77, 77), (12, 77, 77_000),
        (0x80 | 1, 1_600_000_000, 3),
    ):  # fmt: skip  # read side by side
        assert make_clock(resolution, 0).ticks(time_ns) == ticks
    assert make_clock(6, 10).ticks(5) == 0


def test_in_either_byte_order() -> None:
    """A big-endian section is read like a little-endian one."""
    head = pack(">IHHq", 0x1A2B3C4D, 1, 0, -1) + option(4, b"sipwhy 1", ">")
    raw = file_of(
        [
            block(0x0A0D0D0A, head, ">"),
            interface(">", resolution=9),
            block(5, pack(">III", 0, 0, 0) + option(3, pack(">II", 2, 5), ">"), ">"),
        ]
    )
    assert ended(raw) == (2 << 32) + 5
