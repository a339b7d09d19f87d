"""Fields of the Reason header."""

from collections.abc import Callable

import numpy as np
import pytest

from analyzer.annotate.fields import Judged
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


def judged_of(trace: Trace) -> Judged:
    """Return the only response of a trace, as rules see it."""
    rows = np.flatnonzero(trace.messages.status > 0)
    return Judged(trace, trace.links.transaction_row[rows], rows, {})


@pytest.mark.parametrize(
    ("cause", "status"),
    [
        (17, "486 Busy Here"),
        (18, "408 Request Timeout"),
        (19, "480 Temporarily Unavailable"),
        (21, "403 Forbidden"),
        (22, "410 Gone"),
        (34, "503 Service Unavailable"),
        (8, "500 Server Internal Error"),
        (16, None),
        (126, None),
    ],
)
def test_a_cause_has_its_status(trace_of: TraceOf, cause: int, status: str | None) -> None:
    """The table of RFC 3398 §7.2.4.1; what it does not list is a 500, 16 is an ordinary clearing,
    and an undefined cause has none.
    """
    trace = trace_of(f"""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 Decline
           Reason: Q.850;cause={cause}
    """)
    assert list(judged_of(trace).values("reason.q850_status")) == [status]


def test_values_of_several_protocols_are_told_apart(trace_of: TraceOf) -> None:
    """One Reason line may hold values of several protocols, with separators inside quoted text
    (RFC 3326 §2).
    """
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 Decline
           Reason: SIP ;cause=603 ;text="busy, or; away", q.850;cause=17;location=RLN
           Reason: STIR;cause=437;text="Unsupported Credential"
    """)
    judged = judged_of(trace)
    assert list(judged.values("reason.sip")) == ["603 busy, or; away"]
    assert list(judged.values("reason.q850_cause")) == [17]
    assert list(judged.values("reason.q850_location")) == ["RLN"]
    assert list(judged.values("reason.stir")) == ["437 Unsupported Credential"]
