"""Delays and durations of sessions as RFC 6076 defines them, and early media, for all calls.

Times run from first transmissions to first arrivals: retransmissions and copies reset none.
"""

import numpy as np

from analyzer.frozen import frozen
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Int32, Int64, UInt64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import (
    IntArray,
    find_keys,
    first_of_each,
    keys_of,
    number_groups,
    pick,
)
from analyzer.tracking.calls import CallMembers
from analyzer.tracking.challenges import NO_FAILURE, beginnings
from analyzer.tracking.transactions import Timers


@frozen
class SessionTimes:
    """Columns parallel to the calls; -1 absent. CallTable says what each measures."""

    request_delay_ns: Int64
    disconnect_delay_ns: Int64
    duration_ns: Int64
    early_media_ns: Int64


def session_times(
    trace: Trace, members: CallMembers, deciding: Int32, end: Int32, timers: Timers
) -> SessionTimes:
    """Measure the sessions of calls, given what decides and what ends each."""
    transactions, time_ns = trace.transactions, trace.messages.time_ns
    final_ns = pick(time_ns, pick(transactions.final_row, deciding, ABSENT), ABSENT)
    is_answered = pick(transactions.final_status, deciding, 0) // 100 == 2
    early = pick(_early_media(trace), deciding, ABSENT)
    return SessionTimes(
        _request_delay(trace, members, deciding),
        _disconnect_delay(trace, end),
        between(np.where(is_answered, final_ns, ABSENT), _disconnected(trace, end, timers)),
        between(pick(time_ns, early, ABSENT), final_ns),
    )


def _request_delay(trace: Trace, members: CallMembers, deciding: Int32) -> Int64:
    """Return the session request delays: a 3xx and a challenge that nobody answers end none."""
    transactions, time_ns = trace.transactions, trace.messages.time_ns
    rows = np.flatnonzero(members.is_initial)
    first = np.arange(len(transactions))
    first[rows] = beginnings(trace, members.call_of_transaction, rows)
    asked = pick(transactions.request_row, pick(first, deciding, ABSENT), ABSENT)
    alerting_ns = pick(time_ns, pick(transactions.alerting_row, deciding, ABSENT), ABSENT)
    final_ns = pick(time_ns, pick(transactions.final_row, deciding, ABSENT), ABSENT)
    status = pick(transactions.final_status, deciding, 0)
    counts = (status // 100 != 3) & ~np.isin(status, NO_FAILURE)
    told_ns = np.where(alerting_ns >= 0, alerting_ns, np.where(counts, final_ns, ABSENT))
    return between(pick(time_ns, asked, ABSENT), told_ns)


def between(begin_ns: Int64, end_ns: Int64) -> Int64:
    """Return durations, -1 where an end is missing or they are the wrong way round."""
    return np.where((begin_ns >= 0) & (end_ns >= begin_ns), end_ns - begin_ns, ABSENT)


def ringing_ns(trace: Trace, rows: IntArray) -> Int64:
    """Return how long some calls rang, -1 where the first 18x is none that says so: after a 183 or
    181 nobody may have heard anything ring.
    """
    calls, transactions = trace.calls, trace.transactions
    alerting = pick(transactions.alerting_row, calls.transaction_row[rows], ABSENT)
    is_ringing = pick(trace.messages.status, alerting, 0) == 180
    return np.where(is_ringing, calls.ring_ns[rows], ABSENT)


def _early_media(trace: Trace) -> Int32:
    """Return the first 1xx with a body of each transaction, -1 for none."""
    messages = trace.messages
    rows = np.flatnonzero((messages.status > 100) & (messages.status < 200))
    rows = rows[messages.body_len[rows] > 0]
    transaction = trace.links.transaction_row[rows]
    first = first_of_each(transaction, np.ones(len(rows), np.bool_), len(trace.transactions))
    return pick(rows.astype(np.int32), first, ABSENT)


def _disconnect_delay(trace: Trace, end: Int32) -> Int64:
    """Return the session disconnect delays: an error that another BYE mends ends none (§4.4)."""
    transactions, time_ns = trace.transactions, trace.messages.time_ns
    is_bye = transactions.method_sym == Method.BYE
    row = pick(trace.links.transaction_row, end, ABSENT)
    row = np.where(pick(is_bye, row, 0), row, ABSENT)
    is_ended = transactions.final_status // 100 == 2
    failed = np.flatnonzero((row >= 0) & (pick(transactions.final_status, row, 0) >= 300))
    if len(failed):
        mended = np.flatnonzero(is_bye & is_ended & (transactions.request_row >= 0))
        again = find_keys(
            _senders(trace, transactions.request_row[mended]), _senders(trace, end[failed])
        )
        row[failed] = pick(mended, again, ABSENT)
    ended = np.where(pick(is_ended, row, 0), pick(transactions.final_row, row, ABSENT), ABSENT)
    return between(pick(time_ns, end, ABSENT), pick(time_ns, ended, ABSENT))


def _senders(trace: Trace, rows: IntArray) -> UInt64:
    """Name the dialog of some requests and which side sent them."""
    messages = trace.messages
    return keys_of(
        messages.call_id_hash[rows], messages.from_tag_hash[rows], messages.to_tag_hash[rows]
    )


def _disconnected(trace: Trace, end: Int32, timers: Timers) -> Int64:
    """Return when each session was over: at its BYE, or when Timer F of a BYE that nothing
    answered ran out (§4.5.2); -1 where no BYE was seen.
    """
    transactions = trace.transactions
    row = pick(trace.links.transaction_row, end, ABSENT)
    is_bye = pick(transactions.method_sym, row, 0) == Method.BYE
    asked_ns = np.where(is_bye, pick(trace.messages.time_ns, end, ABSENT), ABSENT)
    is_silent = is_bye & (pick(transactions.final_row, row, ABSENT) < 0)
    is_silent &= asked_ns + timers.timeout_ns <= timers.end_ns
    return np.where(is_silent, asked_ns + timers.timeout_ns, asked_ns)


def count_answers(trace: Trace, deciding: Int32) -> Int32:
    """Count the dialogs that a 2xx made on the deciding hop of each call."""
    messages = trace.messages
    call_of = np.full(len(trace.transactions) + 1, ABSENT, np.int32)
    call_of[deciding[deciding >= 0]] = np.flatnonzero(deciding >= 0)
    rows = np.flatnonzero((messages.status >= 200) & (messages.status < 300))
    call = call_of[trace.links.transaction_row[rows]]
    rows, call = rows[call >= 0], call[call >= 0]
    _, firsts = number_groups(keys_of(call, messages.to_tag_hash[rows]))
    return np.bincount(call[firsts], minlength=len(deciding)).astype(np.int32)
