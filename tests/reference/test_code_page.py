"""Pages of response codes and of other rules."""

import pytest

from analyzer.frozen import replace
from analyzer.i18n import LANGUAGES
from analyzer.reference.code_page import (
    appearances,
    code_page,
    first_sentence,
    references,
    remedies,
    rule_page,
)
from analyzer.reference.commands import words_in
from analyzer.reference.page import Page, Section
from analyzer.reference.rule_texts import RuleTexts
from analyzer.sip.registry import response_codes

EN = words_in("en")


def section(page: Page, name: str) -> Section:
    """Return a section of a page."""
    (found,) = (each for each in page.sections if each.id == name)
    return found


def facts(page: Page) -> dict[str, str]:
    """Return the facts of a page by their names."""
    table = section(page, "facts").table
    assert table is not None
    return {name: value for name, value in table.rows}  # noqa: C416 - rows of two


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", response_codes())
def test_each_registered_code_has_a_page(code: int, language: str) -> None:
    """Meaning, facts and references of every code, in each language."""
    page = code_page(code, RuleTexts(), words_in(language))
    assert {"meaning", "facts", "references"} <= {each.id for each in page.sections}
    assert page.title.startswith(f"{code} {response_codes()[code].phrase}")
    assert len(facts(page)) == 11


def test_603_is_told_right() -> None:
    """RFC 3261 §21.6.2, §16.7, RFC 5057 §5.1, RFC 3398: what pages get wrong is put right."""
    page = code_page(603, RuleTexts(), EN)
    told = facts(page)
    assert told["Inside a dialog"].startswith("ends its transaction only")
    assert told["Afterwards"] == "no other destination is to be tried"
    assert told["To the telephone network"] == "cause 21"
    assert told["From the telephone network"] == "cause 21"
    said = [each.text for each in section(page, "misconceptions").items]
    assert any("pressed reject" in each for each in said)
    neighbours = {each.label for each in section(page, "neighbours").items}
    assert {"486 Busy Here", "403 Forbidden", "608 Rejected"} <= neighbours


def test_204_is_told_right() -> None:
    """RFC 5839: not a property of the event package, and Expires is owed (RFC 6665 §3.1.1)."""
    page = code_page(204, RuleTexts(), EN)
    assert facts(page)["Must carry"] == "Expires to SUBSCRIBE (MUST, RFC 6665 §3.1.1)"
    said = section(page, "misconceptions").items
    assert any("presence" in each.text and "every package" in each.more[0] for each in said)


def test_headers_that_are_owed_are_named() -> None:
    """RFC 3261 §21.4.13: a 415 lists what is taken in one of three header fields."""
    told = facts(code_page(415, RuleTexts(), EN))["Must carry"]
    assert told == "Accept or Accept-Encoding or Accept-Language (MUST, RFC 3261 §21.4.13)"


def test_a_code_that_nobody_registered() -> None:
    """It is x00 of its class (RFC 3261 §8.1.3.2); where it was seen is told."""
    page = code_page(498, RuleTexts(), EN)
    assert page.title == "498 (not registered)"
    assert "400 Bad Request" in section(page, "meaning").texts[0]
    assert facts(page) == {"Class": "failure of the request (4xx)", "Final response": "yes"}
    assert "Kamailio" in " ".join(section(code_page(478, RuleTexts(), EN), "meaning").texts)


def test_a_rule_of_another_family() -> None:
    """Without texts of its own, its cases say when it appears and their steps what to do."""
    rule = RuleTexts().find("SUB005", EN)
    assert rule is not None
    page = rule_page(rule, EN)
    assert len(section(page, "appears").items) == len(rule.cases)
    assert section(page, "resolve").items[0].more == rule.cases[0].steps
    assert facts(page)["File"] == "rules/subscriptions/005.yaml"


def test_calls_come_before_other_requests() -> None:
    """Where cases tell when a code appears, a reader looks for calls first."""
    rule = RuleTexts().find("RSP603", EN)
    assert rule is not None
    told = appearances(replace(rule, seen=()), EN)
    assert len(told) == len(rule.cases)
    assert told[0].text.startswith("The call to be taken over had already ended")
    assert told[0].more[0].startswith("In a capture: The INVITE was to take over")
    assert "SUBSCRIBE" in " ".join((told[-6].text, *told[-6].more))
    assert "re-INVITE" in " ".join((told[-1].text, *told[-1].more))
    steps = remedies(replace(rule, resolve=()))
    assert steps[0].more == rule.cases[6].steps


def test_references_once() -> None:
    """A document without a section is left out where a section of it stands."""
    named = ("RFC 3261", "RFC 3261 17.1.1", "RFC 3261 §17.1.1", "RFC 3265", "ATIS-1000099")
    told = [each.text for each in references(named, EN).items]
    assert told == ["RFC 3261 §17.1.1", "RFC 3265", "ATIS-1000099"]


def test_first_sentences() -> None:
    """In both languages, with their mark; a text without one is whole."""
    assert first_sentence("One. Two.") == "One."
    assert first_sentence("一。二。") == "一。"
    assert first_sentence("Only this") == "Only this"
    assert first_sentence("Automatic: one; or two") == "Automatic: one"
