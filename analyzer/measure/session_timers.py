"""Session timers (RFC 4028): the interval that the answer states, and sessions nobody refreshed."""

import numpy as np

from analyzer.frozen import frozen
from analyzer.sip.headers import header_values
from analyzer.tables.calls import Outcome, Party
from analyzer.tables.schema import ABSENT, Bool, Int8, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import pick

_NS_PER_S = 1_000_000_000
_LONGEST_NOTICE_S = 32
"""§10: who waits in vain sends BYE this long, or a third, before the interval ends."""
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


def not_refreshed(trace: Trace, timers: SessionTimers, refreshed_ns: Int64) -> Bool:
    """Tell which sessions nobody refreshed in time, given when each last was, -1 for never: the
    interval passed, or the side that waited for the refresh hung up so shortly before its end as
    §10 asks for.
    """
    calls, time_ns = trace.calls, trace.messages.time_ns
    last_ns = max((each.end_ns or 0 for each in trace.captures), default=0)
    since_ns = np.maximum(pick(time_ns, calls.final_row, ABSENT), refreshed_ns)
    ended_ns = pick(time_ns, calls.end_row, ABSENT)
    interval_ns = timers.expires_s * _NS_PER_S
    notice_ns = np.minimum(_LONGEST_NOTICE_S * _NS_PER_S, interval_ns // 3)
    has_waited = (timers.refresher > 0) & (calls.ended_by > 0)
    has_waited &= calls.ended_by != timers.refresher
    until_ns = np.where(ended_ns >= 0, ended_ns + np.where(has_waited, notice_ns, 0), last_ns)
    over: Bool = (timers.expires_s > 0) & (until_ns - since_ns >= interval_ns)
    return over
