"""Which frames are needed to read messages again."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from analyzer.extract.boundaries import frames_from_the_beginning, needed_frames
from analyzer.pipeline import open_trace
from analyzer.tables.trace import Trace
from carriages import hep3
from extract.extracting import SETTINGS
from segments import Segment, capture, datagram, in_tcp, ip, messages_of, websocket_frame

CLIENT, SERVER = ("192.0.2.1", 5060), ("192.0.2.2", 5060)


def texts_of(count: int) -> list[bytes]:
    """Return messages of as many calls, in one direction."""
    lines = "".join(
        f"-> INVITE sip:b@example.com SIP/2.0\n   Call-ID: {at}\n" for at in range(count)
    )
    return [each.payload for each in messages_of(lines)]


def cut(data: bytes, *places: int) -> list[Segment]:
    """Return the segments of a stream cut at some places."""
    bounds = [0, *places, len(data)]
    return [
        Segment(at, CLIENT, SERVER, 1000 + start, data[start:end])
        for at, (start, end) in enumerate(pairwise(bounds))
    ]


def needed(trace: Trace, *rows: int) -> list[int]:
    """Return the frames that some messages need."""
    found: list[int] = needed_frames(trace, np.array(rows))[0].tolist()
    return found


@pytest.mark.parametrize(
    ("row", "frames"),
    [(0, [1, 2]), (1, [1, 2, 3]), (2, [1, 2, 3, 4]), (3, [5])],
)
def test_back_to_where_a_message_begins(row: int, frames: list[int], tmp_path: Path) -> None:
    """A segment that begins inside a message is only read with those before it."""
    texts = texts_of(4)
    ends = [sum(len(each) for each in texts[: at + 1]) for at in range(3)]
    path = tmp_path / "x.pcap"
    segments = cut(b"".join(texts), ends[0] - 9, ends[1] - 9, ends[2] - 9, ends[2])
    path.write_bytes(in_tcp(segments))
    with open_trace([str(path)], SETTINGS) as trace:
        assert needed(trace, row) == frames


def test_records_are_whole(tmp_path: Path) -> None:
    """Of a mirrored message over TCP the header before it is needed, in whatever segment it is."""
    records = []
    for text in texts_of(2):
        packet = ip(CLIENT[0], SERVER[0], 17, b"\x13\xc4\x13\xc4" + bytes(4) + text)
        records.append(hep3(packet))
    whole = b"".join(records)
    second = len(records[0])
    path = tmp_path / "x.pcap"
    path.write_bytes(in_tcp(cut(whole, 10, second, second + 10, second + 90)))
    with open_trace([str(path)], SETTINGS) as trace:
        assert [needed(trace, row) for row in (0, 1)] == [[1, 2], [3, 4, 5]]


def test_datagrams_need_no_others(tmp_path: Path) -> None:
    """A datagram is its frame, or all fragments that brought it or its header."""
    packets = messages_of()[:2]
    path = tmp_path / "x.pcap"
    whole = ip(CLIENT[0], SERVER[0], 17, datagram(packets[0]), ident=1)
    long = datagram(packets[1])
    pieces = [
        ip(SERVER[0], CLIENT[0], 17, long[:8], ident=2, place=0x2000),
        ip(SERVER[0], CLIENT[0], 17, long[8:48], ident=2, place=0x2001),
        ip(SERVER[0], CLIENT[0], 17, long[48:], ident=2, place=6),
    ]
    path.write_bytes(capture([(0, pieces[0]), (1, whole), (2, pieces[1]), (3, pieces[2])]))
    with open_trace([str(path)], SETTINGS) as trace:
        assert [needed(trace, row) for row in (0, 1)] == [[2], [1, 3, 4]]


def test_what_needs_its_beginning(tmp_path: Path) -> None:
    """WebSocket cannot be read without its handshake; TCP can."""
    text = texts_of(1)[0]
    path = tmp_path / "x.pcap"
    for payload, frames in ((text, {}), (websocket_frame(text, mask=b"abcd"), {0: [1]})):
        path.write_bytes(in_tcp(cut(payload)))
        with open_trace([str(path)], SETTINGS) as trace:
            found = frames_from_the_beginning(trace, np.array([0]))
            assert {capture: numbers.tolist() for capture, numbers in found.items()} == frames
