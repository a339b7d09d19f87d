"""Messages → frames and bytes; see `provenance.check_provenance`, which every test of streams,
fragments, SCTP and WebSocket goes through.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from analyzer.pipeline import open_trace
from analyzer.settings import Settings
from analyzer.tables.origins import Form
from analyzer.tables.provenance import frames_of, parts_of
from analyzer.tables.trace import Trace
from carriages import hep3
from segments import (
    Deflater,
    Segment,
    capture,
    datagram,
    fragments,
    in_tcp,
    ip,
    later,
    messages_of,
    read,
    stream,
    websocket_frame,
)

PACKETS = messages_of()
INVITE = PACKETS[0]


def test_a_datagram_is_its_frame(trace_of: Callable[[str], Trace]) -> None:
    """What stands in one frame is known of any trace, without being asked for."""
    trace = trace_of("-> INVITE sip:b@example.com SIP/2.0\n<- SIP/2.0 180 Ringing")
    parts = parts_of(trace, np.array([1]))
    assert (parts.frame.tolist(), parts.offset.tolist()) == ([2], [0])
    assert parts.length.tolist() == [len(trace.message_bytes(1))]
    assert {key: found.tolist() for key, found in frames_of(trace, np.array([1])).items()} == {
        0: [2]
    }


def test_segments_in_fragments(tmp_path: Path) -> None:
    """A message over three segments, one of them in two fragments, is of all four frames."""
    text = INVITE.payload
    segments = [
        Segment(at, INVITE.source, INVITE.destination, 1000 + start, text[start:end])
        for at, (start, end) in enumerate([(0, 50), (50, 200), (200, len(text))])
    ]
    frames = [(each.time_ns, each.packet()) for each in segments]
    pieces = fragments(INVITE.source[0], INVITE.destination[0], 6, frames[1][1][20:], [10], 9)
    path = tmp_path / "x.pcap"
    path.write_bytes(capture([frames[0], *((1, each) for each in pieces), frames[2]]))
    with open_trace([str(path)], Settings(origins=True)) as trace:
        parts = parts_of(trace, np.array([0]))
        assert parts.frame.tolist() == [1, 2, 3, 4]
        # 10 units of 8 bytes, less the header of TCP
        assert parts.length.tolist() == [50, 60, 90, len(text) - 200]


def test_two_captures(tmp_path: Path) -> None:
    """Each message is of the frames of its own capture, whatever order captures are given in."""
    for name, shift in (("a", 10), ("b", 0)):
        segments = later(stream(PACKETS, [40]))
        moved = [(each.time_ns + shift * 10**12, each.packet()) for each in segments]
        (tmp_path / f"{name}.pcap").write_bytes(capture(moved))
    with open_trace([str(tmp_path)], Settings(origins=True)) as trace:
        assert [Path(each.path).name for each in trace.captures] == ["b.pcap", "a.pcap"]
        parts = parts_of(trace, np.arange(len(trace.messages)))
        assert set(parts.capture.tolist()) == {0, 1}
        assert parts.capture.tolist() == trace.messages.capture[parts.message_row].tolist()
        for row in (trace.messages.capture.tolist().index(capture) for capture in (0, 1)):
            assert parts.length[parts.message_row == row].tolist() == [
                40,
                len(trace.message_bytes(row)) - 40,
            ]


def test_hep_over_tcp(tmp_path: Path) -> None:
    """A mirrored message is where it stands behind the header of its record, which is known too."""
    record = hep3(ip(INVITE.source[0], INVITE.destination[0], 17, datagram(INVITE)))
    client, server = ("10.0.0.1", 4000), ("10.0.0.2", 9060)
    segments = [
        Segment(at, client, server, 1000 + start, record[start:end])
        for at, (start, end) in enumerate([(0, 70), (70, 200), (200, len(record))])
    ]
    reading = read(tmp_path / "x.pcap", in_tcp(segments))
    assert [text for text, *_ in reading.messages] == [INVITE.payload]
    assert reading.forms == {Form.PLAIN, Form.AROUND}


def test_websocket(tmp_path: Path) -> None:
    """Of a masked message the bytes are known, of a compressed one the frames that brought it."""
    masked = websocket_frame(INVITE.payload, mask=b"abcd")
    segments = [
        Segment(1, INVITE.source, INVITE.destination, 1000, masked[:100]),
        Segment(2, INVITE.source, INVITE.destination, 1100, masked[100:]),
    ]
    assert read(tmp_path / "x.pcap", in_tcp(segments)).forms == {Form.MASKED}
    ask = b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: sip\r\n\r\n"
    packed = websocket_frame(Deflater(takeover=False).pack(INVITE.payload), packed=True)
    segments = [
        Segment(0, INVITE.source, INVITE.destination, 1000, ask),
        Segment(1, INVITE.source, INVITE.destination, 1000 + len(ask), packed[:60]),
        Segment(2, INVITE.source, INVITE.destination, 1060 + len(ask), packed[60:]),
    ]
    reading = read(tmp_path / "y.pcap", in_tcp(segments))
    assert reading.forms == {Form.PACKED}
    assert reading.frames == [3]
