"""The list of rules."""

import json

from analyzer.annotate.load import load_rules
from analyzer.i18n import load_texts
from analyzer.rule_list import chosen_rules, listed_rules, rules_as_json
from analyzer.settings import Settings

RULES = load_rules(Settings())


def test_a_line_for_each_rule_by_family() -> None:
    """Families in the order of their table, each with its heading; a line is short."""
    lines = list(listed_rules(RULES, load_texts("en", "reference"), cases=False))
    assert lines[0] == "Responses"
    assert [line[2:8] for line in lines if line.startswith("  ")] == sorted(
        (rule.id for rule in RULES),
        key=lambda each: (
            ["RSP", "TXN", "DLG", "SUB", "REG", "SDP", "MSG", "SEC"].index(each[:3]),
            each,
        ),
    )
    assert "  RSP204  204 No Notification                             info – error" in lines


def test_cases_and_settings_where_asked_for() -> None:
    """With values that `--set` takes."""
    chosen = chosen_rules(RULES, ["rsp603"])
    lines = list(listed_rules(chosen, load_texts("ja", "reference"), cases=True))
    assert lines[0] == "応答"
    assert "    notice   subscription-refused" in lines
    assert any(line.startswith("    --set RSP603.human_reaction_ms=1500  ") for line in lines)


def test_as_json() -> None:
    """Id, title, severities of cases and notes, and settings, for programs."""
    (rule,) = json.loads(rules_as_json(chosen_rules(RULES, ["RSP603"]), "en"))
    assert rule["title"] == "603 Decline"
    assert rule["cases"]["network-blocked"] == "warning"
    assert rule["notes"]["retry-later"] == "info"
    assert rule["settings"]["human_reaction_ms"] == 1500
