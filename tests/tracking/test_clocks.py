"""Captures of one hop by different clocks come onto one timeline by one clock."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from analyzer.annotate.dialogue import parse_dialogue
from analyzer.annotate.dialogue_pcap import Packet, write_pcap
from analyzer.extract.extract import extract_packets
from analyzer.frozen import replace
from analyzer.pipeline import open_trace
from analyzer.tables.trace import Trace

CaptureOf = Callable[[str, str], Path]

CALLER, PROXY, CALLEE = "192.0.2.1", "192.0.2.16", "192.0.2.2"
CALL = parse_dialogue("""
    a->p INVITE sip:bob@example.com SIP/2.0
    p->a SIP/2.0 100 Trying
    p->b INVITE sip:bob@192.0.2.2 SIP/2.0
    b->p SIP/2.0 180 Ringing
    p->a SIP/2.0 180 Ringing
    +3s b->p SIP/2.0 200 OK
    p->a SIP/2.0 200 OK
    a->p ACK sip:bob@192.0.2.2 SIP/2.0
    p->b ACK sip:bob@192.0.2.2 SIP/2.0
    +10s a->p BYE sip:bob@192.0.2.2 SIP/2.0
    p->b BYE sip:bob@192.0.2.2 SIP/2.0
    b->p SIP/2.0 200 OK
    p->a SIP/2.0 200 OK
""")


def at(address: str, ahead_s: float = 0, *, way_ms: float = 0, bare: bool = False) -> list[Packet]:
    """Return what is captured at an element, by its clock; messages take a while to go there and
    back, and packets may have no identification.
    """
    return [
        replace(
            each,
            time_ns=each.time_ns
            + round(ahead_s * 1e9)
            + (1 if each.destination[0] == address else -1) * round(way_ms * 1e6),
            identification=0 if bare else each.identification,
        )
        for each in CALL
        if address in {each.source[0], each.destination[0]}
    ]


def files(folder: Path, captures: Sequence[Sequence[Packet]]) -> list[str]:
    """Write captures and return their paths."""
    paths = [folder / f"{number}.pcap" for number in range(len(captures))]
    for path, packets in zip(paths, captures, strict=True):
        path.write_bytes(write_pcap(packets))
    return [str(path) for path in paths]


def expect_one_call(trace: Trace, copies: list[int]) -> None:
    """Hold a trace against what was said: two hops in order, 10 ms on the proxy, no repeats."""
    assert trace.transactions.duplicates[:2].tolist() == copies
    assert int(trace.transactions.request_retransmissions.sum()) == 0
    assert int(trace.transactions.response_retransmissions.sum()) == 0
    assert trace.hops.depth.tolist() == [0, 1]
    assert trace.hops.request_delay_ns.tolist() == [-1, 20_000_000]
    assert trace.hops.response_delay_ns.tolist() == [-1, 10_000_000]
    assert trace.calls.talk_ns.tolist() == [10_020_000_000]


@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize("ahead_s", [0.3, -0.3, 2.0, -40.0, 32_400.0])
def test_two_points_of_capture(tmp_path: Path, ahead_s: float, *, bare: bool) -> None:
    """The proxy and the callee, whose clock is wrong: less than T1, more, or by a time zone."""
    paths = files(tmp_path, [at(PROXY, bare=bare), at(CALLEE, ahead_s, bare=bare)])
    for order in (paths, paths[::-1]):
        with open_trace(order) as trace:
            expect_one_call(trace, [0, 4])
            told = [(each.kind, each.detail) for each in trace.anomalies]
            assert told == [("clock-apart", f"{ahead_s:+.3f} s")]
            ends = [each.watched_until_ns or 0 for each in trace.captures]
            assert max(ends) - min(ends) == 10_000_000


def test_three_points_of_which_the_outer_ones_share_nothing(tmp_path: Path) -> None:
    """Each is compared with the one between them."""
    paths = files(tmp_path, [at(CALLER, 2), at(PROXY), at(CALLEE, -2)])
    with open_trace(paths) as trace:
        expect_one_call(trace, [5, 4])


@pytest.mark.parametrize("bare", [False, True])
def test_the_way_between_two_points_is_no_difference_of_clocks(
    tmp_path: Path, *, bare: bool
) -> None:
    """What goes there is late by the time on the way, what comes back early: clocks are right, and
    what is captured twice is a copy, not a message sent again.
    """
    with open_trace(
        files(tmp_path, [at(PROXY, bare=bare), at(CALLEE, way_ms=80, bare=bare)])
    ) as trace:
        assert [each.kind for each in trace.anomalies] == []
        assert int(trace.transactions.duplicates.sum()) == 6
        assert int(trace.transactions.request_retransmissions.sum()) == 0


def test_a_retransmission_in_the_next_file_is_one(capture_of: CaptureOf) -> None:
    """Rotated files: the INVITE in the one and, sent again without identification, in the other
    prove nothing about clocks.
    """
    text = "-> INVITE sip:bob@example.com SIP/2.0\n+500ms -> again INVITE\n<- SIP/2.0 180 Ringing"
    packets = [replace(each, identification=0) for each in parse_dialogue(text)]
    paths = [capture_of("", "one.pcap"), capture_of("", "two.pcap")]
    paths[0].write_bytes(write_pcap(packets[:1]))
    paths[1].write_bytes(write_pcap(packets[1:]))
    with open_trace([str(path) for path in paths]) as trace:
        assert trace.transactions.request_retransmissions.tolist() == [1]
        assert [each.kind for each in trace.anomalies] == []


@pytest.mark.parametrize("name", ["all.pcap", "all.pcapng"])
def test_an_extract_has_one_clock(tmp_path: Path, name: str) -> None:
    """What is written to one file is the same call when it is read again."""
    paths = files(tmp_path, [at(PROXY), at(CALLEE, 5)])
    extract_packets(paths, tmp_path / name, where=["outcome=answered"])
    with open_trace([str(tmp_path / name)]) as trace:
        expect_one_call(trace, [0, 4])
