"""Session timers (RFC 4028): the interval that the answer states, and who is to refresh."""

import numpy as np

from analyzer.frozen import frozen
from analyzer.sip.headers import header_values
from analyzer.tables.calls import Outcome, Party
from analyzer.tables.schema import ABSENT, Int8, Int64
from analyzer.tables.trace import Trace

_REFRESHERS = {"uac": Party.CALLER, "uas": Party.CALLEE}


@frozen
class SessionTimers:
    """Columns parallel to the calls."""

    expires_s: Int64
    """Session-Expires of the answer; -1 none."""
    refresher: Int8
    """Party that is to refresh; 0 unknown."""


def session_timers(trace: Trace, calls_asked: Int64 | None = None) -> SessionTimers:
    """Return what the answer to each call states; of calls that are not asked for, nothing."""
    calls = trace.calls
    expires_s = np.full(len(calls), ABSENT, np.int64)
    refresher = np.zeros(len(calls), np.int8)
    is_answered = (calls.outcome == Outcome.ANSWERED) & (calls.final_row >= 0)
    rows = np.flatnonzero(is_answered)
    if calls_asked is not None:
        rows = calls_asked[is_answered[calls_asked]]
    values = header_values(trace, calls.final_row[rows].astype(np.int64), "Session-Expires")
    for row, value in zip(rows.tolist(), values, strict=True):
        if value is None:
            continue
        text, *parameters = (part.strip().lower() for part in value.split(";"))
        if text.isascii() and text.isdigit() and len(text) < 10:
            expires_s[row] = int(text)
        for name, _, said in (each.partition("=") for each in parameters):
            if name.strip() == "refresher":
                refresher[row] = _REFRESHERS.get(said.strip(), Party.UNKNOWN)
    return SessionTimers(expires_s, refresher)
