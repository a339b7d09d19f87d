"""Calls → the rows of the call table: all of them, or of many those that matter most."""

import numpy as np

from analyzer.report.model import CallSummary
from analyzer.report.parties import naming_messages_of_calls, parties
from analyzer.tables.calls import Outcome
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import count_each

MOST = 20
"""Calls printed when there are no more."""
SOME = 10
"""Calls printed when there are more."""


def choose_calls(
    trace: Trace, rows: Int64, *, everything: bool, most: int = MOST, some: int = SOME
) -> Int64:
    """Return the calls to list: of more than `most` those with findings first, then those that
    failed, `some` of them.
    """
    if everything or len(rows) <= most:
        return rows
    has_finding = findings_per_call(trace)[rows] > 0
    has_failed = trace.calls.outcome[rows] != Outcome.ANSWERED
    order = np.lexsort((rows, ~has_failed, ~has_finding))
    return np.sort(rows[order[:some]])


def findings_per_call(trace: Trace) -> Int64:
    """Count the findings of each call, those on hops that only passed a response on left out."""
    findings = trace.findings
    return count_each(findings.call_row, ~findings.relayed, len(trace.calls)).astype(np.int64)


def summarize_calls(trace: Trace, rows: Int64) -> tuple[CallSummary, ...]:
    """Return a row of the call table for each call."""
    calls = trace.calls
    naming = naming_messages_of_calls(trace, rows)
    names = zip(parties(trace, naming, "From"), parties(trace, naming, "To"), strict=True)
    findings = findings_per_call(trace)
    return tuple(
        CallSummary(
            id=row,
            start_ns=int(calls.start_ns[row]),
            caller=caller,
            callee=callee,
            outcome=Outcome(int(calls.outcome[row])),
            final_status=int(calls.final_status[row]) or None,
            ring_ns=known(int(calls.ring_ns[row])),
            talk_ns=known(int(calls.talk_ns[row])),
            findings=int(findings[row]),
        )
        for row, (caller, callee) in zip(rows.tolist(), names, strict=True)
    )


def known(value: int) -> int | None:
    """Return a duration of a column, None where it is absent."""
    return value if value >= 0 else None
