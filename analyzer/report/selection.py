"""Which calls, subscriptions, registrations and findings a report is about (`--call`)."""

import numpy as np

from analyzer.frozen import frozen
from analyzer.tables.schema import Int32, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import distinct


@frozen
class Selection:
    """Rows of the tables, ascending."""

    calls: Int64
    subscriptions: Int64
    registrations: Int64
    findings: Int64

    def __bool__(self) -> bool:
        """Tell whether anything is selected."""
        return any(
            len(rows)
            for rows in (self.calls, self.subscriptions, self.registrations, self.findings)
        )

    def subjects(self) -> list[tuple[str, int]]:
        """Return all that can be told of: kind and row of each."""
        return [
            *(("call", row) for row in self.calls.tolist()),
            *(("subscription", row) for row in self.subscriptions.tolist()),
            *(("registration", row) for row in self.registrations.tolist()),
        ]


def select(trace: Trace, call: str) -> Selection:
    """Pick what belongs to Call-IDs that contain a text; everything when it is empty."""
    findings = trace.findings
    judged = findings.message_row
    return Selection(
        _calls(trace, call),
        _with_call_id(trace, trace.subscriptions.first_row, call),
        _with_call_id(trace, trace.registrations.first_row, call),
        _with_call_id(trace, judged, call),
    )


def _calls(trace: Trace, part: str) -> Int64:
    """Pick the calls with a leg whose Call-ID contains a text."""
    if not part:
        return np.arange(len(trace.calls))
    return distinct(trace.legs.call_row[_with_call_id(trace, trace.legs.first_row, part)]).astype(
        np.int64
    )


def _with_call_id(trace: Trace, message_rows: Int32, part: str) -> Int64:
    if not part:
        return np.arange(len(message_rows))
    found = [part in trace.text(row, "call_id") for row in message_rows.tolist()]
    return np.flatnonzero(np.array(found, np.bool_))
