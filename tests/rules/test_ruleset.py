"""The built-in rules as files: sound, complete, and in the order the standards' facts demand."""

import json
import re
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator

from analyzer.annotate.lint import check_rules
from analyzer.annotate.load import load_rules, rules_root
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


def test_no_faults() -> None:
    """Names, languages, placeholders, fields and examples of every rule file are sound."""
    assert check_rules() == []


def test_cases_and_severities() -> None:
    """RSP204 and RSP603 have exactly these cases, in decision order, with these severities."""
    rules = {rule.id: rule for rule in load_rules(Settings())}
    for name, listed in (("RSP204", SEVERITIES_204), ("RSP603", SEVERITIES_603)):
        cases = [f"{case.id} {case.severity.name.lower()}" for case in rules[name].cases]
        assert cases == [line.strip() for line in listed.strip().splitlines()]


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
        path = rules_root() / "responses" / f"{rule.id.removeprefix('RSP')}.yaml"
        texts = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert re.findall(f"{japanese} +{japanese}.*", json.dumps(texts, ensure_ascii=False)) == []
