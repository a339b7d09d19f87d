"""What `sipwhy explain` and `sipwhy compare` do: a query → a page."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from analyzer.errors import UsageError
from analyzer.frozen import replace
from analyzer.i18n import Texts, load_texts
from analyzer.reference.code_page import code_page, rule_page
from analyzer.reference.comparison import comparison_page
from analyzer.reference.entry_pages import entry_page
from analyzer.reference.lookup import find, find_code
from analyzer.reference.page import Item, Page, Section
from analyzer.reference.rule_texts import RuleTexts
from analyzer.reference.subjects import Subject, title_of

MOST_CODES = 8
"""More do not fit a page that anybody reads."""


@cache
def words_in(language: str) -> Texts:
    """Return the texts of pages, with the words for severities and confidence of reports."""
    reports = load_texts(language).templates
    shared = {
        key: text for key, text in reports.items() if key.startswith(("severity.", "confidence."))
    }
    return Texts(language, {**load_texts(language, "reference").templates, **shared})


def explain(query: str, language: str, directories: Sequence[Path] = ()) -> Page:
    """Return the page of what is meant; raises UsageError where nothing is known of it."""
    words, rules = words_in(language), RuleTexts(directories)
    found = find(query, rules.ids())
    page = _page(found.subject, rules, words)
    if not found.others:
        return page
    items = tuple(Item(title_of(each, words), each.written()) for each in found.others)
    also = Section("also", words("section.also"), items=items)
    return replace(page, sections=(*page.sections, also))


def _page(subject: Subject, rules: RuleTexts, words: Texts) -> Page:
    if subject.kind == "code":
        return code_page(int(subject.key), rules, words)
    if subject.kind == "rule":
        rule = rules.find(subject.key, words)
        assert rule is not None  # noqa: S101 - the lookup knows it from these rules
        return rule_page(rule, words)
    return entry_page(subject, words)


def compare(queries: Sequence[str], language: str, directories: Sequence[Path] = ()) -> Page:
    """Return the page that sets codes side by side; raises UsageError for fewer than two."""
    codes = list(dict.fromkeys(find_code(each) for each in queries))
    if not 2 <= len(codes) <= MOST_CODES:
        raise UsageError(f"name two to {MOST_CODES} different response codes, as in: 204 603")
    return comparison_page(codes, RuleTexts(directories), words_in(language))
