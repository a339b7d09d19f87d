"""Findings → words: the texts of their rule and case with the placeholders filled.

Words are made for the rows asked for, in batches: what is constant for a case is shared, only the
fields that its texts and conditions name are computed. What is certain (`message`) and what is
inferred (`likely`) stay apart. Text from the capture goes into a text as it is: renderers escape.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from analyzer.annotate.conditions import holding
from analyzer.annotate.fields import Judged, Unknown, Value, Values
from analyzer.annotate.rule import AnyOf, Comparison, Rule, in_language, list_in_language
from analyzer.annotate.templates import Template, template
from analyzer.frozen import frozen
from analyzer.tables.findings import Severity
from analyzer.tables.schema import ABSENT, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, distinct

GAPS = {"en": " ", "ja": ""}
"""What stands between two sentences."""

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


def describe(
    trace: Trace, finding_rows: IntArray, rules: Sequence[Rule], language: str
) -> list[FindingText]:
    """Return the words of findings, in the order of the rows."""
    rows = np.asarray(finding_rows, np.int64)
    findings = trace.findings
    texts: dict[int, FindingText] = {}
    for number in distinct(findings.rule[rows]).tolist():
        of_rule = rows[findings.rule[rows] == number]
        judged = Judged(
            trace,
            findings.transaction_row[of_rule],
            findings.message_row[of_rule],
            rules[number].setting_values(),
        )
        texts.update(
            zip(
                of_rule.tolist(),
                _describe_rule(rules[number], judged, of_rule, language),
                strict=True,
            )
        )
    return [texts[row] for row in rows.tolist()]


@frozen
class _Words:
    """What one case or variant with its notes says of all its rows."""

    constant: FindingText
    """With the evidence of none and the texts of no row."""
    message: tuple[Template, ...]
    likely: Template | None
    next_steps: tuple[Template, ...]
    evidence: tuple[str, ...]


def _describe_rule(
    rule: Rule, judged: Judged, finding_rows: Int64, language: str
) -> list[FindingText]:
    findings = judged.trace.findings
    case, notes = findings.case[finding_rows], findings.notes[finding_rows]
    variant = _variants(rule, judged, case)
    severity = findings.severity[finding_rows].tolist()
    groups: dict[tuple[int, int, int, int], list[int]] = {}
    keys = zip(case.tolist(), variant.tolist(), notes.tolist(), severity, strict=True)
    for row, key in enumerate(keys):
        groups.setdefault(key, []).append(row)
    found: dict[int, FindingText] = {}
    for key, rows in groups.items():
        found.update(
            zip(rows, _fill(_words(rule, key, language), judged, rows, language), strict=True)
        )
    return [found[row] for row in range(len(judged))]


def _variants(rule: Rule, judged: Judged, case: IntArray) -> Int64:
    """Return the variant of its case that holds for each row, -1 for none."""
    result = np.full(len(judged), ABSENT, np.int64)
    for number in distinct(case).tolist():
        remaining = np.flatnonzero(case == number)
        for index, each in enumerate(rule.cases[number].variants):
            result[holding(each.when, judged, remaining)] = index
            remaining = remaining[result[remaining] < 0]
    return result


def _words(rule: Rule, key: tuple[int, int, int, int], language: str) -> _Words:
    case, variant = rule.cases[key[0]], None
    if key[1] >= 0:
        variant = case.variants[key[1]]
    notes = [note for index, note in enumerate(rule.notes) if key[2] >> index & 1]
    parts = [case, *notes]
    message = (variant and variant.message) or case.message
    likely = (variant and variant.likely) or case.likely
    steps = (variant and variant.next_steps) or case.next_steps
    step_texts = [
        *list_in_language(steps, language),
        *(step for note in notes for step in list_in_language(note.next_steps, language)),
    ]
    messages = [message, *(note.message for note in notes)]
    references = [*rule.references, *(each for part in parts for each in part.references)]
    conditions = [*case.when, *(variant.when if variant else ())]
    conditions += [test for note in notes for test in note.when]
    templates = tuple(template(in_language(each, language)) for each in messages)
    likely_template = template(in_language(likely.text, language)) if likely else None
    step_templates = tuple(map(template, step_texts))
    named = [
        *fields_of(conditions),
        *(each for part in parts for each in part.evidence),
        *(
            name
            for each in (
                *templates,
                *([likely_template] if likely_template else ()),
                *step_templates,
            )
            for name in each.fields
        ),
    ]
    constant = FindingText(
        rule=rule.id,
        name=rule.name,
        case=case.id,
        notes=tuple(note.id for note in notes),
        severity=Severity(key[3]),
        title=in_language(rule.title, language),
        meaning=in_language(rule.meaning, language),
        message="",
        likely=LikelyText("", likely.confidence) if likely else None,
        next_steps=(),
        references=tuple(dict.fromkeys([*references, *(variant.references if variant else ())])),
        evidence={},
        answered_by=AnsweredBy("", 0, None),
    )
    return _Words(constant, templates, likely_template, step_templates, tuple(dict.fromkeys(named)))


def fields_of(when: Iterable[Comparison | AnyOf]) -> list[str]:
    """Return the fields that conditions name."""
    found = []
    for each in when:
        if isinstance(each, AnyOf):
            found += [name for inner in each.alternatives for name in fields_of(inner)]
        else:
            found.append(each.field)
    return found


def _fill(words: _Words, judged: Judged, rows: list[int], language: str) -> list[FindingText]:
    constant, answered = words.constant, judged.kept(answered_by)
    gap = GAPS.get(language, " ")
    messages = zip(*(each.fill(judged, rows, language) for each in words.message), strict=True)
    steps = zip(*(each.fill(judged, rows, language) for each in words.next_steps), strict=True)
    columns = [_evidence(judged.values(name), rows) for name in words.evidence]
    return [
        FindingText(
            constant.rule,
            constant.name,
            constant.case,
            constant.notes,
            constant.severity,
            constant.title,
            constant.meaning,
            gap.join(message),
            likely,
            step,
            constant.references,
            dict(zip(words.evidence, evidence, strict=True)),
            answered[row],
        )
        for row, message, likely, step, evidence in zip(
            rows,
            messages,
            _likely(words, judged, rows, language),
            steps if words.next_steps else [()] * len(rows),
            zip(*columns, strict=True) if columns else [()] * len(rows),
            strict=True,
        )
    ]


def _likely(
    words: _Words, judged: Judged, rows: list[int], language: str
) -> list[LikelyText] | list[None]:
    if words.likely is None or words.constant.likely is None:
        return [None] * len(rows)
    confidence = words.constant.likely.confidence
    texts = words.likely.fill(judged, rows, language)
    made = {text: LikelyText(text, confidence) for text in set(texts)}
    return [made[text] for text in texts]


def _evidence(values: Values, rows: list[int]) -> list[EvidenceValue]:
    chosen = [values[row] for row in rows]
    return [None if isinstance(value, Unknown) else value for value in chosen]


def answered_by(judged: Judged) -> list[AnsweredBy]:
    """Return who sent each response, each distinct one made once."""
    trace, rows = judged.trace, judged.message_rows
    endpoints = trace.endpoints
    servers = judged.headers(rows, "Server")
    agents = judged.headers(rows, "User-Agent") if None in servers else servers
    made: dict[tuple[int, Value], AnsweredBy] = {}
    found = []
    sources = trace.messages.source_row[rows].tolist()
    for source, server, agent in zip(sources, servers, agents, strict=True):
        key = (source, server or agent)
        if key not in made:
            name = str(key[1]) if key[1] else None
            made[key] = AnsweredBy(endpoints.address(source), int(endpoints.port[source]), name)
        found.append(made[key])
    return found
