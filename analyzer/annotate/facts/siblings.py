"""Transactions with the Call-ID of those judged: what came before and after a request.

Of a Call-ID with many transactions only the nearest are looked at, so that a registration of weeks
costs no more for each of its responses than a call does.
"""

import numpy as np

from analyzer.annotate.facts.timing import milliseconds
from analyzer.annotate.fields import Judged, Value
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import group_rows, is_in, number_groups

_NEAREST = 32
"""Transactions looked at before and after the one judged."""


def siblings(judged: Judged) -> list[list[int]]:
    """Return for each row judged the other transactions of its Call-ID, in their order; none where
    its Call-ID or request is missing.
    """
    trace, own = judged.trace, judged.transaction_rows
    ids = trace.messages.call_id_hash[trace.transactions.first_row]
    wanted = np.flatnonzero(is_in(ids.view(np.int64), ids[own].view(np.int64)))
    numbers, firsts = number_groups(ids[wanted])
    groups = group_rows(numbers, len(firsts))
    places = np.searchsorted(wanted, own)
    known = ((ids[own] != 0) & (judged.request_rows >= 0)).tolist()
    found: list[list[int]] = []
    for row, place, is_known in zip(own.tolist(), places.tolist(), known, strict=True):
        members = wanted[groups.of(int(numbers[place]))] if is_known else wanted[:0]
        at = int(np.searchsorted(members, row))
        near = members[max(at - _NEAREST, 0) : at + 1 + _NEAREST]
        found.append([each for each in near.tolist() if each != row])
    return found


def is_same_request(trace: Trace, one: int, other: int) -> bool:
    """Tell whether two transactions of a Call-ID carry one request, on two hops or branches."""
    messages, rows = trace.messages, trace.transactions.request_row[[one, other]]
    methods = trace.transactions.method_sym[[one, other]]
    return bool(
        methods[0] == methods[1]
        and messages.cseq[rows[0]] == messages.cseq[rows[1]]
        and messages.from_tag_hash[rows[0]] == messages.from_tag_hash[rows[1]]
    )


def side(trace: Trace, one: int, other: int) -> int:
    """Compare the tags of two requests of a Call-ID, both in the capture: 1 when the same side of
    one dialog sent both, -1 when the two sides did, 0 when they are of different dialogs. The
    request that makes a dialog has no To tag yet.
    """
    messages, (a, b) = trace.messages, trace.transactions.request_row[[one, other]]
    from_a, to_a, from_b, to_b = (
        int(tags[row]) for row in (a, b) for tags in (messages.from_tag_hash, messages.to_tag_hash)
    )
    if from_a == from_b and (to_a == to_b or 0 in {to_a, to_b}):
        return 1
    is_swapped = to_a in {from_b, 0} and to_b in {from_a, 0} and (to_a, to_b) != (0, 0)
    return -1 if is_swapped else 0


def elapsed_ms(trace: Trace, start: int, end: int) -> Value:
    """Return the time from one message to another; None where one is missing or the clock of the
    capture went back.
    """
    if start < 0 or end < 0:
        return None
    spent = int(trace.messages.time_ns[end] - trace.messages.time_ns[start])
    return milliseconds(spent) if spent >= 0 else None


def elapsed(judged: Judged, starts: Int64, ends: Int64) -> list[Value]:
    """Return the same for two rows of messages."""
    pairs = zip(starts.tolist(), ends.tolist(), strict=True)
    return [elapsed_ms(judged.trace, start, end) for start, end in pairs]
