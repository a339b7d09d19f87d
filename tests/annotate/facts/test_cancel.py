"""Why an INVITE was given up before its final response."""

from collections.abc import Callable

import pytest

from analyzer.tables.trace import Trace
from judged import values_of

TraceOf = Callable[[str], Trace]

GIVEN_UP = """
    -> INVITE sip:bob@example.com SIP/2.0
    +0.5s <- SIP/2.0 180 Ringing
    +7s -> CANCEL sip:bob@example.com SIP/2.0
       {reason}
    <- SIP/2.0 200 OK
       CSeq: 1 CANCEL
    <- SIP/2.0 487 Request Terminated
"""


def test_times(trace_of: TraceOf) -> None:
    """Both times end with the CANCEL, not with the 487."""
    trace = trace_of(GIVEN_UP.format(reason="Subject: x"))
    assert values_of(trace, 487, "cancel.after_ms") == [pytest.approx(7500, abs=1)]
    assert values_of(trace, 487, "cancel.ringing_ms") == [pytest.approx(7000, abs=1)]


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("Subject: x", None),
        ('Reason: SIP;cause=200;text="Call completed elsewhere"', "elsewhere"),
        ("Reason: Q.850;cause=26, SIP;cause=200", "elsewhere"),
        ("Reason: SIP;cause=600", "other"),
        ("Reason: Q.850;cause=16", "other"),
    ],
)
def test_reason(trace_of: TraceOf, reason: str, says: str | None) -> None:
    """SIP;cause=200 in a CANCEL says that another branch was answered (RFC 3326 §3.1)."""
    trace = trace_of(GIVEN_UP.format(reason=reason))
    assert values_of(trace, 487, "cancel.says") == [says]


def test_a_cancel_after_the_response(trace_of: TraceOf) -> None:
    """A CANCEL that comes later has not caused the response."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 487 Request Terminated
        -> CANCEL sip:bob@example.com SIP/2.0
    """)
    assert values_of(trace, 487, "cancel.after_ms") == [None]


@pytest.mark.parametrize(
    ("bye", "expected"),
    [
        ("-> BYE sip:bob@192.0.2.2 SIP/2.0\n   CSeq: 2 BYE\n<- SIP/2.0 200 OK\n", True),
        ("-> INFO sip:bob@192.0.2.2 SIP/2.0\n   CSeq: 2 INFO\n<- SIP/2.0 200 OK\n", False),
    ],
)
def test_ended_early(
    trace_of: TraceOf,
    bye: str,
    expected: bool,  # noqa: FBT001 - a table
) -> None:
    """A BYE in the early dialog ends the INVITE with 487 (RFC 3261 §15.1.2)."""
    trace = trace_of(
        "-> INVITE sip:bob@example.com SIP/2.0\n<- SIP/2.0 180 Ringing\n"
        f"{bye}<- SIP/2.0 487 Request Terminated\n   CSeq: 1 INVITE\n"
    )
    assert values_of(trace, 487, "ended_early") == [expected]


@pytest.mark.parametrize(
    ("expires", "wait", "expected"),
    [
        ("Expires: 20", "20s", True),
        ("Expires: 20", "19s", False),
        ("Expires: 20", "25s", False),
        ("Expires: 0", "0.1s", False),
        ("Expires: soon", "20s", False),
        ("Subject: x", "20s", False),
    ],
)
def test_expired(
    trace_of: TraceOf,
    expires: str,
    wait: str,
    expected: bool,  # noqa: FBT001 - a table
) -> None:
    """An INVITE with Expires ends when that has run out (RFC 3261 §13.3.1)."""
    trace = trace_of(
        f"-> INVITE sip:bob@example.com SIP/2.0\n   {expires}\n"
        f"+{wait} <- SIP/2.0 487 Request Terminated\n"
    )
    assert values_of(trace, 487, "invite_expired") == [expected]
