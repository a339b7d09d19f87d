"""Packets → one file, in the order of time, as they were."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from analyzer.annotate.dialogue import dialogue_capture
from analyzer.capture.pcap import PcapReader
from analyzer.errors import UsageError
from analyzer.extract.choice import choose
from analyzer.extract.extract import extract
from analyzer.extract.packets import Packets, find_packets
from analyzer.extract.write import pcap_head, write_pcap
from analyzer.pipeline import open_trace
from analyzer.tables.anomalies import AnomalyLog
from analyzer.tables.calls import Outcome
from capture_files import (
    enhanced,
    file_of,
    interface,
    pcap_header,
    pcap_record,
    section,
    simple,
)
from command import ROOT
from extract.extracting import SETTINGS, extracted, messages_in, wanted
from segments import datagram, ip, messages_of

PACKETS = messages_of()
SECOND = 10**9


def framed(at: int) -> bytes:
    """Return a message in an IP packet."""
    each = PACKETS[at]
    return ip(each.source[0], each.destination[0], 17, datagram(each), ident=at + 1)


@contextmanager
def packets_of(path: Path) -> Iterator[list[Packets]]:
    """Give all packets of the SIP in captures."""
    with open_trace([str(path)], SETTINGS) as trace:
        yield find_packets(trace, choose(trace, wanted()), SETTINGS)


def test_captures_are_merged_by_time(tmp_path: Path) -> None:
    """Packets of several captures are in the order of time; those of one keep theirs."""
    first = [(0, 3), (1, 1), (3, 5)]
    second = [(2, 2), (4, 4)]
    for name, rows in (("b", first), ("a", second)):
        parts = [pcap_record(framed(at), (when, 0)) for at, when in rows]
        (tmp_path / f"{name}.pcap").write_bytes(file_of([pcap_header(link=101), *parts]))
    with open_trace([str(tmp_path)], SETTINGS) as trace:
        out = io.BytesIO()
        extract(trace, choose(trace, wanted()), out, SETTINGS)
        path = tmp_path / "x.pcapng"
        path.write_bytes(out.getvalue())
        with open_trace([str(path)], SETTINGS) as again:
            assert messages_in(again) == messages_in(trace)
            seconds = (again.messages.time_ns // SECOND).tolist()
    # the packet at 1 s stands after that at 3 s in its capture, and stays there
    assert seconds == [2, 3, 1, 4, 5]


def test_interfaces_comments_and_cuts_stay(tmp_path: Path) -> None:
    """Names, clocks, comments and lengths are those of the original; unused interfaces are not
    there; a packet without a time is still without one.
    """
    path = tmp_path / "x.pcapng"
    path.write_bytes(
        file_of(
            [
                section(">"),
                interface(">", link=1),
                interface(">", link=101, snap_len=300, resolution=9, offset_s=7),
                enhanced(framed(0)[:300], 5 * SECOND + 1, order=">", number=1, original=999),
                section("<"),
                interface("<", link=101, resolution=6),
                enhanced(framed(1), 13_000_000),
                simple(framed(2)),
            ]
        )
    )
    with extracted(path, wanted()) as (trace, again):
        reader = again.opened[0].reader()
        frames = reader.read(1 << 20, 100)
        assert frames.captured.tolist() == [300, len(framed(1)), len(framed(2))]
        assert frames.original.tolist()[0] == 999
        interfaces, originals = reader.interfaces(), reader.originals(frames)
        assert [(each.link_type, each.snap_len, each.resolution) for each in interfaces] == [
            (101, 300, 9), (101, 0, 6),
        ]  # fmt: skip  # read side by side
        assert [(each.interface, each.ticks) for each in originals] == [
            (0, 5 * SECOND + 1), (1, 13_000_000), (1, 0),
        ]  # fmt: skip  # read side by side
        assert originals[0].options[0] == (1, b"a comment")
        assert again.messages.time_ns.tolist() == trace.messages.time_ns.tolist()


def test_pcap(tmp_path: Path) -> None:
    """A pcap file has the packets, cut ones too, with times as fine as they need."""
    path = tmp_path / "x.pcap"
    records = [pcap_record(framed(0), (1, 5)), pcap_record(framed(1)[:99], (2, 6), original=500)]
    for magic, fraction in ((0xA1B2C3D4, 1000), (0xA1B23C4D, 1)):
        path.write_bytes(file_of([pcap_header(link=101, magic=magic, snap_len=0), *records]))
        out = io.BytesIO()
        with packets_of(path) as packets:
            write_pcap(out, packets)
        raw = out.getvalue()
        assert raw[:4] == magic.to_bytes(4, "little")
        reader = PcapReader(memoryview(raw), 0, AnomalyLog())
        frames = reader.read(len(raw), 10)
        assert frames.time_ns.tolist() == [SECOND + 5 * fraction, 2 * SECOND + 6 * fraction]
        assert frames.original.tolist() == [len(framed(0)), 500]
        assert frames.link_type.tolist() == [101, 101]


def test_pcap_has_one_link_type() -> None:
    """Several link types do not fit; what would hold them is named."""
    said = r"several \(PPP, .*\): name a file that ends in .pcapng"
    with (
        packets_of(ROOT / "samples" / "links.pcapng") as packets,
        pytest.raises(UsageError, match=said),
    ):
        pcap_head(packets)


def test_how_long_was_watched(tmp_path: Path) -> None:
    """A call that nobody answered is still that where the packets after it are left out, as the
    extract says how long the capture went on.
    """
    path = tmp_path / "x.pcap"
    path.write_bytes(
        dialogue_capture("""
            -> INVITE sip:bob@example.com SIP/2.0
               Call-ID: one
            +200s -> OPTIONS sip:bob@example.com SIP/2.0
               Call-ID: two
        """)
    )
    with extracted(path, wanted("one")) as (trace, again):
        assert len(again.messages) == 1
        assert again.captures[0].watched_until_ns == trace.captures[0].last_ns
        assert again.calls.outcome.tolist() == [Outcome.UNANSWERED]
