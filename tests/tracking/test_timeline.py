"""Several captures are one timeline."""

from collections.abc import Callable
from pathlib import Path

from analyzer.pipeline import open_trace

CaptureOf = Callable[[str, str], Path]

FIRST = """
    -> INVITE sip:bob@example.com SIP/2.0
    +2s <- SIP/2.0 180 Ringing
"""
SECOND = """
    +1s <- SIP/2.0 100 Trying
    +2s <- SIP/2.0 603 Decline
"""


def test_the_order_of_the_files_does_not_matter(capture_of: CaptureOf) -> None:
    """Messages are merged by time, captures listed by their first packet."""
    one, two = str(capture_of(FIRST, "one.pcap")), str(capture_of(SECOND, "two.pcap"))
    for paths in ([one, two], [two, one]):
        with open_trace(paths) as trace:
            assert [each.path for each in trace.captures] == [one, two]
            assert trace.messages.status.tolist() == [0, 100, 180, 603]
            assert [trace.frame(row) for row in range(4)] == [(0, 1), (1, 1), (0, 2), (1, 2)]
            assert trace.transactions.final_status.tolist() == [603]


def test_a_file_is_never_reordered(tmp_path: Path, capture_of: CaptureOf) -> None:
    """A clock that was set back moves no message before one that stands before it."""
    path = capture_of("-> INVITE sip:bob@example.com SIP/2.0\n<- SIP/2.0 100 Trying", "a.pcap")
    data = path.read_bytes()
    first_length = int.from_bytes(data[32:36], "little")
    second = 24 + 16 + first_length
    seconds = int.from_bytes(data[second : second + 4], "little")
    back = data[:second] + (seconds - 60).to_bytes(4, "little") + data[second + 4 :]
    (tmp_path / "back.pcap").write_bytes(back)
    other = capture_of("c->d OPTIONS sip:d@example.com SIP/2.0\n   Call-ID: x", "b.pcap")
    with open_trace([str(tmp_path / "back.pcap"), str(other)]) as trace:
        assert [status for status in trace.messages.status.tolist() if status] == [100]
        own = [trace.messages.status[row] for row in range(3) if trace.text(row, "call_id") != "x"]
        assert own == [0, 100]


def test_anomalies_name_messages_by_their_place_on_the_timeline(capture_of: CaptureOf) -> None:
    """Rows of odd messages follow their messages when captures are merged."""
    odd = capture_of("+1s -> OPTIONS sip:b@example.com SIP/2.0\n   -Call-ID", "odd.pcap")
    sound = capture_of("-> INVITE sip:bob@example.com SIP/2.0", "sound.pcap")
    with open_trace([str(odd), str(sound)]) as trace:
        assert set(trace.message_anomalies.message_rows) == {1}
        assert trace.message_anomalies.kinds == ["missing-header"]
