"""Transactions → calls: an initial INVITE's Call-ID and From tag with its retries, forks and hops.

Three kinds of evidence open a call, in this order: an initial INVITE; a response to an INVITE whose
request is missing; an INVITE or BYE inside a dialog, or a stray ACK, whose beginning is missing
(then both tags name the call). Requests inside a dialog join the call that has one of their tags as
its caller's (RFC 3261 §12).
"""

from dataclasses import dataclass

import numpy as np

from analyzer.tables.messages import MessageTable, Method
from analyzer.tables.schema import ABSENT, Bool, Int32, Int64, UInt64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import find_keys, first_of_each, last_of_each, mix_keys, number_groups
from analyzer.tracking.identity import confirm_text


@dataclass(frozen=True, slots=True)
class CallMembers:
    """Which call each transaction and each stray ACK belongs to; -1 none."""

    call_of_transaction: Int32
    stray_acks: Int64
    """Messages: ACKs whose INVITE is not in the capture."""
    call_of_stray_ack: Int32
    is_initial: Bool
    """Per transaction: an INVITE that opens a call, or a response to one that is missing."""
    count: int


class _Keys:
    """Names of calls, numbered in the order they are opened."""

    def __init__(self) -> None:
        self.keys = np.zeros(0, np.uint64)

    def open(self, keys: UInt64) -> None:
        """Open a call for each new key."""
        if len(keys):
            every = np.concatenate([self.keys, keys])
            self.keys = every[number_groups(every)[1]]

    def find(self, keys: UInt64) -> Int32:
        """Return the call of each key, -1 for none."""
        return find_keys(self.keys, keys)


class _Tags:
    """Whom some messages name: keys made of Call-ID and tags."""

    def __init__(self, messages: MessageTable, rows: Int32 | Int64) -> None:
        self._call_id = messages.call_id_hash[rows]
        self._from_tag = messages.from_tag_hash[rows]
        self._to_tag = messages.to_tag_hash[rows]
        self.is_inside = self._to_tag != 0
        """They carry a To tag: they are sent inside a dialog."""
        self.sender = mix_keys(self._call_id, self._from_tag)
        """The call whose caller has the From tag."""

    def receiver(self, rows: Int64) -> UInt64:
        """Name the call whose caller has the To tag."""
        return mix_keys(self._call_id[rows], self._to_tag[rows])

    def pair(self, rows: Int64) -> UInt64:
        """Name the call of the dialog with both tags, whoever sends."""
        one, other = self._from_tag[rows], self._to_tag[rows]
        low, high = np.minimum(one, other), np.maximum(one, other)
        return mix_keys(mix_keys(self._call_id[rows], low), high ^ np.uint64(1))


def _join(keys: _Keys, tags: _Tags, call: Int32, may_join: Bool) -> None:
    """Put what is in no call yet into the call of its sender, else of its receiver."""
    rows = np.flatnonzero((call < 0) & may_join)
    call[rows] = keys.find(tags.sender[rows])
    rows = rows[(call[rows] < 0) & tags.is_inside[rows]]
    call[rows] = keys.find(tags.receiver(rows))


def group_calls(trace: Trace) -> CallMembers:
    """Put INVITE, BYE, CANCEL and what happens inside their dialogs into calls."""
    messages, transactions = trace.messages, trace.transactions
    has_request = transactions.request_row >= 0
    head = np.where(has_request, transactions.request_row, transactions.first_row)
    tags = _Tags(messages, head)
    is_invite = transactions.method_sym == Method.INVITE
    is_cancel = transactions.method_sym == Method.CANCEL
    may_join = is_invite | is_cancel | tags.is_inside
    keys, call = _Keys(), np.full(len(transactions), ABSENT, np.int32)
    keys.open(tags.sender[is_invite & has_request & ~transactions.in_dialog])
    _join(keys, tags, call, may_join)
    lone = is_invite & ~has_request & (call < 0)
    if lone.any():
        keys.open(tags.sender[lone])
        _join(keys, tags, call, may_join)

    is_stray = (trace.links.transaction_row < 0) & (messages.method_sym == Method.ACK)
    strays = np.flatnonzero(is_stray)
    stray_tags = _Tags(messages, strays)
    stray_call = np.full(len(strays), ABSENT, np.int32)
    _join(keys, stray_tags, stray_call, stray_call < 0)
    is_bye = transactions.method_sym == Method.BYE
    begins_inside = np.flatnonzero((call < 0) & tags.is_inside & (is_invite | is_bye))
    begins_with_ack = np.flatnonzero((stray_call < 0) & stray_tags.is_inside)
    keys.open(np.concatenate([tags.pair(begins_inside), stray_tags.pair(begins_with_ack)]))
    for each, of in ((tags, call), (stray_tags, stray_call)):
        rows = np.flatnonzero((of < 0) & each.is_inside)
        of[rows] = keys.find(each.pair(rows))

    is_initial = is_invite & (call >= 0) & ~transactions.in_dialog
    is_initial &= keys.find(tags.sender) == call
    is_initial &= ~_are_changes(trace, is_initial & ~has_request, is_initial, call)
    call, stray_call = _in_order(transactions.first_row, call, strays, stray_call)
    _confirm(trace, head, call)
    return CallMembers(call, strays, stray_call, is_initial, len(keys.keys))


def _are_changes(trace: Trace, lone: Bool, is_initial: Bool, call: Int32) -> Bool:
    """Tell which lone responses are those of re-INVITEs: a 2xx with a lower CSeq number answered
    the call, and what is answered is not tried again.
    """
    found = np.zeros(len(call), np.bool_)
    if not lone.any():
        return found
    transactions = trace.transactions
    cseq = trace.messages.cseq[transactions.first_row].astype(np.int64)
    answers = np.flatnonzero(is_initial & (transactions.final_status // 100 == 2))
    answered = np.full(int(call.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(answered, call[answers], cseq[answers])
    found[lone] = cseq[lone] > answered[call[lone]]
    return found


def _in_order(
    first_row: Int32, call: Int32, strays: Int64, stray_call: Int32
) -> tuple[Int32, Int32]:
    """Give the calls new numbers, in the order of their first messages."""
    numbers = np.concatenate([call, stray_call])
    rows = np.concatenate([first_row.astype(np.int64), strays])
    is_in_one = numbers >= 0
    if not is_in_one.any():
        return call, stray_call
    first = np.full(int(numbers.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, numbers[is_in_one], rows[is_in_one])
    rank = np.empty(len(first), np.int32)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first), dtype=np.int32)
    return (
        np.where(call >= 0, rank[call], ABSENT).astype(np.int32),
        np.where(stray_call >= 0, rank[stray_call], ABSENT).astype(np.int32),
    )


def _confirm(trace: Trace, head: Int32, call: Int32) -> None:
    """Raise HashCollision unless all transactions of a call have the Call-ID of its first."""
    members = np.flatnonzero(call >= 0)
    if len(members) == 0:
        return
    count = int(call.max()) + 1
    leader = first_of_each(call, np.ones(len(call), np.bool_), count)
    others = leader[call[members]]
    differing = members != others
    rows, leaders = head[members[differing]], head[others[differing]]
    confirm_text(trace, "call_id", rows.astype(np.int64), leaders.astype(np.int64))


def ends_of_calls(trace: Trace, members: CallMembers) -> tuple[Int32, Int32]:
    """Return the first and the last message of each call."""
    transaction = trace.links.transaction_row
    of_message = (
        np.where(transaction >= 0, members.call_of_transaction[transaction], ABSENT)
        if len(members.call_of_transaction)
        else np.full(len(transaction), ABSENT)
    )
    of_message[members.stray_acks] = members.call_of_stray_ack
    anything = np.ones(len(of_message), np.bool_)
    return (
        first_of_each(of_message, anything, members.count),
        last_of_each(of_message, anything, members.count),
    )
