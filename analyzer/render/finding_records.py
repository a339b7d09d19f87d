"""Rows of FindingTable and their words → columns of finding records.

Findings with the same words share a form: what the rule says is encoded once, and only the values
of its fields differ from finding to finding.
"""

from collections.abc import Callable, Sequence

import numpy as np
import orjson

from analyzer.annotate.fields import Coded, Judged, Unknown, Value
from analyzer.annotate.templates import Template, show
from analyzer.annotate.wording import GAPS, Alike, FindingText, group_by_words, products
from analyzer.render.record_columns import (
    Addresses,
    Batch,
    Booleans,
    Form,
    Forms,
    Integers,
    TokenPool,
    Tokens,
    Values,
    Word,
)
from analyzer.render.record_source import RecordSource, optional, symbol_tokens
from analyzer.render.record_spans import part_at
from analyzer.tables.findings import Severity
from analyzer.tables.schema import ABSENT, Int64
from analyzer.tables.vector import IntArray

Piece = bytes | Word | Tokens


def finding_records(source: RecordSource, rows: IntArray) -> Batch:
    """Return the records of some findings."""
    trace = source.trace
    picked = trace.findings.take(rows)
    judged = picked.message_row
    words = _Words(source, rows)
    values: Values = {
        "id": Integers(rows),
        "rule": words.constant(lambda text: text.rule),
        "name": words.constant(lambda text: text.name),
        "case": words.constant(lambda text: text.case),
        "notes": words.constant(lambda text: text.notes),
        "severity": source.names(picked.severity, Severity),
        "scope": symbol_tokens(picked.rule, [each.scope for each in source.rules], source.words),
        "transaction": optional(picked.transaction_row),
        "call": optional(picked.call_row),
        "subscription": optional(picked.subscription_row),
        "registration": optional(picked.registration_row),
        "call_id": part_at(trace, judged, "call_id"),
        "frame": source.frames(judged),
        "time_ns": source.times(judged),
        "status": optional(trace.messages.status[judged], 0),
        "method": source.methods(trace.transactions.method_sym[picked.transaction_row]),
        "title": words.constant(lambda text: text.title),
        "meaning": words.constant(lambda text: text.meaning),
        "message": words.forms(words.message),
        "likely": words.forms(words.likely),
        "next_steps": words.forms(words.next_steps),
        "references": words.constant(lambda text: text.references),
        "evidence": words.forms(words.evidence),
        "answered_by": _answered_by(source, rows, words),
        "relayed": Booleans(picked.relayed),
    }
    return source.batch(len(rows), values)


class _Words:
    """The words of some findings, group by group, and the columns of the fields they name."""

    def __init__(self, source: RecordSource, rows: IntArray) -> None:
        self._language = source.language
        self.count = len(rows)
        self.groups = group_by_words(source.trace, rows, source.rules, source.language)
        self._group = np.zeros(self.count, np.int64)
        for number, alike in enumerate(self.groups):
            self._group[alike.positions] = number
        self._known: dict[tuple[Judged, str, bool], Tokens] = {}

    def constant(self, read: Callable[[FindingText], object]) -> Tokens:
        """Return what is the same for all findings of a group."""
        pool = TokenPool()
        pool.tokens = [orjson.dumps(read(each.words.constant)) for each in self.groups]
        return Tokens(self._group, pool)

    def forms(self, form: Callable[[Alike], Form]) -> Forms:
        """Return what is made of values in the same way for all findings of a group."""
        return Forms(self._group, tuple(map(form, self.groups)))

    def message(self, alike: Alike) -> Form:
        """Return what is certain as a text."""
        gap = GAPS.get(self._language, " ").encode()
        pieces: list[Piece] = [b'"']
        for number, each in enumerate(alike.words.message):
            pieces += [gap if number else b"", *self._filled(alike, each)]
        return (*pieces, b'"')

    def likely(self, alike: Alike) -> Form:
        """Return what is only likely as an object, or null."""
        template, constant = alike.words.likely, alike.words.constant.likely
        if template is None or constant is None:
            return (b"null",)
        confidence = orjson.dumps(constant.confidence)
        return (
            b'{"text":"',
            *self._filled(alike, template),
            b'","confidence":' + confidence + b"}",
        )

    def next_steps(self, alike: Alike) -> Form:
        """Return what to do as a list of texts."""
        pieces: list[Piece] = []
        for each in alike.words.next_steps:
            pieces += [b',"' if pieces else b'"', *self._filled(alike, each), b'"']
        return (b"[", *pieces, b"]")

    def evidence(self, alike: Alike) -> Form:
        """Return the values that the verdict rests on as an object."""
        pieces: list[Piece] = []
        for name in alike.words.evidence:
            key = orjson.dumps(name) + b":"
            pieces += [b"," + key if pieces else key, self._column(alike, name, in_text=False)]
        return (b"{", *pieces, b"}")

    def _filled(self, alike: Alike, template: Template) -> list[Piece]:
        pieces: list[Piece] = [orjson.dumps(template.literals[0])[1:-1]]
        for name, literal in zip(template.fields, template.literals[1:], strict=True):
            shown = self._column(alike, name, in_text=True)
            pieces += [Word(shown), orjson.dumps(literal)[1:-1]]
        return pieces

    def _column(self, alike: Alike, name: str, *, in_text: bool) -> Tokens:
        """Return a field for all findings of a rule: as a text shows it, or as it is."""
        key = (alike.judged, name, in_text)
        if key not in self._known:
            column = alike.judged.values(name)
            pool = TokenPool()
            pool.tokens = [
                orjson.dumps(show(name, each, self._language) if in_text else _plain(each))
                for each in column.values
            ]
            self._known[key] = Tokens(self.spread(alike.judged, column.codes), pool)
        return self._known[key]

    def spread(self, judged: Judged, codes: IntArray) -> Int64:
        """Put what is known of the findings of one rule where they are among all."""
        spread = np.full(self.count, ABSENT, np.int64)
        for each in self.groups:
            if each.judged is judged:
                spread[each.positions] = codes[each.rows]
        return spread


def _plain(value: Value) -> str | float | bool | None:
    """Return a value as evidence: figures with at most three decimals."""
    if isinstance(value, Unknown):
        return None
    return round(value, 3) if isinstance(value, float) else value


def _answered_by(source: RecordSource, rows: IntArray, words: _Words) -> Forms:
    trace = source.trace
    sources = trace.messages.source_row[trace.findings.message_row[rows]]
    named: Sequence[tuple[Judged, Coded]] = [
        (each, each.kept(products)) for each in dict.fromkeys(each.judged for each in words.groups)
    ]
    pool, numbers = TokenPool(), np.full(len(rows), ABSENT, np.int64)
    for judged, column in named:
        spread = words.spread(judged, column.codes)
        numbers = np.where(spread >= 0, spread + len(pool.tokens), numbers)
        pool.tokens += [orjson.dumps(each) for each in column.values]
    form: Form = (
        b'{"address":',
        Addresses(sources, trace.endpoints),
        b',"port":',
        Integers(trace.endpoints.port[sources]),
        b',"server":',
        Tokens(numbers, pool),
        b"}",
    )
    return Forms(np.zeros(len(rows), np.int64), (form,))
