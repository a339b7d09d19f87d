"""Copies of a packet and retransmissions of a message are told apart."""

from collections.abc import Callable
from pathlib import Path

from analyzer.annotate.dialogue import parse_dialogue
from analyzer.annotate.dialogue_pcap import write_pcap
from analyzer.pipeline import open_trace
from analyzer.tables.trace import Trace
from tables import table

TraceOf = Callable[[str], Trace]


def test_retransmissions_are_new_packets(trace_of: TraceOf) -> None:
    """Request, responses and ACK sent again are counted on their transaction (RFC 3261 §17)."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        +500ms -> again INVITE
        <- SIP/2.0 603 Decline
        +500ms <- again 603
        -> ACK sip:bob@example.com SIP/2.0
        +10ms -> again ACK
    """)
    assert trace.links.retransmission_of_row.tolist() == [-1, 0, -1, 2, -1, 4]
    counts = ("request_retransmissions", "response_retransmissions", "ack_retransmissions")
    assert (
        table(trace.transactions, *counts, "duplicates")
        == """
        request_retransmissions  response_retransmissions  ack_retransmissions  duplicates
        1                        1                         1                    0
    """
    )


def test_a_copy_is_the_same_packet(trace_of: TraceOf) -> None:
    """The IPv4 identification tells a copy from a retransmission, however soon it comes."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        -> copy INVITE
        +500ms -> again INVITE
        -> copy INVITE
        <- SIP/2.0 486 Busy Here
        <- copy 486
    """)
    assert trace.links.copy_of_row.tolist() == [-1, 0, -1, 2, -1, 4]
    assert trace.links.retransmission_of_row.tolist() == [-1, -1, 0, -1, -1, -1]
    assert trace.transactions.duplicates.tolist() == [3]


def test_different_provisional_responses_repeat_nothing(trace_of: TraceOf) -> None:
    """Two 183 that say different things are two responses; the same again is a repeat."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 183 Session Progress
           Subject: one
        +1s <- SIP/2.0 183 Session Progress
           Subject: two
        +1s <- again 183
    """)
    assert trace.links.retransmission_of_row.tolist()[:3] == [-1, -1, -1]
    assert trace.transactions.response_retransmissions.tolist() == [1]


def test_a_copy_may_be_cut(tmp_path: Path) -> None:
    """Another capture kept less of each packet: the same packet all the same."""
    (packet,) = parse_dialogue("""
        -> INVITE sip:bob@example.com SIP/2.0

           v=0
           o=- 1 1 IN IP4 192.0.2.1
           s=-
           c=IN IP4 192.0.2.1
           t=0 0
           m=audio 4000 RTP/AVP 0
    """)
    whole = write_pcap([packet])
    kept = int.from_bytes(whole[32:36], "little") - 20
    cut = whole[:32] + kept.to_bytes(4, "little") + whole[36:-20]
    for name, data in (("whole.pcap", whole), ("cut.pcap", cut)):
        (tmp_path / name).write_bytes(data)
    with open_trace(tmp_path) as trace:
        assert sorted(trace.messages.body_len.tolist())[1] - trace.messages.body_len.min() == 20
        assert trace.links.copy_of_row.tolist() == [-1, 0]
        assert trace.transactions.request_retransmissions.tolist() == [0]
