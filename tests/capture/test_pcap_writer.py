"""Packets written to pcap and read back."""

import io

import pytest

from analyzer.capture.pcap import PcapReader
from analyzer.capture.pcap_writer import PcapHead, PcapWriter
from analyzer.tables.anomalies import AnomalyLog

TIME_NS = 1_700_000_000_123_456_789


@pytest.mark.parametrize(("fine", "time_ns"), [(True, TIME_NS), (False, TIME_NS - 789)])
def test_what_is_written_is_read_again(fine: bool, time_ns: int) -> None:  # noqa: FBT001 - a parameter
    """Link type, bytes, lengths and times come back, times as fine as the file has them."""
    out = io.BytesIO()
    writer = PcapWriter(out, PcapHead(113, 96, fine))
    writer.write_packet(TIME_NS, b"abc", 1500)
    writer.write_packet(1 << 63, b"", 0)
    raw = out.getvalue()
    anomalies = AnomalyLog()
    reader = PcapReader(memoryview(raw), 0, anomalies)
    frames = reader.read(len(raw), 10)
    assert frames.time_ns.tolist()[0] == time_ns
    assert frames.link_type.tolist() == [113, 113]
    assert frames.captured.tolist() == [3, 0]
    assert frames.original.tolist() == [1500, 0]
    assert reader.interfaces()[0].snap_len == 96
    assert raw[frames.pos[0] : frames.pos[0] + 3] == b"abc"
    assert not list(anomalies)
