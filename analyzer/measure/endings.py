"""Who ended each call with which request: the BYE of its dialog, or the CANCEL."""

import numpy as np

from analyzer.tables.calls import Outcome, Party
from analyzer.tables.endpoints import hop_ends
from analyzer.tables.messages import MessageTable, Method
from analyzer.tables.schema import ABSENT, Int8, Int32, Int64, UInt64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import (
    find_keys,
    first_of_each,
    group_rows,
    keys_of,
    number_groups,
    pick,
    rows_with_shared_key,
)
from analyzer.tracking.calls import CallMembers


def ending_requests(
    trace: Trace, members: CallMembers, calls: tuple[Int32, Int32, Int32], outcome: Int8
) -> Int32:
    """Return the BYE that ended an answered or incomplete call; of a cancelled one the CANCEL, else
    the BYE of its early dialog before the 487 (RFC 3261 §15). Given are first message, deciding
    transaction and number of dialogs of each call.
    """
    first_row, deciding, forks = calls
    transactions = trace.transactions
    bye_row = _ending_byes(trace, members, first_row, deciding)
    is_forked = (forks > 1) & (bye_row >= 0)
    is_forked &= pick(transactions.final_status, deciding, 0) < 300
    if is_forked.any():
        _tell_dialogs_apart(trace, members, deciding, np.flatnonzero(is_forked), bye_row)
    cancel_row = pick(transactions.cancel_row, deciding, ABSENT)
    is_early = bye_row < pick(transactions.final_row, deciding, ABSENT)
    before_answer = np.where(cancel_row >= 0, cancel_row, np.where(is_early, bye_row, ABSENT))
    may_hang_up = (outcome == Outcome.ANSWERED) | (outcome == Outcome.INCOMPLETE)
    ended = np.where(may_hang_up, bye_row, ABSENT)
    return np.where(outcome == Outcome.CANCELLED, before_answer, ended).astype(np.int32)


def _ending_byes(trace: Trace, members: CallMembers, first_row: Int32, deciding: Int32) -> Int32:
    """Return the first BYE of each call in the dialog that its 2xx made, else on its first leg,
    else on any.
    """
    transactions, messages = trace.transactions, trace.messages
    call = members.call_of_transaction
    is_bye = (transactions.method_sym == Method.BYE) & (transactions.request_row >= 0)
    bye = first_of_each(call, is_bye, members.count)
    is_apart = np.zeros(len(call), np.bool_)
    rows = np.flatnonzero(is_bye & (call >= 0))
    own = messages.call_id_hash[first_row[call[rows]]]
    is_apart[rows] = messages.call_id_hash[transactions.request_row[rows]] != own
    if is_apart.any():
        nearer = first_of_each(call, is_bye & ~is_apart, members.count)
        bye = np.where(nearer >= 0, nearer, bye)
    answer = pick(transactions.final_row, deciding, ABSENT)[call[rows]]
    is_apart[rows] = _dialogs(messages, transactions.request_row[rows]) != _dialogs(
        messages, answer
    )
    inside = first_of_each(call, is_bye & ~is_apart, members.count)
    bye = np.where(inside >= 0, inside, bye)
    return pick(transactions.request_row, bye, ABSENT)


def _dialogs(messages: MessageTable, rows: Int32) -> UInt64:
    """Name the dialogs of some messages, whichever side sent them."""
    one, other = messages.from_tag_hash[rows], messages.to_tag_hash[rows]
    return keys_of(messages.call_id_hash[rows], np.minimum(one, other), np.maximum(one, other))


def _tell_dialogs_apart(
    trace: Trace, members: CallMembers, deciding: Int32, forked: Int64, bye_row: Int32
) -> None:
    """Fill in which BYE ended each call that has several dialogs, answered or not yet."""
    messages, transactions = trace.messages, trace.transactions
    is_bye = (transactions.method_sym == Method.BYE) & (transactions.request_row >= 0)
    byes = np.flatnonzero(is_bye & (members.call_of_transaction >= 0))
    of_call = group_rows(members.call_of_transaction[byes], members.count)
    for call in forked.tolist():
        rows = trace.messages_of_transaction.of(int(deciding[call]))
        status, tag = messages.status[rows], messages.to_tag_hash[rows]
        early = set(tag[(status > 100) & (status < 200)].tolist())
        answering = set(tag[status // 100 == 2].tolist()) or early
        own = transactions.request_row[byes[of_call.of(call)]]
        bye_row[call] = _last_bye(messages, own, early - answering, answering)


def _last_bye(messages: MessageTable, byes: Int32, early: set[int], answering: set[int]) -> int:
    """Return the BYE that ended a call with several dialogs: that of the last one that a 2xx made,
    or of the last early one before the answer; -1 while one of them goes on. Those that remained
    early are none; other legs have other tags.
    """
    ended: dict[int, int] = {}
    elsewhere: list[int] = []
    for row in byes.tolist():
        tags = {int(messages.from_tag_hash[row]), int(messages.to_tag_hash[row])}
        for tag in tags & answering:
            ended.setdefault(tag, row)
        if not tags & (early | answering):
            elsewhere.append(row)
    if not ended and len(answering) == 1 and elsewhere:
        return elsewhere[0]
    return max(ended.values()) if ended.keys() == answering else ABSENT


def ending_parties(trace: Trace, end_row: Int32) -> Int8:
    """Return who sent the request that ended each call: the side that began its leg, or not; nobody
    where an element between the parties hung up on both.
    """
    messages, legs = trace.messages, trace.legs
    begun = legs.first_row
    callers = keys_of(legs.call_row, messages.call_id_hash[begun], messages.from_tag_hash[begun])
    calls = np.flatnonzero(end_row >= 0)
    end = end_row[calls]
    sender = keys_of(calls, messages.call_id_hash[end], messages.from_tag_hash[end])
    party = np.zeros(len(end_row), np.int8)
    party[calls] = np.where(find_keys(callers, sender) >= 0, Party.CALLER, Party.CALLEE)
    party[_ended_between(trace)] = Party.UNKNOWN
    return party


def _ended_between(trace: Trace) -> Int64:
    """Return the calls that an element ended which got no BYE, and sent one to either side."""
    transactions, messages = trace.transactions, trace.messages
    is_known = (transactions.request_row >= 0) & (transactions.call_row >= 0)
    rows = np.flatnonzero(is_known & (transactions.method_sym == Method.BYE))
    call = transactions.call_row[rows]
    has_several = np.bincount(call, minlength=1)[call] > 1
    if not has_several.any():
        return np.zeros(0, np.int64)
    rows, call = rows[has_several], call[has_several]
    ends = hop_ends(trace.endpoints, transactions.client_row[rows], transactions.server_row[rows])
    sent_by, sent_to = (keys_of(call, end) for end in ends)
    begins = np.flatnonzero(find_keys(sent_to, sent_by) < 0)
    begins = begins[rows_with_shared_key(sent_by[begins])]
    if len(begins) == 0:
        return begins
    invites = np.flatnonzero(
        is_known & (transactions.method_sym == Method.INVITE) & ~transactions.in_dialog
    )
    callers, senders = (
        keys_of(transactions.call_row[each], messages.from_tag_hash[transactions.request_row[each]])
        for each in (invites, rows[begins])
    )
    is_by_caller = find_keys(callers, senders) >= 0
    numbers, firsts = number_groups(sent_by[begins])
    both = np.bincount(numbers, is_by_caller) * np.bincount(numbers, ~is_by_caller)
    return call[begins[firsts[both > 0]]].astype(np.int64)
