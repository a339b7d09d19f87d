"""Calls as they were grouped by Call-ID and From tag → legs that may be joined."""

import numpy as np

from analyzer.frozen import frozen
from analyzer.tables.endpoints import hop_ends
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Bool, Int32, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import first_of_each, is_in, pick
from analyzer.tracking.calls import CallMembers, ends_of_calls

ELEMENT = np.int64(0xFFFF_FFFF)
"""Bits of `Legs.reached` that are the element."""


@frozen
class Legs:
    """The calls as they were grouped by Call-ID and From tag, before any are joined."""

    first_row: Int32
    invite: Int64
    """First initial INVITE of each, in MessageTable; -1 when the capture lacks it."""
    start_ns: Int64
    end_ns: Int64
    client: Int64
    """Number of the element that sent the first INVITE (`hop_ends`)."""
    server: Int64
    """Number of the element it was sent to."""
    reached: Int64
    """Legs, in the upper 32 bits, and each element that an INVITE of theirs was sent to, sorted."""
    is_open: Bool
    """It was answered, and the capture has no BYE of it."""

    def has_reached(self, leg: int, element: int) -> bool:
        """Tell whether an INVITE of a leg was sent to an element, on whichever hop."""
        wanted = leg << 32 | element
        at = int(np.searchsorted(self.reached, wanted))
        return at < len(self.reached) and int(self.reached[at]) == wanted

    def that_reached(self, elements: Int64) -> Int64:
        """Return the legs that were sent to any of some elements."""
        return self.reached[is_in(self.reached & ELEMENT, elements)] >> 32


def find_legs(trace: Trace, members: CallMembers) -> Legs:
    """Return the calls as they were grouped, as legs that may be joined."""
    messages, transactions = trace.messages, trace.transactions
    leg, count = members.call_of_transaction, members.count
    first, last = ends_of_calls(trace, members)
    invite = first_of_each(leg, members.is_initial & (transactions.request_row >= 0), count)
    hops = np.flatnonzero(members.is_initial)
    clients, servers = hop_ends(
        trace.endpoints, transactions.client_row[hops], transactions.server_row[hops]
    )
    opening = first_of_each(leg[hops], np.ones(len(hops), np.bool_), count)
    is_answered = members.is_initial & (transactions.final_status // 100 == 2)
    is_bye = transactions.method_sym == Method.BYE
    return Legs(
        first_row=first,
        invite=pick(transactions.request_row, invite, ABSENT).astype(np.int64),
        start_ns=messages.time_ns[first],
        end_ns=messages.time_ns[last],
        client=pick(clients, opening, ABSENT),
        server=pick(servers, opening, ABSENT),
        reached=np.sort(leg[hops].astype(np.int64) << 32 | servers),
        is_open=_has_any(members, is_answered) & ~_has_any(members, is_bye),
    )


def _has_any(members: CallMembers, is_such: Bool) -> Bool:
    """Tell which legs have such a transaction."""
    return first_of_each(members.call_of_transaction, is_such, members.count) >= 0
