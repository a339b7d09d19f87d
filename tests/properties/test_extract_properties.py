"""However TCP carries calls, each can be taken out and read again."""

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from analyzer.annotate.dialogue_pcap import Packet
from analyzer.extract.choice import Chosen
from analyzer.extract.extract import extract
from analyzer.pipeline import open_trace
from analyzer.settings import Settings
from analyzer.tables.trace import Trace
from segments import (
    Segment,
    capture,
    datagram,
    fragments,
    in_tcp,
    later,
    messages_of,
    stream,
    websocket_frame,
)

ANY = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
SETTINGS = Settings(origins=True)
IDS = ("one", "two", "three", "four")
CALL = """
    -> INVITE sip:bob@example.com SIP/2.0
       Call-ID: {0}
       Content-Type: application/sdp

       v=0
       o=a 1 1 IN IP4 192.0.2.1
    <- SIP/2.0 180 Ringing
       Call-ID: {0}
    +2s <- SIP/2.0 603 Decline
       Call-ID: {0}
    -> ACK sip:bob@example.com SIP/2.0
       Call-ID: {0}
"""
PACKETS = messages_of("".join(CALL.format(each) for each in IDS))
LENGTH = sum(len(each.payload) for each in PACKETS)
CUTS = st.lists(st.integers(1, LENGTH - 1), max_size=30)


def together(packets: list[Packet], cuts: list[int]) -> list[Segment]:
    """Return the segments of a connection whose sender puts messages together as it likes: cuts
    alone say where segments begin.
    """
    one_way = [as_one(packets, source) for source in dict.fromkeys(each.source for each in packets)]
    return later([segment for packet in one_way for segment in stream([packet], cuts)])


def as_one(packets: list[Packet], source: tuple[str, int]) -> Packet:
    """Return all messages of a sender as if they were one."""
    own = [each for each in packets if each.source == source]
    text = b"".join(each.payload for each in own)
    return Packet(own[0].time_ns, source, own[0].destination, text)


def check_each_call(path: Path, *, others: bool) -> None:
    """Assert that each call of a capture can be extracted: its messages, when they came, what is
    said of it; and, unless frames hold those of `others` too, nothing else.
    """
    with open_trace([str(path)], SETTINGS) as trace:
        assert len(trace.calls) == len(IDS)
        for row in range(len(trace.calls)):
            messages = messages_of_call(trace, row)
            out = io.BytesIO()
            extract(trace, Chosen(np.array([row]), messages), out, SETTINGS)
            target = path.with_name("x.pcapng")
            target.write_bytes(out.getvalue())
            with open_trace([str(target)]) as again:
                check_call(trace, messages, again, others=others)


def messages_of_call(trace: Trace, row: int) -> np.typing.NDArray[np.int64]:
    """Return the messages with the Call-ID of a call."""
    call_id = trace.text(int(trace.calls.first_row[row]), "call_id")
    rows = range(len(trace.messages))
    return np.array([each for each in rows if trace.text(each, "call_id") == call_id])


def check_call(
    trace: Trace, messages: np.typing.NDArray[np.int64], again: Trace, *, others: bool
) -> None:
    """Assert that a trace has these messages of another, with the times and the outcome."""
    call_id = trace.text(int(messages[0]), "call_id")
    found = [row for row in range(len(again.messages)) if again.text(row, "call_id") == call_id]
    assert others or len(found) == len(again.messages)
    for name in ("time_ns", "transport", "status"):
        wanted = getattr(trace.messages, name)[messages].tolist()
        assert getattr(again.messages, name)[found].tolist() == wanted
    assert [again.message_bytes(row) for row in found] == [
        trace.message_bytes(row) for row in messages.tolist()
    ]
    firsts = [again.text(row, "call_id") for row in again.calls.first_row.tolist()]
    assert again.calls.final_status[firsts.index(call_id)] == 603


@ANY
@given(cuts=CUTS, opened=st.booleans())
@example(cuts=list(range(1, LENGTH, 7)), opened=True)
def test_any_chunking(tmp_path: Path, cuts: list[int], opened: bool) -> None:  # noqa: FBT001 - drawn
    """Segments of single messages: each call is taken out whole, and nothing else."""
    path = tmp_path / "original.pcap"
    path.write_bytes(in_tcp(later(stream(PACKETS, cuts, opened=opened))))
    check_each_call(path, others=False)


@ANY
@given(CUTS)
@example([])
@example([LENGTH // 2])
def test_messages_in_common_segments(tmp_path: Path, cuts: list[int]) -> None:
    """Segments that hold several messages, or end inside any: each call is still read."""
    path = tmp_path / "original.pcap"
    path.write_bytes(in_tcp(together(PACKETS, cuts)))
    check_each_call(path, others=True)


@ANY
@given(CUTS, st.lists(st.integers(1, 20), max_size=6))
def test_segments_in_fragments(tmp_path: Path, cuts: list[int], sizes: list[int]) -> None:
    """Segments that come in IP fragments are taken out with all of these."""
    frames = []
    for number, each in enumerate(later(stream(PACKETS, cuts))):
        packet = each.packet()
        parts = fragments(each.source[0], each.destination[0], 6, packet[20:], sizes, number + 1)
        frames += [(each.time_ns, part) for part in parts]
    path = tmp_path / "original.pcap"
    path.write_bytes(capture(frames))
    check_each_call(path, others=False)


@ANY
@given(st.data())
def test_datagrams_in_fragments(tmp_path: Path, data: st.DataObject) -> None:
    """Fragments in any order, some of them twice, are taken out with their packet."""
    frames = []
    for number, each in enumerate(PACKETS):
        sizes = data.draw(st.lists(st.integers(1, 20), max_size=5))
        pieces = fragments(
            each.source[0], each.destination[0], 17, datagram(each), sizes, number + 1
        )
        pieces += data.draw(st.lists(st.sampled_from(pieces[:-1]), max_size=1)) if sizes else []
        frames += [(each.time_ns, piece) for piece in data.draw(st.permutations(pieces))]
    path = tmp_path / "original.pcap"
    path.write_bytes(capture(frames))
    check_each_call(path, others=False)


@ANY
@given(CUTS)
def test_websocket(tmp_path: Path, cuts: list[int]) -> None:
    """A call over WebSocket is taken out with all that came before it on its connection."""
    ask = b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: sip\r\n\r\n"
    client = PACKETS[0].source
    framed = [
        Packet(
            each.time_ns,
            each.source,
            each.destination,
            websocket_frame(each.payload, mask=b"abcd" if each.source == client else b""),
        )
        for each in PACKETS
    ]
    begun = Packet(PACKETS[0].time_ns, client, PACKETS[0].destination, ask)
    path = tmp_path / "original.pcap"
    path.write_bytes(in_tcp(later(stream([begun, *framed], cuts))))
    check_each_call(path, others=True)


@pytest.mark.parametrize("calls", [["one"], ["two", "four"]])
def test_retransmitted_segments(calls: list[str], tmp_path: Path) -> None:
    """A segment that was sent again is taken out both times, and counts once."""
    segments = later(stream(PACKETS))
    with_text = [each for each in segments if each.payload]
    again = later([*segments, *with_text])
    path = tmp_path / "original.pcap"
    path.write_bytes(in_tcp(again))
    with open_trace([str(path)], SETTINGS) as trace:
        ids = [trace.text(row, "call_id") for row in range(len(trace.messages))]
        rows = np.array([row for row, call_id in enumerate(ids) if call_id in calls])
        done = extract(trace, Chosen(np.zeros(0, np.int64), rows), io.BytesIO(), SETTINGS)
        # both SYNs, and each segment twice
        assert done.packets == 2 + 2 * len(rows)
