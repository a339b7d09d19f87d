"""Headers that name a provider's trouble, and the hop nearest to the caller."""

from collections.abc import Callable

import numpy as np
import pytest

from analyzer.annotate.facts.decline import provider_trouble
from analyzer.annotate.wording import describe
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


@pytest.mark.parametrize(
    "line",
    [
        "X-Twilio-Error: 10001 http://www.twilio.com/docs/errors/10001",
        "X-Error: Insufficient funds",
        "X-Reason: account suspended",
        "X-Info: your account has been disabled",
        "X-Detail: Out of credit",
        'Warning: 399 sbc "International calls barred"',
        "x-status: Payment required",
    ],
)
def test_trouble(line: str) -> None:
    """A private header or Warning that names account, funds or barring is found as written."""
    head = f"SIP/2.0 603 Decline\r\nServer: x\r\n{line}\r\n\r\n".encode()
    found = provider_trouble(head)
    assert found is not None
    assert found.split(":", 1)[1].strip() == line.split(":", 1)[1].strip()


@pytest.mark.parametrize("fold", ["\r\n ", " \r\n\t ", "\n "])
def test_folded(fold: str) -> None:
    """A fold is one blank (RFC 3261 §7.3.1), also where the value begins."""
    head = f"SIP/2.0 603 Decline\r\nX-Info:{fold}account{fold}suspended{fold}\r\n\r\n".encode()
    assert provider_trouble(head) == "X-Info: account suspended"


@pytest.mark.parametrize(
    "line",
    [
        "X-Twilio-Error: 32011 no response",
        "X-Account-ID: 10001",
        "X-Balance: 12.50",
        "Server: account suspended",
        'Warning: 305 host "Incompatible media format"',
        "X-Features: no-forward, account",
    ],
)
def test_no_trouble(line: str) -> None:
    """An account that is only named, or a header of another kind, is no trouble."""
    assert provider_trouble(f"SIP/2.0 603 Decline\r\n{line}\r\n\r\n".encode()) is None


TO_PROXY = "a->p INVITE sip:bob@example.com SIP/2.0\n"
VIA = """\
   Via: SIP/2.0/UDP 192.0.2.16:5060;branch=z9hG4bK{0}
   Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKa
   CSeq: 1 INVITE
"""
FORK = (
    "p->b INVITE sip:bob@192.0.2.2 SIP/2.0\n{b}p->c INVITE sip:bob@192.0.2.3 SIP/2.0\n{c}"
    "b->p SIP/2.0 180 Ringing\nc->p SIP/2.0 180 Ringing\n"
)
GIVES_UP = "+3s a->p CANCEL sip:bob@example.com SIP/2.0\n"
CANCELLED = "p->b CANCEL sip:bob@192.0.2.2 SIP/2.0\n"
DECLINES = "b->p SIP/2.0 603 Decline\n"


@pytest.mark.parametrize(
    ("dialogue", "expected"),
    [
        (TO_PROXY + FORK + GIVES_UP + CANCELLED + DECLINES, "The caller had already sent CANCEL"),
        (TO_PROXY + FORK + GIVES_UP + DECLINES + CANCELLED, "The caller had already sent CANCEL"),
        (TO_PROXY + FORK + CANCELLED + DECLINES, "The proxy had already cancelled"),
        (TO_PROXY + FORK + DECLINES + GIVES_UP + CANCELLED, "Declined"),
        (FORK + "c->p SIP/2.0 200 OK\n" + CANCELLED + DECLINES, "The proxy had already cancelled"),
        (FORK + "c->p SIP/2.0 486 Busy\n" + CANCELLED + DECLINES, "A CANCEL had already been sent"),
    ],
    ids=["caller", "caller-on-first-hop", "proxy", "too-late", "won-elsewhere", "hop-missing"],
)
def test_who_cancelled(trace_of: TraceOf, dialogue: str, expected: str) -> None:
    """A CANCEL is the caller's where the caller's own hop shows it (RFC 3261 §9.1); a proxy sends
    its own after a 2xx or 6xx on another branch (§16.7). A proxy's request has two Vias.
    """
    via = {"b": "", "c": ""}
    if not dialogue.startswith(TO_PROXY):
        via = {each: VIA.format(each) for each in via}
    trace = trace_of(dialogue.replace("{b}", via["b"]).replace("{c}", via["c"]))
    texts = describe(trace, np.arange(len(trace.findings)), trace.rules, "en")
    (text,) = [each for each in texts if each.rule == "RSP603"]
    assert text.message.startswith(expected)
