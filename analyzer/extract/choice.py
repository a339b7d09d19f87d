"""What was asked for → the calls, and the messages that belong to it.

A call is all messages of its legs, and whatever else has a Call-ID of them: a NOTIFY after a REFER,
an OPTIONS inside the dialog. With nothing asked for, it is all that is SIP.
"""

import numpy as np

from analyzer.annotate.conditions import holding
from analyzer.annotate.items import load_kinds
from analyzer.annotate.rule import When
from analyzer.frozen import frozen
from analyzer.report.selection import select
from analyzer.tables.schema import Bool, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import distinct, find_keys, is_in, number_groups

_UNITS = ("call", "subscription", "registration")
"""What a transaction may belong to."""


@frozen
class Wanted:
    """What is asked for; all of it must hold."""

    call: str = ""
    """Part of a Call-ID."""
    where: When = ()
    """Conditions on calls: nothing else is chosen then."""
    findings: tuple[str, ...] = ()
    """Rules, cases (`RSP603.not-alerted`) or families (`SUB`), any of which was found."""

    def finds(self, rule: str, case: str) -> bool:
        """Tell whether a finding is one of those that are asked for."""
        return any(name in (rule, f"{rule}.{case}", rule[:3]) for name in self.findings)


@frozen
class Chosen:
    """Rows of the tables, ascending."""

    calls: Int64
    messages: Int64


def choose(trace: Trace, wanted: Wanted) -> Chosen:
    """Return what was asked for; nothing when nothing fits."""
    picked = select(trace, wanted.call)
    units = {
        "call": picked.calls,
        "subscription": picked.subscriptions,
        "registration": picked.registrations,
    }
    transactions = np.zeros(0, np.int64)
    if wanted.findings:
        found = _named(trace, wanted)
        belongs = [getattr(trace.findings, f"{unit}_row") for unit in _UNITS]
        for unit, rows in zip(_UNITS, belongs, strict=True):
            units[unit] = units[unit][is_in(units[unit], rows[found])]
        is_alone = np.all([rows[found] < 0 for rows in belongs], axis=0)
        alone = picked.findings[is_in(picked.findings, found[is_alone])]
        transactions = trace.findings.transaction_row[alone].astype(np.int64)
    if wanted.where:
        subject = load_kinds()["calls"].items(trace, {}).subject
        nothing = np.zeros(0, np.int64)
        units = dict.fromkeys(_UNITS, nothing) | {
            "call": holding(wanted.where, subject, units["call"])
        }
        transactions = nothing
    is_chosen = _messages_of(trace, units, transactions)
    if not wanted.findings and not wanted.where:
        is_chosen |= _with_call_id(trace, wanted.call)
    return Chosen(units["call"], np.flatnonzero(is_chosen))


def _named(trace: Trace, wanted: Wanted) -> Int64:
    """Return the findings that are asked for."""
    findings, rules = trace.findings, trace.rules
    pairs = zip(findings.rule.tolist(), findings.case.tolist(), strict=True)
    fits = [wanted.finds(rules[rule].id, rules[rule].cases[case].id) for rule, case in pairs]
    return np.flatnonzero(np.array(fits, np.bool_))


def _messages_of(trace: Trace, units: dict[str, Int64], transactions: Int64) -> Bool:
    """Tell which messages belong to calls, subscriptions, registrations and transactions."""
    table, messages = trace.transactions, trace.messages
    is_chosen = np.zeros(len(table) + 1, np.bool_)  # the last one is that of no transaction
    is_chosen[transactions] = True
    for unit in ("subscription", "registration"):
        is_chosen[:-1] |= is_in(getattr(table, f"{unit}_row"), units[unit])
    of_calls = np.append(is_in(table.call_row, units["call"]), np.False_)
    transaction = trace.links.transaction_row
    is_of_call = of_calls[transaction]
    is_of_call[trace.calls.first_row[units["call"]]] = True
    hashes = distinct(messages.call_id_hash[is_of_call])
    has_call_id = find_keys(hashes[hashes > 0], messages.call_id_hash) >= 0
    found: Bool = is_chosen[transaction] | is_of_call | has_call_id
    return found


def _with_call_id(trace: Trace, part: str) -> Bool:
    """Tell which messages have a Call-ID that contains a text; all, when it is empty."""
    messages = trace.messages
    if not part:
        return np.ones(len(messages), np.bool_)
    numbers, firsts = number_groups(messages.call_id_hash)
    has_part = [part in trace.text(row, "call_id") for row in firsts.tolist()]
    found: Bool = np.array(has_part, np.bool_)[numbers]
    return found
