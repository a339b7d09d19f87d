"""How long calls went without a refresh, and whether their session interval ran out (RFC 4028)."""

import numpy as np

from analyzer.frozen import frozen
from analyzer.measure.session_timers import SessionTimers, is_refresh
from analyzer.tables.calls import Outcome
from analyzer.tables.schema import ABSENT, Bool, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import pick

NOTICE_S = 32
"""RFC 4028 §10: who does not refresh sends BYE this long, or a third, before the interval ends."""
SHORTEST_S = 90
"""RFC 4028 §4: no session interval is shorter."""
NS_PER_S = 1_000_000_000


@frozen
class Unrefreshed:
    """How long each call went on since its last refresh, parallel to CallTable."""

    since_ns: Int64
    """Its answer, or the last 2xx to a re-INVITE or UPDATE, each of which refreshes (§7.4); ABSENT
    for no such call.
    """
    spent_ns: Int64
    """From there to the BYE, else to the end of what the captures show of all traffic."""
    has_ended: Bool
    """A BYE ended it."""


def unrefreshed(trace: Trace) -> Unrefreshed:
    """Return how long answered calls went without a refresh."""
    calls, table, time_ns = trace.calls, trace.transactions, trace.messages.time_ns
    is_answered = (calls.outcome == Outcome.ANSWERED) & (calls.final_row >= 0)
    since = np.where(is_answered, pick(time_ns, calls.final_row, 0), ABSENT)
    changes = np.flatnonzero(is_refresh(trace))
    np.maximum.at(since, table.call_row[changes], time_ns[table.final_row[changes]])
    since[~is_answered] = ABSENT
    last_ns = max((each.end_ns or 0 for each in trace.captures), default=0)
    has_ended = calls.end_row >= 0
    until = np.where(has_ended, pick(time_ns, calls.end_row, 0), last_ns)
    return Unrefreshed(since, np.where(is_answered, until - since, 0), has_ended)


def is_overdue(trace: Trace, timers: SessionTimers, waited: Unrefreshed) -> Bool:
    """Tell which calls went on past their session interval without a refresh: it passed, or the
    side that waited for the refresh hung up when it was nearly over. Who is to refresh needs no
    reason of that kind to hang up.
    """
    calls = trace.calls
    has_waited = waited.has_ended & (timers.refresher > 0) & (calls.ended_by > 0)
    has_waited &= calls.ended_by != timers.refresher
    overdue: Bool = waited.spent_ns + notice_ns(timers) * has_waited >= timers.expires_s * NS_PER_S
    return overdue & (timers.expires_s > 0) & (waited.since_ns >= 0)


def notice_ns(timers: SessionTimers) -> Int64:
    """Return how long before the end of each interval the side that waits sends BYE."""
    return np.minimum(NOTICE_S * NS_PER_S, timers.expires_s * NS_PER_S // 3)


def may_be_overdue(trace: Trace) -> Int64:
    """Return the calls that went on so long without a refresh that the shortest session interval
    would be over: which ones asked for one is not looked up for the others.
    """
    waited = unrefreshed(trace)
    long_enough = waited.spent_ns >= (SHORTEST_S - NOTICE_S) * NS_PER_S
    return np.flatnonzero(long_enough & (waited.since_ns >= 0))
