"""Which rules a capture gives occasion for: never too few, and none in a capture without faults."""

from collections.abc import Callable
from pathlib import Path

import pytest

from analyzer.annotate.dialogue import dialogue_capture
from analyzer.annotate.lint import settings_of
from analyzer.annotate.load import Seen, is_needed, read_rule_file
from analyzer.annotate.occasions import OCCASIONS, occasions
from analyzer.annotate.rule import Example
from analyzer.annotate.rule_files import rule_files, rules_root
from analyzer.pipeline import open_trace
from analyzer.settings import Settings
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]

CLEAN = """
-> REGISTER sip:example.com SIP/2.0
   Call-ID: first@a.example
<- SIP/2.0 401 Unauthorized
   Call-ID: first@a.example
-> REGISTER sip:example.com SIP/2.0
   Call-ID: first@a.example
<- SIP/2.0 200 OK
   Call-ID: first@a.example
-> INVITE sip:bob@example.com SIP/2.0
<- SIP/2.0 100 Trying
<- SIP/2.0 180 Ringing
+4s <- SIP/2.0 200 OK
-> ACK sip:bob@192.0.2.2 SIP/2.0
+9s -> BYE sip:bob@192.0.2.2 SIP/2.0
<- SIP/2.0 200 OK
"""
EXAMPLES = [
    pytest.param(rule.id, example, id=f"{rule.id}-{number}")
    for each in rule_files(rules_root(), "rules", built_in=True)
    if each.id in OCCASIONS
    for rule in [read_rule_file(each, examples=True)[0]]
    if rule is not None
    for number, example in enumerate(rule.examples)
    if example.findings and not example.settings
]


def test_every_rule_exists() -> None:
    """An occasion is that of a built-in rule."""
    known = {each.id for each in rule_files(rules_root(), "rules", built_in=True)}
    assert OCCASIONS.keys() <= known


def test_a_clean_capture_needs_none(trace_of: TraceOf) -> None:
    """A registration and an answered call give no occasion for any of these rules."""
    assert occasions(trace_of(CLEAN)) == frozenset()


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_what_a_rule_finds_is_an_occasion(rule: str, example: Example, tmp_path: Path) -> None:
    """Where a rule has a finding the test of its occasion says yes."""
    path = tmp_path / "example.pcap"
    path.write_bytes(dialogue_capture(example.dialogue))
    with open_trace([str(path)]) as trace:
        assert rule in occasions(trace)


def test_a_changed_threshold_needs_its_rule(trace_of: TraceOf) -> None:
    """What counts as an occasion rests on default thresholds: with another the rule is read."""
    found = occasions(trace_of(CLEAN), {"TXN008.fragmented_bytes": "200"})
    seen = Seen((), (), occasions=found)
    assert is_needed("TXN008", seen)
    assert not is_needed("TXN002", seen)


def test_settings_of_an_example_reach_the_rule(tmp_path: Path) -> None:
    """A threshold below what the occasion looks for has its effect in an analysis."""
    rule = read_rule_file(
        next(each for each in rule_files(rules_root(), "rules") if each.id == "TXN008"),
        examples=True,
    )[0]
    assert rule is not None
    example = next(each for each in rule.examples if each.findings)
    path = tmp_path / "long.pcap"
    path.write_bytes(dialogue_capture(example.dialogue))
    settings = Settings(rule_settings=settings_of(rule, example))
    with open_trace([str(path)], settings) as trace:
        assert "TXN008" in {trace.rules[number].id for number in trace.findings.rule.tolist()}
