"""Whether redirections are followed (RFC 3261 §8.1.3.4)."""

from collections.abc import Callable

import numpy as np
import pytest

from analyzer.annotate.fields import Judged, Value
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]

MOVED = """
        -> INVITE sip:bob@example.com SIP/2.0
           Call-ID: one@example.com
        <- SIP/2.0 302 Moved Temporarily
           Contact: {contact}
        -> ACK sip:bob@example.com SIP/2.0
           Call-ID: one@example.com
"""
LATER = """
        {pause}-> INVITE {uri} SIP/2.0
           Call-ID: {call_id}@example.com
        <- SIP/2.0 486 Busy Here
"""


def value(trace: Trace, name: str, transaction: int = 0) -> Value:
    """Return a field of the final response of a transaction."""
    rows = np.array([transaction])
    judged = Judged(trace, rows, trace.transactions.final_row[rows], {"follow_within_ms": 5000})
    return judged.values(name)[0]


@pytest.mark.parametrize(
    ("uri", "call_id", "expected"),
    [
        ("sip:carol@example.com", "one", "followed"),
        ("sip:carol@EXAMPLE.com:5060;transport=udp", "one", "followed"),
        ("sip:carol@example.com", "two", "followed"),
        ("sip:dave@example.com", "one", "elsewhere"),
    ],
)
def test_what_came_next(trace_of: TraceOf, uri: str, call_id: str, expected: str) -> None:
    """A request to a Contact follows, whatever its Call-ID; another one in the call does not."""
    text = MOVED.format(contact="<sip:carol@example.com>")
    trace = trace_of(text + LATER.format(pause="", uri=uri, call_id=call_id))
    assert value(trace, "redirect") == expected
    assert value(trace, "redirect.answer_status") == 486


@pytest.mark.parametrize(("pause", "expected"), [("+1s ", "open"), ("+6s ", "not-followed")])
def test_an_unrelated_call_follows_nothing(trace_of: TraceOf, pause: str, expected: str) -> None:
    """Another call of the same caller to another callee is no answer to a redirection."""
    text = MOVED.format(contact="<sip:carol@example.com>")
    trace = trace_of(text + LATER.format(pause=pause, uri="sip:eve@example.com", call_id="two"))
    assert value(trace, "redirect") == expected


def test_the_proxy_follows(trace_of: TraceOf) -> None:
    """A proxy that got the 302 may try the Contact itself (RFC 3261 §16.7), or the caller on the
    hop before it.
    """
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
        b->p SIP/2.0 302 Moved Temporarily
           Contact: <sip:carol@192.0.2.3>
        p->a SIP/2.0 302 Moved Temporarily
           Contact: <sip:carol@192.0.2.3>
        a->p INVITE sip:carol@192.0.2.3 SIP/2.0
        p->a SIP/2.0 200 OK
    """)
    assert [value(trace, "redirect", at) for at in (0, 1, 2)] == ["followed", "followed", None]


@pytest.mark.parametrize(
    ("contact", "count", "target"),
    [
        ("<sip:c@example.com>;q=0.5, <sip:d@example.com>;q=0.9", 2, "sip:d@example.com"),
        ("sip:c@example.com", 1, "sip:c@example.com"),
        ("<sip:c:secret@example.com>", 1, "sip:c:…@example.com"),
        ("*", 0, None),
        ("", 0, None),
    ],
)
def test_contacts(trace_of: TraceOf, contact: str, count: int, target: str | None) -> None:
    """The Contact with the highest q comes first (§20.10); a password in it is not shown."""
    trace = trace_of(MOVED.format(contact=contact))
    assert value(trace, "redirect.contacts") == count
    assert value(trace, "redirect.target") == target


@pytest.mark.parametrize(
    ("contact", "expected"),
    [("<sip:bob@example.com>", True), ("<sip:bob@example.com;transport=tcp>", False)],
)
def test_to_itself(trace_of: TraceOf, contact: str, *, expected: bool) -> None:
    """The same URI is a circle; another transport for it is a real change."""
    assert value(trace_of(MOVED.format(contact=contact)), "redirect.to_itself") is expected
