"""Frames written to pcapng and read back."""

import io
import shutil
import subprocess
from pathlib import Path

import pytest

from analyzer.capture.pcapng import PcapngReader
from analyzer.capture.pcapng_blocks import UNKNOWN_LINK_TYPE
from analyzer.capture.pcapng_writer import PcapngWriter
from analyzer.tables.anomalies import AnomalyLog
from analyzer.tables.frames import FrameTable

DATA = memoryview(b"0123456789abcdefghij")
ETHERNET, LINUX_SLL = 1, 113


def frames() -> FrameTable:
    """Return three frames on two kinds of link: odd lengths, a cut one, times to the nanosecond."""
    return FrameTable.zeros(3).replace(
        number=[1, 2, 3],
        time_ns=[1_700_000_000_123_456_789, 0, 1 << 61],
        pos=[0, 5, 7],
        captured=[5, 2, 13],
        original=[5, 1500, 13],
        link_type=[ETHERNET, LINUX_SLL, ETHERNET],
    )


def written(secrets: tuple[bytes, ...] = ()) -> bytes:
    """Return the file."""
    out = io.BytesIO()
    writer = PcapngWriter(out)
    writer.write_key_logs(secrets)
    writer.write_frames(DATA, frames())
    return out.getvalue()


def test_what_is_written_is_read_again() -> None:
    """Bytes, lengths, times, link types and key logs come back; nothing is strange."""
    raw = written((b"CLIENT_RANDOM 00 11\n", b""))
    anomalies = AnomalyLog()
    reader = PcapngReader(memoryview(raw), 0, anomalies)
    again = reader.read(len(raw), 100)
    for name in ("time_ns", "captured", "original", "link_type"):
        assert getattr(again, name).tolist() == getattr(frames(), name).tolist()
    assert [
        raw[pos : pos + length]
        for pos, length in zip(again.pos.tolist(), again.captured.tolist(), strict=True)
    ] == [b"01234", b"56", b"789abcdefghij"]
    assert reader.secrets == [b"CLIENT_RANDOM 00 11\n", b""]
    assert not list(anomalies)


def test_a_link_that_is_not_known() -> None:
    """A packet of an interface that nobody described is written, as one of no known link."""
    out = io.BytesIO()
    PcapngWriter(out).write_frames(DATA, frames().replace(link_type=[UNKNOWN_LINK_TYPE] * 3))
    raw = out.getvalue()
    again = PcapngReader(memoryview(raw), 0, AnomalyLog()).read(len(raw), 100)
    assert again.link_type.tolist() == [UNKNOWN_LINK_TYPE] * 3


@pytest.mark.skipif(shutil.which("capinfos") is None, reason="capinfos is not installed")
def test_wireshark_reads_it(tmp_path: Path) -> None:
    """Wireshark's own tool counts the same packets and secrets."""
    path = tmp_path / "written.pcapng"
    path.write_bytes(written((b"CLIENT_RANDOM 00 11\n",)))
    done = subprocess.run(["capinfos", str(path)], capture_output=True, check=True, text=True)  # noqa: S607 - found on the path
    lines = {
        line.partition(":")[0]: line.partition(":")[2].strip() for line in done.stdout.splitlines()
    }
    assert lines["Number of packets"] == "3"
    assert lines["Number of decryption secrets in file"] == "1"
    assert lines["Number of interfaces in file"] == "2"
