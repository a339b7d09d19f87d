"""INVITE transactions of calls → the path of each: hop after hop, delays, what changed on the way.

A hop was sent on from the one whose server is its client; where several could be, the branches in
Via decide (RFC 3261 §16.6 step 8). What an element got and what it sent on are compared for final
responses only. Calls of one hop are done in bulk; only the others are gone through.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from analyzer.sip.headers import branches_in, find_header
from analyzer.tables.endpoints import hop_ends
from analyzer.tables.hops import Change, HopTable
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Int8, Int32, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import pick
from analyzer.tracking.identity import same_text

MOST_HOPS = 256
"""Hops of one call that are put in order; more come as they were seen."""


class _Hops:
    """Columns of the hops of calls that have several, by place."""

    def __init__(self, trace: Trace, rows: Int64) -> None:
        transactions, messages = trace.transactions, trace.messages
        head = np.where(
            transactions.request_row[rows] >= 0,
            transactions.request_row[rows],
            transactions.first_row[rows],
        )
        client, server = hop_ends(
            trace.endpoints, transactions.client_row[rows], transactions.server_row[rows]
        )
        self.trace = trace
        self.head: list[int] = head.tolist()
        self.call: list[int] = transactions.call_row[rows].tolist()
        self.call_id: list[int] = messages.call_id_hash[head].tolist()
        self.cseq: list[int] = messages.cseq[head].tolist()
        self.client: list[int] = client.tolist()
        self.server: list[int] = server.tolist()
        self.sent: list[int] = messages.time_ns[head].tolist()
        self.final: list[int] = transactions.final_row[rows].tolist()
        self.status: list[int] = transactions.final_status[rows].tolist()
        self.final_ns: list[int] = pick(
            messages.time_ns, transactions.final_row[rows], ABSENT
        ).tolist()
        self.cancel: list[int] = transactions.cancel_row[rows].tolist()
        self.ack: list[int] = transactions.ack_row[rows].tolist()
        self._branches: dict[int, list[str]] = {}

    def branches(self, hop: int) -> list[str]:
        """Return the branches of Via, read when they are asked for."""
        if hop not in self._branches:
            self._branches[hop] = branches_in(self.trace, self.head[hop])
        return self._branches[hop]

    def same_attempt(self, one: int, other: int) -> bool:
        """Tell whether two hops carry one INVITE."""
        return self.call_id[one] == self.call_id[other] and self.cseq[one] == self.cseq[other]

    def above(self, hop: int, others: Sequence[int]) -> int:
        """Return the hop that one was sent on from, -1 for none."""
        fits = [
            other
            for other in others
            if other != hop
            and self.server[other] == self.client[hop]
            and self.sent[other] <= self.sent[hop]
        ]
        own = [other for other in fits if self.same_attempt(hop, other)]
        if len(own) == 1 and self.sent[own[0]] < self.sent[hop]:
            return own[0]
        below = self.branches(hop)[1:2]
        named = [
            other
            for other in others
            if other != hop
            and below
            and self.same_attempt(hop, other)
            and self.branches(other)[:1] == below
        ]
        if named:
            return named[0]
        # of another leg: the newest one that was there before
        apart = [
            other
            for other in fits
            if self.call_id[other] != self.call_id[hop] and self.client[other] != self.server[hop]
        ]
        return max(apart, key=lambda other: (self.sent[other], self.head[other]), default=ABSENT)

    def joined_to(self, hop: int, others: Sequence[int]) -> int:
        """Return the newest hop before one whose leg was joined to another, whatever addresses
        the element between them has.
        """
        before = [
            other
            for other in others
            if self.call_id[other] != self.call_id[hop]
            and (self.sent[other], self.head[other]) < (self.sent[hop], self.head[hop])
        ]
        return max(before, key=lambda other: (self.sent[other], self.head[other]), default=ABSENT)


def has_relays(trace: Trace) -> bool:
    """Tell whether an element sent another final response than it had got, or a call on after a
    6xx: only calls of several hops that failed on one are looked at.
    """
    transactions = trace.transactions
    is_hop = (transactions.method_sym == Method.INVITE) & (transactions.call_row >= 0)
    is_hop &= ~transactions.in_dialog
    hops = np.bincount(transactions.call_row[is_hop], minlength=len(trace.calls))
    has_failed = is_hop & (transactions.final_status >= 300)
    if not (hops[transactions.call_row[has_failed]] > 1).any():
        return False
    return bool((trace.hops.change > 0).any() or (trace.hops.routed_after_row >= 0).any())


def track_paths(trace: Trace) -> HopTable:
    """Return the hops of all calls, in path order."""
    transactions = trace.transactions
    is_hop = (transactions.method_sym == Method.INVITE) & (transactions.call_row >= 0)
    rows = np.flatnonzero(is_hop & ~transactions.in_dialog)
    call = transactions.call_row[rows]
    sizes = np.bincount(call, minlength=len(trace.calls))
    is_one_of_several = (sizes[call] > 1) & (sizes[call] <= MOST_HOPS)
    several = rows[is_one_of_several]
    count = len(rows)
    above, depth = np.full(count, ABSENT, np.int32), np.zeros(count, np.int32)
    table = HopTable(
        call_row=call,
        transaction_row=rows,
        above_row=above,
        depth=depth,
        request_delay_ns=np.full(count, ABSENT),
        response_delay_ns=np.full(count, ABSENT),
        change=np.zeros(count, np.int8),
        changed_row=above,
        routed_after_row=above,
    )
    order = np.argsort(call, kind="stable")
    table = table.take(order)
    if len(several) == 0:
        return table
    paths = _order(_Hops(trace, several))
    places = np.flatnonzero(is_one_of_several[order])
    # the hops of one call stay together, so the order within it is all that changes
    return _replace(table, places, several, paths)


class _Paths:
    """What was found out about hops, by their place; `order` puts them into path order."""

    def __init__(self, hops: _Hops) -> None:
        count = len(hops.head)
        self.hops = hops
        self.order: list[int] = []
        self.above = [ABSENT] * count
        self.depth = [0] * count
        self.below: dict[int, list[int]] = defaultdict(list)
        self.change = np.zeros(count, np.int8)
        self.changed = [ABSENT] * count
        self.routed_after = [ABSENT] * count


def _order(hops: _Hops) -> _Paths:
    paths = _Paths(hops)
    by_call: dict[int, list[int]] = defaultdict(list)
    for hop, call in enumerate(hops.call):
        by_call[call].append(hop)
    for call in sorted(by_call):
        _go_down(paths, by_call[call])
    _find_changes(paths)
    return paths


def _go_down(paths: _Paths, listed: list[int]) -> None:
    """Put the hops of one call under each other and walk them from the top."""
    hops = paths.hops
    first = []
    for hop in listed:
        above = hops.above(hop, listed)
        if above < 0 and hops.call_id[hop] != hops.call_id[listed[0]]:
            above = hops.joined_to(hop, listed)
        paths.above[hop] = above
        if above >= 0:
            paths.below[above].append(hop)
        else:
            first.append(hop)
    waiting = sorted(first, key=lambda hop: (hops.sent[hop], hops.head[hop]), reverse=True)
    seen: set[int] = set()
    while waiting:
        hop = waiting.pop()
        seen.add(hop)
        paths.order.append(hop)
        above = paths.above[hop]
        paths.depth[hop] = paths.depth[above] + 1 if above >= 0 else 0
        below = sorted(paths.below[hop], key=lambda each: (hops.sent[each], hops.head[each]))
        waiting += reversed(below)
    for hop in listed:
        if hop not in seen:
            # hops that are sent on from each other in a circle have no beginning
            paths.above[hop] = ABSENT
            paths.order.append(hop)


def _find_changes(paths: _Paths) -> None:
    pairs = []
    for above, below in paths.below.items():
        _find_routes(paths, below)
        got = _passed_on(paths, above, below)
        if got >= 0:
            paths.changed[above] = got
            pairs.append((above, got))
    if not pairs:
        return
    hops = paths.hops
    sent = np.array([hops.final[above] for above, _ in pairs], np.int64)
    received = np.array([hops.final[got] for _, got in pairs], np.int64)
    is_other = np.array([hops.status[above] != hops.status[got] for above, got in pairs])
    phrase_differs = ~same_text(hops.trace, "line", sent, received)
    had = find_header(hops.trace, received, "Reason").count > 0
    has = find_header(hops.trace, sent, "Reason").count > 0
    change = np.where(is_other, Change.STATUS, 0)
    change |= np.where(~is_other & phrase_differs, Change.PHRASE, 0)
    change |= np.where(had & ~has, Change.REASON, 0)
    for (above, _), bits in zip(pairs, change.tolist(), strict=True):
        paths.change[above] = bits
        if not bits:
            paths.changed[above] = ABSENT


def _find_routes(paths: _Paths, below: list[int]) -> None:
    """Find branches that an element began after it had got a 6xx (RFC 3261 §16.7 step 5)."""
    hops = paths.hops
    refused = [hop for hop in below if hops.status[hop] >= 600]
    for hop in below:
        for other in refused:
            is_later = hop != other and hops.client[hop] == hops.client[other]
            if is_later and hops.sent[hop] > hops.final_ns[other] >= 0:
                paths.routed_after[hop] = other
                break


def _passed_on(paths: _Paths, above: int, below: list[int]) -> int:
    """Return the hop whose final response was, or should have been, sent on; -1 where an element
    gave its own: nothing final came to it before, a branch was answered, the caller gave up, or
    another branch is still open.
    """
    hops = paths.hops
    status, at_ns = hops.status[above], hops.final_ns[above]
    if status < 300 or at_ns < 0 or any(200 <= hops.status[hop] < 300 for hop in below):
        return ABSENT
    if hops.cancel[above] >= 0 and status in {408, 487}:
        return ABSENT
    got = [hop for hop in below if 0 <= hops.final_ns[hop] <= at_ns]
    retried = [hop for hop in got if hops.status[hop] not in {401, 407}]
    got = retried or got
    if not got:
        return ABSENT
    same = [hop for hop in got if hops.status[hop] == status]
    if same:
        return max(same, key=lambda hop: (hops.final_ns[hop], hop))
    if status in {408, 504} and len(got) < len(below):
        return ABSENT
    return max(got, key=lambda hop: (hops.status[hop] >= 600, hops.final_ns[hop], hop))


def _replace(table: HopTable, places: Int64, rows: Int64, paths: _Paths) -> HopTable:
    """Put the hops of calls that have several in the places these calls have in the table."""
    hops = paths.hops
    order = np.array(paths.order, np.int64)
    place_of = np.empty(len(order) + 1, np.int64)
    place_of[order] = places
    place_of[-1] = ABSENT

    def put(column: Int32 | Int64 | Int8, values: Sequence[int] | Int8) -> Int32 | Int64 | Int8:
        filled = column.copy()
        filled[places] = np.asarray(values)[order]
        return filled

    def as_places(values: list[int]) -> list[int]:
        numbers: list[int] = place_of[np.array(values, np.int64)].tolist()
        return numbers

    sent, final_ns = np.array(hops.sent), np.array(hops.final_ns)
    above = np.array(paths.above)
    has = above >= 0
    request_delay = np.where(has, sent - sent[above], ABSENT)
    is_sent_on = has & (final_ns >= 0) & (final_ns[above] >= final_ns)
    response_delay = np.where(is_sent_on, final_ns[above] - final_ns, ABSENT)
    return table.replace(
        transaction_row=put(table.transaction_row, rows.tolist()),
        above_row=put(table.above_row, as_places(paths.above)),
        depth=put(table.depth, paths.depth),
        request_delay_ns=put(table.request_delay_ns, request_delay.tolist()),
        response_delay_ns=put(table.response_delay_ns, response_delay.tolist()),
        change=put(table.change, paths.change),
        changed_row=put(table.changed_row, as_places(paths.changed)),
        routed_after_row=put(table.routed_after_row, as_places(paths.routed_after)),
    )
