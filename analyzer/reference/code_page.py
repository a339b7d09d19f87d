"""A response code, or another rule → its page."""

import re
from collections.abc import Sequence

from analyzer.i18n import Texts
from analyzer.reference.code_facts import facts_of
from analyzer.reference.page import Item, Page, Section, Table, without_empty
from analyzer.reference.rule_texts import CaseText, MisconceptionText, RuleText, RuleTexts
from analyzer.reference.subjects import name_of, phrase_of
from analyzer.reference.texts import classes, pairs_of, situations
from analyzer.sip.registry import response_codes, unregistered_codes

_SECTION = re.compile(r"^(RFC [0-9]+) ([0-9.]+)$")
"""As some registries write a section."""


def code_page(code: int, rules: RuleTexts, words: Texts) -> Page:
    """Return the page of a status code, registered or not."""
    rule = rules.find(f"RSP{code}", words)
    sections = (
        Section("meaning", words("section.meaning"), meaning_of(code, rule, words)),
        Section("appears", words("section.appears"), items=appearances(rule, words)),
        Section("resolve", words("section.resolve"), items=remedies(rule)),
        misconceptions(rule.misconceptions if rule else (), words),
        Section("facts", words("section.facts"), table=_facts(code, words)),
        _neighbours(code, words),
        references((*_defined(code), *_references(rule)), words),
    )
    return Page(
        "code", str(code), title_of_code(code, rule, words), words.language, without_empty(sections)
    )


def rule_page(rule: RuleText, words: Texts) -> Page:
    """Return the page of a rule that is about no response code."""
    facts = (
        (words("fact.severity"), words(f"severity.{rule.severity}")),
        (words("fact.file"), rule.path),
    )
    sections = (
        Section("meaning", words("section.meaning"), (rule.meaning,)),
        Section("appears", words("section.appears"), items=appearances(rule, words)),
        Section("resolve", words("section.resolve"), items=remedies(rule)),
        misconceptions(rule.misconceptions if rule else (), words),
        Section("facts", words("section.facts"), table=Table((), facts)),
        references(_references(rule), words),
    )
    title = f"{rule.id}  {rule.title}"
    return Page("rule", rule.id, title, words.language, without_empty(sections))


def title_of_code(code: int, rule: RuleText | None, words: Texts) -> str:
    """Return the heading of a code: the title of its rule, its phrase without one."""
    if rule is not None:
        return rule.title
    return name_of(code) if phrase_of(code) else words("title.unregistered", code=code)


def meaning_of(code: int, rule: RuleText | None, words: Texts) -> tuple[str, ...]:
    """Return what a code says: its rule's meaning; for codes without a rule when it is right."""
    if rule is not None:
        return (rule.meaning,)
    language = words.language
    if code in situations():
        return (situations()[code][language],)
    taken_for = classes()[code // 100]
    told = [words("item.unregistered", code=taken_for["as"], phrase=phrase_of(taken_for["as"]))]
    seen = unregistered_codes().get(code)
    if seen is not None:
        told.insert(0, words("item.seen_as", phrase=seen.phrase, reference=seen.reference))
    return (*told, taken_for["says"][language])


def appearances(rule: RuleText | None, words: Texts) -> tuple[Item, ...]:
    """Return when a rule finds something: in its own words, or by its cases."""
    if rule is None:
        return ()
    if rule.seen:
        return tuple(map(Item, rule.seen))
    return tuple(_appearance(each, words) for each in _calls_first(rule))


def _calls_first(rule: RuleText) -> list[CaseText]:
    """Return the cases of a rule, those of calls that are being set up before all others."""
    return sorted(rule.cases, key=lambda each: each.aside)


def _appearance(case: CaseText, words: Texts) -> Item:
    """Return what may be behind a case, and how it looks; only that where nothing is likely."""
    if not case.likely:
        return Item(case.message)
    return Item(case.likely, more=(words("item.capture", text=case.message),))


def remedies(rule: RuleText | None) -> tuple[Item, ...]:
    """Return how to deal with it: in the rule's own words, or the next steps of its cases."""
    if rule is None:
        return ()
    if rule.resolve:
        return tuple(map(Item, rule.resolve))
    return tuple(
        Item(first_sentence(each.likely or each.message), more=each.steps)
        for each in _calls_first(rule)
    )


def first_sentence(text: str) -> str:
    """Return the first sentence of a text, in either language."""
    for mark in ("。", ". ", "; "):
        head, found, _ = text.partition(mark)
        if found:
            return head + mark.strip("; ")
    return text


def misconceptions(said: Sequence[MisconceptionText], words: Texts) -> Section:
    """Return what is often said of it, and what is right."""
    items = [
        Item(
            words("item.said", text=each.claim),
            more=(
                words("item.right", text=each.truth)
                + words("item.references", references=words("list.comma").join(each.references)),
            ),
        )
        for each in said
    ]
    return Section("misconceptions", words("section.misconceptions"), items=tuple(items))


def _facts(code: int, words: Texts) -> Table:
    rows = ((words(f"fact.{name}"), value) for name, value in facts_of(code, words).items())
    return Table((), tuple(rows))


def _neighbours(code: int, words: Texts) -> Section:
    language = words.language
    items = [
        Item(
            each.difference[language],
            name_of(each.other(code)),
            (words("item.use", text=each.use[language]),),
        )
        for each in pairs_of(code)
    ]
    return Section("neighbours", words("section.neighbours"), items=tuple(items))


def _references(rule: RuleText | None) -> tuple[str, ...]:
    return (*rule.references, *rule.more_references) if rule else ()


def _defined(code: int) -> tuple[str, ...]:
    known = response_codes().get(code)
    return (f"{known.reference} §{known.section}",) if known else ()


def references(named: tuple[str, ...], words: Texts) -> Section:
    """Return the references, each once; of a document with sections no more than these."""
    listed = dict.fromkeys(_SECTION.sub(r"\1 §\2", each) for each in named)
    told = [each for each in listed if not any(one.startswith(f"{each} §") for one in listed)]
    items = tuple(map(Item, told))
    return Section("references", words("section.references"), items=items, inline=True)
