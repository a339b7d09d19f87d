"""A set of rules → one page with all that each says: `sipwhy rules doc`."""

from collections.abc import Sequence

from analyzer.annotate.rule import (
    Case,
    Rule,
    Texts,
    Variant,
    When,
    in_language,
    list_in_language,
    setting_text,
)
from analyzer.annotate.rule_files import FAMILIES
from analyzer.i18n import Texts as Words
from analyzer.reference.code_page import misconceptions, references
from analyzer.reference.page import Item, Page, Section, without_empty
from analyzer.reference.rule_texts import MisconceptionText, named
from analyzer.render.condition_words import conditions_in_words


def rule_set_page(rules: Sequence[Rule], words: Words, conditions: Words) -> Page:
    """Return the page of rules, by family; `conditions` are the texts of `sipwhy rules`."""
    sections = tuple(
        Section(folder, words(f"family.{family}"), parts=parts)
        for family, folder in FAMILIES.items()
        if (parts := _family(family, rules, words, conditions))
    )
    lead = words.count("doc.lead", len(rules))
    return Page("rules", "", words("doc.title"), words.language, sections, lead)


def _family(
    family: str, rules: Sequence[Rule], words: Words, conditions: Words
) -> tuple[Section, ...]:
    return tuple(
        _Writer(each, words, conditions).section() for each in rules if each.id.startswith(family)
    )


class _Writer:
    """Writes one rule."""

    def __init__(self, rule: Rule, words: Words, conditions: Words) -> None:
        self.rule = rule
        self.words = words
        self.conditions = conditions
        self.language = words.language

    def section(self) -> Section:
        """Return all of the rule."""
        rule, words = self.rule, self.words
        when = self._conditions(rule.when)
        judged = self.conditions(f"scope.{rule.scope}", when=when)
        parts = (
            Section("seen", words("section.appears"), items=self._list(rule.seen)),
            Section("resolve", words("section.resolve"), items=self._list(rule.resolve)),
            self._misconceptions(),
            Section("cases", words("doc.cases"), parts=self._parts(rule.cases)),
            Section("notes", words("doc.notes"), parts=self._parts(rule.notes)),
            Section("settings", words("doc.settings"), items=self._settings()),
            references(rule.references, words),
        )
        heading = f"{rule.id}: {in_language(rule.title, self.language)}"
        texts = (in_language(rule.meaning, self.language), words("doc.judges", judged=judged))
        return Section(rule.id, heading, texts, parts=without_empty(parts))

    def _list(self, texts: Texts) -> tuple[Item, ...]:
        return tuple(map(Item, list_in_language(texts, self.language)))

    def _misconceptions(self) -> Section:
        return misconceptions(
            [
                MisconceptionText(
                    in_language(each.claim, self.language),
                    in_language(each.truth, self.language),
                    each.references,
                )
                for each in self.rule.misconceptions
            ],
            self.words,
        )

    def _parts(self, parts: Sequence[Case]) -> tuple[Section, ...]:
        return tuple(map(self._part, parts))

    def _part(self, part: Case) -> Section:
        severity = self.words(f"severity.{part.severity.name.lower()}")
        items = (
            *self._said(part),
            *(
                Item(
                    self.words("doc.variant", when=self._conditions(each.when)),
                    more=tuple(item.text for item in self._said(each)),
                )
                for each in part.variants
            ),
        )
        heading = self.words("doc.case", id=part.id, severity=severity)
        return Section(part.id, heading, (self._when(part.when),), items=items)

    def _when(self, when: When) -> str:
        if when:
            return self.words("doc.when", when=self._conditions(when))
        return self.words("doc.otherwise" if len(self.rule.cases) > 1 else "doc.always")

    def _conditions(self, when: When) -> str:
        return conditions_in_words(when, self.rule.setting_values(), self.conditions)

    def _said(self, part: Case | Variant) -> list[Item]:
        items = []
        if part.message is not None:
            items.append(Item(self._text(in_language(part.message, self.language))))
        if part.likely is not None:
            sure = self.words(f"confidence.{part.likely.confidence}")
            likely = self._text(in_language(part.likely.text, self.language))
            items.append(Item(self.words("item.likely", text=likely, confidence=sure)))
        steps = list_in_language(part.next_steps or {}, self.language)
        return items + [Item(self.words("doc.do", text=self._text(each))) for each in steps]

    def _text(self, text: str) -> str:
        return named(text, self.words)

    def _settings(self) -> tuple[Item, ...]:
        return tuple(
            Item(
                self.words(
                    "doc.setting",
                    name=f"{self.rule.id}.{name}",
                    value=setting_text(each.value),
                    meaning=in_language(each.meaning, self.language),
                )
            )
            for name, each in self.rule.settings.items()
        )
