"""The callee at the time of the response: its other calls, and its registration."""

from collections.abc import Callable

import pytest

from analyzer.tables.trace import Trace
from judged import values_of

TraceOf = Callable[[str], Trace]

OTHER = """
    c->b INVITE sip:{callee}@example.com SIP/2.0
       From: <sip:{caller}@example.com>;tag=c1
       To: <sip:{callee}@example.com>
       Call-ID: other@example.com
    b->c SIP/2.0 200 OK
    c->b ACK sip:{callee}@192.0.2.2 SIP/2.0
       Call-ID: other@example.com
"""
ENDED = (
    "+9s c->b BYE sip:bob@192.0.2.2 SIP/2.0\n   Call-ID: other@example.com\nb->c SIP/2.0 200 x\n"
)
BUSY = """
    +20s -> INVITE sip:bob@example.com SIP/2.0
       Call-ID: own@example.com
    <- SIP/2.0 486 Busy Here
"""


@pytest.mark.parametrize(
    ("before", "count"),
    [
        ("", 0),
        (OTHER.format(caller="carol", callee="bob"), 1),
        (OTHER.format(caller="bob", callee="carol"), 1),
        (OTHER.format(caller="carol", callee="BOB"), 1),
        (OTHER.format(caller="carol", callee="dave"), 0),
        (OTHER.format(caller="carol", callee="bob") + ENDED, 0),
    ],
    ids=["none", "called", "calling", "letters", "others", "ended"],
)
def test_calls(trace_of: TraceOf, before: str, count: int) -> None:
    """A call counts from its answer to its BYE, whichever side the callee is on."""
    assert values_of(trace_of(before + BUSY), 486, "callee_calls") == [count]


def test_a_call_that_begins_later(trace_of: TraceOf) -> None:
    """A call that is answered after the response was no reason for it."""
    trace = trace_of(BUSY + OTHER.format(caller="carol", callee="bob"))
    assert values_of(trace, 486, "callee_calls") == [0]


REGISTER = """
    b->p REGISTER sip:example.com SIP/2.0
       From: <sip:bob@example.com>;tag=r1
       To: <sip:bob@example.com>
       Call-ID: registration@example.com
       CSeq: {cseq} REGISTER
    p->b SIP/2.0 {status} x
       CSeq: {cseq} REGISTER
       {binding}
"""
BOUND = "Contact: <sip:bob@192.0.2.2>;expires={0}"
LATER = "+{0} a->p INVITE sip:bob@example.com SIP/2.0\n   Call-ID: own@x\np->a SIP/2.0 480 x\n"


@pytest.mark.parametrize(
    ("registers", "wait", "state"),
    [
        ([(200, BOUND.format(60))], "59s", "registered"),
        ([(200, BOUND.format(60))], "61s", "expired"),
        ([(200, "Contact: <sip:bob@192.0.2.2>\n       Expires: 60")], "61s", "expired"),
        ([(200, "Contact: <sip:bob@192.0.2.2>")], "61s", "registered"),
        ([(200, BOUND.format(60)), (200, "Subject: removed")], "1s", "removed"),
        ([(200, BOUND.format(60)), (403, "Subject: refused")], "1s", "registered"),
        ([(403, "Subject: refused")], "1s", None),
        ([], "1s", None),
    ],
    ids=["fresh", "late", "header", "no-time", "removed", "refused-later", "refused", "unseen"],
)
def test_binding(
    trace_of: TraceOf, registers: list[tuple[int, str]], wait: str, state: str | None
) -> None:
    """The Contacts of the last 2xx are the bindings, for the time they name (RFC 3261 §10.3)."""
    before = "".join(
        REGISTER.format(cseq=number, status=status, binding=binding)
        for number, (status, binding) in enumerate(registers, 1)
    )
    assert values_of(trace_of(before + LATER.format(wait)), 480, "callee_binding") == [state]
