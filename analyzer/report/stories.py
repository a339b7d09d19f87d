"""Calls, subscriptions, registrations and lone transactions → a sentence and a ladder each."""

import numpy as np

from analyzer.report.ladder import LONGEST, build_ladder, messages_of
from analyzer.report.model import Story
from analyzer.report.sentences import (
    call_sentence,
    registration_sentence,
    subscription_sentence,
    transaction_sentence,
)
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace

Subject = tuple[str, int]
"""Kind and row of what a story is about."""


def subjects_of(trace: Trace, finding_rows: Int64) -> list[Subject]:
    """Return what findings belong to, each once, in the order of the findings."""
    findings = trace.findings
    subjects: dict[Subject, None] = {}
    for row in finding_rows.tolist():
        columns = (
            ("call", findings.call_row),
            ("subscription", findings.subscription_row),
            ("registration", findings.registration_row),
            ("transaction", findings.transaction_row),
        )
        kind, column = next(pair for pair in columns if pair[1][row] >= 0)
        subjects[kind, int(column[row])] = None
    return list(subjects)


def tell(trace: Trace, subjects: list[Subject], language: str, *, whole: bool) -> tuple[Story, ...]:
    """Return the stories of subjects, their ladders in full if asked."""
    longest = None if whole else LONGEST
    stories = []
    for kind, row in subjects:
        messages = messages_of(trace, transactions_of(trace, kind, row))
        call_id = trace.text(int(messages[0]), "call_id") if len(messages) else ""
        ladder = build_ladder(trace, messages, longest) if len(messages) else None
        stories.append(Story(kind, row, call_id, _sentence(trace, kind, row, language), ladder))
    return tuple(stories)


def transactions_of(trace: Trace, kind: str, row: int) -> Int64:
    """Return the transactions of a subject."""
    if kind == "transaction":
        return np.array([row], np.int64)
    groups = {
        "call": trace.transactions_of_call,
        "subscription": trace.transactions_of_subscription,
        "registration": trace.transactions_of_registration,
    }
    return groups[kind].of(row)


def _sentence(trace: Trace, kind: str, row: int, language: str) -> str:
    tellers = {
        "call": call_sentence,
        "subscription": subscription_sentence,
        "registration": registration_sentence,
        "transaction": transaction_sentence,
    }
    return tellers[kind](trace, row, language)
