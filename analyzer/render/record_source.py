"""What the records of one trace have in common while they are written: groups of rows, pools."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import Any

import numpy as np

from analyzer.measure.links import linked_calls
from analyzer.render.record_columns import (
    Batch,
    Endpoints,
    Frames,
    Integers,
    Lists,
    Members,
    TokenPool,
    Tokens,
    Value,
    Values,
)
from analyzer.sip.sdp import codecs
from analyzer.tables.schema import ABSENT, Int64
from analyzer.tables.symbols import SymbolTable
from analyzer.tables.trace import Trace
from analyzer.tables.vector import Groups, IntArray, group_rows, pick


@dataclass(frozen=True)
class RecordSource:
    """A trace with the rules and the language its records are written with."""

    trace: Trace
    rules: tuple[Any, ...] = ()
    language: str = "en"
    words: TokenPool = field(default_factory=TokenPool)
    """States, outcomes, methods, codecs: what there are few of."""
    known_codecs: dict[bytes | None, int] = field(default_factory=dict)
    """Lines of SDP that name codecs → the names in `words`."""

    def batch(self, count: int, values: Values) -> Batch:
        """Make a batch whose texts are in the captures of the trace."""
        return Batch(count, values, self.trace.spans.sources)

    @cached_property
    def provisionals(self) -> Members:
        """Rows of the 1xx responses of each transaction, without repeats and copies."""
        links, status = self.trace.links, self.trace.messages.status
        is_first = (links.copy_of_row < 0) & (links.retransmission_of_row < 0)
        rows = np.flatnonzero((status >= 100) & (status < 200) & is_first)
        groups = group_rows(links.transaction_row[rows], len(self.trace.transactions))
        return Members(Groups(rows[groups.order], groups.starts))

    @cached_property
    def transactions_of_call(self) -> Members:
        """Rows of the transactions of each call."""
        return Members(self.trace.transactions_of_call)

    @cached_property
    def linked_calls(self) -> tuple[Int64, Int64, Int64]:
        """Rows of the call that each call was to replace, was replaced by, and was to join."""
        return linked_calls(self.trace)

    @cached_property
    def findings_of_call(self) -> Members:
        """Rows of the findings of each call."""
        return Members(self.trace.findings_of_call)

    @cached_property
    def findings_of_transaction(self) -> Members:
        """Rows of the findings of each transaction."""
        return Members(self.trace.findings_of_transaction)

    @cached_property
    def transactions_of_subscription(self) -> Members:
        """Rows of the transactions of each subscription."""
        return Members(self.trace.transactions_of_subscription)

    @cached_property
    def transactions_of_registration(self) -> Members:
        """Rows of the transactions of each registration."""
        return Members(self.trace.transactions_of_registration)

    @cached_property
    def findings_of_subscription(self) -> Members:
        """Rows of the findings of each subscription."""
        rows = self.trace.findings.subscription_row
        return Members(group_rows(rows, len(self.trace.subscriptions)))

    @cached_property
    def findings_of_registration(self) -> Members:
        """Rows of the findings of each registration."""
        rows = self.trace.findings.registration_row
        return Members(group_rows(rows, len(self.trace.registrations)))

    @cached_property
    def anomaly_kinds(self) -> dict[int, list[str]]:
        """Kinds of anomaly by message row, each once, in the order of their names."""
        found: dict[int, set[str]] = {}
        named = self.trace.message_anomalies
        for row, kind in zip(named.message_rows, named.kinds, strict=True):
            found.setdefault(row, set()).add(kind)
        return {row: sorted(kinds) for row, kinds in found.items()}

    def members(self, groups: Members, rows: IntArray) -> Lists:
        """Return what belongs to some rows as lists of ids."""
        starts, members = groups.of(rows)
        return Lists(starts, Integers(members))

    def names(self, column: IntArray, names: type[IntEnum], *, lower: bool = True) -> Tokens:
        """Return the names of states and the like; 0 is absent."""
        table = np.full(max(names) + 1, ABSENT, np.int64)
        for each in names:
            if each:
                table[each] = self.words.number(each.name.lower() if lower else each.name)
        return Tokens(table[column], self.words)

    def methods(self, symbols: IntArray) -> Tokens:
        """Return methods by their symbols; 0 is absent."""
        return symbol_tokens(symbols, self.trace.methods, self.words)

    def texts(self, symbols: IntArray) -> Tokens:
        """Return texts of `Trace.texts` by their symbols; 0 is absent."""
        return symbol_tokens(symbols, self.trace.texts, TokenPool())

    def endpoints(self, rows: IntArray) -> Endpoints:
        """Return addresses with ports."""
        return Endpoints(rows, self.trace.endpoints)

    def frames(self, rows: IntArray) -> Frames:
        """Return the frames of messages; a negative row has none."""
        messages = self.trace.messages
        return Frames(pick(messages.capture, rows, 0), pick(messages.frame, rows, 0))

    def times(self, rows: IntArray) -> Integers:
        """Return the times of messages; a negative row has none."""
        never = np.iinfo(np.int64).min
        return Integers(pick(self.trace.messages.time_ns, rows, never), int(never))

    def codec_tokens(self, lines: list[bytes | None]) -> Int64:
        """Return the number in `words` of the codecs that SDP names; -1 without SDP."""
        known = self.known_codecs
        for each in set(lines) - known.keys():
            known[each] = ABSENT if each is None else self.words.number(codecs(each))
        return np.array([known[each] for each in lines], np.int64)


def symbol_tokens(symbols: IntArray, texts: SymbolTable | Sequence[str], pool: TokenPool) -> Tokens:
    """Return texts by their number; an empty one is absent."""
    distinct, which = np.unique(symbols, return_inverse=True)
    found = [texts[each] for each in distinct.tolist()]
    numbers = [pool.number(text) if text else ABSENT for text in found]
    return Tokens(np.array([*numbers, ABSENT], np.int64)[which], pool)


def optional(column: IntArray, absent: int = ABSENT) -> Value:
    """Return numbers with one that stands for null."""
    return Integers(column, absent)
