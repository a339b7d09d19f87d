"""What `--call` picks."""

from collections.abc import Callable

from analyzer.report.selection import select
from analyzer.tables.trace import Trace

DIALOGUE = """
    -> INVITE sip:bob@example.com SIP/2.0
       Call-ID: abc-1@host
    <- SIP/2.0 603 Decline
       Call-ID: abc-1@host
    -> INVITE sip:bob@example.com SIP/2.0
       Call-ID: xyz-2@host
    <- SIP/2.0 180 Ringing
       Call-ID: xyz-2@host
    -> SUBSCRIBE sip:bob@example.com SIP/2.0
       Call-ID: abc-3@host
       Event: presence
    <- SIP/2.0 603 Decline
       Call-ID: abc-3@host
    -> REGISTER sip:example.com SIP/2.0
       Call-ID: reg-4@host
    <- SIP/2.0 200 OK
       Call-ID: reg-4@host
"""


def test_a_part_of_the_call_id_picks(trace_of: Callable[[str], Trace]) -> None:
    """Calls, subscriptions, registrations and findings whose Call-ID contains the text."""
    trace = trace_of(DIALOGUE)
    chosen = select(trace, "abc")
    assert chosen.calls.tolist() == [0]
    assert chosen.subscriptions.tolist() == [0]
    assert chosen.registrations.tolist() == []
    assert chosen.findings.tolist() == [0, 1]
    assert chosen


def test_no_text_picks_all(trace_of: Callable[[str], Trace]) -> None:
    """Without `--call` everything is told."""
    chosen = select(trace_of(DIALOGUE), "")
    assert [len(chosen.calls), len(chosen.subscriptions), len(chosen.registrations)] == [2, 1, 1]


def test_a_text_in_no_call_id_picks_nothing(trace_of: Callable[[str], Trace]) -> None:
    """An empty selection is false."""
    assert not select(trace_of(DIALOGUE), "nowhere")


def test_all_that_can_be_told_of(trace_of: Callable[[str], Trace]) -> None:
    """Calls, subscriptions and registrations of a selection, each by kind and row."""
    subjects = select(trace_of(DIALOGUE), "").subjects()
    assert [kind for kind, _ in subjects] == ["call", "call", "subscription", "registration"]
