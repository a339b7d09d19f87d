"""Who left what of a 603+ on its way back."""

from collections.abc import Callable

import numpy as np

from analyzer.annotate.wording import FindingText, describe
from analyzer.tables.calls import Outcome
from analyzer.tables.trace import Trace

REASON = '\n   Reason: SIP;cause=603;text="v=analytics1;url=https://example.com/r";location=TN\n'
HOPS = """
a->p INVITE sip:bob@example.com SIP/2.0
p->q INVITE sip:bob@192.0.2.17 SIP/2.0
q->b INVITE sip:bob@192.0.2.2 SIP/2.0
"""
PLAIN = "SIP/2.0 603 Decline\n"


def declines(trace: Trace) -> list[FindingText]:
    """Return what is said of each 603 itself."""
    texts = describe(trace, np.arange(len(trace.findings)), trace.rules, "en")
    return [each for each in texts if each.rule == "RSP603"]


def test_nothing_is_passed_on(trace_of: Callable[[str], Trace]) -> None:
    """A hop with a plain 603 names the element that got the 603+ whole, and only that one."""
    whole = f"b->q SIP/2.0 603 Network Blocked{REASON}"
    trace = trace_of(f"{HOPS}{whole}q->p {PLAIN}p->a {PLAIN}")
    texts = declines(trace)
    assert [(each.case, *each.notes) for each in texts] == [
        ("network-blocked",),
        ("not-alerted", "block-not-passed-on"),
        ("not-alerted",),
    ]
    assert "192.0.2.17 received it and passed on" in texts[1].message
    assert trace.calls.outcome.tolist() == [Outcome.BLOCKED]


def test_a_refused_message(trace_of: Callable[[str], Trace]) -> None:
    """A MESSAGE with the marks of a block is not said to be delivered (RFC 3428 §7)."""
    trace = trace_of(f"-> MESSAGE sip:bob@x SIP/2.0\n<- SIP/2.0 603 Network Blocked{REASON}")
    (text,) = describe(trace, np.arange(len(trace.findings)), trace.rules, "en")
    assert (text.case, text.notes) == ("message-refused", ())
    assert "not certain" in text.message


def test_lost_bit_by_bit(trace_of: Callable[[str], Trace]) -> None:
    """One element loses the phrase, the next the Reason: each is named where it did so."""
    whole, phrase_lost = (
        f"b->q SIP/2.0 603 Network Blocked{REASON}",
        f"q->p {PLAIN.rstrip()}{REASON}",
    )
    trace = trace_of(f"{HOPS}{whole}{phrase_lost}p->a {PLAIN}")
    texts = declines(trace)
    assert [each.case for each in texts] == [
        "network-blocked", "network-blocked-damaged", "not-alerted",
    ]  # fmt: skip
    assert "192.0.2.17 changed it" in texts[1].message
    assert "192.0.2.16 received it and passed on" in texts[2].message
