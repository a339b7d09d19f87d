"""Sender and receiver reports of RTCP (RFC 3550 §6.4)."""

import struct

import numpy as np
import pytest

from analyzer.decode.parts import MediaTable
from analyzer.rtp.reports import Reports
from analyzer.settings import Settings
from analyzer.tables.frames import FrameTable
from analyzer.tables.rtp import RtcpTable

MS = 1_000_000


def block(about: int, fraction: int, lost: int, jitter: int, echo: int, delay: int) -> bytes:
    """Return a report block; the delay counts in 1/65536 s."""
    total = lost.to_bytes(3, signed=True)
    return struct.pack(">IB3sIIII", about, fraction, total, 1000, jitter, echo, delay)


def sender_report(ssrc: int, ntp: int, *blocks: bytes) -> bytes:
    """Return an SR."""
    body = struct.pack(">IQIII", ssrc, ntp, 0, 10, 1600) + b"".join(blocks)
    return struct.pack(">BBH", 0x80 | len(blocks), 200, len(body) // 4) + body


def receiver_report(ssrc: int, *blocks: bytes) -> bytes:
    """Return an RR."""
    body = struct.pack(">I", ssrc) + b"".join(blocks)
    return struct.pack(">BBH", 0x80 | len(blocks), 201, len(body) // 4) + body


def counted(*packets: tuple[int, bool, bytes], limit: int = 100) -> RtcpTable:
    """Count packets: time in ms, whether it goes from a to b, payload."""
    data = b"".join(payload for _, _, payload in packets)
    sizes = [len(payload) for _, _, payload in packets]
    count = len(packets)
    forth = np.array([each for _, each, _ in packets])
    media = MediaTable.zeros(count).replace(
        frame_row=np.arange(count, dtype=np.int32),
        pos=np.cumsum([0, *sizes[:-1]]),
        length=np.array(sizes, np.int32),
        version=np.full(count, 4, np.uint8),
        source_low=np.where(forth, 1, 2).astype(np.uint64),
        destination_low=np.where(forth, 2, 1).astype(np.uint64),
        source_port=np.full(count, 4001, np.uint16),
        destination_port=np.full(count, 4001, np.uint16),
        payload_type=np.full(count, 200, np.uint8),
    )
    frames = FrameTable.zeros(count).replace(
        time_ns=np.array([time for time, _, _ in packets]) * MS
    )
    reports = Reports(Settings(max_rtp_streams=limit))
    reports.count(memoryview(data), media, frames)
    return reports.table(0)


def test_what_a_receiver_reports() -> None:
    """Greatest fraction lost and jitter, and what was lost in all by the last report."""
    found = counted(
        (0, True, receiver_report(5, block(9, 64, 10, 40, 0, 0))),
        (5000, True, receiver_report(5, block(9, 0, 12, 20, 0, 0))),
    )
    assert (found.sender.tolist(), found.about.tolist()) == ([5], [9])
    assert (found.sender_reports.tolist(), found.receiver_reports.tolist()) == ([0], [2])
    assert (found.fraction_lost.tolist(), found.lost.tolist()) == ([64], [12])
    assert (found.jitter.tolist(), found.most_jitter.tolist()) == ([20], [40])
    assert found.round_trip_ns.tolist() == [-1]


def test_the_round_trip_is_the_echo_less_its_delay() -> None:
    """RFC 3550 §6.4.1: a report of b echoes that of a after half a second and 30 ms of way."""
    ntp = 0x1234_5678_9ABC_DEF0
    found = counted(
        (0, True, sender_report(9, ntp)),
        (530, False, receiver_report(5, block(9, 0, 0, 0, 0x5678_9ABC, 1 << 15))),
    )
    assert found.round_trip_ns.tolist() == [-1, 30 * MS]
    assert found.about.tolist() == [-1, 9]


def test_duplicates_at_the_receiver_make_its_loss_negative() -> None:
    """RFC 3550 §6.4.1: the cumulative number of packets lost has a sign."""
    found = counted((0, True, receiver_report(5, block(9, 0, -3, 0, 0, 0))))
    assert found.lost.tolist() == [-3]


@pytest.mark.parametrize("cut", range(0, 32, 3))
def test_a_cut_report_is_read_as_far_as_it_goes(cut: int) -> None:
    """What is missing is not made up; nothing raises."""
    whole = receiver_report(5, block(9, 64, 10, 40, 0, 0))
    found = counted((0, True, whole[:cut]))
    assert found.fraction_lost.tolist() in ([], [-1])


def test_the_number_of_sources_is_limited() -> None:
    """Reports of sources beyond the limit are passed over."""
    found = counted(*((at, True, receiver_report(at)) for at in range(5)), limit=2)
    assert found.sender.tolist() == [0, 1]
