"""Findings → words: the texts of their rule and case with the placeholders filled.

Words are made for the rows asked for, in batches: what is constant for a case is shared, only the
fields that its texts and conditions name are computed. What is certain (`message`) and what is
inferred (`likely`) stay apart. Text from the capture goes into a text as it is: renderers escape.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, tzinfo
from typing import NamedTuple

import numpy as np

from analyzer.annotate.conditions import holding
from analyzer.annotate.fields import Coded, Judged, Unknown, Values, find_field
from analyzer.annotate.rule import (
    AnyOf,
    Case,
    Comparison,
    Likely,
    Rule,
    Text,
    Texts,
    Variant,
    When,
    in_language,
    list_in_language,
)
from analyzer.annotate.templates import Template, template
from analyzer.frozen import frozen
from analyzer.tables.findings import Severity
from analyzer.tables.schema import ABSENT, Bool, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray

GAPS = {"en": " ", "ja": ""}
"""What stands between two sentences."""

IN_WORDS_ONLY = frozenset({"case", "call_id", "caller", "callee", "answered_by"})
"""Fields that name the call rather than prove anything: no evidence, the finding has them. Nor are
times evidence: they are advice worked out from what is.
"""

SILENT = ABSENT - 1
"""In the place of a variant: the note does not hold."""

EvidenceValue = str | int | float | bool | None


@frozen
class LikelyText:
    """What is inferred, and how sure that is."""

    text: str
    confidence: str
    """`high`, `medium` or `low`."""


class AnsweredBy(NamedTuple):
    """Who sent the response on this hop."""

    address: str
    port: int
    server: str | None
    """What its Server header says, or User-Agent where that is missing."""


class FindingText(NamedTuple):
    """A finding in one language."""

    rule: str
    name: str
    case: str
    notes: tuple[str, ...]
    severity: Severity
    title: str
    meaning: str
    message: str
    """What is certain, with what the notes add."""
    likely: LikelyText | None
    next_steps: tuple[str, ...]
    references: tuple[str, ...]
    evidence: dict[str, EvidenceValue]
    """Header values and measured figures the verdict rests on; None is known to be absent."""
    answered_by: AnsweredBy


@frozen
class Words:
    """What one case or variant with its notes says of all its findings."""

    constant: FindingText
    """With the evidence of none and the texts of no row."""
    message: tuple[Template, ...]
    likely: Template | None
    next_steps: tuple[Template, ...]
    evidence: tuple[str, ...]
    """Fields, in the order in which they are shown."""


@frozen
class Alike:
    """Findings of a rule that have the same words, placeholders apart."""

    judged: Judged
    """With all findings of the rule that were asked for."""
    rows: Int64
    """Rows in `judged`."""
    positions: Int64
    """Where these findings are among those asked for."""
    words: Words


def describe(
    trace: Trace,
    finding_rows: IntArray,
    rules: Sequence[Rule],
    language: str,
    zone: tzinfo | None = UTC,
) -> list[FindingText]:
    """Return the words of findings, in the order of the rows; times are shown in a zone, None for
    that of the system.
    """
    texts: dict[int, FindingText] = {}
    for alike in group_by_words(trace, finding_rows, rules, language):
        texts.update(zip(alike.positions.tolist(), _fill(alike, language, zone), strict=True))
    return [texts[position] for position in range(len(texts))]


def group_by_words(
    trace: Trace, finding_rows: IntArray, rules: Sequence[Rule], language: str
) -> list[Alike]:
    """Return findings grouped by rule, case, variant, notes and severity."""
    asked, table = np.asarray(finding_rows, np.int64), trace.findings
    groups = []
    cases = (table.rule[asked].astype(np.int64), table.case[asked].astype(np.int64))
    for positions in _split(cases):
        rows = asked[positions]
        rule = rules[int(table.rule[rows[0]])]
        case = rule.cases[int(table.case[rows[0]])]
        judged = Judged(
            trace,
            table.transaction_row[rows],
            table.message_row[rows],
            rule.setting_values(),
            rule.scope,
        )
        judged.decide(Coded.constant(case.id, len(rows)))
        parts, severity = (case, *rule.notes), table.severity[rows]
        columns = [_variants(case, judged, np.ones(len(rows), np.bool_))]
        for bit, note in enumerate(rule.notes):
            holds = table.notes[rows] >> np.uint64(bit) & np.uint64(1) == 1
            columns.append(_variants(note, judged, holds))
        for own in _split((severity, *columns)):
            first = own[0]
            chosen = [
                _Chosen.of(part, int(column[first]))
                for part, column in zip(parts, columns, strict=True)
                if column[first] != SILENT
            ]
            words = _words(rule, chosen, Severity(int(severity[first])), language)
            groups.append(Alike(judged, own, positions[own], words))
    return groups


def number_words(trace: Trace, finding_rows: IntArray, rules: Sequence[Rule]) -> Int64:
    """Return a number for each finding, equal for those whose words are, placeholders apart."""
    numbers = np.zeros(len(finding_rows), np.int64)
    for number, alike in enumerate(group_by_words(trace, finding_rows, rules, "en")):
        numbers[alike.positions] = number
    return numbers


def _split(keys: tuple[IntArray, ...]) -> list[Int64]:
    """Return the rows of each different combination of keys, ascending."""
    order = np.lexsort(keys)
    if len(order) == 0:
        return []
    changes = np.zeros(len(order) - 1, np.bool_)
    for key in keys:
        ordered = key[order]
        changes |= ordered[1:] != ordered[:-1]
    return np.split(order, np.flatnonzero(changes) + 1)


def _variants(part: Case, judged: Judged, holds: Bool) -> Int64:
    """Return for each row the variant of a case or note, ABSENT where none fits, SILENT where the
    case or note itself does not hold.
    """
    result = np.where(holds, ABSENT, SILENT)
    remaining = np.flatnonzero(holds)
    for index, each in enumerate(part.variants):
        result[holding(each.when, judged, remaining)] = index
        remaining = remaining[result[remaining] < 0]
    return result


@frozen
class _Chosen:
    """A case or note with the variant that holds."""

    id: str
    when: When
    message: Text
    likely: Likely | None
    next_steps: Texts
    references: tuple[str, ...]
    evidence: tuple[str, ...]

    @classmethod
    def of(cls, part: Case, number: int) -> "_Chosen":
        """Choose the words; the variant ABSENT stands for none."""
        variant = part.variants[number] if number >= 0 else Variant(())
        return cls(
            part.id,
            part.when + variant.when,
            variant.message or part.message,
            variant.likely or part.likely,
            part.next_steps if variant.next_steps is None else variant.next_steps,
            part.references + variant.references,
            part.evidence,
        )


def _words(rule: Rule, parts: list[_Chosen], severity: Severity, language: str) -> Words:
    messages = tuple(template(in_language(each.message, language)) for each in parts)
    likely = parts[0].likely
    likely_template = template(in_language(likely.text, language)) if likely else None
    steps = tuple(
        template(step) for each in parts for step in list_in_language(each.next_steps, language)
    )
    named = [
        *(name for each in parts for name in fields_of(each.when)),
        *(name for each in parts for name in each.evidence),
        *(
            name
            for each in (*messages, *((likely_template,) if likely_template else ()), *steps)
            for name in each.fields
        ),
    ]
    constant = FindingText(
        rule=rule.id,
        name=rule.name,
        case=parts[0].id,
        notes=tuple(each.id for each in parts[1:]),
        severity=severity,
        title=in_language(rule.title, language),
        meaning=in_language(rule.meaning, language),
        message="",
        likely=LikelyText("", likely.confidence) if likely else None,
        next_steps=(),
        references=tuple(
            dict.fromkeys((*rule.references, *(name for each in parts for name in each.references)))
        ),
        evidence={},
        answered_by=AnsweredBy("", 0, None),
    )
    evidence = tuple(name for name in dict.fromkeys(named) if _is_evidence(name))
    return Words(constant, messages, likely_template, steps, evidence)


def _is_evidence(name: str) -> bool:
    return name not in IN_WORDS_ONLY and find_field(name).kind != "time_ns"


def fields_of(when: Iterable[Comparison | AnyOf]) -> list[str]:
    """Return the fields that conditions name."""
    found = []
    for each in when:
        if isinstance(each, AnyOf):
            found += [name for inner in each.alternatives for name in fields_of(inner)]
        else:
            found.append(each.field)
    return found


def _fill(alike: Alike, language: str, zone: tzinfo | None) -> list[FindingText]:
    words, constant, rows = alike.words, alike.words.constant, alike.rows.tolist()

    def filled(template: Template) -> list[str]:
        return template.fill(alike.judged, rows, language, zone)

    gap, answered = GAPS.get(language, " "), alike.judged.kept(answered_by)
    messages = zip(*map(filled, words.message), strict=True)
    steps = zip(*map(filled, words.next_steps), strict=True)
    columns = [_evidence(alike.judged.values(name), rows) for name in words.evidence]
    return [
        constant._replace(
            message=gap.join(message),
            likely=likely,
            next_steps=step,
            evidence=dict(zip(words.evidence, evidence, strict=True)),
            answered_by=answered[row],
        )
        for row, message, likely, step, evidence in zip(
            rows,
            messages,
            _likely(words, filled, len(rows)),
            steps if words.next_steps else [()] * len(rows),
            zip(*columns, strict=True) if columns else [()] * len(rows),
            strict=True,
        )
    ]


def _likely(
    words: Words, filled: Callable[[Template], list[str]], count: int
) -> Sequence[LikelyText | None]:
    if words.likely is None or words.constant.likely is None:
        return [None] * count
    confidence = words.constant.likely.confidence
    return [LikelyText(text, confidence) for text in filled(words.likely)]


def _evidence(values: Values, rows: list[int]) -> list[EvidenceValue]:
    chosen = [values[row] for row in rows]
    return [None if isinstance(value, Unknown) else value for value in chosen]


def answered_by(judged: Judged) -> list[AnsweredBy]:
    """Return who sent each response."""
    endpoints = judged.trace.endpoints
    sources = judged.trace.messages.source_row[judged.message_rows].tolist()
    return [
        AnsweredBy(
            endpoints.address(source), int(endpoints.port[source]), str(name) if name else None
        )
        for source, name in zip(sources, judged.kept(products), strict=True)
    ]


def products(judged: Judged) -> Coded:
    """Return what each response says of the software of its sender: its Server header, or
    User-Agent where that is missing.
    """
    servers = judged.headers(judged.message_rows, "Server")
    unnamed = np.array([not each for each in servers.values], np.bool_)[servers.codes]
    if not unnamed.any():
        return servers
    rows = np.flatnonzero(unnamed)
    agents = judged.headers(judged.message_rows[rows], "User-Agent")
    codes = servers.codes.astype(np.int64)
    codes[rows] = agents.codes + len(servers.values)
    return Coded(codes, [*servers.values, *(each or None for each in agents.values)])
