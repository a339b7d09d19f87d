"""The page of a rule."""

import pytest

from analyzer.annotate.load import load_rules
from analyzer.annotate.rule import Rule, in_language
from analyzer.i18n import LANGUAGES, load_texts
from analyzer.render.layout import width_of
from analyzer.render.rule_lines import rule_lines
from analyzer.settings import Settings

RULES = load_rules(Settings())


def page(rule: Rule, language: str = "en", width: int = 80) -> list[str]:
    """Return the lines of a rule as text."""
    lines = rule_lines(rule, load_texts(language, "rules"), load_texts(language), width)
    return ["".join(text for text, _ in line) for line in lines]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_all(rule: Rule, language: str) -> None:
    """Every case, note, setting and first message is on it; only a word of its own is too wide."""
    lines = page(rule, language)
    joined = "".join("".join(lines).split())
    for part in (*rule.cases, *rule.notes):
        assert part.id in joined
        assert "".join(in_language(part.message, language).split()) in joined
    for name in rule.settings:
        assert f"{rule.id}.{name}=" in joined
    assert [line for line in lines if width_of(line) > 80 and len(line.split()) > 1] == []


def test_a_changed_setting_shows_its_default() -> None:
    """What the user set is in force, and what it was is said."""
    changed = Settings(rule_settings={"RSP603.human_reaction_ms": "2500"})
    rule = next(each for each in load_rules(changed) if each.id == "RSP603")
    text = "\n".join(page(rule))
    assert "RSP603.human_reaction_ms=2500 (default 1500)" in text
    assert "since_alerting_ms ≥ 2500 (human_reaction_ms)" in text
