"""INVITE transactions → the path of each call: hop after hop, delays, what changed on the way."""

import numpy as np

from analyzer.measure.changed_answers import find_changes
from analyzer.measure.hop_links import HopColumns, depths, hops_above, path_order
from analyzer.tables.hops import HopTable
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Bool, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import pick

MOST_HOPS = 256
"""Hops of one call that are put in order; more come as they were seen."""


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
    rows = rows[np.argsort(transactions.call_row[rows], kind="stable")]
    call = transactions.call_row[rows]
    sizes = np.bincount(call, minlength=len(trace.calls))
    table = HopTable(
        call_row=call,
        transaction_row=rows,
        above_row=np.full(len(rows), ABSENT),
        depth=np.zeros(len(rows), np.int32),
        request_delay_ns=np.full(len(rows), ABSENT),
        response_delay_ns=np.full(len(rows), ABSENT),
        change=np.zeros(len(rows), np.int8),
        changed_row=np.full(len(rows), ABSENT),
        routed_after_row=np.full(len(rows), ABSENT),
    )
    places = np.flatnonzero((sizes[call] > 1) & (sizes[call] <= MOST_HOPS))
    return _in_path_order(trace, table, places) if len(places) else table


def _in_path_order(trace: Trace, table: HopTable, places: Int64) -> HopTable:
    """Put the hops of calls that have several in order; each call keeps its places."""
    hops = HopColumns(trace, table.transaction_row[places].astype(np.int64))
    above = hops_above(hops)
    depth = depths(above)
    order = path_order(hops, above, depth)
    above[depth < 0] = ABSENT
    changes = find_changes(hops, above)
    place_of = np.empty(len(order) + 1, np.int64)
    place_of[order] = places
    place_of[-1] = ABSENT
    request_delay, response_delay = _delays(hops, above, changes.changed)
    columns = {
        "transaction_row": hops.rows,
        "above_row": place_of[above],
        "depth": np.maximum(depth, 0),
        "request_delay_ns": request_delay,
        "response_delay_ns": response_delay,
        "change": changes.change,
        "changed_row": place_of[changes.changed],
        "routed_after_row": place_of[changes.routed_after],
    }
    filled = {}
    for name, values in columns.items():
        column = getattr(table, name).copy()
        column[places] = values[order]
        filled[name] = column
    return table.replace(**filled)


def _delays(hops: HopColumns, above: Int64, changed: Int64) -> tuple[Int64, Int64]:
    """Return what passed between the INVITE of the hop before and its own, and between its final
    response and that of the hop before; -1 unknown, as between clocks that disagree: an INVITE
    cannot be sent on before it comes, nor an answer.
    """
    trace = hops.trace
    final_ns = pick(trace.messages.time_ns, trace.transactions.final_row[hops.rows], ABSENT)
    has = above >= 0
    both = has & (hops.since_ns >= 0) & (hops.since_ns[above] >= 0)
    status = trace.transactions.final_status[hops.rows]
    is_answered = status // 100 == 2
    is_sent_on = (status == status[above]) | (changed[above] == np.arange(len(hops)))
    is_sent_on |= is_answered & is_answered[above]
    is_sent_on &= has & (final_ns >= 0)
    is_odd = both & (hops.since_ns < hops.since_ns[above])
    answers = np.flatnonzero(is_sent_on & is_answered)
    first_ns = np.full(len(hops), np.iinfo(np.int64).max)
    np.minimum.at(first_ns, above[answers], final_ns[answers])
    is_odd[answers] |= final_ns[above[answers]] < first_ns[above[answers]]
    is_sent_on &= (final_ns[above] >= final_ns) & ~is_odd
    return (
        np.where(both & ~is_odd, hops.since_ns - hops.since_ns[above], ABSENT),
        np.where(is_sent_on, final_ns[above] - final_ns, ABSENT),
    )


def in_last_attempt(trace: Trace, places: Int64) -> Bool:
    """Tell which of the hops of whole calls belong to the last attempt: those of its INVITE,
    whichever of them decides about the call, and those of other legs since then.
    """
    transactions, messages = trace.transactions, trace.messages
    rows, call = trace.hops.transaction_row[places], trace.hops.call_row[places]
    own = transactions.first_row[rows]
    is_undecided = trace.calls.transaction_row[call] < 0
    deciding = transactions.first_row[trace.calls.transaction_row[call]]
    is_of_leg = messages.call_id_hash[own] == messages.call_id_hash[deciding]
    is_of_leg &= messages.from_tag_hash[own] == messages.from_tag_hash[deciding]
    is_last: Bool = is_of_leg & (messages.cseq[own] == messages.cseq[deciding])
    since_ns = pick(messages.time_ns, transactions.request_row[rows], 0)
    begun_ns = np.full(len(trace.calls), np.iinfo(np.int64).max)
    np.minimum.at(begun_ns, call[is_last], since_ns[is_last])
    is_last |= ~is_of_leg & (messages.time_ns[own] >= begun_ns[call])
    return is_last | is_undecided
