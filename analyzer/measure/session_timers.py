"""Session timers (RFC 4028): the interval that each 2xx states, and who is to refresh.

Every 2xx to the INVITE or to a refresh states them anew; one without Session-Expires ends the timer
(§7.2).
"""

import numpy as np

from analyzer.frozen import frozen
from analyzer.sip.headers import header_values
from analyzer.tables.calls import Outcome, Party
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Bool, Int8, Int64
from analyzer.tables.trace import Trace

_REFRESHERS = {"uac": Party.CALLER, "uas": Party.CALLEE}
_OTHER = np.array([Party.UNKNOWN, Party.CALLEE, Party.CALLER], np.int8)


@frozen
class SessionTimers:
    """Columns parallel to the calls."""

    expires_s: Int64
    """Session-Expires; -1 none."""
    refresher: Int8
    """Party that is to refresh; 0 unknown."""


def session_timers(trace: Trace, calls_asked: Int64 | None = None) -> SessionTimers:
    """Return what the answer to each call states; of calls that are not asked for, nothing."""
    rows = _answered(trace, calls_asked)
    return _stated(trace, rows, trace.calls.final_row[rows].astype(np.int64))


def last_timers(trace: Trace, calls_asked: Int64 | None = None) -> SessionTimers:
    """Return what the last 2xx to an INVITE or UPDATE of each call's first leg states: what holds
    from then on.
    """
    rows = _answered(trace, calls_asked)
    stating = trace.calls.final_row.astype(np.int64)
    for finals in _refreshes(trace, stating):
        stating[trace.transactions.call_row[trace.links.transaction_row[finals]]] = finals
    return _stated(trace, rows, stating[rows])


def _answered(trace: Trace, calls_asked: Int64 | None) -> Int64:
    calls = trace.calls
    is_answered = (calls.outcome == Outcome.ANSWERED) & (calls.final_row >= 0)
    return (
        np.flatnonzero(is_answered)
        if calls_asked is None
        else calls_asked[is_answered[calls_asked]]
    )


def is_refresh(trace: Trace) -> Bool:
    """Tell which transactions are a re-INVITE or UPDATE of a call that got a 2xx (§7.4)."""
    table = trace.transactions
    found: Bool = table.in_dialog & np.isin(table.method_sym, (Method.INVITE, Method.UPDATE))
    found &= (table.call_row >= 0) & (table.final_status // 100 == 2)
    return found


def _refreshes(trace: Trace, answer: Int64) -> tuple[Int64, Int64]:
    """Return the 2xx of refreshes after the answers of their calls and on the same leg, in their
    order: those seen on another path than the answer, then those on its path, which count first.
    """
    messages, table = trace.messages, trace.transactions
    finals = np.sort(table.final_row[is_refresh(trace)].astype(np.int64))
    transaction = trace.links.transaction_row[finals]
    own = answer[table.call_row[transaction]]
    is_own = (own >= 0) & (finals > own)
    is_own &= messages.call_id_hash[finals] == messages.call_id_hash[own]
    finals, own = finals[is_own], own[is_own]
    source, destination = messages.source_row[finals], messages.destination_row[finals]
    there, back = messages.source_row[own], messages.destination_row[own]
    is_same = (source == there) & (destination == back)
    is_same |= (source == back) & (destination == there)
    return finals[~is_same], finals[is_same]


def _stated(trace: Trace, rows: Int64, stating: Int64) -> SessionTimers:
    """Return what a 2xx of each of some calls states; uac is who sent the request it answers."""
    messages, count = trace.messages, len(trace.calls)
    expires_s = np.full(count, ABSENT, np.int64)
    refresher = np.zeros(count, np.int8)
    values = header_values(trace, stating, "Session-Expires")
    for row, value in zip(rows.tolist(), values, strict=True):
        if value is None:
            continue
        text, *parameters = (part.strip().lower() for part in value.split(";"))
        if text.isascii() and text.isdigit() and len(text) < 10:
            expires_s[row] = int(text)
        for name, _, said in (each.partition("=") for each in parameters):
            if name.strip() == "refresher":
                refresher[row] = _REFRESHERS.get(said.strip(), Party.UNKNOWN)
    callers = messages.from_tag_hash[trace.calls.final_row[rows]]
    turned = rows[messages.from_tag_hash[stating] != callers]
    refresher[turned] = _OTHER[refresher[turned]]
    return SessionTimers(expires_s, refresher)
