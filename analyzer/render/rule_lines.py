"""Rule → a page that a person reads: what it judges, its cases in order, words and steps."""

from collections.abc import Iterator

from analyzer.annotate.rule import (
    Case,
    Rule,
    Variant,
    When,
    in_language,
    list_in_language,
    setting_text,
)
from analyzer.i18n import Texts
from analyzer.render.condition_words import conditions_in_words
from analyzer.render.layout import Line, labelled, paragraph, visible, width_of

INDENT = 2
Row = tuple[str, str]


def rule_lines(rule: Rule, texts: Texts, words: Texts, width: int) -> Iterator[Line]:
    """Yield the lines of a rule; `texts` are those of `sipwhy rules`, `words` those of reports."""
    language = texts.language
    title = visible(in_language(rule.title, language))
    yield (rule.id, "label"), (f"  {title}", "heading")
    yield from _rows(_about(rule, texts, words), texts, INDENT, width)
    for kind, parts in (("cases", rule.cases), ("notes", rule.notes)):
        if parts:
            yield ()
            yield from paragraph(texts(f"page.{kind}"), 0, width, "heading")
        for part in parts:
            yield ()
            rows = [("when", _when(part.when, rule, texts)), *_texts(part, texts, words)]
            yield from _part(part, rows, rule, texts, words, width)


def _about(rule: Rule, texts: Texts, words: Texts) -> Iterator[Row]:
    language = texts.language
    yield "severity", words(f"severity.{rule.severity.name.lower()}")
    when = conditions_in_words(rule.when, rule.setting_values(), texts)
    yield "judges", texts(f"scope.{rule.scope}", when=when)
    yield "meaning", in_language(rule.meaning, language)
    for name, setting in rule.settings.items():
        value, default = setting_text(setting.value), setting_text(setting.default)
        if value != default:
            value = texts("page.changed", value=value, default=default)
        meaning = in_language(setting.meaning, language)
        yield "settings", f"{rule.id}.{name}={value}  {meaning}"
    yield "references", ", ".join(rule.references)
    yield "file", rule.path


def _part(
    part: Case, rows: list[Row], rule: Rule, texts: Texts, words: Texts, width: int
) -> Iterator[Line]:
    severity = part.severity.name.lower()
    yield (f"{' ' * INDENT}{part.id}", "heading"), (f"  {words(f'severity.{severity}')}", severity)
    yield from _rows(iter(rows), texts, 2 * INDENT, width)
    for variant in part.variants:
        when = conditions_in_words(variant.when, rule.setting_values(), texts)
        yield from paragraph(texts("page.otherwise_said", when=when), 2 * INDENT, width, "label")
        yield from _rows(_texts(variant, texts, words), texts, 3 * INDENT, width)


def _when(when: When, rule: Rule, texts: Texts) -> str:
    if when:
        return conditions_in_words(when, rule.setting_values(), texts)
    return texts("page.otherwise" if len(rule.cases) > 1 else "page.always")


def _texts(part: Case | Variant, texts: Texts, words: Texts) -> Iterator[Row]:
    language = texts.language
    if part.message is not None:
        yield "certain", in_language(part.message, language)
    if part.likely is not None:
        sure = words(f"confidence.{part.likely.confidence}")
        likely = in_language(part.likely.text, language)
        yield "likely", texts("page.confidence", text=likely, confidence=sure)
    for step in list_in_language(part.next_steps or {}, language):
        yield "do", f"- {step}"
    if part.references:
        yield "references", ", ".join(part.references)


def _rows(rows: Iterator[Row], texts: Texts, indent: int, width: int) -> Iterator[Line]:
    keys = ("severity", "judges", "meaning", "settings", "references", "file", "when", "certain",
            "likely", "do")  # fmt: skip
    label_width = max(width_of(texts(f"page.{key}")) for key in keys) + 2
    last = ""
    for key, text in rows:
        label = "" if key == last else texts(f"page.{key}")
        yield from labelled((label, "label"), text, indent, label_width, width)
        last = key
