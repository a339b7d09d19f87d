"""Rules × tables → findings: what is judged, once each, and who only passed it on."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from analyzer.annotate.evaluate import evaluate
from analyzer.annotate.load import Seen, load_rules
from analyzer.annotate.read_rule import RuleReader
from analyzer.annotate.skeleton import skeleton
from analyzer.annotate.wording import describe
from analyzer.frozen import replace
from analyzer.settings import Settings
from analyzer.tables.findings import Severity
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


def cases(trace: Trace) -> list[str]:
    """Return the cases found, in order."""
    findings = trace.findings
    pairs = zip(findings.rule.tolist(), findings.case.tolist(), strict=True)
    return [trace.rules[rule].cases[case].id for rule, case in pairs]


def test_retransmissions_and_copies_add_nothing(trace_of: TraceOf) -> None:
    """A 603 that is repeated and copied has one finding, for its first appearance."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 Decline
        <- copy 603
        +0.5s <- again 603
        -> ACK sip:bob@example.com SIP/2.0
    """)
    assert trace.findings.message_row.tolist() == [1]


def test_another_final_response_hides_nothing(trace_of: TraceOf) -> None:
    """A 603 keeps its finding when a 2xx follows on the same transaction."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 Decline
        <- SIP/2.0 200 OK
    """)
    assert trace.transactions.final_status.tolist() == [200]
    assert cases(trace) == ["not-alerted"]


def test_a_proxied_decline_is_relayed_on_the_first_hop(trace_of: TraceOf) -> None:
    """The hop whose branch is in the other response's second Via only passed the 603 on."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@example.com SIP/2.0
        p<-b SIP/2.0 603 Decline
        p->b ACK sip:bob@example.com SIP/2.0
        a<-p SIP/2.0 603 Decline
        a->p ACK sip:bob@example.com SIP/2.0
    """)
    findings = trace.findings
    assert findings.relayed.tolist() == [False, True]
    assert np.all(np.diff(findings.message_row) > 0)


def relayed_of(trace: Trace, rule: str) -> list[bool]:
    """Tell for the findings of a rule which are on a hop that only passed the response on."""
    is_own = [trace.rules[each].id == rule for each in trace.findings.rule.tolist()]
    relayed: list[bool] = trace.findings.relayed[is_own].tolist()
    return relayed


@pytest.mark.parametrize(
    ("passed_on", "expected"),
    [
        ("603 Decline\n           Reason: Q.850;cause=21", True),
        ("603 Declined\n           Reason: Q.850;cause=21", False),
        ("603 Decline\n           Reason: Q.850;cause=17", False),
        ("603 Decline", False),
    ],
)
def test_a_response_changed_by_a_proxy_is_not_only_relayed(
    trace_of: TraceOf, passed_on: str, *, expected: bool
) -> None:
    """A proxy that forwards a final response leaves phrase and headers alone (RFC 3261 §16.7)."""
    trace = trace_of(f"""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@example.com SIP/2.0
        p<-b SIP/2.0 603 Decline
           Reason: Q.850;cause=21
        a<-p SIP/2.0 {passed_on}
    """)
    assert relayed_of(trace, "RSP603") == [False, expected]


def test_a_change_is_told_once_on_the_hops_that_follow(trace_of: TraceOf) -> None:
    """Where a second proxy passes on what the first one changed, only the first is told apart."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->q INVITE sip:bob@example.com SIP/2.0
        q->b INVITE sip:bob@example.com SIP/2.0
        q<-b SIP/2.0 603 Network Blocked
        p<-q SIP/2.0 603 Decline
        a<-p SIP/2.0 603 Decline
    """)
    assert relayed_of(trace, "RSP603") == [False, False, True]


def test_a_cancel_that_only_the_proxy_sent(trace_of: TraceOf) -> None:
    """Where the caller's hop shows no CANCEL, the 603 crossed the proxy's own, not the caller's."""
    trace = trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@example.com SIP/2.0
        p<-b SIP/2.0 180 Ringing
        +3s p->b CANCEL sip:bob@example.com SIP/2.0
        p<-b SIP/2.0 603 Decline
    """)
    (text,) = describe(trace, np.arange(len(trace.findings)), trace.rules, "en")
    assert text.case == "crossed-cancel"
    assert text.message.startswith("The proxy had already cancelled this branch")


def test_notes_add_and_raise_the_severity(trace_of: TraceOf) -> None:
    """All notes that hold are added to the case; the highest severity is that of the finding."""
    trace = trace_of("""
        -> MESSAGE sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 Decline
           Retry-After: 300
    """)
    reader = RuleReader("test")
    data = {
        "id": "RSP603", "name": "n", "since": "0.1", "scope": "transaction", "severity": "info",
        "references": [], "title": {"en": "T"}, "meaning": {"en": "M"}, "when": {"status": 603},
        "cases": [{"id": "all", "message": {"en": "Declined.", "ja": "拒否。"}}],
        "notes": [
            {"id": "later", "when": {"response.retry_after|exists": True}, "severity": "warning",
             "message": {"en": "After {response.retry_after} s.",
                         "ja": "{response.retry_after} 秒後。"}},
            {"id": "never", "when": {"method": "INVITE"}, "message": {"en": "No."}},
        ],
    }  # fmt: skip
    rule = reader.read(data)
    assert reader.faults == []
    trace.rules = (rule,)
    trace.findings = evaluate(trace, trace.rules, Settings())
    assert trace.findings.notes.tolist() == [1]
    (text,) = describe(trace, np.arange(1), trace.rules, "en")
    assert (text.case, text.notes, text.severity) == ("all", ("later",), Severity.WARNING)
    assert text.message == "Declined. After 300 s."
    assert text.evidence == {"response.retry_after": "300"}
    (text,) = describe(trace, np.arange(1), trace.rules, "ja")
    assert text.message == "拒否。300 秒後。"


def test_a_rule_without_anything_to_judge(trace_of: TraceOf) -> None:
    """A capture without the status has no findings."""
    trace = trace_of("""
        -> OPTIONS sip:bob@example.com SIP/2.0
        <- SIP/2.0 200 OK
    """)
    rules = tuple(replace(rule, replaces="") for rule in load_rules(Settings()))
    assert len(evaluate(trace, rules, Settings())) == 0


def test_a_provisional_response_can_be_judged(trace_of: TraceOf, tmp_path: Path) -> None:
    """A rule about a 1xx sees the first of each transaction with it (RFC 3261 §21.1)."""
    folder = tmp_path / "responses"
    folder.mkdir()
    text = skeleton("RSP182").replace("severity: notice", "severity: info")
    (folder / "182.yaml").write_text(text, encoding="utf-8")
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 100 Trying
        <- SIP/2.0 182 Queued
        <- SIP/2.0 182 Queued, 2nd in line
        <- SIP/2.0 486 Busy Here
    """)
    rules = load_rules(Settings(rules=(tmp_path,)), Seen({182}, {"INVITE"}))
    findings = evaluate(trace, [each for each in rules if each.id == "RSP182"], Settings())
    assert findings.message_row.tolist() == [2]
