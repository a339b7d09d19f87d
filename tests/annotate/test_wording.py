"""Findings → words, in both languages."""

from collections.abc import Callable

import numpy as np

from analyzer.annotate.wording import FindingText, describe
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


def words(trace: Trace, language: str = "en") -> list[FindingText]:
    """Return the words of all findings."""
    return describe(trace, np.arange(len(trace.findings)), trace.rules, language)


def test_certain_and_likely_are_apart(trace_of: TraceOf) -> None:
    """The measured time is certain; that a person declined is an inference with its confidence."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 180 Ringing
        +4.25s <- SIP/2.0 603 Decline
           Server: Phone/1.0
    """)
    (text,) = words(trace)
    assert text.message == "Declined 4.2 s after the first 180 Ringing."
    assert text.likely is not None
    assert text.likely.confidence == "medium"
    assert text.evidence["since_alerting_ms"] == 4250.0
    assert (text.answered_by.address, text.answered_by.server) == ("192.0.2.2", "Phone/1.0")
    (japanese,) = words(trace, "ja")
    assert "4.2 秒後" in japanese.message
    assert japanese.evidence == text.evidence


def test_a_fault_is_explained_in_words(trace_of: TraceOf) -> None:
    """What is wrong with a 603+ is said in the language asked for."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 Network Blocked
           Reason: SIP;cause=603;text="v=analytics1";location=TN
    """)
    assert "names no contact" in words(trace)[0].message
    assert "連絡先（url、tel、email）がありません" in words(trace, "ja")[0].message
    assert words(trace)[0].evidence["network_block.faults"] == "contact-missing"


def test_a_missing_request_is_not_guessed_at(trace_of: TraceOf) -> None:
    """Without the INVITE nothing is said of ringing or dialogs."""
    trace = trace_of("""
        <- SIP/2.0 603 Decline
           CSeq: 1 INVITE
    """)
    (text,) = words(trace)
    assert text.case == "declined"
    assert "not in the capture" in text.message
    assert text.likely is None


def test_braces_from_the_capture_are_text(trace_of: TraceOf) -> None:
    """Captured text is never read as a template."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 {phrase}
           Reason: SIP;cause=603;text="v=analytics1;url=https://example.com/{method}";location=TN
    """)
    (text,) = words(trace)
    assert "“{phrase}”" in text.message
    assert "https://example.com/{method}" in text.message


def test_the_order_is_that_of_the_rows(trace_of: TraceOf) -> None:
    """Rows are described in the order asked for, whatever their rules and cases."""
    trace = trace_of("""
        -> MESSAGE sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 Decline
        -> REGISTER sip:example.com SIP/2.0
        <- SIP/2.0 204 No Content
        -> OPTIONS sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 Decline
    """)
    texts = describe(trace, np.array([2, 0, 1]), trace.rules, "en")
    assert [text.case for text in texts] == ["ping-declined", "message-refused", "not-a-subscribe"]
