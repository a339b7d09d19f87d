"""What `sipwhy rules check` asks beyond being readable."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from analyzer.annotate.lint import check_examples, check_rule_files, check_rules
from analyzer.annotate.load import read_rule_file
from analyzer.annotate.rule import Rule
from analyzer.annotate.rule_files import RuleFile
from analyzer.errors import RuleError

RULE = """\
id: RSP480
name: unavailable
since: "0.1"
scope: transaction
severity: notice
references: [RFC 3261]
title: {en: 480 Temporarily Unavailable}
meaning: {en: Not now.}
when: {status: 480}
cases:
  - id: rest
    message: {en: Rest.}
    next_steps: {en: [Call later.]}
examples:
  - name: one
    dialogue: "-> INVITE sip:b@example.com SIP/2.0"
    findings: [rest]
  - name: none
    dialogue: "-> INVITE sip:b@example.com SIP/2.0"
    findings: []
"""


def faults_of(tmp_path: Path, text: str, name: str = "480.yaml") -> list[str]:
    """Return the faults of a rule file, each without its place."""
    folder = tmp_path / "responses"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return [line.split(": ", 1)[1] for line in check_rules([tmp_path])]


def test_a_sound_rule(tmp_path: Path) -> None:
    """A rule that has all it needs has no faults, and English is enough for one's own."""
    assert faults_of(tmp_path, RULE) == []


@pytest.mark.parametrize(
    ("written", "instead", "fault"),
    [
        ("RSP480", "RSP481", "RSP481 does not fit the folder and name of its file, RSP480"),
        ("480 Temp", "480 Not Temp", 'the English title must be "480 Temporarily Unavailable"'),
        ("    next_steps: {en: [Call later.]}\n", "", 'the case "rest" says nothing of what to do'),
        ("[rest]", "[rset]", 'unknown case or note "rset", did you mean "rest"?'),
        ("[rest]", "[rest, later]", 'unknown case or note "later"'),
        ("[rest]", "[]", 'no example reaches "rest"'),
        ("findings: []", "findings: [rest]", "no example without a finding"),
    ],
)
def test_faults(tmp_path: Path, written: str, instead: str, fault: str) -> None:
    """Each of these is a fault that is told."""
    assert fault in faults_of(tmp_path, RULE.replace(written, instead, 1))


def test_one_id_twice(tmp_path: Path) -> None:
    """Two files of one id are a fault of the second."""
    faults_of(tmp_path, RULE)
    assert any("is the id of" in each for each in faults_of(tmp_path, RULE, "481.yaml"))


def test_built_in_rules_need_japanese(tmp_path: Path) -> None:
    """The languages of a built-in rule are complete: title, meaning, messages, next steps."""
    path = tmp_path / "480.yaml"
    path.write_text(RULE, encoding="utf-8")
    lines = check_rule_files([RuleFile("RSP480", path, "480.yaml", built_in=True)])
    assert sum('the language "ja" is missing' in line for line in lines) == 4


def test_examples_that_do_not_hold(tmp_path: Path) -> None:
    """An example with other findings is told with both."""
    path = tmp_path / "480.yaml"
    path.write_text(RULE, encoding="utf-8")
    rule, _ = read_rule_file(RuleFile("RSP480", path, "480.yaml"), examples=True)
    assert isinstance(rule, Rule)

    def run(rule_id: str, capture: bytes, settings: Mapping[str, str]) -> Sequence[tuple[str, ...]]:
        assert rule_id == "RSP480"
        assert capture
        assert not settings
        return ()

    assert check_examples([rule], run) == [
        '480.yaml: example "one": expected rest, found no finding'
    ]


def test_a_directory_without_rules(tmp_path: Path) -> None:
    """A directory that is missing or holds no rules is told, not taken for the built-in ones."""
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(RuleError, match="no directory of rules"):
            check_rules([path])


def test_texts_of_reference_pages(tmp_path: Path) -> None:
    """Texts of reference pages are read, and complete in built-in rules."""
    texts = (
        "seen: {en: [After ringing., At night.]}\n"
        "resolve: {en: [Wait.]}\n"
        "misconceptions: [{claim: {en: It rang.}, truth: {en: Not always.}, references: [RFC 1]}]\n"
    )
    assert faults_of(tmp_path, texts + RULE) == []
    path = tmp_path / "responses" / "480.yaml"
    rule, faults = read_rule_file(RuleFile("RSP480", path, "480.yaml"))
    assert rule is not None, faults
    assert rule.seen == {"en": ("After ringing.", "At night.")}
    assert rule.resolve == {"en": ("Wait.",)}
    assert [each.truth["en"] for each in rule.misconceptions] == ["Not always."]
    lines = check_rule_files([RuleFile("RSP480", path, "480.yaml", built_in=True)])
    assert sum('the language "ja" is missing' in line for line in lines) == 8
    assert "different numbers" in faults_of(tmp_path, f"seen: {{en: [A.], ja: []}}\n{RULE}")[0]
