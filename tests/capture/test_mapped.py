"""An open capture: what is known of the file after its frames were gone through."""

import gzip
import os
from pathlib import Path

import pytest

from analyzer.capture.formats import Capture, open_capture
from analyzer.capture.frame_reader import MAX_TIME_NS
from analyzer.settings import Settings
from analyzer.tables.frames import FrameTable
from capture_files import enhanced, file_of, interface, pcap_header, pcap_record, section, simple


def opened(path: Path, raw: bytes) -> Capture:
    """Write a file and open it."""
    path.write_bytes(raw)
    return open_capture(str(path), Settings())


def all_frames(capture: Capture, batch: int = 100) -> FrameTable:
    """Go through the whole capture."""
    return FrameTable.concatenate(list(capture.frames(4, batch)))


def test_information(tmp_path: Path) -> None:
    """Format, size, packets, earliest and latest time are known, however times are ordered."""
    times = [(5, 0), (3, 1), (9, 0), (4, 0)]
    raw = pcap_header() + b"".join(pcap_record(b"x", each) for each in times)
    with opened(tmp_path / "a", raw) as capture:
        assert len(list(capture.frames(0, 3))) == 2
        info = capture.info
        assert (info.path, info.format, info.compression) == (str(tmp_path / "a"), "pcap", None)
        assert (info.packets, info.bytes, info.complete) == (4, len(raw), True)
        assert (info.first_ns, info.last_ns) == (3_000_001_000, 9_000_000_000)


def test_frames_can_be_gone_through_again(tmp_path: Path) -> None:
    """A second pass counts anew, also the anomalies, which name the index given."""
    raw = pcap_header() + pcap_record(b"x") + b"cut"
    with opened(tmp_path / "a", raw) as capture:
        for _ in range(2):
            assert len(all_frames(capture)) == 1
            assert capture.info.packets == 1
            assert not capture.info.complete
            assert [(each.kind, each.frames) for each in capture.anomalies] == [
                ("file-cut", [(4, 2)])
            ]


@pytest.mark.parametrize("raw", [pcap_header(), pcap_header()[:9], section()])
def test_a_file_without_packets(tmp_path: Path, raw: bytes) -> None:
    """A file that ends after or inside its header has no frames and no times."""
    with opened(tmp_path / "a", raw) as capture:
        assert len(all_frames(capture)) == 0
        assert (capture.info.first_ns, capture.info.last_ns) == (None, None)
        assert capture.info.complete == (len(raw) > 9)


def test_packets_without_a_time(tmp_path: Path) -> None:
    """Simple packets have no time; they do not make the capture begin in 1970."""
    blocks = [section(), interface(), simple(b"a"), enhanced(b"b", 7), simple(b"c")]
    with opened(tmp_path / "a", file_of(blocks)) as capture:
        assert all_frames(capture, 1).time_ns.tolist() == [0, 7000, 0]
        assert (capture.info.first_ns, capture.info.last_ns) == (7000, 7000)
    with opened(tmp_path / "b", file_of(blocks[:3])) as capture:
        assert len(all_frames(capture)) == 1
        assert (capture.info.first_ns, capture.info.last_ns) == (0, 0)


def test_absurd_times(tmp_path: Path) -> None:
    """Times that cannot be right are bounded and told; the frames are kept."""
    late = enhanced(b"a", 2**64 - 1)
    early = enhanced(b"b", 1, number=1)
    sound = enhanced(b"c", 5)
    raw = file_of([section(), interface(), interface(offset_s=-(2**40)), late, early, sound])
    with opened(tmp_path / "a", raw) as capture:
        assert all_frames(capture).time_ns.tolist() == [MAX_TIME_NS, 0, 5000]
        assert [(each.kind, each.frames) for each in capture.anomalies] == [
            ("time-out-of-range", [(4, 1), (4, 2)])
        ]
        assert capture.info.complete


def test_a_file_that_shrinks_while_it_is_read(tmp_path: Path) -> None:
    """Bytes that are gone are not touched; what was read before is kept, and the cut is told."""
    path = tmp_path / "a"
    raw = pcap_header() + pcap_record(bytes(1000)) * 1000
    with opened(path, raw) as capture:
        batches = capture.frames(0, 10)
        assert len(next(batches)) == 10
        os.truncate(path, 24 + 15 * 1016 + 5)
        assert sum(map(len, batches)) == 5
        (anomaly,) = capture.anomalies
        assert (anomaly.kind, anomaly.frames) == ("file-cut", [(0, 16)])
        assert "shrank" in anomaly.detail
        assert not capture.info.complete


def test_a_cut_compressed_capture(tmp_path: Path) -> None:
    """Both cuts, of the compressed data and inside a packet, are told; whole frames are read."""
    data = os.urandom(5000)
    raw = gzip.compress(pcap_header() + pcap_record(data) * 100)
    with opened(tmp_path / "a", raw[:-100]) as capture:
        frames = all_frames(capture)
        assert 0 < len(frames) <= 100
        assert capture.info.compression == "gzip"
        assert capture.info.bytes == len(raw) - 100
        assert not capture.info.complete
        assert {each.kind for each in capture.anomalies} == {"file-cut"}


def test_the_spool_limit(tmp_path: Path) -> None:
    """A capture that unpacks to more than the limit is read up to it."""
    path = tmp_path / "a"
    path.write_bytes(gzip.compress(pcap_header() + pcap_record(bytes(84)) * 10))
    with open_capture(str(path), Settings(max_spool_bytes=24 + 300)) as capture:
        assert len(all_frames(capture)) == 3
        assert capture.limits_hit == {"max_spool_bytes": 1}
        assert {each.kind for each in capture.anomalies} == {"spool-limit"}


def test_closing(tmp_path: Path) -> None:
    """A closed capture has no bytes; a view that is still out keeps them, and nothing raises."""
    capture = opened(tmp_path / "a", pcap_header() + pcap_record(b"abc"))
    kept = capture.data[40:43]
    capture.close()
    assert bytes(kept) == b"abc"
    kept.release()
    capture.close()
    with pytest.raises(ValueError, match="released"):
        len(capture.data)
