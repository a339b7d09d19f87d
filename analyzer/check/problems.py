"""Findings of a trace → the problems that a policy counts, with their words and fingerprints."""

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from analyzer.annotate.rule import Rule
from analyzer.annotate.wording import FindingText, describe
from analyzer.check.fingerprints import fingerprint, without_port
from analyzer.check.model import Problem
from analyzer.check.places import in_words, ladder_of, named_place, pairs_of
from analyzer.check.policy import Rating
from analyzer.frozen import replace
from analyzer.tables.findings import Severity
from analyzer.tables.trace import Trace

Counts = Mapping[str, int]
"""Fingerprint → how often."""
NONE_ACCEPTED: Counts = MappingProxyType({})
LADDERS = 50
"""Ladders drawn at most: a text shows one for each kind of problem."""


def problems_of(
    trace: Trace, rating: Rating, language: str, accepted: Counts = NONE_ACCEPTED
) -> tuple[tuple[Problem, ...], int]:
    """Return the problems in the order of the messages, and how many findings do not count. Of
    alike ones the first has a ladder, and the first that the baseline does not accept.
    """
    severities = [_severity(trace, row, rating) for row in range(len(trace.findings))]
    rows = [row for row, severity in enumerate(severities) if severity is not None]
    texts = describe(trace, np.array(rows, np.int64), trace.rules, language)
    seen: Counter[str] = Counter()
    drawn: set[tuple[str, ...]] = set()
    found = []
    pairs = pairs_of(trace, trace.findings.message_row[rows].astype(np.int64))
    for row, text, pair in zip(rows, texts, pairs, strict=True):
        severity = severities[row]
        assert severity is not None  # noqa: S101 - the rows are those that have one
        problem = _problem(trace, row, text, severity, pair)
        seen[problem.fingerprint] += 1
        problem = replace(problem, number=seen[problem.fingerprint], fails=rating.fails(severity))
        key = (*kind_of(problem), str(problem.number <= accepted.get(problem.fingerprint, 0)))
        if key not in drawn and len(drawn) < LADDERS:
            drawn.add(key)
            message, call = _message(trace, row), int(trace.findings.call_row[row])
            place = replace(problem.place, ladder=ladder_of(trace, message, call))
            problem = replace(problem, place=place)
        found.append(problem)
    return tuple(found), len(severities) - len(rows)


def kind_of(problem: Problem) -> tuple[str, ...]:
    """Return what alike problems share: they are shown together."""
    return (problem.id, *problem.notes, problem.severity.name)


def _severity(trace: Trace, row: int, rating: Rating) -> Severity | None:
    table = trace.findings
    rule: Rule = trace.rules[int(table.rule[row])]
    case = rule.cases[int(table.case[row])].id
    return rating.severity_of(rule.id, case, Severity(int(table.severity[row])))


def _message(trace: Trace, row: int) -> int:
    return int(trace.findings.message_row[row])


def _problem(
    trace: Trace, row: int, text: FindingText, severity: Severity, pair: tuple[str, str]
) -> Problem:
    table, message = trace.findings, _message(trace, row)
    return Problem(
        rule=text.rule,
        case=text.case,
        notes=text.notes,
        severity=severity,
        title=text.title,
        meaning=text.meaning,
        message=text.message,
        likely=text.likely,
        next_steps=text.next_steps,
        references=text.references,
        place=named_place(trace, message, int(table.call_row[row]), in_words(pair)),
        subject=_subject(trace, row),
        relayed=bool(table.relayed[row]),
        fingerprint=_fingerprint(trace, row, text, pair),
        number=1,
        fails=False,
    )


def _subject(trace: Trace, row: int) -> str:
    table = trace.findings
    columns = (
        ("call", table.call_row),
        ("subscription", table.subscription_row),
        ("registration", table.registration_row),
    )
    named = next(((name, int(column[row])) for name, column in columns if column[row] >= 0), None)
    kind, number = named or ("transaction", int(table.transaction_row[row]))
    return f"{kind} {number}"


def _fingerprint(trace: Trace, row: int, text: FindingText, pair: tuple[str, str]) -> str:
    message, messages = _message(trace, row), trace.messages
    between = map(without_port, pair)
    method = trace.methods[int(messages.method_sym[message])] or ""
    status = str(int(messages.status[message]))
    relayed = "relayed" if trace.findings.relayed[row] else ""
    rule: Rule = trace.rules[int(trace.findings.rule[row])]
    # lesser notes rest on delays and on other calls: they come and go from run to run
    grave = {each.id for each in rule.notes if (each.severity or 0) >= Severity.WARNING}
    notes = sorted(grave.intersection(text.notes))
    return fingerprint((text.rule, text.case, *notes, method, status, relayed, *between))
