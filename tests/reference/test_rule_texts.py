"""What rules say in words, for pages of reference."""

from pathlib import Path

import pytest

from analyzer.annotate.load import read_rule_file
from analyzer.annotate.rule_files import rule_files, rules_root
from analyzer.errors import RuleError
from analyzer.i18n import LANGUAGES
from analyzer.reference.commands import words_in
from analyzer.reference.rule_texts import RuleTexts, named, placeholders
from analyzer.sip.registry import header_names

OWN = """\
id: RSP603
name: own
since: "0.1"
scope: transaction
severity: notice
references: [RFC 3261 §21.6.2]
title: {en: 603 Decline}
meaning: {en: Ours.}
when: {status: 603}
cases:
  - id: rest
    message: {en: "It was {method}."}
    likely: {confidence: low, en: A person.}
    next_steps: {en: [Ask them.]}
"""


def _own(folder: Path, text: str = OWN, name: str = "responses/603.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_of_built_in_rules_are_those_of_the_rules(language: str) -> None:
    """Title, meaning, severity and cases are what the whole reader gives, in each language."""
    texts, words = RuleTexts(), words_in(language)
    for file in rule_files(rules_root(), "rules", built_in=True):
        rule, _ = read_rule_file(file)
        told = texts.find(file.id, words)
        assert rule is not None
        assert told is not None
        assert (told.id, told.title, told.meaning) == (
            rule.id,
            rule.title[language],
            rule.meaning[language],
        )
        assert [(each.id, each.severity) for each in told.cases] == [
            (each.id, each.severity.name.lower()) for each in rule.cases
        ]
        assert told.seen == tuple(rule.seen.get(language, ()))
        assert told.resolve == tuple(rule.resolve.get(language, ()))
        assert len(told.misconceptions) == len(rule.misconceptions)


def test_every_placeholder_of_a_built_in_rule_has_words() -> None:
    """A page names what a capture would fill in, in each language; header fields by their names."""
    named_fields = {
        field
        for file in rule_files(rules_root(), "rules", built_in=True)
        for field in placeholders(file.file.read_text(encoding="utf-8").partition("\nexamples:")[0])
    }
    headers = {each.lower().replace("-", "_") for each in header_names()}
    for language in LANGUAGES:
        words = words_in(language)
        missing = {
            field
            for field in named_fields
            if not words.has(f"filled.{field}")
            and field.removeprefix("request.").removeprefix("response.") not in headers
        }
        assert missing == set(), language


def test_placeholders_in_words() -> None:
    """Declared words, header names as IANA prints them, else the name without its unit."""
    words = words_in("en")
    assert named("After {response_delay_ms}.", words) == "After ‹time until the response›."
    assert named("{request.suppress_if_match}", words) == "‹Suppress-If-Match›"
    assert named("{response.x_own}", words) == "‹x-own›"
    assert named("{some.new_time_ms}", words) == "‹some new time›"
    assert named("{method}", words_in("ja")) == "〈メソッド〉"


def test_a_rule_of_a_user_replaces_a_built_in_one(tmp_path: Path) -> None:
    """The later one counts, in English where it has no Japanese."""
    told = RuleTexts((_own(tmp_path),)).find("RSP603", words_in("ja"))
    assert told is not None
    assert told.meaning == "Ours."
    assert told.cases[0].message == "It was 〈メソッド〉."
    assert told.cases[0].steps == ("Ask them.",)
    assert RuleTexts().find("RSP699", words_in("en")) is None


def test_faults_of_a_users_rule_are_told(tmp_path: Path) -> None:
    """Rules that cannot be read are not guessed at."""
    folder = _own(tmp_path, OWN.replace("severity: notice", "severity: bad"))
    with pytest.raises(RuleError, match=r"603.yaml:5:11"):
        RuleTexts((folder,))
