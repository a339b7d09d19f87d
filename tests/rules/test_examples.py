"""Every example of every rule, through the whole pipeline."""

import textwrap
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from analyzer.annotate.dialogue import dialogue_capture
from analyzer.annotate.lint import check_examples, check_rules
from analyzer.annotate.load import load_rules, read_rule_file
from analyzer.annotate.rule import Rule
from analyzer.annotate.rule_files import rule_files, rules_root
from analyzer.annotate.settings_file import read_settings_file
from analyzer.annotate.wording import describe
from analyzer.cli import run
from analyzer.pipeline import open_trace
from analyzer.settings import Settings
from analyzer.tables.calls import Outcome


def _rules(root: Path | None = None) -> list[Rule]:
    files = rule_files(root or rules_root(), "rules", built_in=root is None)
    read = [read_rule_file(each, examples=True) for each in files]
    return [rule for rule, _ in read if rule is not None]


def _check(rule: Rule, tmp_path: Path, directories: tuple[Path, ...] = ()) -> list[str]:
    def run_example(_: str, capture: bytes, settings: Mapping[str, str]) -> list[tuple[str, ...]]:
        path = tmp_path / "example.pcap"
        path.write_bytes(capture)
        chosen = Settings(rules=directories, rule_settings=dict(settings))
        with open_trace([str(path)], chosen) as trace:
            rows = np.arange(len(trace.findings))
            english = describe(trace, rows, trace.rules, "en")
            japanese = describe(trace, rows, trace.rules, "ja")
            assert [each.case for each in english] == [each.case for each in japanese]
            for each in (*english, *japanese):
                assert each.next_steps
                assert "{" not in each.message
            return [(each.case, *each.notes) for each in english if each.rule == rule.id]

    return check_examples([rule], run_example)


@pytest.mark.parametrize("rule", _rules(), ids=lambda rule: rule.id)
def test_examples_hold(rule: Rule, tmp_path: Path) -> None:
    """Each example has exactly the findings it states."""
    assert rule.examples
    assert _check(rule, tmp_path) == []


README = (rules_root() / "README.md").read_text(encoding="utf-8")


def _printed(fence: str, number: int = 0) -> str:
    """Return a block of rules/README.md."""
    return textwrap.dedent(README.split(f"```{fence}\n")[number + 1].partition("```")[0])


@pytest.fixture
def printed_rule(tmp_path: Path) -> Rule:
    """Give the rule printed in rules/README.md, in a directory of its own."""
    folder = tmp_path / "own" / "responses"
    folder.mkdir(parents=True)
    (folder / "480.yaml").write_text(_printed("yaml"), encoding="utf-8")
    (rule,) = _rules(folder.parent)
    return rule


def test_the_rule_of_the_readme(tmp_path: Path, printed_rule: Rule) -> None:
    """The rule printed in rules/README.md is sound and its examples hold."""
    own = tmp_path / "own"
    assert check_rules([own]) == []
    assert _check(printed_rule, tmp_path, (own,)) == []


def test_the_trial_of_the_readme(
    tmp_path: Path, printed_rule: Rule, capsys: pytest.CaptureFixture[str]
) -> None:
    """What rules/README.md shows of `rules try` is what it prints."""
    capture = tmp_path / "first.pcap"
    capture.write_bytes(dialogue_capture(printed_rule.examples[0].dialogue))
    command = ["rules", "try", "RSP480", str(capture), "--rules", str(tmp_path / "own")]
    assert run([*command, "--lang", "en"]) == 0
    assert capsys.readouterr().out == _printed("text")


def test_the_settings_of_the_readme(tmp_path: Path, printed_rule: Rule) -> None:
    """The file of settings printed in rules/README.md fits the rules."""
    path = tmp_path / "thresholds.yml"
    path.write_text(_printed("yaml", 1), encoding="utf-8")
    found = read_settings_file(path)
    settings = Settings(rules=(tmp_path / "own",), rule_settings=found.values)
    rules = {each.id: each for each in load_rules(settings)}
    assert rules[printed_rule.id].settings["quick_ms"].value == 300
    assert rules["RSP603"].settings["round_delays_s"].value == (10, 20, 30, 60)


BLOCKING_CASES = {
    "network-blocked",
    "network-blocked-damaged",
    "network-block-malformed",
    "intermediary-rejected",
}
"""Cases of RSP603 whose calls have the outcome `blocked` (output contract)."""


def test_outcome_and_case_agree_on_what_is_blocked(tmp_path: Path) -> None:
    """A declined call is `blocked` exactly when a finding about it has one of the blocking cases:
    that of the hop nearest to who blocked, where the others have lost it.
    """
    (rule,) = (each for each in _rules() if each.id == "RSP603")
    judged = 0
    for number, example in enumerate(rule.examples):
        path = tmp_path / f"{number}.pcap"
        path.write_bytes(dialogue_capture(example.dialogue))
        with open_trace([str(path)]) as trace:
            texts = describe(trace, np.arange(len(trace.findings)), trace.rules, "en")
            cases: dict[int, set[str]] = {}
            for call, text in zip(trace.findings.call_row.tolist(), texts, strict=True):
                if text.rule == rule.id and call >= 0 and trace.calls.final_status[call] == 603:
                    cases.setdefault(call, set()).add(text.case)
            for call, found in cases.items():
                is_blocked = trace.calls.outcome[call] == Outcome.BLOCKED
                assert is_blocked == bool(found & BLOCKING_CASES), (example.name, found)
                judged += 1
    assert judged > len(BLOCKING_CASES)
