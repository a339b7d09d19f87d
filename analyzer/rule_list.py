"""What `sipwhy rules list` prints: a line for each rule, by family; with cases, or as JSON."""

import json
from collections.abc import Iterable, Iterator, Sequence

from analyzer.annotate.rule import Rule, in_language, setting_text
from analyzer.annotate.rule_files import FAMILIES
from analyzer.i18n import Texts
from analyzer.render.layout import pad, visible


def chosen_rules(rules: Iterable[Rule], words: Sequence[str]) -> list[Rule]:
    """Return the rules that have all words in id, name, title or tags, in any case."""
    return [rule for rule in rules if all(each.lower() in _searched(rule) for each in words)]


def _searched(rule: Rule) -> str:
    family = FAMILIES.get(rule.id[:3], "")
    return "\n".join((rule.id, rule.name, family, *rule.title.values(), *rule.tags)).lower()


def listed_rules(rules: Sequence[Rule], texts: Texts, *, cases: bool) -> Iterator[str]:
    """Yield the lines of the list; with its cases and settings below each rule where asked for."""
    family = ""
    for rule in sorted(rules, key=lambda each: (list(FAMILIES).index(each.id[:3]), each.id)):
        if rule.id[:3] != family:
            if family:
                yield ""
            family = rule.id[:3]
            yield texts(f"family.{family}")
        severities = sorted({each.severity for each in (*rule.cases, *rule.notes)})
        span = " – ".join(
            each.name.lower() for each in dict.fromkeys((severities[0], severities[-1]))
        )
        yield f"  {rule.id}  {pad(visible(in_language(rule.title, texts.language)), 46)}  {span}"
        if cases:
            yield from _details(rule, texts.language)


def _details(rule: Rule, language: str) -> Iterator[str]:
    for case in rule.cases:
        yield f"    {case.severity.name.lower():8} {visible(case.id)}"
    for name, setting in rule.settings.items():
        meaning = visible(in_language(setting.meaning, language))
        yield f"    --set {rule.id}.{name}={setting_text(setting.value)}  {meaning}"


def rules_as_json(rules: Sequence[Rule], language: str) -> str:
    """Return the list as JSON."""
    data = [
        {
            "id": rule.id,
            "name": rule.name,
            "title": in_language(rule.title, language),
            "severity": rule.severity.name.lower(),
            "tags": list(rule.tags),
            "cases": {each.id: each.severity.name.lower() for each in rule.cases},
            "notes": {each.id: each.severity.name.lower() for each in rule.notes},
            "settings": {name: each.value for name, each in rule.settings.items()},
            "file": rule.path,
        }
        for rule in rules
    ]
    return json.dumps(data, ensure_ascii=False, indent=2)
