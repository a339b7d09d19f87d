"""Delays that machines leave."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from analyzer.annotate.dialogue import parse_dialogue
from analyzer.annotate.dialogue_pcap import write_pcap
from analyzer.annotate.wording import describe
from analyzer.frozen import replace
from analyzer.pipeline import open_trace
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


def call(number: int, ringing: str, callee: str = "bob") -> str:
    """Return a call that is declined this long after it began to ring."""
    return (
        f"+100s -> INVITE sip:{callee}@example.com SIP/2.0\n   Call-ID: {number}@example.com\n"
        f"   To: <sip:{callee}@example.com>\n"
        f"+0.2s <- SIP/2.0 180 Ringing\n+{ringing} <- SIP/2.0 603 Decline\n"
        f"-> ACK sip:{callee}@example.com SIP/2.0\n   Call-ID: {number}@example.com\n"
    )


def cases(trace: Trace) -> list[str]:
    """Return the cases of RSP603 found."""
    found = zip(trace.findings.rule.tolist(), trace.findings.case.tolist(), strict=True)
    return [
        trace.rules[rule].cases[case].id for rule, case in found if trace.rules[rule].id == "RSP603"
    ]


@pytest.mark.parametrize("seconds", ["10.1s", "14.9s", "20s", "30.05s", "45s", "59.95s"])
def test_round_delays(trace_of: TraceOf, seconds: str) -> None:
    """A 603 within 100 ms of a usual no-answer time is not put down to a person."""
    assert cases(trace_of(call(1, seconds))) == ["declined"]


@pytest.mark.parametrize("seconds", ["1.5s", "9.89s", "10.11s", "25s", "40s"])
def test_other_delays(trace_of: TraceOf, seconds: str) -> None:
    """Any other time from human_reaction_ms on is one that a person may take."""
    assert cases(trace_of(call(1, seconds))) == ["declined-after-ringing"]


def test_too_quick(trace_of: TraceOf) -> None:
    """A shorter time than human_reaction_ms says nothing of who declined."""
    assert cases(trace_of(call(1, "1.49s"))) == ["declined"]


def test_the_same_delay_for_one_callee(trace_of: TraceOf) -> None:
    """Two calls to one callee with one delay are automation; another callee's call is not."""
    text = call(1, "7.3s") + call(2, "7.34s") + call(3, "7.3s", "carol")
    assert cases(trace_of(text)) == ["declined", "declined", "declined-after-ringing"]


def test_different_delays_for_one_callee(trace_of: TraceOf) -> None:
    """Delays that differ by more than the tolerance are not the same."""
    assert cases(trace_of(call(1, "7.3s") + call(2, "7.36s"))) == ["declined-after-ringing"] * 2


def test_a_chance_among_many(trace_of: TraceOf) -> None:
    """Two equal delays among five different ones of a callee prove nothing."""
    delays = ("3s", "3.02s", "4.1s", "5.3s", "6.7s")
    text = "".join(call(number, delay) for number, delay in enumerate(delays))
    assert cases(trace_of(text)) == ["declined-after-ringing"] * 5


def test_two_hops_are_one_call(trace_of: TraceOf) -> None:
    """A call seen on two hops is declined once, so its delays are not repeated."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@example.com SIP/2.0
        p<-b SIP/2.0 180 Ringing
        a<-p SIP/2.0 180 Ringing
        +5s p<-b SIP/2.0 603 Decline
        a<-p SIP/2.0 603 Decline
    """)
    assert cases(trace) == ["declined-after-ringing"] * 2


@pytest.mark.parametrize(
    ("ringing", "found"),
    [
        ("", ["not-alerted", "not-alerted"]),
        ("b->p SIP/2.0 180 Ringing\n", ["declined-after-ringing", "declined-after-ringing"]),
        ("p->a SIP/2.0 180 Ringing\n", ["not-alerted", "not-alerted"]),
    ],
    ids=["none", "behind", "before"],
)
def test_alerting_on_another_hop(trace_of: TraceOf, ringing: str, found: list[str]) -> None:
    """An 18x from behind a proxy shows that somebody was alerted, though it does not pass it on;
    what the proxy says by itself, or for another branch, says nothing of who declined.
    """
    trace = trace_of(
        "a->p INVITE sip:bob@example.com SIP/2.0\np->b INVITE sip:bob@192.0.2.2 SIP/2.0\n"
        f"{ringing}+4s b->p SIP/2.0 603 Decline\np->a SIP/2.0 603 Decline\n"
    )
    assert cases(trace) == found


RINGS = "<- SIP/2.0 180 Ringing\n"


@pytest.mark.parametrize(("ringing", "case"), [("", "not-alerted"), (RINGS, "declined")])
def test_a_clock_that_goes_back(tmp_path: Path, ringing: str, case: str) -> None:
    """A time that is less than none is no time: the text says that it is not known."""
    *before, last = parse_dialogue(
        f"-> INVITE sip:bob@example.com SIP/2.0\n{ringing}+5s <- SIP/2.0 603 Decline\n"
    )
    path = tmp_path / "back.pcap"
    hour_ns = 3600 * 10**9
    path.write_bytes(write_pcap([*before, replace(last, time_ns=last.time_ns - hour_ns)]))
    with open_trace([str(path)]) as trace:
        (text,) = describe(trace, np.arange(len(trace.findings)), trace.rules, "en")
    assert text.case == case
    assert "the clock of the capture went back" in text.message
    assert "-" not in text.message.replace("18x", "")
