"""What a NOTIFY after a 204 breaks, and what it does not (RFC 5839 §5.2, §6)."""

from collections.abc import Callable

import numpy as np
import pytest

from analyzer.annotate.wording import describe
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]

START = """
a->p SUBSCRIBE sip:bob@example.com SIP/2.0
   Event: presence
   Expires: 3600
a<-p SIP/2.0 200 OK
   To: <sip:bob@example.com>;tag=n1
   Expires: 3600
a<-p NOTIFY sip:alice@192.0.2.1 SIP/2.0
   Event: presence
   Subscription-State: active;expires=3600
   SIP-ETag: e1
+60s a->p SUBSCRIBE sip:bob@example.com SIP/2.0
   To: <sip:bob@example.com>;tag=n1
   Event: presence
   Suppress-If-Match: {condition}
   Expires: 3600
a<-p SIP/2.0 204 No Notification
   CSeq: 2 SUBSCRIBE
   Expires: 3600
"""
NOTIFY = """
+30s {path} NOTIFY sip:alice@192.0.2.1 SIP/2.0
   From: <sip:bob@example.com>;tag=n1
   To: <sip:alice@example.com>;tag=a1
   Event: presence
   Subscription-State: {state}
   SIP-ETag: {tag}
"""
REFRESH = """
+5s a->p SUBSCRIBE sip:bob@example.com SIP/2.0
   To: <sip:bob@example.com>;tag=n1
   Event: presence
   Expires: 3600
a<-p SIP/2.0 {answer}
   CSeq: 3 SUBSCRIBE
"""
BODY = "   Content-Type: text/plain\n\n   open\n"


def notify(state: str = "active;expires=3500", tag: str = "e1", path: str = "a<-p") -> str:
    """Return a NOTIFY half a minute later."""
    return NOTIFY.format(state=state, tag=tag, path=path)


def rules_found(trace: Trace) -> list[str]:
    """Return the rules with a finding about a NOTIFY."""
    texts = describe(trace, np.arange(len(trace.findings)), trace.rules, "en")
    return [each.rule for each in texts if each.rule in {"SUB001", "SUB002"}]


@pytest.mark.parametrize(
    ("condition", "after", "found"),
    [
        ("e1", notify(), ["SUB001"]),
        ("e1", notify(tag="e2"), []),
        ("e1", notify(tag="E1"), []),
        ("*", notify(), ["SUB001"]),
        ("*", notify(tag="e2") + BODY, ["SUB001"]),
        ("*", notify("pending", "e2"), []),
        ("*", notify("pending", "e2") + BODY, ["SUB002"]),
        ("e1", notify("terminated;reason=timeout"), []),
        ("e1", notify("terminated;reason=timeout") + BODY, ["SUB002"]),
    ],
)
def test_after_a_204(trace_of: TraceOf, condition: str, after: str, found: list[str]) -> None:
    """A condition lets changes of the state through, * only those of the subscription; a body is
    suppressed while the condition holds.
    """
    assert rules_found(trace_of(START.format(condition=condition) + after)) == found


@pytest.mark.parametrize(
    ("refresh", "found"),
    [
        (REFRESH.format(answer="200 OK"), []),
        (REFRESH.format(answer="200 OK").split("a<-p")[0], []),
        (REFRESH.format(answer="401 Unauthorized"), ["SUB001"]),
    ],
    ids=["granted", "unanswered", "refused"],
)
def test_after_another_subscribe(trace_of: TraceOf, refresh: str, found: list[str]) -> None:
    """A SUBSCRIBE triggers a NOTIFY whatever came before (RFC 6665 §4.2.1.2), also where its answer
    is not in the capture; one that is refused changes nothing.
    """
    assert rules_found(trace_of(START.format(condition="e1") + refresh + notify())) == found


def test_passed_on(trace_of: TraceOf) -> None:
    """A NOTIFY on two hops has its origin where its sender is, not behind the proxy."""
    on_two_hops = notify(path="p<-n") + "a<-p NOTIFY sip:alice@192.0.2.1 SIP/2.0\n"
    trace = trace_of(START.format(condition="e1") + on_two_hops)
    judging = {at for at, rule in enumerate(trace.rules) if rule.id in {"RSP204", "SUB001"}}
    found = zip(
        trace.findings.rule.tolist(),
        trace.messages.source_row[trace.findings.message_row],
        trace.findings.relayed,
        strict=True,
    )
    origins = [
        trace.endpoints.address(int(row))
        for rule, row, relayed in found
        if rule in judging and not relayed
    ]
    assert origins == ["192.0.2.16", "192.0.2.14"]  # RSP204, SUB001
