"""Which calls take the place of others, or join them (RFC 3891, RFC 3911)."""

import numpy as np

from analyzer.tables.schema import ABSENT, Int32, Int64
from analyzer.tables.trace import Trace


def linked_calls(trace: Trace) -> tuple[Int64, Int64, Int64]:
    """Return for each call the one that it was to replace, the one that replaced it (its INVITE was
    answered with 2xx), and the one that it was to join; -1 for none.
    """
    calls = trace.calls
    replaces, joins = _named(trace, trace.legs.replaces_row), _named(trace, trace.legs.joins_row)
    replaced_by = np.full(len(calls), ABSENT, np.int64)
    done = np.flatnonzero((replaces >= 0) & (calls.final_status // 100 == 2))
    replaced_by[replaces[done]] = done
    return replaces, replaced_by, joins


def _named(trace: Trace, leg_rows: Int32) -> Int64:
    call_of = trace.legs.call_row
    found = np.full(len(trace.calls), ABSENT, np.int64)
    rows = np.flatnonzero(leg_rows >= 0)
    rows = rows[call_of[rows] != call_of[leg_rows[rows]]]
    found[call_of[rows]] = call_of[leg_rows[rows]]
    return found
