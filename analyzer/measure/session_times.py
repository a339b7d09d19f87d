"""Delays of sessions as RFC 6076 defines them, and early media, for all calls in bulk."""

import numpy as np

from analyzer.frozen import frozen
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Int32, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import first_of_each, keys_of, number_groups, pick

NO_FAILURE = (401, 402, 407)
"""Final responses that are no failure of a session request (RFC 6076 §4.3.2), beside all 3xx."""


@frozen
class SessionTimes:
    """Columns parallel to the calls; -1 absent."""

    request_delay_ns: Int64
    """Session request delay (§4.3): the INVITE that decides to the first 18x or final response."""
    disconnect_delay_ns: Int64
    """Session disconnect delay (§4.4): BYE to its 2xx."""
    early_media_ns: Int64
    """First 1xx with a body to the final response."""


def session_times(trace: Trace, deciding: Int32, final: Int32, end: Int32) -> SessionTimes:
    """Measure the sessions of calls, given what decides and what ends each."""
    transactions, time_ns = trace.transactions, trace.messages.time_ns
    asked_ns = pick(time_ns, pick(transactions.request_row, deciding, ABSENT), ABSENT)
    alerting_ns = pick(time_ns, pick(transactions.alerting_row, deciding, ABSENT), ABSENT)
    final_ns = pick(time_ns, final, ABSENT)
    status = pick(transactions.final_status, deciding, 0)
    counts = (status // 100 != 3) & ~np.isin(status, NO_FAILURE)
    first_ns = np.where(alerting_ns >= 0, alerting_ns, np.where(counts, final_ns, ABSENT))
    early = pick(_early_media(trace), deciding, ABSENT)
    return SessionTimes(
        between(asked_ns, first_ns),
        _disconnect_delay(trace, end),
        between(pick(time_ns, early, ABSENT), final_ns),
    )


def between(begin_ns: Int64, end_ns: Int64) -> Int64:
    """Return durations, -1 where an end is missing or they are the wrong way round."""
    return np.where((begin_ns >= 0) & (end_ns >= begin_ns), end_ns - begin_ns, ABSENT)


def _early_media(trace: Trace) -> Int32:
    """Return the first 1xx with a body of each transaction, -1 for none."""
    messages = trace.messages
    rows = np.flatnonzero((messages.status > 100) & (messages.status < 200))
    rows = rows[messages.body_len[rows] > 0]
    transaction = trace.links.transaction_row[rows]
    first = first_of_each(transaction, np.ones(len(rows), np.bool_), len(trace.transactions))
    return pick(rows.astype(np.int32), first, ABSENT)


def _disconnect_delay(trace: Trace, end: Int32) -> Int64:
    transactions = trace.transactions
    row = pick(trace.links.transaction_row, end, ABSENT)
    is_ended = pick(transactions.method_sym, row, 0) == Method.BYE
    is_ended &= pick(transactions.final_status, row, 0) // 100 == 2
    return np.where(is_ended, pick(transactions.response_delay_ns, row, ABSENT), ABSENT)


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
