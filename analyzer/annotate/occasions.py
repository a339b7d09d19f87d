"""Which rules a capture gives occasion for: a rule about what went wrong is not even read where
nothing of the kind can have happened.

A test looks at columns only, and may say yes where the rule then finds nothing, never the other way
round. A rule that stands here needs a test that is quick for a million messages.
"""

from collections.abc import Callable, Collection, Mapping

import numpy as np

from analyzer.anomaly_kinds import MESSAGE_KINDS
from analyzer.measure.session_intervals import (
    is_overdue,
    may_be_overdue,
    unrefreshed,
)
from analyzer.measure.session_timers import last_timers
from analyzer.sip.address_ranges import private_endpoints
from analyzer.tables.messages import Method, Transport
from analyzer.tables.registrations import RegistrationState
from analyzer.tables.schema import Bool, Int64
from analyzer.tables.subscriptions import SubscriptionState
from analyzer.tables.trace import Trace
from analyzer.tables.transactions import TransactionState
from analyzer.tables.vector import count_each, first_of_each, keys_of, last_of_each, number_groups

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


def _media_captured(trace: Trace) -> bool:
    return len(trace.rtp.streams) > 0


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
    return bool(is_overdue(trace, last_timers(trace, rows), unrefreshed(trace)).any())


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


def _challenged_often(trace: Trace) -> bool:
    """Tell whether a Call-ID has several challenges to one method, and one was its last response:
    a long-lived registration is challenged often, but let in.
    """
    table = trace.transactions
    is_challenged = (table.final_status == 401) | (table.final_status == 407)
    call_ids = trace.messages.call_id_hash[table.first_row]
    challenged, _ = number_groups(call_ids[is_challenged])
    if np.bincount(challenged, minlength=1).max() <= FEW_REFUSALS:
        return False
    rows = np.flatnonzero(table.final_row >= 0)
    groups, firsts = number_groups(keys_of(call_ids[rows], table.method_sym[rows]))
    challenges = count_each(groups, is_challenged[rows], len(firsts))
    last = last_of_each(groups, np.ones(len(rows), np.bool_), len(firsts))
    return bool((is_challenged[rows[last]] & (challenges > FEW_REFUSALS)).any())


def senders_in_doubt(trace: Trace) -> Int64:
    """Return of each public address and port its first INVITE, else its first REGISTER, where the
    sender calls itself by what looks like a private address.
    """
    table, messages = trace.transactions, trace.messages
    is_public = ~private_endpoints(trace.endpoints)
    if not is_public.any():
        return np.zeros(0, np.int64)
    is_seen = (table.request_row >= 0) & is_public[table.client_row]
    invite = first_of_each(
        table.client_row, is_seen & (table.method_sym == Method.INVITE), len(is_public)
    )
    register = first_of_each(
        table.client_row, is_seen & (table.method_sym == Method.REGISTER), len(is_public)
    )
    either = np.where(invite >= 0, invite, register)
    rows = np.sort(either[either >= 0]).astype(np.int64)
    request = table.request_row[rows]
    pos = messages.pos[request] + messages.sent_by_pos[request]
    begins = np.zeros(len(rows), np.int64)
    is_long = messages.sent_by_len[request] >= _WIDTH
    for number, source in enumerate(trace.spans.sources):
        here = np.flatnonzero(is_long & (messages.source[request] == number))
        data = np.frombuffer(source, np.uint8)
        for at in range(_WIDTH):
            begins[here] = begins[here] << 8 | data[pos[here] + at]
    looks_private = np.zeros(len(rows), np.bool_)
    for text in _PRIVATE_BEGINS:
        looks_private |= begins >> 8 * (_WIDTH - len(text)) == int.from_bytes(text)
    return rows[looks_private]


def _sender_in_doubt(trace: Trace) -> bool:
    return len(senders_in_doubt(trace)) > 0


def _malformed(trace: Trace) -> bool:
    return not set(trace.message_anomalies.kinds).isdisjoint(FAULTS)


_WIDTH = 7
"""Bytes of a sent-by that are looked at: the shortest private one has no fewer."""
_PRIVATE_BEGINS = (
    b"10.", b"192.168", b"172.16", b"172.17", b"172.18", b"172.19", b"172.2", b"172.30", b"172.31",
    b"169.254", b"100.6", b"100.7", b"100.8", b"100.9", b"100.1", b"[fc", b"[fd", b"[fe",
)  # fmt: skip  # read side by side
FAULTS = frozenset(name for name, kind in MESSAGE_KINDS.items() if kind.severity == "error")
"""Kinds of anomaly of a message for which others may refuse it or drop it."""
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
    "SEC001": _challenged_often,
    "SDP002": _sender_in_doubt,
    "MSG001": _malformed,
    "MSG002": _malformed,
    "DLG002": _bye_unanswered,
    "DLG003": _invite_pending,
    "DLG004": _session_expired,
    "SDP001": _media_captured,
}
