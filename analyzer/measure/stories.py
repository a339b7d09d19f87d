"""Transactions of calls → what happened during each: retries, holds, changes, transfers.

Only calls in which something happened are gone through. A request that passed several hops is one
event, and so is one that a back-to-back user agent repeats on the other leg.
"""

import numpy as np

from analyzer.measure.attempts import crossed, events_before_the_answer
from analyzer.measure.call_changes import CHANGING, events_of_changes
from analyzer.measure.call_events import Event
from analyzer.measure.session_intervals import is_overdue, unrefreshed
from analyzer.measure.session_timers import last_timers, session_timers
from analyzer.measure.transfers import find_transfers
from analyzer.tables.calls import Party
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Bool
from analyzer.tables.stories import CallEventTable, EventKind, Stories, StoryTable
from analyzer.tables.trace import Trace

_ECHO_NS = 4_000_000_000
"""Within this time an event on another leg is the same event, passed on."""


def tell_stories(trace: Trace) -> Stories:
    """Return what happened during all calls."""
    transfers = find_transfers(trace)
    events: list[tuple[int, Event]] = []
    count = len(trace.calls)
    held = np.full(count, ABSENT, np.int64)
    refreshes = np.zeros(count, np.int32)
    for call in np.flatnonzero(_is_eventful(trace)).tolist():
        listed = _listed(trace, call)
        held[call] = _held(trace, call, listed)
        refreshes[call] = sum(each.kind == EventKind.REFRESHED for each in listed)
        events += [(call, event) for event in listed]
    overdue = is_overdue(trace, last_timers(trace), unrefreshed(trace))
    for call in np.flatnonzero(overdue).tolist():
        end = int(trace.calls.end_row[call])
        shown = end if end >= 0 else int(trace.calls.last_row[call])
        events.append((call, Event(EventKind.NOT_REFRESHED, Party.UNKNOWN, shown)))
    last_transfer = np.full(count, ABSENT, np.int32)
    last_transfer[transfers.call_row] = np.arange(len(transfers))
    story = StoryTable(
        held_ns=held,
        session_expires_s=session_timers(trace).expires_s,
        session_refreshes=refreshes,
        transfer_row=last_transfer,
    )
    return Stories(_table(trace, events), transfers, story)


def _table(trace: Trace, events: list[tuple[int, Event]]) -> CallEventTable:
    events.sort(key=lambda pair: (pair[1].message, pair[0]))
    return CallEventTable.from_rows(
        [
            (
                call,
                each.kind,
                each.party,
                each.message,
                each.status,
                trace.texts.intern(each.detail),
            )
            for call, each in events
        ]
    )


def _is_eventful(trace: Trace) -> Bool:
    """Tell which calls have a change inside their dialog, a retry, several To tags or a 199."""
    transactions, messages = trace.transactions, trace.messages
    is_change = transactions.in_dialog & np.isin(transactions.method_sym, CHANGING)
    found = np.zeros(len(trace.calls), np.bool_)
    found[transactions.call_row[is_change & (transactions.call_row >= 0)]] = True
    found |= (trace.calls.attempts > 1) | (trace.calls.forks > 1)
    found |= crossed(trace)
    early = np.flatnonzero((messages.status == 199) & (trace.links.transaction_row >= 0))
    calls = transactions.call_row[trace.links.transaction_row[early]] if len(early) else early
    found[calls[calls >= 0]] = True
    return found


def _listed(trace: Trace, call: int) -> list[Event]:
    """Return the events of a call in their order, what another leg repeats left out."""
    rows = trace.transactions_of_call.of(call).tolist()
    transactions = trace.transactions
    initial = [
        row
        for row in rows
        if transactions.method_sym[row] == Method.INVITE and not transactions.in_dialog[row]
    ]
    events = [
        *events_before_the_answer(trace, call, initial),
        *events_of_changes(trace, rows, initial),
    ]
    return _once(trace, sorted(events, key=lambda event: event.message))


def _once(trace: Trace, events: list[Event]) -> list[Event]:
    """Leave out what another leg repeats."""
    kept: list[Event] = []
    for event in events:
        at_ns = int(trace.messages.time_ns[event.message])
        is_echo = any(
            (each.kind, each.party) == (event.kind, event.party)
            and each.leg != event.leg
            and at_ns - int(trace.messages.time_ns[each.message]) <= _ECHO_NS
            for each in kept
        )
        if not is_echo:
            kept.append(event)
    return kept


def _held(trace: Trace, call: int, events: list[Event]) -> int:
    """Return how long a call was on hold by one side or both, -1 for never."""
    holding: set[Party] = set()
    since, total, was_held = 0, 0, False
    for event in events:
        at_ns = int(trace.messages.time_ns[event.message])
        if event.kind == EventKind.HELD:
            was_held, since = True, since if holding else at_ns
            holding.add(event.party)
        elif event.kind == EventKind.RESUMED and event.party in holding:
            holding.discard(event.party)
            total += 0 if holding else at_ns - since
    if holding:
        end = int(trace.calls.end_row[call])
        end = end if end >= 0 else int(trace.calls.last_row[call])
        copied = int(trace.links.copy_of_row[end])
        end_ns = int(trace.messages.time_ns[copied if copied >= 0 else end])
        total += max(0, end_ns - since)
    return total if was_held else ABSENT


def time_on_hold(trace: Trace, call: int) -> int:
    """Return how long one call was on hold, -1 for never, without looking at the others."""
    return _held(trace, call, _listed(trace, call)) if _is_eventful(trace)[call] else ABSENT
