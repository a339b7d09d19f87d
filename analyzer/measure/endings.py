"""Who ended each call with which request: the BYE of its dialog, or the CANCEL."""

from collections.abc import Iterator

import numpy as np

from analyzer.measure.session_times import count_answers
from analyzer.tables.calls import Outcome, Party
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Int8, Int32, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import first_of_each, pick
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
    """Return who sent the request that ended each call: the sender of its first request or not."""
    messages = trace.messages
    tag = pick(messages.from_tag_hash, end_row, 0)
    caller = messages.from_tag_hash[first_row]
    party = np.where(tag == caller, Party.CALLER, Party.CALLEE)
    return np.where(end_row >= 0, party, Party.UNKNOWN).astype(np.int8)
