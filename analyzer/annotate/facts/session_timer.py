"""Fields of session timers (RFC 4028): calls that went on without the refresh they ask for."""

import numpy as np

from analyzer.annotate.columns import durations, names, numbers
from analyzer.annotate.fields import Judged, Values, field
from analyzer.measure.session_intervals import (
    NS_PER_S,
    Unrefreshed,
    is_overdue,
    may_be_overdue,
    notice_ns,
    unrefreshed,
)
from analyzer.measure.session_timers import SessionTimers, last_timers
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Int64
from analyzer.tables.vector import pick

_LATE_S = 5
"""A BYE may come so much after the interval and still be sent because of it."""


def overdue_calls(judged: Judged) -> tuple[Int64, SessionTimers, Unrefreshed]:
    """Return for each row the call whose session interval ran out without a refresh, ABSENT for
    any other, the timers of all calls and how long each waited.
    """
    trace, rows = judged.trace, judged.transaction_rows
    timers = last_timers(trace, may_be_overdue(trace))
    waited = unrefreshed(trace)
    calls = trace.transactions.call_row[rows].astype(np.int64)
    is_own = (calls >= 0) & (pick(trace.calls.transaction_row, calls, ABSENT) == rows)
    is_late = pick(is_overdue(trace, timers, waited).astype(np.int8), calls, 0) > 0
    return np.where(is_own & is_late, calls, ABSENT), timers, waited


@field(
    "session.interval",
    "seconds",
    en="Session interval (Session-Expires of the answer, or of the last refresh) of a call that "
    "went on past it without another.",
    ja="更新されないまま有効期間を過ぎた通話のセッション間隔（応答または最後に成功した更新の "
    "Session-Expires）。",
)
def _session_interval(judged: Judged) -> Values:
    calls, timers, _ = judged.kept(overdue_calls)
    return numbers(pick(timers.expires_s, calls, ABSENT))


@field(
    "session.unrefreshed_ms",
    "duration_ms",
    en="From the answer, or the last refresh that succeeded, to the BYE, else to the end of the "
    "capture, of a call that was not refreshed in time.",
    ja="期限内に更新されなかった通話の、応答（または最後に成功した更新）から BYE まで（BYE が"
    "なければキャプチャの終わりまで）の時間。",
)
def _session_unrefreshed(judged: Judged) -> Values:
    calls, _, waited = judged.kept(overdue_calls)
    return durations(pick(waited.spent_ns, calls, ABSENT))


@field(
    "session.refresher",
    "text",
    en="Who has to refresh the session, by the answer or the last refresh.",
    ja="応答または最後に成功した更新で示された、セッションを更新する側。",
    choices={
        "uac": {"en": "the caller", "ja": "発信側"},
        "uas": {"en": "the callee", "ja": "着信側"},
    },
)
def _session_refresher(judged: Judged) -> Values:
    calls, timers, _ = judged.kept(overdue_calls)
    return names(pick(timers.refresher, calls, 0) - 1, ("uac", "uas"))


@field(
    "session.end",
    "text",
    en="What came of a call whose session interval ran out: a refresh was tried and failed, a BYE "
    "came when it ran out, or the call went on.",
    ja="セッション間隔が満了した通話のその後。更新の失敗、満了時の BYE、継続のいずれか。",
    choices={
        "failed": {"en": "a refresh failed", "ja": "更新に失敗"},
        "cut": {"en": "a BYE when the interval ran out", "ja": "満了時に BYE"},
        "went-on": {"en": "the call went on", "ja": "通話は継続"},
    },
)
def _session_end(judged: Judged) -> Values:
    trace, table = judged.trace, judged.trace.transactions
    calls, timers, waited = judged.kept(overdue_calls)
    is_change = table.in_dialog & np.isin(table.method_sym, (Method.INVITE, Method.UPDATE))
    is_change &= (table.call_row >= 0) & (table.request_row >= 0)
    is_change &= (table.final_status >= 300) | (table.final_row < 0)
    failed = np.flatnonzero(is_change)
    is_later = (
        trace.messages.time_ns[table.request_row[failed]] > waited.since_ns[table.call_row[failed]]
    )
    has_failed = np.zeros(len(trace.calls), np.bool_)
    has_failed[table.call_row[failed[is_later]]] = True
    interval_ns = timers.expires_s * NS_PER_S
    latest, earliest = interval_ns + _LATE_S * NS_PER_S, interval_ns - notice_ns(timers)
    is_cut = waited.has_ended & (waited.spent_ns >= earliest) & (waited.spent_ns <= latest)
    kinds = np.select([has_failed, is_cut], [0, 1], 2)
    return names(pick(kinds, calls, ABSENT), ("failed", "cut", "went-on"))
