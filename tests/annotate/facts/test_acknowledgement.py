"""What followed a final response: repeats, an ACK or none (RFC 3261 §17.2.1)."""

from collections.abc import Callable

import numpy as np
import pytest

from analyzer.annotate.wording import FindingText, describe
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]

TIMER_G = ("0.5s", "1s", "2s", "4s", "4s", "4s", "4s", "4s", "4s", "4s")
"""Pauses between the repeats until Timer H: T1, doubled up to T2."""
END = "\n+40s -> OPTIONS sip:bob@example.com SIP/2.0\n   Call-ID: later@example.com\n"


def declined(pauses: tuple[str, ...], between: str = "") -> str:
    """Return a declined INVITE whose 603 is repeated after these pauses."""
    repeats = "".join(f"+{pause} <- again 603\n{between}" for pause in pauses)
    return f"-> INVITE sip:bob@example.com SIP/2.0\n<- SIP/2.0 603 Decline\n{repeats}{END}"


def found(trace: Trace) -> FindingText:
    """Return the one finding in words."""
    (text,) = describe(trace, np.arange(len(trace.findings)), trace.rules, "en")
    return text


@pytest.mark.parametrize(
    ("pauses", "notes"),
    [
        (TIMER_G, ("not-acknowledged",)),
        (TIMER_G[:-1], ("not-acknowledged",)),
        (TIMER_G[:5], ()),
        (TIMER_G[:1], ()),
    ],
    ids=["all", "last-lost", "five", "one"],
)
def test_repeats_until_timer_h(
    trace_of: TraceOf, pauses: tuple[str, ...], notes: tuple[str, ...]
) -> None:
    """Only a server that got no ACK repeats until Timer H; one that stops early did get one."""
    assert found(trace_of(declined(pauses))).notes == notes


def test_the_response_is_lost(trace_of: TraceOf) -> None:
    """A client that goes on with its INVITE has not seen the 603 (§17.1.1.2): that is lost."""
    lost = found(trace_of(declined(TIMER_G, "-> again INVITE\n"))).message
    assert "INVITE was sent again after it too" in lost
    assert "INVITE was sent again" not in found(trace_of(declined(TIMER_G))).message


def test_an_ack_that_came_late(trace_of: TraceOf) -> None:
    """One ACK after many repeats is enough."""
    text = declined(TIMER_G[:-1]) + "-> ACK sip:bob@example.com SIP/2.0\n"
    assert found(trace_of(text)).notes == ()
