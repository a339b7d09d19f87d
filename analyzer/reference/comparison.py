"""Two or more response codes → a page that sets them side by side."""

from collections.abc import Sequence
from itertools import combinations

from analyzer.i18n import Texts
from analyzer.reference.code_facts import FACTS, facts_of
from analyzer.reference.code_page import (
    appearances,
    meaning_of,
    misconceptions,
    references,
    remedies,
    title_of_code,
)
from analyzer.reference.page import Item, Page, Section, Table, without_empty
from analyzer.reference.rule_texts import RuleTexts
from analyzer.reference.subjects import name_of
from analyzer.reference.texts import pair_of, situations


def comparison_page(codes: Sequence[int], rules: RuleTexts, words: Texts) -> Page:
    """Return the page: each code by itself, then their differences and which to use when."""
    *first, last = map(name_of, codes)
    names = words("list.comma").join(first) + words("compare.between") + last
    sections = (
        *(_one(code, rules, words) for code in codes),
        _differences(codes, words),
        _use(codes, words),
        _references(codes, rules, words),
    )
    key = " ".join(map(str, codes))
    title = words("compare.title", codes=names)
    return Page("comparison", key, title, words.language, without_empty(sections))


def _one(code: int, rules: RuleTexts, words: Texts) -> Section:
    rule = rules.find(f"RSP{code}", words)
    parts = (
        Section("description", words("compare.description"), meaning_of(code, rule, words)),
        Section("appears", words("compare.appears"), items=appearances(rule, words)),
        Section("resolve", words("compare.resolve"), items=remedies(rule)),
        misconceptions(rule.misconceptions if rule else (), words),
    )
    heading = title_of_code(code, rule, words)
    return Section(str(code), heading, parts=without_empty(parts))


def _differences(codes: Sequence[int], words: Texts) -> Section:
    told = [facts_of(code, words) for code in codes]
    rows = [
        (words(f"fact.{name}"), *(each.get(name, words("value.none")) for each in told))
        for name in FACTS
    ]
    language = words.language
    items = [
        Item(pair.difference[language], _pair(first, second, words))
        for first, second in combinations(codes, 2)
        if (pair := pair_of(first, second)) is not None
    ]
    columns = (words("compare.trait"), *map(name_of, codes))
    different = tuple(row for row in rows if len(set(row[1:])) > 1)
    return Section(
        "differences",
        words("compare.differences"),
        table=Table(columns, different),
        items=tuple(items),
    )


def _use(codes: Sequence[int], words: Texts) -> Section:
    language = words.language
    items = [
        Item(situations()[code][language], name_of(code)) for code in codes if code in situations()
    ]
    items += [
        Item(pair.use[language], _pair(first, second, words))
        for first, second in combinations(codes, 2)
        if (pair := pair_of(first, second)) is not None
    ]
    return Section("use", words("compare.use"), items=tuple(items))


def _pair(first: int, second: int, words: Texts) -> str:
    return words("compare.pair", first=first, second=second)


def _references(codes: Sequence[int], rules: RuleTexts, words: Texts) -> Section:
    named: list[str] = []
    for code in codes:
        rule = rules.find(f"RSP{code}", words)
        named += rule.references if rule else ()
    for first, second in combinations(codes, 2):
        pair = pair_of(first, second)
        named += pair.references if pair else ()
    return references(tuple(named), words)
