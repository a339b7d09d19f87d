"""Which hop of a call each was sent on from, and the order that makes of them.

A hop was sent on from the one whose server is its client. Where exactly one earlier hop of the same
INVITE is that, which is the rule, all are found in bulk; the others are looked at one by one, and
the branches in Via decide (RFC 3261 §16.6 step 8).
"""

from functools import cached_property

import numpy as np

from analyzer.sip.headers import branches_in, find_header, header_values
from analyzer.tables.endpoints import hop_ends
from analyzer.tables.schema import ABSENT, Bool, Int32, Int64, UInt64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, find_keys, keys_of, number_groups, pick

DEEP = 8
"""Hops under each other up to which calls are put in order together; deeper ones each alone, since
there is a column for each depth.
"""


class HopColumns:
    """Hops of calls that have several, those of one call together, as they were seen."""

    def __init__(self, trace: Trace, rows: Int64) -> None:
        """Take INVITE transactions, sorted by call."""
        transactions, messages = trace.transactions, trace.messages
        self.trace, self.rows = trace, rows
        self.head: Int64 = np.where(
            transactions.request_row[rows] >= 0,
            transactions.request_row[rows],
            transactions.first_row[rows],
        ).astype(np.int64)
        self.call = transactions.call_row[rows]
        self.leg = keys_of(messages.call_id_hash[self.head], messages.from_tag_hash[self.head])
        """Call-ID and From tag, which proxies keep."""
        self.cseq = messages.cseq[self.head]
        self.client, self.server = hop_ends(
            trace.endpoints, transactions.client_row[rows], transactions.server_row[rows]
        )
        self.sent_ns = messages.time_ns[self.head]
        """INVITE, else first message: not later than then it was sent."""
        self.since_ns = pick(messages.time_ns, transactions.request_row[rows], ABSENT)
        """INVITE; -1 where the capture lacks it: who knows how long before it was sent."""
        self._starts = np.flatnonzero(np.append(True, self.call[1:] != self.call[:-1]))
        self._identity = keys_of(self.call, messages.transaction_hash[self.head])
        self._branches: dict[int, list[str]] = {}

    def __len__(self) -> int:
        """Count the hops."""
        return len(self.rows)

    def beginnings(self) -> Int64:
        """Return for each hop the first one of its call."""
        sizes = np.diff(np.append(self._starts, len(self)))
        return np.repeat(self._starts, sizes)

    def of_call(self, hop: int) -> range:
        """Return the hops of the call that one belongs to."""
        at = int(np.searchsorted(self._starts, hop, side="right")) - 1
        end = self._starts[at + 1] if at + 1 < len(self._starts) else len(self)
        return range(int(self._starts[at]), int(end))

    def branches(self, hop: int) -> list[str]:
        """Return the branches of Via, read when they are asked for."""
        if hop not in self._branches:
            self._branches[hop] = branches_in(self.trace, int(self.head[hop]))
        return self._branches[hop]

    @cached_property
    def root(self) -> UInt64:
        """Return for each hop the leg of its call that was joined to no other."""
        legs, messages = self.trace.legs, self.trace.messages
        root = np.flatnonzero(legs.joined_row < 0)
        first = legs.first_row[root]
        of_call = np.zeros(len(self.trace.calls), np.uint64)
        of_call[legs.call_row[root]] = keys_of(
            messages.call_id_hash[first], messages.from_tag_hash[first]
        )
        return of_call[self.call]

    @cached_property
    def is_twice(self) -> Bool:
        """Tell which hops carry a request with the Via, too, of another one."""
        numbers = number_groups(self._identity)[0]
        return np.bincount(numbers)[numbers] > 1

    def same_request(self, one: int, other: int) -> bool:
        """Tell whether two hops carry one request, its topmost Via included."""
        return bool(self._identity[one] == self._identity[other])

    def same_attempt(self, one: int, other: int) -> bool:
        """Tell whether two hops carry one INVITE."""
        return bool(self.leg[one] == self.leg[other] and self.cseq[one] == self.cseq[other])

    def seen_before(self, one: int, other: int) -> bool:
        """Tell whether a hop was, or may have been, there before another."""
        return (int(self.since_ns[one]), int(self.head[one])) < self.age(other)

    def may_cross(self, other: int, hop: int) -> bool:
        """Tell whether a hop comes from the element that another one leads to, and was not surely
        there before: then it may as well be the other that was sent on from it.
        """
        comes_back = self.client[other] == self.server[hop]
        return bool(comes_back and self.sent_ns[other] >= self.sent_ns[hop])

    def age(self, hop: int) -> tuple[int, int]:
        """Return what hops are compared by."""
        return int(self.sent_ns[hop]), int(self.head[hop])


def hops_above(hops: HopColumns) -> Int64:
    """Return for each hop the one that it was sent on from, -1 for none."""
    own, is_own = _found(hops, (hops.call, hops.leg, hops.cseq), hops.sent_ns)
    above = np.where(is_own, own, ABSENT).astype(np.int64)
    is_open = ~is_own
    which = np.flatnonzero(is_open & (own < 0))
    which = which[~_names_another(hops, which)]
    # no other hop of its INVITE comes into question: then one of another leg, or none
    other, is_other = _found(hops, (hops.call,), hops.sent_ns + 1)
    is_other &= hops.leg[other] != hops.leg
    is_other &= (hops.client[other] != hops.server) | (hops.sent_ns[other] < hops.sent_ns)
    is_other &= ~hops.is_twice
    above[which] = np.where(is_other[which], other[which], ABSENT)
    is_first = (other < 0) & (hops.leg == hops.root) & ~hops.is_twice
    is_open[which[is_other[which] | is_first[which]]] = False
    for hop in np.flatnonzero(is_open).tolist():
        above[hop] = hop_above(hops, hop)
    return above


def _found(hops: HopColumns, same: tuple[IntArray, ...], before_ns: Int64) -> tuple[Int32, Bool]:
    """Return for each hop the first one to its client that has the same values, -1 for none, and
    whether that is the only one and was there before a time.
    """
    sent_to = keys_of(*same, hops.server)
    found = find_keys(sent_to, keys_of(*same, hops.client))
    numbers = number_groups(sent_to)[0]
    is_single = np.bincount(numbers)[numbers] == 1
    is_sure: Bool = (found >= 0) & is_single[found] & (hops.since_ns[found] < before_ns)
    is_sure &= hops.server[found] == hops.client
    for column in same:
        is_sure &= column[found] == column
    return found, is_sure


def _names_another(hops: HopColumns, which: Int64) -> Bool:
    """Tell which of some hops have a second Via, that of the element they were sent on from."""
    heads = hops.head[which]
    values = header_values(hops.trace, heads, "Via")
    several: Bool = find_header(hops.trace, heads, "Via").count > 1
    several |= np.array(["," in (value or "") for value in values], np.bool_)
    return several


def hop_above(hops: HopColumns, hop: int) -> int:
    """Return the hop that one was sent on from, -1 for none: what `hops_above` finds for all."""
    others = [other for other in hops.of_call(hop) if other != hop]
    fits = [
        other
        for other in others
        if hops.server[other] == hops.client[hop] and hops.since_ns[other] <= hops.sent_ns[hop]
    ]
    own = [other for other in fits if hops.same_attempt(hop, other)]
    if len(own) == 1 and hops.since_ns[own[0]] < hops.sent_ns[hop]:
        return own[0]
    below = hops.branches(hop)[1:2]
    for other in others:
        if below and hops.same_attempt(hop, other) and hops.branches(other)[:1] == below:
            return other
    if hops.is_twice[hop]:
        # its Via is another's: an element that adds none, such as NAT, passed it on
        same = [other for other in others if hops.same_request(hop, other)]
        same = [other for other in same if hops.seen_before(other, hop)]
        if same:
            return max(same, key=hops.age)
    # of another leg: the newest one that was there before
    apart = [
        other
        for other in fits
        if hops.leg[other] != hops.leg[hop] and not hops.may_cross(other, hop)
    ]
    if not apart and hops.leg[hop] != hops.root[hop]:
        apart = _ends_before(hops, hop, others)
    return max(apart, key=hops.age, default=ABSENT)


def _ends_before(hops: HopColumns, hop: int, others: list[int]) -> list[int]:
    """Return where the newest leg of other elements ended before a hop whose leg was joined,
    whatever addresses the element between them has; nothing where that leg ended in several places.
    """
    apart = [
        other
        for other in others
        if hops.leg[other] != hops.leg[hop]
        and hops.client[other] != hops.client[hop]
        and not hops.may_cross(other, hop)
        and hops.seen_before(other, hop)
    ]
    if not apart:
        return []
    newest = hops.leg[max(apart, key=hops.age)]
    apart = [other for other in apart if hops.leg[other] == newest]
    sent_on = {int(hops.client[other]) for other in apart}
    ends = [other for other in apart if int(hops.server[other]) not in sent_on]
    return ends if len({int(hops.server[other]) for other in ends}) == 1 else []


def depths(above: Int64) -> Int32:
    """Return how many hops each comes after; -1 for those sent on from each other in a circle."""
    depth = np.where(above < 0, 0, ABSENT).astype(np.int32)
    waiting = np.flatnonzero(above >= 0)
    while len(waiting):
        reached = depth[above[waiting]] >= 0
        if not reached.any():
            break
        hop = waiting[reached]
        depth[hop] = depth[above[hop]] + 1
        waiting = waiting[~reached]
    return depth


def path_order(hops: HopColumns, above: Int64, depth: Int32) -> Int64:
    """Return the hops call by call, each followed by those that were sent on from it, the earlier
    before the later; those of a circle come last, as they were seen.
    """
    ages = np.empty(len(hops), np.int64)
    ages[np.lexsort((hops.head, hops.sent_ns))] = np.arange(len(hops))
    begin = hops.beginnings()
    deepest = np.zeros(len(hops), np.int32)
    np.maximum.at(deepest, begin, depth)
    is_deep = deepest[begin] > DEEP
    order = np.arange(len(hops))
    shallow = np.flatnonzero(~is_deep)
    order[shallow] = shallow[_sorted(shallow, ages, above, depth, hops.call)]
    for first in np.flatnonzero(is_deep & (begin == np.arange(len(hops)))).tolist():
        of_call = np.array(hops.of_call(first), np.int64)
        order[of_call] = of_call[_sorted(of_call, ages, above, depth, hops.call)]
    return order


def _sorted(which: Int64, ages: Int64, above: Int64, depth: Int32, call: Int32) -> Int64:
    """Return the order of some hops, whole calls: by who is there above them, depth by depth."""
    is_circle = depth[which] < 0
    line = np.full((int(depth[which].max(initial=0)) + 1, len(which)), ABSENT, np.int64)
    line[0, is_circle] = which[is_circle]
    place, at = np.flatnonzero(~is_circle), which[~is_circle]
    while len(place):
        line[depth[at], place] = ages[at]
        goes_on = above[at] >= 0
        place, at = place[goes_on], above[at[goes_on]]
    return np.lexsort((*line[::-1], is_circle, call[which]))
