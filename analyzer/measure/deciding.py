"""Which INVITE transaction decides how a call ended.

It is one of the last attempt, the initial INVITEs with the highest CSeq number. Of its hops the one
that got a 2xx decides, else the first that got any final response, else the first. Where that may
be one branch of several, what an element got on all of them tells what it is going to answer.
"""

from collections import defaultdict

import numpy as np

from analyzer.sip.headers import branches_in
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Bool, Int32, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, first_of_each, pick
from analyzer.tracking.calls import CallMembers
from analyzer.tracking.transactions import Timers

MOST_HOPS = 256
"""Hops of one attempt whose order is looked for."""


def deciding_transactions(trace: Trace, members: CallMembers, timers: Timers) -> Int32:
    """Return the INVITE transaction that decides each call's outcome, -1 for none."""
    transactions, messages = trace.transactions, trace.messages
    rows = np.flatnonzero(members.is_initial)
    call = members.call_of_transaction[rows]
    has_success = (transactions.final_status[rows] // 100) == 2
    has_final = transactions.final_row[rows] >= 0
    first = transactions.first_row[rows]
    columns = [~has_final, ~has_success, -messages.cseq[first], call]
    columns.insert(0, messages.time_ns[first])
    order = np.lexsort((_vias_of_tied(trace, rows, columns), *columns))
    deciding = np.full(members.count, ABSENT, np.int32)
    deciding[call[order[::-1]]] = rows[order[::-1]]
    for number, attempt in _forked(trace, rows, call, deciding):
        deciding[number] = _Branches(trace, attempt, timers).deciding(int(deciding[number]))
    return deciding


def without_changes(trace: Trace, members: CallMembers, deciding: Int32) -> Int32:
    """Return the deciding transactions but for those that are a refused re-INVITE: its request is
    not in the capture, and a request inside the dialog shows that there was one.
    """
    transactions = trace.transactions
    is_inside = transactions.in_dialog & np.isin(
        transactions.method_sym, (Method.BYE, Method.INVITE, Method.CANCEL)
    )
    has_dialog = first_of_each(members.call_of_transaction, is_inside, members.count) >= 0
    is_lone = (deciding >= 0) & (pick(transactions.request_row, deciding, 0) < 0)
    is_lone &= pick(transactions.final_status, deciding, 0) >= 300
    return np.where(is_lone & has_dialog, np.int32(ABSENT), deciding)


def _vias_of_tied(trace: Trace, rows: Int64, columns: list[IntArray]) -> Int64:
    """Return how many Vias the INVITEs have that are alike in all columns, 0 for the others: of two
    hops at one instant the one nearer to the caller has fewer.
    """
    order = np.lexsort(columns)
    is_tied = np.zeros(len(rows), np.bool_)
    same = np.ones(max(len(rows) - 1, 0), np.bool_)
    for each in columns:
        ordered = each[order]
        same &= ordered[1:] == ordered[:-1]
    is_tied[order[1:][same]] = is_tied[order[:-1][same]] = True
    vias = np.zeros(len(rows), np.int64)
    for at in np.flatnonzero(is_tied).tolist():
        first = int(trace.transactions.first_row[rows[at]])
        vias[at] = len(branches_in(trace, first))
    return vias


def _forked(trace: Trace, rows: Int64, call: Int32, deciding: Int32) -> list[tuple[int, list[int]]]:
    """Return the calls where the hop that was chosen may be but a branch, each with the hops of its
    last attempt: another hop is open, one failed where another succeeded, more than one was sent by
    who sent the first, or the INVITE of one is missing.
    """
    transactions, messages = trace.transactions, trace.messages
    cseq = messages.cseq[transactions.first_row[rows]]
    chosen = deciding[call]
    is_last = cseq == messages.cseq[transactions.first_row[chosen]]
    rows, call, chosen = rows[is_last], call[is_last], chosen[is_last]
    first = np.full(len(deciding), ABSENT, np.int32)
    first[call[::-1]] = rows[::-1]
    has_final = transactions.final_row[rows] >= 0
    has_failed = transactions.final_status[chosen] >= 300
    may_be_one: Bool = has_failed & ~has_final
    may_be_one |= ~has_failed & (transactions.final_status[rows] >= 300)
    is_sister = transactions.client_row[rows] == transactions.client_row[first[call]]
    may_be_one |= has_failed & is_sister & (rows != first[call])
    may_be_one |= (transactions.request_row[rows] < 0) & (rows != chosen)
    is_forked = np.zeros(len(deciding), np.bool_)
    is_forked[call[may_be_one]] = True
    hops: dict[int, list[int]] = defaultdict(list)
    at = np.flatnonzero(is_forked[call])
    for number, row in zip(call[at].tolist(), rows[at].tolist(), strict=True):
        hops[number].append(row)
    return [(number, attempt) for number, attempt in hops.items() if len(attempt) <= MOST_HOPS]


class _Branches:
    """The hops of one attempt, each with those that it was sent on to (RFC 3261 §16.7)."""

    def __init__(self, trace: Trace, rows: list[int], timers: Timers) -> None:
        transactions = trace.transactions
        self._status = {row: int(transactions.final_status[row]) for row in rows}
        self._cancelled = {row for row in rows if transactions.cancel_row[row] >= 0}
        sent_ns = trace.messages.time_ns[transactions.first_row[rows]]
        is_over = sent_ns + timers.timeout_ns <= timers.end_ns
        is_over &= transactions.provisional_row[rows] < 0
        has_ack = transactions.ack_row[rows] >= 0
        is_heard = (transactions.provisional_row[rows] >= 0) & ~has_ack
        self._heard = {row for row, heard in zip(rows, is_heard.tolist(), strict=True) if heard}
        self._timed_out = {row for row, over in zip(rows, is_over.tolist(), strict=True) if over}
        self._below: dict[int, list[int]] = defaultdict(list)
        for row, above in _hops_above(trace, rows).items():
            self._below[above].append(row)

    def deciding(self, otherwise: int) -> int:
        """Return the hop that decides: of several that none is above of, as if one element had sent
        them. Where they make a circle it is `otherwise`.
        """
        tops = self._below[ABSENT]
        best = self._best(tops)
        if best >= 0 or not tops:
            return best if best >= 0 else otherwise
        return next((each for each in tops if self._is_open(each)), tops[0])

    def _is_open(self, hop: int) -> bool:
        """Tell whether a hop has no final response, and may get one."""
        return not self._status[hop] and (bool(self._below[hop]) or hop not in self._timed_out)

    def _result(self, hop: int) -> int:
        """Return the hop that tells how one ended, or is going to: itself while that is open.

        It is open, whatever but a 2xx a branch got, where 1xx came back on it and no ACK shows that
        more did, and where the element after it has cancelled that branch by itself.
        """
        if self._status[hop]:
            return hop
        best = self._best(self._below[hop], is_cancelled=hop in self._cancelled)
        if best < 0 or self._status[best] // 100 == 2:
            return best if best >= 0 else hop
        is_over = hop in self._cancelled or (
            hop not in self._heard and not (self._status[best] == 487 and best in self._cancelled)
        )
        return best if is_over else hop

    def _best(self, branches: list[int], *, is_cancelled: bool = False) -> int:
        """Return the branch whose response an element passes on: a 2xx, else a 6xx, else one of the
        lowest class, 487 first or last; ABSENT while that is open.
        """
        results = [self._result(each) for each in branches]
        ended = [each for each in results if self._status[each]]
        best = min(
            ended,
            key=lambda hop: (*_rank(self._status[hop]), (self._status[hop] == 487) != is_cancelled),
            default=ABSENT,
        )
        if any(self._is_open(each) for each in results):
            return best if best >= 0 and self._status[best] // 100 == 2 else ABSENT
        return best


def _rank(status: int) -> tuple[bool, bool, int]:
    return status // 100 != 2, status // 100 != 6, status // 100


def _hops_above(trace: Trace, rows: list[int]) -> dict[int, int]:
    """Return for each hop the one that it was sent on from, ABSENT for none: its branch is the next
    in Via, or it went to where this one comes from and was there before.
    """
    transactions = trace.transactions
    has_request = transactions.request_row[rows] >= 0
    heads = np.where(has_request, transactions.request_row[rows], transactions.first_row[rows])
    branches = {
        row: branches_in(trace, head) for row, head in zip(rows, heads.tolist(), strict=True)
    }
    by_branch = {each[0]: row for row, each in branches.items() if each}
    found = {}
    sent_ns = {row: int(trace.messages.time_ns[transactions.first_row[row]]) for row in rows}
    for row in rows:
        named = (by_branch.get(each, ABSENT) for each in branches[row][1:])
        above = next((each for each in named if each not in (ABSENT, row)), ABSENT)
        if above < 0:
            client = transactions.client_row[row]
            before = (
                each
                for each in rows
                if transactions.server_row[each] == client and sent_ns[each] <= sent_ns[row]
            )
            above = next((each for each in before if each != row), ABSENT)
        found[row] = above
    return found
