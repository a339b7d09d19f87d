"""Rows of FindingTable and their words → columns of finding records.

The words are made finding by finding (`annotate.wording`); what repeats is encoded once.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import orjson

from analyzer.annotate.wording import EvidenceValue, FindingText, describe
from analyzer.render.record_columns import Batch, Booleans, Integers, TokenPool, Tokens, Values
from analyzer.render.record_source import RecordSource, optional, symbol_tokens
from analyzer.render.record_spans import part_at
from analyzer.tables.findings import Severity
from analyzer.tables.vector import IntArray


def finding_records(source: RecordSource, rows: IntArray) -> Batch:
    """Return the records of some findings."""
    trace = source.trace
    picked = trace.findings.take(rows)
    judged = picked.message_row
    with source.describing:
        texts = describe(trace, rows, source.rules, source.language)

    def words(read: Callable[[FindingText], object]) -> Tokens:
        return _tokens([read(text) for text in texts])

    values: Values = {
        "id": Integers(rows),
        "rule": words(lambda text: text.rule),
        "name": words(lambda text: text.name),
        "case": words(lambda text: text.case),
        "notes": words(lambda text: text.notes),
        "severity": source.names(picked.severity, Severity),
        "scope": _scopes(source, picked.rule),
        "transaction": optional(picked.transaction_row),
        "call": optional(picked.call_row),
        "subscription": optional(picked.subscription_row),
        "registration": optional(picked.registration_row),
        "call_id": part_at(trace, judged, "call_id"),
        "frame": source.frames(judged),
        "time_ns": source.times(judged),
        "status": optional(trace.messages.status[judged], 0),
        "method": source.methods(trace.transactions.method_sym[picked.transaction_row]),
        "title": words(lambda text: text.title),
        "meaning": words(lambda text: text.meaning),
        "message": words(lambda text: text.message),
        "likely": words(_likely),
        "next_steps": words(lambda text: text.next_steps),
        "references": words(lambda text: text.references),
        "evidence": _each([_rounded(text.evidence) for text in texts]),
        "answered_by": words(_answered_by),
        "relayed": Booleans(picked.relayed),
    }
    return source.batch(len(rows), values)


def _scopes(source: RecordSource, rules: IntArray) -> Tokens:
    return symbol_tokens(rules, [each.scope for each in source.rules], source.words)


class Pairs(tuple[tuple[str, object], ...]):
    """Keys and values of an object, comparable and hashable."""

    __slots__ = ()


def _likely(text: FindingText) -> Pairs | None:
    likely = text.likely
    return Pairs((("text", likely.text), ("confidence", likely.confidence))) if likely else None


def _answered_by(text: FindingText) -> Pairs:
    by = text.answered_by
    return Pairs((("address", by.address), ("port", by.port), ("server", by.server)))


def _tokens(values: Sequence[object]) -> Tokens:
    """Return values of which many are equal."""
    numbers: dict[object, int] = {}
    column = [numbers.setdefault(value, len(numbers)) for value in values]
    return Tokens(np.array(column, np.int64), _pool(list(numbers)))


def _each(values: Sequence[object]) -> Tokens:
    """Return values of which few are equal."""
    return Tokens(np.arange(len(values)), _pool(values))


def _rounded(evidence: Mapping[str, EvidenceValue]) -> dict[str, EvidenceValue]:
    """Return figures with at most three decimals."""
    return {
        name: round(value, 3) if isinstance(value, float) else value
        for name, value in evidence.items()
    }


def _pool(values: Sequence[object]) -> TokenPool:
    pool = TokenPool()
    pool.tokens = [
        orjson.dumps(dict(value) if isinstance(value, Pairs) else value) for value in values
    ]
    return pool
