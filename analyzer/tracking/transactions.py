"""Messages → transactions, per hop, by RFC 3261 §17.1.3 and §17.2.3 with RFC 6026.

Messages with one `transaction_hash` share branch, sent-by, Call-ID, CSeq number and method (ACK as
INVITE). Where their requests took several paths (NAT, a hop that keeps the Via) each path is a
transaction of its own. The ACK of a 2xx has a branch of its own and is joined to its INVITE by
Call-ID, From tag and CSeq number (§13.2.2.4). All functions go from columns to columns.
"""

from dataclasses import dataclass

import numpy as np

from analyzer.settings import Settings
from analyzer.tables.anomalies import FRAMES_KEPT
from analyzer.tables.messages import LinkTable, MessageTable, Method
from analyzer.tables.schema import ABSENT, Int32, Int64, UInt64
from analyzer.tables.trace import Trace
from analyzer.tables.transactions import TransactionTable
from analyzer.tables.vector import (
    by_appearance,
    count_each,
    find_keys,
    first_of_each,
    keys_of,
    number_groups,
    pick,
)
from analyzer.tracking.hops import split_by_path
from analyzer.tracking.identity import branch_hashes
from analyzer.tracking.machines import note_odd, states_of, step_machines
from analyzer.tracking.members import find_members
from analyzer.tracking.repeats import find_repeats


@dataclass(frozen=True, slots=True)
class Timers:
    """What the states and outcomes of calls compare recorded times with, in ns."""

    timeout_ns: int
    """64*T1: Timers B, F, H (RFC 3261 §17, table 4)."""
    timer_c_ns: int
    """Timer C (RFC 3261 §16.6 step 11)."""
    end_ns: int
    """When the timeline ends."""


def match_transactions(trace: Trace, key: bytes) -> tuple[Int32, Int64]:
    """Return the transaction of each message, numbered by first message, -1 for a stray ACK; and
    the message with the same hash that each must have its identity in common with.
    """
    messages = trace.messages
    groups, firsts = number_groups(messages.transaction_hash)
    leaders = firsts[groups]
    groups = split_by_path(trace, groups)
    groups = join_lone_responses(trace, groups, key)
    groups = join_success_acks(messages, groups)
    is_in_one = groups >= 0
    numbers = np.full(len(messages), ABSENT, np.int32)
    numbers[is_in_one] = by_appearance(groups)[groups[is_in_one]]
    return numbers, leaders


def join_lone_responses(trace: Trace, groups: Int32, key: bytes) -> Int32:
    """Give responses that match no request by sent-by to the one request with their branch, CSeq
    method and Call-ID: RFC 3261 §17.1.3 asks for no more, and some elements rewrite the sent-by.
    """
    messages = trace.messages
    count = int(groups.max(initial=-1)) + 1
    is_request = messages.status == 0
    request = first_of_each(groups, is_request, count)
    lone = np.flatnonzero(request < 0)
    if len(lone) == 0:
        return groups
    first = first_of_each(groups, np.ones(len(messages), np.bool_), count)
    head = np.where(request >= 0, request, first)
    method = np.where(messages.method_sym == Method.ACK, Method.INVITE, messages.method_sym)
    keys = keys_of(branch_hashes(trace, head, key), messages.call_id_hash[head], method[head])
    has_request = np.flatnonzero((request >= 0) & (messages.branch_len[head] > 0))
    numbers, firsts = number_groups(keys[has_request])
    is_single = np.bincount(numbers, minlength=len(firsts)) == 1
    known = has_request[firsts[is_single]]
    found = find_keys(keys[known], keys[lone])
    renamed = np.arange(count, dtype=np.int32)
    renamed[lone[found >= 0]] = known[found[found >= 0]]
    return renamed[groups]


def join_success_acks(messages: MessageTable, groups: Int32) -> Int32:
    """Join groups that hold nothing but ACKs to the INVITE with their Call-ID, From tag and CSeq
    number: the one on the same path, else from the same client, else the first. Without any: -1.
    """
    count = int(groups.max(initial=-1)) + 1
    is_ack = messages.method_sym == Method.ACK
    acks = np.flatnonzero(is_ack)
    has_other = np.zeros(count, np.bool_)
    has_other[groups[~is_ack]] = True
    acks = acks[~has_other[groups[acks]]]
    if len(acks) == 0:
        return groups
    lone, firsts = number_groups(groups[acks].astype(np.uint64))
    heads = acks[firsts]
    is_invite = messages.method_sym == Method.INVITE
    invites = np.flatnonzero(is_invite)
    request = first_of_each(groups, is_invite & (messages.status == 0), count)
    invites = invites[(request[groups[invites]] == invites) | (request[groups[invites]] < 0)]
    target = np.full(len(heads), ABSENT, np.int32)
    for known, wanted in zip(
        _dialog_keys(messages, invites), _dialog_keys(messages, heads), strict=True
    ):
        open_heads = np.flatnonzero(target < 0)
        found = find_keys(known, wanted[open_heads])
        target[open_heads] = pick(groups[invites], found, ABSENT)
    joined = groups.copy()
    joined[acks] = target[lone]
    return joined


def _dialog_keys(messages: MessageTable, rows: Int64) -> tuple[UInt64, UInt64, UInt64]:
    """Name what an ACK and its INVITE have in common: dialog, CSeq number and path; dialog, CSeq
    number and client; dialog and CSeq number.
    """
    dialog = keys_of(messages.call_id_hash[rows], messages.from_tag_hash[rows], messages.cseq[rows])
    is_response = messages.status[rows] > 0
    source, destination = messages.source_row[rows], messages.destination_row[rows]
    client = np.where(is_response, destination, source)
    server = np.where(is_response, source, destination)
    from_client = keys_of(dialog, client)
    return keys_of(from_client, server), from_client, dialog


def build_transactions(
    trace: Trace, transaction: Int32, timers: Timers, key: bytes
) -> TransactionTable:
    """Fill the table from the transaction of each message and the repeats among them."""
    messages = trace.messages
    count = int(transaction.max(initial=-1)) + 1
    members = find_members(messages, transaction, count)
    request = members.request
    final = np.where(members.success >= 0, members.success, members.final)
    head = np.where(request >= 0, request, members.first)
    is_response = messages.status[head] > 0
    source, destination = messages.source_row[head], messages.destination_row[head]
    method = messages.method_sym[head]
    has_both = (request >= 0) & (final >= 0)
    delay = messages.time_ns[final] - messages.time_ns[request] if count else np.zeros(0, np.int64)
    repeats = np.flatnonzero(trace.links.retransmission_of_row >= 0)
    repeated, status = transaction[repeats], messages.status[repeats]
    is_ack = messages.method_sym[repeats] == Method.ACK
    copies = transaction[trace.links.copy_of_row >= 0]
    table = TransactionTable.zeros(count).replace(
        method_sym=np.where(method == Method.ACK, np.int16(Method.INVITE), method),
        first_row=members.first,
        last_row=members.last,
        request_row=request,
        provisional_row=members.provisional,
        alerting_row=members.alerting,
        final_row=final,
        ack_row=members.ack,
        cancel_row=np.full(count, ABSENT),
        client_row=np.where(is_response, destination, source),
        server_row=np.where(is_response, source, destination),
        final_status=pick(messages.status, final, 0),
        in_dialog=(request >= 0) & (messages.to_tag_hash[head] != 0),
        request_retransmissions=count_each(repeated, (status == 0) & ~is_ack, count),
        response_retransmissions=count_each(repeated, status > 0, count),
        ack_retransmissions=count_each(repeated, (status == 0) & is_ack, count),
        duplicates=count_each(copies, np.ones(len(copies), np.bool_), count),
        response_delay_ns=np.where(has_both, delay, ABSENT),
        call_row=np.full(count, ABSENT),
        subscription_row=np.full(count, ABSENT),
        registration_row=np.full(count, ABSENT),
    )
    table = table.replace(cancel_row=find_cancels(trace, table, key))
    is_invite = table.method_sym == Method.INVITE
    stepped = step_machines(messages, trace.links, is_invite)
    note_odd(trace, stepped)
    note_late(trace, table, timers)
    asked_ns = pick(messages.time_ns, table.request_row, 0)
    timed_out = (table.request_row >= 0) & (asked_ns + timers.timeout_ns <= timers.end_ns)
    return table.replace(state=states_of(stepped, is_invite, timed_out))


def find_cancels(trace: Trace, table: TransactionTable, key: bytes) -> Int32:
    """Return for each INVITE transaction the request of the CANCEL with its branch, Call-ID and
    CSeq number on its path (RFC 3261 §9.1), -1 when none was seen.
    """
    messages = trace.messages
    cancel = np.flatnonzero((table.method_sym == Method.CANCEL) & (table.request_row >= 0))
    found = np.full(len(table), ABSENT, np.int32)
    invite = np.flatnonzero(table.method_sym == Method.INVITE)
    if len(cancel) == 0 or len(invite) == 0:
        return found
    head = np.where(table.request_row >= 0, table.request_row, table.first_row)
    coarse = keys_of(messages.call_id_hash[head], messages.cseq[head])
    invite = invite[find_keys(coarse[cancel], coarse[invite]) >= 0]
    keys = np.zeros(len(table), np.uint64)
    both = np.concatenate([cancel, invite])
    branch = branch_hashes(trace, head[both], key)
    keys[both] = keys_of(branch, coarse[both], table.client_row[both], table.server_row[both])
    at = find_keys(keys[cancel], keys[invite])
    found[invite[at >= 0]] = table.request_row[cancel[at[at >= 0]]]
    return found


def note_late(trace: Trace, table: TransactionTable, timers: Timers) -> None:
    """Add an anomaly for final responses after Timer B or F, when their client had given up."""
    is_late = table.response_delay_ns > timers.timeout_ns
    is_late &= (table.method_sym != Method.INVITE) | (table.provisional_row < 0)
    rows = table.final_row[is_late]
    if len(rows):
        first = [trace.frame(row) for row in np.sort(rows)[:FRAMES_KEPT].tolist()]
        trace.anomalies.add("response-after-timeout", first, count=len(rows))


def track_transactions(
    trace: Trace, transaction: Int32, timers: Timers, settings: Settings, key: bytes
) -> None:
    """Fill `trace.links` and `trace.transactions` from the transaction of each message."""
    copy_of, retransmission_of = find_repeats(trace, transaction, settings, key)
    trace.links = LinkTable(
        transaction_row=transaction,
        copy_of_row=copy_of,
        retransmission_of_row=retransmission_of,
    )
    trace.transactions = build_transactions(trace, transaction, timers, key)
