"""What is said on packets."""

from collections.abc import Callable

import pytest

from analyzer.capture.pcapng_writer import LONGEST_OPTION
from analyzer.extract.choice import choose
from analyzer.extract.comments import comments_of
from analyzer.pipeline import open_trace
from analyzer.tables.trace import Trace
from command import ROOT
from extract.extracting import wanted

DECLINED = """
    -> INVITE sip:bob@example.com SIP/2.0
    <- SIP/2.0 180 Ringing
    +4s <- SIP/2.0 603 Decline
    -> ACK sip:bob@example.com SIP/2.0
"""


def test_calls_and_findings(trace_of: Callable[[str], Trace]) -> None:
    """A call is told at its first message, a finding at the response it judges: what is certain,
    what is likely, what to do, and where it was in the capture.
    """
    trace = trace_of(DECLINED)
    comments = comments_of(trace, choose(trace, wanted()), "en")
    assert comments.keys() == {(0, 1), (0, 3)}
    (call,), (finding,) = comments[0, 1], comments[0, 3]
    assert call.decode().startswith("call #0: alice called bob: declined with 603 Decline")
    lines = finding.decode().splitlines()
    assert lines[0] == "RSP603 603 Decline [declined-after-ringing], notice:"
    assert lines[1] == "Declined 4.0 s after the first 180 Ringing."
    assert lines[2].startswith("Likely (confidence medium): A person declined")
    assert lines[3].startswith("To do: ")
    assert lines[-1] == "(frame 3 of dialogue.pcap)"


def test_in_japanese(trace_of: Callable[[str], Trace]) -> None:
    """The same in Japanese."""
    trace = trace_of(DECLINED)
    comments = comments_of(trace, choose(trace, wanted()), "ja")
    assert comments[0, 1][0].decode().startswith("呼 #0: ")
    assert "推定（確度: 中）" in comments[0, 3][0].decode()
    assert comments[0, 3][0].decode().endswith("（dialogue.pcap のフレーム 3）")


def test_what_is_not_chosen_is_not_told(trace_of: Callable[[str], Trace]) -> None:
    """Comments are on packets that are written."""
    trace = trace_of(DECLINED)
    assert comments_of(trace, choose(trace, wanted("no such call")), "en") == {}


def test_at_the_hop_nearest_to_the_origin() -> None:
    """A finding is told where the response was sent, not on each hop that passed it on."""
    with open_trace([str(ROOT / "samples" / "declined_behind_proxy.pcap")]) as trace:
        comments = comments_of(trace, choose(trace, wanted()), "en")
        judged = trace.findings.message_row[~trace.findings.relayed].tolist()
        assert trace.findings.relayed.any()
        told = {frame for (_, frame), texts in comments.items() for each in texts if b"RSP" in each}
        assert told == {int(trace.messages.frame[row]) for row in judged}


def test_hostile_texts(trace_of: Callable[[str], Trace]) -> None:
    """Controls and marks of direction in a capture are escaped, and no comment is too long."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 Decline
           Reason: Q.850;cause=21;text="\x1b[31m\u202eevil"
        -> ACK sip:bob@example.com SIP/2.0
    """)
    comments = comments_of(trace, choose(trace, wanted()), "en")
    for text in (each.decode() for texts in comments.values() for each in texts):
        assert text.replace("\n", "").isprintable()


def test_long_texts(trace_of: Callable[[str], Trace]) -> None:
    """A comment is cut where an option of pcapng ends."""
    phrase = "\u202e" * 15_000
    trace = trace_of(DECLINED.replace("603 Decline", f"603 {phrase}"))
    texts = comments_of(trace, choose(trace, wanted()), "en")[0, 1]
    assert [len(each) for each in texts] == [LONGEST_OPTION]


@pytest.mark.parametrize("path", ["/home/me/x.pcap", "C:\\Users\\me\\x.pcap", "x.pcap"])
def test_no_folders(path: str, trace_of: Callable[[str], Trace]) -> None:
    """Where a file lay is not told."""
    trace = trace_of(DECLINED)
    trace.captures[0].path = path
    comments = comments_of(trace, choose(trace, wanted()), "en")
    assert comments[0, 3][0].endswith(b"(frame 3 of x.pcap)")
