"""Rules × tables → FindingTable.

What is judged is a transaction with the first response that has the status of the rule, provisional
ones included: copies and retransmissions add nothing, and a response keeps its finding when another
final one follows it. A rule of scope `request` judges the request of each transaction that has the
method of the rule.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np

from analyzer.annotate.conditions import holding, resolve
from analyzer.annotate.fields import Coded, Judged
from analyzer.annotate.relays import relayed
from analyzer.annotate.rule import Comparison, Rule, Scalar
from analyzer.settings import Settings
from analyzer.tables.findings import FindingTable
from analyzer.tables.schema import ABSENT, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, first_of_each


def evaluate(
    trace: Trace, rules: Sequence[Rule], settings: Settings, *, aside: bool = False
) -> FindingTable:
    """Judge every response by every rule; findings come in the order of the responses. Rules are
    taken two at a time where it pays to do some work `aside`: much of it is compiled.
    """
    del settings  # thresholds are settings of the rules, which `load` has put in
    numbers = range(len(rules))
    if aside:
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - not for small captures

        with ThreadPoolExecutor(2) as pool:
            parts = list(pool.map(partial(_judge, trace), rules, numbers))
    else:
        parts = list(map(partial(_judge, trace), rules, numbers))
    table = FindingTable.concatenate(parts)
    return table.take(np.lexsort((table.rule, table.message_row)))


def statuses_of(rule: Rule) -> list[int]:
    """Return the status codes that a rule is about: those its `when` names."""
    return sorted({int(status) for status in _named(rule, "status")})


def methods_of(rule: Rule) -> list[str]:
    """Return the methods that a rule is about: those its `when` names."""
    return sorted({str(method) for method in _named(rule, "method")})


def _named(rule: Rule, field: str) -> list[Scalar]:
    return [
        value
        for each in rule.when
        if isinstance(each, Comparison) and (each.field, each.operator) == (field, "is")
        for value in resolve(each.wanted, rule.setting_values())
    ]


def candidates(trace: Trace, rule: Rule) -> Judged:
    """Return the transactions that a rule sees, with the message that it judges in each: the first
    response of each of its statuses, or the request.
    """
    find = _requests if rule.scope == "request" else _responses
    transaction_rows, message_rows = find(trace, rule)
    return Judged(trace, transaction_rows, message_rows, rule.setting_values(), rule.scope)


def _responses(trace: Trace, rule: Rule) -> tuple[IntArray, Int64]:
    status, transaction = trace.messages.status, trace.links.transaction_row
    rows: list[Int64] = []
    for wanted in statuses_of(rule):
        first = first_of_each(transaction, status == wanted, len(trace.transactions))
        rows.append(first[first >= 0].astype(np.int64))
    message_rows = np.sort(np.concatenate(rows)) if rows else np.zeros(0, np.int64)
    return transaction[message_rows], message_rows


def _requests(trace: Trace, rule: Rule) -> tuple[IntArray, Int64]:
    transactions = trace.transactions
    wanted = set(methods_of(rule))
    symbols = [symbol for symbol, name in enumerate(trace.methods) if name in wanted]
    is_wanted = np.zeros(len(list(trace.methods)), np.bool_)
    is_wanted[symbols] = True
    found = np.flatnonzero(is_wanted[transactions.method_sym] & (transactions.request_row >= 0))
    rows = transactions.request_row[found].astype(np.int64)
    order = np.argsort(rows, kind="stable")
    return found[order], rows[order]


def _judge(trace: Trace, rule: Rule, number: int) -> FindingTable:
    judged = candidates(trace, rule)
    if len(judged) == 0:
        return FindingTable.zeros(0)
    remaining = holding(rule.when, judged, np.arange(len(judged)))
    case = np.full(len(judged), ABSENT, np.int16)
    severity = np.zeros(len(judged), np.int8)
    for index, each in enumerate(rule.cases):
        found = holding(each.when, judged, remaining)
        case[found] = index
        severity[found] = each.severity
        remaining = remaining[case[remaining] < 0]
    decided = np.flatnonzero(case >= 0)
    judged.decide(Coded(case.astype(np.int64), [*(each.id for each in rule.cases), None]))
    notes = np.zeros(len(judged), np.uint64)
    for index, each in enumerate(rule.notes):
        found = holding(each.when, judged, decided)
        notes[found] |= np.uint64(1 << index)
        severity[found] = np.maximum(severity[found], each.severity)
    transactions = trace.transactions
    transaction = judged.transaction_rows[decided]
    return FindingTable(
        rule=np.full(len(decided), number),
        case=case[decided],
        notes=notes[decided],
        severity=severity[decided],
        transaction_row=transaction,
        message_row=judged.message_rows[decided],
        call_row=transactions.call_row[transaction],
        subscription_row=transactions.subscription_row[transaction],
        registration_row=transactions.registration_row[transaction],
        relayed=relayed(trace, transaction, judged.message_rows[decided]),
    )
