"""Who ended each call with which request: the BYE of its dialog, or the CANCEL."""

from collections.abc import Iterator

import numpy as np

from analyzer.measure.session_times import count_answers
from analyzer.tables.calls import Outcome, Party
from analyzer.tables.endpoints import hop_ends
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Int8, Int32, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import (
    find_keys,
    first_of_each,
    keys_of,
    number_groups,
    pick,
    rows_with_shared_key,
)
from analyzer.tracking.calls import CallMembers


def ending_requests(
    trace: Trace, members: CallMembers, first_row: Int32, deciding: Int32, outcome: Int8
) -> Int32:
    """Return the BYE that ended an answered or incomplete call, the CANCEL of a cancelled one."""
    transactions = trace.transactions
    bye_row = _ending_byes(trace, members, first_row, deciding)
    cancel_row = pick(transactions.cancel_row, deciding, ABSENT)
    may_hang_up = (outcome == Outcome.ANSWERED) | (outcome == Outcome.INCOMPLETE)
    ended = np.where(may_hang_up, bye_row, ABSENT)
    return np.where(outcome == Outcome.CANCELLED, cancel_row, ended).astype(np.int32)


def _ending_byes(trace: Trace, members: CallMembers, first_row: Int32, deciding: Int32) -> Int32:
    """Return the first BYE of each call on its first leg, else on any."""
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
    bye_row = pick(transactions.request_row, bye, ABSENT)
    for each, tags in _answering_tags(trace, deciding):
        bye_row[each] = _last_bye(trace, np.flatnonzero(is_bye & (call == each)), tags)
    return bye_row


def _answering_tags(trace: Trace, deciding: Int32) -> Iterator[tuple[int, set[int]]]:
    """Go through the calls that several dialogs answered, with the To tags of their 2xx."""
    answers = count_answers(trace, deciding)
    for call in np.flatnonzero(answers > 1).tolist():
        rows = trace.messages_of_transaction.of(int(deciding[call]))
        rows = rows[trace.messages.status[rows] // 100 == 2]
        yield call, set(trace.messages.to_tag_hash[rows].tolist())


def _last_bye(trace: Trace, byes: Int64, tags: set[int]) -> int:
    """Return the BYE that ended the last of several dialogs; -1 while one goes on."""
    messages = trace.messages
    ended: dict[int, int] = {}
    for row in trace.transactions.request_row[byes].tolist():
        for tag in (int(messages.from_tag_hash[row]), int(messages.to_tag_hash[row])):
            if tag in tags:
                ended.setdefault(tag, row)
    return max(ended.values()) if ended.keys() == tags else ABSENT


def ending_parties(trace: Trace, first_row: Int32, end_row: Int32) -> Int8:
    """Return who sent the request that ended each call: the sender of its first request or not;
    nobody where an element between the parties hung up on both.
    """
    messages = trace.messages
    tag = pick(messages.from_tag_hash, end_row, 0)
    caller = messages.from_tag_hash[first_row]
    party = np.where(tag == caller, Party.CALLER, Party.CALLEE)
    party[end_row < 0] = Party.UNKNOWN
    party[_ended_between(trace)] = Party.UNKNOWN
    return party.astype(np.int8)


def _ended_between(trace: Trace) -> Int64:
    """Return the calls that an element ended which got no BYE, and sent one to either side."""
    transactions, messages = trace.transactions, trace.messages
    is_known = (transactions.request_row >= 0) & (transactions.call_row >= 0)
    rows = np.flatnonzero(is_known & (transactions.method_sym == Method.BYE))
    call = transactions.call_row[rows]
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
