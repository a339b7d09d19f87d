"""Which rules a capture gives occasion for: a rule about what went wrong is not even read where
nothing of the kind can have happened.

A test looks at columns only, and may say yes where the rule then finds nothing, never the other way
round. A rule that stands here needs a test that is quick for a million messages.
"""

from collections.abc import Callable, Collection, Mapping

import numpy as np

from analyzer.measure.session_intervals import (
    is_overdue,
    may_be_overdue,
    session_intervals,
    unrefreshed,
)
from analyzer.tables.messages import Method, Transport
from analyzer.tables.registrations import RegistrationState
from analyzer.tables.schema import Bool
from analyzer.tables.subscriptions import SubscriptionState
from analyzer.tables.trace import Trace
from analyzer.tables.transactions import TransactionState
from analyzer.tables.vector import count_each

Occasion = Callable[[Trace], bool]


def occasions(trace: Trace, changed: Collection[str] = ()) -> frozenset[str]:
    """Return the ids of the rules of OCCASIONS that the trace gives occasion for, and of those with
    settings (`RULE.setting`) that were changed: a test knows the default ones only.
    """
    found = {rule for rule, test in OCCASIONS.items() if test(trace)}
    return frozenset(found | {key.partition(".")[0] for key in changed})


def is_silent(trace: Trace) -> Bool:
    """Tell which requests got no final response before their client gave up (Timer B, Timer F)."""
    table = trace.transactions
    is_over: Bool = table.state == TransactionState.TERMINATED
    return is_over & (table.final_row < 0) & (table.request_row >= 0)


def _no_response(trace: Trace) -> bool:
    return bool((is_silent(trace) & (trace.transactions.method_sym != Method.BYE)).any())


def _bye_unanswered(trace: Trace) -> bool:
    return bool((is_silent(trace) & (trace.transactions.method_sym == Method.BYE)).any())


def _final_repeated(trace: Trace) -> bool:
    table = trace.transactions
    is_repeated = (table.response_retransmissions >= FEW_REPEATS) & (table.final_row >= 0)
    return bool((is_repeated & (table.method_sym == Method.INVITE)).any())


def _invite_repeated(trace: Trace) -> bool:
    table = trace.transactions
    is_repeated = (table.request_retransmissions > 0) & (table.method_sym == Method.INVITE)
    return bool((is_repeated & ((table.provisional_row >= 0) | (table.final_row >= 0))).any())


def _cancelled_and_answered(trace: Trace) -> bool:
    table = trace.transactions
    return bool(((table.cancel_row >= 0) & (table.final_status // 100 == 2)).any())


def _invite_pending(trace: Trace) -> bool:
    table = trace.transactions
    is_pending = (table.method_sym == Method.INVITE) & (table.final_row < 0)
    return bool((is_pending & (table.provisional_row >= 0) & (table.request_row >= 0)).any())


def _session_expired(trace: Trace) -> bool:
    rows = may_be_overdue(trace)
    if len(rows) == 0:
        return False
    intervals = session_intervals(trace, rows)
    return bool(is_overdue(intervals, unrefreshed(trace)).any())


def _passed_again(trace: Trace) -> bool:
    """Tell whether a call has so many hops that one may have come again, or a response says so."""
    table, status = trace.transactions, trace.messages.status
    if bool(((status == 482) | (status == 483)).any()):
        return True
    is_hop = (table.method_sym == Method.INVITE) & (table.call_row >= 0) & ~table.in_dialog
    hops = np.bincount(table.call_row[is_hop], minlength=len(trace.calls))
    return bool((hops >= _HOPS_OF_A_LOOP * trace.calls.attempts).any())


def _too_long(trace: Trace) -> bool:
    messages = trace.messages
    is_long = messages.head_len + messages.body_len > _SHORTEST_FRAGMENTED
    is_long &= (messages.status == 0) & (messages.transport == Transport.UDP)
    return bool(is_long.any())


def _registration_failed(trace: Trace) -> bool:
    table, registrations = trace.transactions, trace.registrations
    is_register = table.registration_row >= 0
    is_challenge = (table.final_status == 401) | (table.final_status == 407)
    is_refused = is_register & (table.final_status >= 300) & ~is_challenge
    if not is_refused.any() and not (is_register & is_silent(trace)).any():
        return False
    refusals = count_each(table.registration_row, is_refused, len(registrations))
    return bool(((refusals >= FEW_REFUSALS) | (registrations.success_row >= 0)).any())


def _registration_lapsed(trace: Trace) -> bool:
    table = trace.registrations
    is_kept = (table.state == RegistrationState.REGISTERED) & (table.success_row >= 0)
    if not is_kept.any():
        return False
    end_ns = max((each.watched_until_ns or 0 for each in trace.captures), default=0)
    age_ns = end_ns - trace.messages.time_ns[table.success_row[is_kept]]
    return bool((age_ns >= _SHORTEST_BINDING_NS).any())


def _subscription_ended(trace: Trace) -> bool:
    return bool((trace.subscriptions.state == SubscriptionState.TERMINATED).any())


def _subscription_lapsed(trace: Trace) -> bool:
    return bool(trace.subscriptions.expired.any())


FEW_REFUSALS = 3
_SHORTEST_BINDING_NS = 20 * 1_000_000_000
"""Registrars hardly grant less: NAT keep-alive by registration takes 30 s and more."""
FEW_REPEATS = 3
"""A final response that is not acknowledged until Timer H comes again ten times (RFC 3261 §17.2.1);
most of these may be missing in the capture."""
_HOPS_OF_A_LOOP = 4
_SHORTEST_FRAGMENTED = 1_200
"""Bytes of a SIP message that fit in one UDP packet on every path (RFC 8200 §5)."""

OCCASIONS: Mapping[str, Occasion] = {
    "TXN002": _no_response,
    "TXN003": _final_repeated,
    "TXN004": _final_repeated,
    "TXN005": _invite_repeated,
    "TXN006": _cancelled_and_answered,
    "TXN007": _passed_again,
    "TXN008": _too_long,
    "REG001": _registration_failed,
    "REG002": _registration_lapsed,
    "SUB006": _subscription_ended,
    "SUB007": _subscription_lapsed,
    "DLG002": _bye_unanswered,
    "DLG003": _invite_pending,
    "DLG004": _session_expired,
}
