"""All rules as one page."""

import json
from pathlib import Path

import pytest

from analyzer.annotate.load import load_rules
from analyzer.i18n import LANGUAGES, load_texts
from analyzer.reference.commands import words_in
from analyzer.reference.page import Section
from analyzer.reference.rule_set import rule_set_page
from analyzer.reference.write import written
from analyzer.settings import Settings


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_is_told(language: str) -> None:
    """Each rule in its family, with each case and note by its id, and each setting."""
    rules = load_rules(Settings())
    page = rule_set_page(rules, words_in(language), load_texts(language, "rules"))
    told = {part.id: part for family in page.sections for part in family.parts}
    assert set(told) == {rule.id for rule in rules}
    for rule in rules:
        parts = {part.id: part for part in told[rule.id].parts}
        assert [each.id for each in parts["cases"].parts] == [each.id for each in rule.cases]
        notes = parts["notes"].parts if "notes" in parts else ()
        assert [each.id for each in notes] == [each.id for each in rule.notes]
        settings = parts["settings"].items if "settings" in parts else ()
        assert len(settings) == len(rule.settings)


def _case(rule_id: str, case: str, language: str) -> Section:
    rules = load_rules(Settings())
    page = rule_set_page(rules, words_in(language), load_texts(language, "rules"))
    (rule,) = (each for family in page.sections for each in family.parts if each.id == rule_id)
    (cases,) = (each for each in rule.parts if each.id == "cases")
    return next(each for each in cases.parts if each.id == case)


def test_a_case_is_told_whole() -> None:
    """Conditions in words with thresholds by name; certain, likely, steps; the last is the rest."""
    case = _case("RSP603", "declined-after-ringing", "en")
    assert "human_reaction_ms" in case.texts[0]
    texts = [each.text for each in case.items]
    assert texts[0].startswith("Declined ‹time since ringing began› after")
    assert texts[1].startswith("Likely: A person declined")
    assert any(each.startswith("What to do: Respect it") for each in texts)
    assert _case("RSP603", "declined", "en").texts == ("When: none of the cases above",)


def test_the_html_page_has_contents(tmp_path: Path) -> None:
    """Each rule can be reached from the table of contents."""
    rules = load_rules(Settings())
    page = rule_set_page(rules, words_in("en"), load_texts("en", "rules"))
    text = written(page, "html", 80, "Contents")
    for rule in rules:
        (name,) = {part.split('"')[0] for part in text.split('href="#') if rule.id in part[:60]}
        assert f'id="{name}"' in text
    path = tmp_path / "rules.json"
    path.write_text(written(page, "json", 80), encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8"))["kind"] == "rules"
