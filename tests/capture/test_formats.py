"""Formats are found, recognised by content, and anything else is a clear error."""

import gzip
import lzma
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import lz4.frame
import pytest
import zstandard

from analyzer.anomaly_kinds import CAPTURE_KINDS
from analyzer.capture.formats import capture_formats, find_format, open_capture
from analyzer.errors import CaptureError
from analyzer.settings import Settings
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

PCAP = pcap_header() + b"".join(pcap_record(bytes([i]) * 60, (i, i), original=90) for i in range(9))
PCAPNG = file_of([section(), interface(), *(enhanced(bytes([i]) * 60, i) for i in range(9))])

PACK: dict[str | None, Callable[[bytes], bytes]] = {
    None: bytes,
    "gzip": gzip.compress,
    "xz": lzma.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "lz4": lz4.frame.compress,
}


def test_the_formats() -> None:
    """The modules that declare a format are found by themselves."""
    assert [each.name for each in capture_formats()] == ["pcap", "pcapng"]


@pytest.mark.parametrize("compression", PACK)
@pytest.mark.parametrize(("name", "raw"), [("pcap", PCAP), ("pcapng", PCAPNG)])
def test_content_decides(tmp_path: Path, name: str, raw: bytes, compression: str | None) -> None:
    """Each format in each compression is known by its content, with a name that says otherwise."""
    path = tmp_path / "misleading.txt"
    path.write_bytes(PACK[compression](raw))
    with open_capture(str(path), Settings()) as capture:
        frames = list(capture.frames(0, 100))
        assert [len(each) for each in frames] == [9]
        assert (capture.info.format, capture.info.compression) == (name, compression)
        assert not len(capture.anomalies)
        pos = int(frames[0].pos[3])
        assert bytes(capture.data[pos : pos + 60]) == bytes([3]) * 60


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", "is empty"),
        (b"hello", "begins like text; expected pcap or pcapng"),
        (gzip.compress(b"hello", mtime=0), "it is gzip of what begins like text"),
        (gzip.compress(PCAP, mtime=0)[:5], "begins like gzip, but nothing in it can be unpacked"),
        (
            gzip.compress(gzip.compress(PCAP, mtime=0), mtime=0),
            "it is gzip of what begins like gzip; unpack it",
        ),
        (b"snoop\0\0\0" + bytes(30), "snoop capture; convert it with: editcap"),
    ],
)
def test_no_capture(tmp_path: Path, raw: bytes, text: str) -> None:
    """What is no capture is one line that says what it is and what to do."""
    path = tmp_path / "file"
    path.write_bytes(raw)
    with pytest.raises(CaptureError, match=re.escape(text)) as caught:
        open_capture(str(path), Settings())
    assert "\n" not in str(caught.value)


def test_nothing_is_a_format() -> None:
    """No bytes at all have no format."""
    assert find_format(b"") is None


def test_every_anomaly_is_explained() -> None:
    """The kinds that reading names are registered with their words."""
    sources = "\n".join(
        path.read_text("utf-8")
        for path in Path(open_capture.__code__.co_filename).parent.glob("*.py")
    )
    for kind in CAPTURE_KINDS:
        assert f'"{kind}"' in sources
    named = re.findall(r'(?:add|_stop|_count|UnpackError|Fault)\(\s*"([a-z-]+)"', sources)
    assert set(named) <= set(CAPTURE_KINDS)


ODD_BLOCKS = file_of(
    [
        section(),
        interface(snap_len=30),
        interface(resolution=9, offset_s=1000),
        simple(bytes(30), original=40),
        block(9, b"MESSAGE=an entry of a journal\n"),
        enhanced(bytes(50), 1_700_000_000_000_001, original=60),
        block(0x4000_0BAD, b"12345678"),
        block(0x777, b"unknown"),
        enhanced(bytes(51), 1_600_000_000_123_456_789, number=1),
        section(">"),
        interface(">", resolution=0x80 | 20),
        obsolete(bytes(52), 1_500_000_000 << 20 | 1 << 19, order=">"),
        block(4, bytes(4), ">"),
        enhanced(bytes(53), 1_500_000_001 << 20, order=">"),
    ]
)


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
@pytest.mark.parametrize("raw", [PCAP, PCAPNG, ODD_BLOCKS, PCAP[:-10], ODD_BLOCKS[:-10]])
def test_tshark_sees_the_same_frames(tmp_path: Path, raw: bytes) -> None:
    """Numbers, times and lengths of all packets are those that tshark prints."""
    path = tmp_path / "file"
    path.write_bytes(raw)
    theirs = tshark_frames(path)
    with open_capture(str(path), Settings()) as capture:
        (frames,) = capture.frames(0, 100)
        names = ("number", "time_ns", "captured", "original")
        ours = list(zip(*(getattr(frames, name).tolist() for name in names), strict=True))
        others = {
            number
            for each in capture.anomalies
            for _index, number in each.frames
            if each.kind == "record-no-packet"
        }
    assert len(theirs) == len(ours) + len(others)
    assert ours == [each for each in theirs if each[0] not in others]


def tshark_frames(path: Path) -> list[tuple[int, ...]]:
    """Return number, time, captured and original length of each frame, as tshark prints them."""
    fields = ("frame.number", "frame.time_epoch", "frame.cap_len", "frame.len")
    command = ["tshark", "-n", "-r", str(path), "-T", "fields"]
    command += [part for each in fields for part in ("-e", each)]
    # A cut file makes tshark's status 2.
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    # Nine digits follow the point, so without it the time is in nanoseconds.
    lines = [line.replace(".", "").split("\t") for line in done.stdout.splitlines()]
    return [tuple(int(each or 0) for each in line) for line in lines]
