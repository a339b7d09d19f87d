"""The built-in rules as files: sound, complete, and in the order the standards' facts demand."""

import json
import re
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator

from analyzer.annotate.lint import check_rules
from analyzer.annotate.load import load_rules, read_rule_file
from analyzer.annotate.rule_files import rule_files, rules_root
from analyzer.annotate.rule_schema import schema_text
from analyzer.settings import Settings

SEVERITIES_204 = """
    not-a-subscribe warning
    outside-dialog error
    unconditional error
    unsubscribed info
    muted info
    stale-tag warning
    unverified info
    unchanged info
"""
SEVERITIES_603 = """
    subscription-refused notice
    message-refused notice
    transfer-refused notice
    ping-declined notice
    other-request-refused notice
    change-refused notice
    replaces-refused notice
    network-blocked warning
    network-blocked-damaged warning
    network-block-malformed warning
    intermediary-rejected warning
    crossed-cancel info
    provider-refused warning
    gateway-cause notice
    trunk-full warning
    refused-at-user-side notice
    refused-by-network notice
    not-alerted notice
    declined-after-ringing notice
    declined notice
"""

NOTES_204 = """
    no-expires warning
    expires-raised warning
    ended-now notice
    still-pending info
    several-tags warning
"""
NOTES_603 = """
    retry-later info
    signature-trouble notice
    reason-malformed info
    block-not-passed-on warning
    forks-cancelled info
    forks-left-ringing notice
    same-delay notice
    round-delay notice
    not-acknowledged warning
    ack-with-new-branch warning
    no-to-tag warning
    conflicting-finals warning
    answered-elsewhere info
    tried-elsewhere notice
    overridden notice
    reason-sip info
"""
SUBSCRIPTION_RULES = """
    SUB001 notify-not-suppressed warning
    SUB002 body-not-suppressed warning
    SUB003 etag-missing warning
    SUB004 resubscribed-after-timer-n warning
    SUB005 conditional-subscribe-lost notice
"""


def listed(table: str) -> list[str]:
    """Return the lines of a table above."""
    return [line.strip() for line in table.strip().splitlines()]


def test_no_faults() -> None:
    """Names, languages, placeholders, fields and examples of every rule file are sound."""
    assert check_rules() == []


def test_cases_and_severities() -> None:
    """RSP204 and RSP603 have exactly these cases, in decision order, and notes, each with its
    severity.
    """
    rules = {rule.id: rule for rule in load_rules(Settings())}
    for name, cases, notes in (
        ("RSP204", SEVERITIES_204, NOTES_204),
        ("RSP603", SEVERITIES_603, NOTES_603),
    ):
        for parts, table in ((rules[name].cases, cases), (rules[name].notes, notes)):
            assert [f"{each.id} {each.severity.name.lower()}" for each in parts] == listed(table)


def test_rules_about_subscriptions() -> None:
    """What comes after a 204 has the rules, names and severities of the standards' facts."""
    rules = [rule for rule in load_rules(Settings()) if "SUB001" <= rule.id <= "SUB005"]
    found = [f"{rule.id} {rule.name} {rule.severity.name.lower()}" for rule in rules]
    assert found == listed(SUBSCRIPTION_RULES)
    assert all(case.severity == rule.severity for rule in rules for case in rule.cases)


def test_silent_examples() -> None:
    """Each rule has at least three examples in which it has nothing to say."""
    for each in rule_files(rules_root(), "rules", built_in=True):
        rule, _ = read_rule_file(each, examples=True)
        assert rule is not None
        assert sum(not example.findings for example in rule.examples) >= 3, rule.id


def test_only_likely_speaks_of_persons() -> None:
    """No text that states a certainty says that a person declined or pressed something."""
    for rule in load_rules(Settings()):
        for case in rule.cases:
            messages = [case.message, *(each.message for each in case.variants if each.message)]
            for message in messages:
                assert "person" not in message["en"]
                assert "人が" not in message["ja"]


def test_schema_is_current() -> None:
    """`rules/schema.json` is what the reader accepts today, and the rules fit it."""
    root = rules_root()
    stored = (root / "schema.json").read_text(encoding="utf-8")
    assert stored == schema_text()
    validator = Draft202012Validator(json.loads(stored))
    for rule in load_rules(Settings()):
        path = Path(str(root)) / rule.path.removeprefix("rules/")
        validator.validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def test_no_space_stands_inside_a_japanese_sentence() -> None:
    """Folding a YAML text puts a space where Japanese has none."""
    japanese = "[\u3001\u3002\u3040-\u30ff\u4e00-\u9fff]"
    for rule in load_rules(Settings()):
        path = rules_root() / rule.path.removeprefix("rules/")
        texts = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert re.findall(f"{japanese} +{japanese}.*", json.dumps(texts, ensure_ascii=False)) == []
