"""What Reason and Retry-After beside a 603 say."""

from collections.abc import Callable

import numpy as np
import pytest

from analyzer.annotate.fields import Judged
from analyzer.annotate.wording import FindingText, describe
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


def found(trace: Trace) -> FindingText:
    """Return the one finding in words."""
    (text,) = describe(trace, np.arange(len(trace.findings)), trace.rules, "en")
    return text


def declined(header: str) -> str:
    """Return an INVITE that is declined with a header."""
    return f"-> INVITE sip:bob@example.com SIP/2.0\n<- SIP/2.0 603 Decline\n   {header}\n"


@pytest.mark.parametrize("joint", [",", "\n   Reason: "])
def test_several_signature_errors(trace_of: TraceOf, joint: str) -> None:
    """STIR may have several values (RFC 9410 §6): all are told, in one line or more."""
    header = f'Reason: STIR;cause=436;text="Bad"{joint}STIR;cause=437;text="Unsupported, so"'
    text = found(trace_of(declined(header)))
    assert text.notes == ("signature-trouble",)
    assert "436 Bad; 437 Unsupported, so" in text.message


@pytest.mark.parametrize(
    ("reason", "fault"),
    [
        ("Q.850;cause=16,Q.850;cause=21", "several values of one protocol"),
        ("Q.850;cause=busy", "a cause that is no number"),
        ('SIP;cause=603;text="De', "a quoted string that does not end"),
    ],
)
def test_malformed(trace_of: TraceOf, reason: str, fault: str) -> None:
    """What breaks the grammar of RFC 3326 §2 is told beside what the 603 means."""
    text = found(trace_of(declined(f"Reason: {reason}")))
    assert "reason-malformed" in text.notes
    assert fault in text.message


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("0", "no time to wait for"),
        ("600", "in 600 s (Retry-After)"),
        ("600 (at (long) lunch);duration=60", "comment “at (long) lunch”"),
        ("-5", "no number of seconds: “-5”"),
        ("99999999999999999999", "not plausible"),
    ],
)
def test_retry_after(trace_of: TraceOf, value: str, said: str) -> None:
    """Retry-After is delta-seconds with a comment, which may nest, and parameters (§20.33)."""
    assert said in found(trace_of(declined(f"Retry-After: {value}"))).message
