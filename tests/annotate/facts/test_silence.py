"""Fields of requests without a final response (RFC 3261 §17.1): what proves it, and what not."""

from collections.abc import Callable

import numpy as np
import pytest

from analyzer.annotate.wording import describe
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]

REPEATED = "-> INVITE sip:bob@example.com SIP/2.0\n" + "".join(
    f"+{gap}s -> again INVITE\n" for gap in (0.5, 1, 2, 4, 8, 16)
)
"""Timer A doubles from T1; the seventh INVITE leaves 31.5 s after the first (§17.1.1.2)."""
LATER = """
+{seconds}s a->c OPTIONS sip:carol@example.com SIP/2.0
   Call-ID: other@a.example
c->a SIP/2.0 200 OK
   Call-ID: other@a.example
"""


def said(trace: Trace, rule: str) -> list[tuple[str, dict[str, object]]]:
    """Return case and evidence of each finding of a rule."""
    texts = describe(trace, np.arange(len(trace.findings)), trace.rules, "en")
    return [(each.case, dict(each.evidence)) for each in texts if each.rule == rule]


@pytest.mark.parametrize(("seconds", "found"), [(0.4, []), (0.5, ["unreachable"])])
def test_timer_b_has_to_run_out(trace_of: TraceOf, seconds: float, found: list[str]) -> None:
    """A capture that ends before 64*T1 after the first INVITE proves nothing."""
    trace = trace_of(REPEATED + LATER.format(seconds=seconds).split("c->a")[0])
    assert [case for case, _ in said(trace, "TXN002")] == found


def test_how_often_it_was_sent(trace_of: TraceOf) -> None:
    """Seven times over 31.5 s; the copy that a second tap gives of a packet is no repeat."""
    text = REPEATED.replace("+1s ->", "-> copy INVITE\n+1s ->")
    ((_, evidence),) = said(trace_of(text + LATER.format(seconds=1)), "TXN002")
    assert (evidence["times_sent"], evidence["sent_for_ms"]) == (7, pytest.approx(31_500, abs=20))


@pytest.mark.parametrize(
    ("follows", "found"),
    [
        ("+40s -> BYE sip:bob@192.0.2.2 SIP/2.0\n<- SIP/2.0 200 OK\n   CSeq: 3 BYE\n", "ignored"),
        ("-> ACK sip:bob@192.0.2.2 SIP/2.0\n+60s -> again ACK\n", "answer-not-captured"),
    ],
    ids=["bye", "ack"],
)
def test_a_change_that_gets_no_response(trace_of: TraceOf, follows: str, found: str) -> None:
    """A client whose re-INVITE gets no response sends BYE (RFC 3261 §12.2.1.2): that BYE does not
    show that a response came, an ACK does.
    """
    call = """
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 200 OK
           To: <sip:bob@example.com>;tag=b1
        -> ACK sip:bob@192.0.2.2 SIP/2.0
        +9s -> INVITE sip:bob@192.0.2.2 SIP/2.0
           To: <sip:bob@example.com>;tag=b1
        +0.5s -> again INVITE
        +31s -> again INVITE
    """
    lines = "\n".join(line.strip() and line[8:] for line in call.splitlines())
    assert [case for case, _ in said(trace_of(lines + "\n" + follows), "TXN002")] == [found]


def test_a_bye_of_each_side(trace_of: TraceOf) -> None:
    """BYEs of another call do not count as that of the other side."""
    call = """
-> INVITE sip:bob@example.com SIP/2.0
<- SIP/2.0 200 OK
-> ACK sip:bob@192.0.2.2 SIP/2.0
+9s -> BYE sip:bob@192.0.2.2 SIP/2.0
+0.5s -> again BYE
"""
    other = "+40s <- BYE sip:alice@192.0.2.1 SIP/2.0\n   Call-ID: other@b.example\n"
    assert [case for case, _ in said(trace_of(call + other), "DLG002")] == ["peer-alive"]
