"""Packets keep interface, time and options when they are written again."""

import io
import shutil
import subprocess
from pathlib import Path
from struct import pack

import pytest

from analyzer.capture.formats import open_capture
from analyzer.capture.originals import InterfaceDescription, Original
from analyzer.capture.pcapng_writer import PcapngWriter
from analyzer.settings import Settings
from analyzer.tables.frames import FrameTable
from capture_files import (
    block,
    enhanced,
    file_of,
    interface,
    obsolete,
    option,
    padded,
    pcap_header,
    pcap_record,
    section,
    simple,
)

FRAME = bytes(range(1, 7)) * 2 + b"\x08\x00" + bytes(30)
TICKS = 1_700_000_000_123_456


def flagged(data: bytes, ticks: int, order: str) -> bytes:
    """Return a packet with its direction, packet id, and two comments, one of them empty."""
    options = (
        option(2, pack(order + "I", 2), order)
        + option(5, pack(order + "Q", 77), order)
        + option(1, "é".encode(), order)
        + option(1, b"", order)
    )
    fixed = pack(order + "IIIII", 1, ticks >> 32, ticks & 0xFFFFFFFF, len(data), 1500)
    return block(6, fixed + padded(data) + options, order)


def several() -> bytes:
    """Return a file with two sections of different byte order, and each kind of packet."""
    return file_of(
        [
            section("<"),
            interface("<", snap_len=128),
            interface("<", resolution=9, offset_s=10),
            enhanced(FRAME, TICKS),
            flagged(FRAME, TICKS * 1000, "<"),
            simple(FRAME),
            obsolete(FRAME, TICKS, number=0),
            section(">"),
            interface(">", snap_len=64, resolution=0x80 | 20),
            interface(">", resolution=6, offset_s=-5),
            enhanced(FRAME, TICKS, order=">", original=99),
            flagged(FRAME, TICKS, ">"),
            obsolete(FRAME, TICKS, order=">", number=1),
            simple(FRAME, order=">"),
        ]
    )


def originals_of(path: Path) -> tuple[list[InterfaceDescription], list[Original], FrameTable]:
    """Return interfaces, originals and frames of a file, read in batches of three."""
    with open_capture(str(path), Settings()) as capture:
        reader = capture.reader()
        originals, parts = [], []
        while not reader.finished:
            frames = reader.read(len(capture.data), 3)
            originals += reader.originals(frames)
            parts.append(frames)
        return list(reader.interfaces()), originals, FrameTable.concatenate(parts)


def test_every_kind_of_packet(tmp_path: Path) -> None:
    """Interface, ticks and options are those of the blocks, in either byte order."""
    path = tmp_path / "x.pcapng"
    path.write_bytes(several())
    interfaces, originals, _ = originals_of(path)
    assert [(each.link_type, each.snap_len, each.resolution) for each in interfaces] == [
        (1, 128, 6), (1, 0, 9), (1, 64, 0x80 | 20), (1, 0, 6),
    ]  # fmt: skip  # read side by side
    assert (14, pack("<q", -5)) in interfaces[3].options
    comment = ((1, b"a comment"),)
    more = ((2, pack("<I", 2)), (5, pack("<Q", 77)), (1, "é".encode()), (1, b""))
    assert [each._replace(options=tuple(each.options)) for each in originals] == [
        Original(0, TICKS, comment), Original(1, TICKS * 1000, more), Original(0, 0, ()),
        Original(0, TICKS, ()), Original(2, TICKS, comment), Original(3, TICKS, more),
        Original(3, TICKS, ()), Original(2, 0, ()),
    ]  # fmt: skip  # read side by side


@pytest.mark.parametrize(
    ("magic", "link", "options"),
    [
        (0xA1B2C3D4, 1, ((9, b"\6"),)),
        (0xA1B23C4D, 113, ((9, b"\x09"),)),
        (0xA1B2C3D4, 1 | 0x2400_0000, ((9, b"\6"), (13, b"\x20"))),
    ],
)
def test_pcap_has_one_interface(
    magic: int, link: int, options: tuple[tuple[int, bytes], ...], tmp_path: Path
) -> None:
    """Link type, snap length, resolution and the length of check sequences are in the header
    (draft-ietf-opsawg-pcap §4).
    """
    path = tmp_path / "x.pcap"
    path.write_bytes(
        pcap_header(">", magic=magic, link=link, snap_len=96)
        + pcap_record(FRAME, (1_700_000_000, 123_456), order=">")
    )
    interfaces, originals, _ = originals_of(path)
    assert interfaces == [InterfaceDescription(link & 0xFFFF, 96, options)]
    units = 10**9 if magic == 0xA1B23C4D else 10**6
    assert originals == [Original(0, 1_700_000_000 * units + 123_456)]


def shown(path: Path) -> list[str]:
    """Return what Wireshark's engine says of each packet."""
    fields = ["frame.time_epoch", "frame.comment", "frame.interface_name", "frame.cap_len"]
    fields += ["frame.len", "frame.packet_flags_direction", "eth.src"]
    asked = [part for name in fields for part in ("-e", name)]
    done = subprocess.run(
        ["tshark", "-r", str(path), "-T", "fields", *asked],  # noqa: S607 - found on the path
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout.splitlines()


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
def test_wireshark_sees_no_difference(tmp_path: Path) -> None:
    """Written again, packets have the same times, comments, interfaces and lengths for tshark."""
    path, again = tmp_path / "x.pcapng", tmp_path / "again.pcapng"
    path.write_bytes(several())
    interfaces, originals, frames = originals_of(path)
    out = io.BytesIO()
    writer = PcapngWriter(out, "test")
    for each in interfaces:
        writer.add_interface(each)
    raw = path.read_bytes()
    columns = (frames.pos.tolist(), frames.captured.tolist(), frames.original.tolist())
    for each_original, pos, size, wire in zip(originals, *columns, strict=True):
        number, ticks, options = each_original
        writer.write_packet(number, ticks, raw[pos : pos + size], wire, options)
    again.write_bytes(out.getvalue())
    before = [line for line in shown(path) if line.split("\t")[0]]
    after = shown(again)
    assert len(after) == 8
    # packets without a time get that of the beginning: of their block nothing else is said
    assert [after[at] for at in (0, 1, 3, 4, 5, 6)] == [before[at] for at in _with_time(before)]


def _with_time(lines: list[str]) -> list[int]:
    return [at for at, line in enumerate(lines) if not line.startswith(("0.", "\t"))]
