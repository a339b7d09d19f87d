"""SUBSCRIBE and NOTIFY transactions → subscriptions: a dialog plus Event with its id (RFC 6665).

The NOTIFY creates the dialog and may come before the answer to its SUBSCRIBE (§4.4.1); a SUBSCRIBE
that forks gives one subscription per notifier (§4.1.4). A SUBSCRIBE that got no dialog is an
attempt, and its retries belong to it. A NOTIFY outside any dialog belongs to none.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from analyzer.sip.event import Event
from analyzer.sip.event import SubscriptionState as StateHeader
from analyzer.sip.headers import header_values
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Bool, Int32, Int64
from analyzer.tables.subscriptions import (
    SubscriptionChangeTable,
    SubscriptionState,
    SubscriptionTable,
)
from analyzer.tables.trace import Trace
from analyzer.tables.vector import first_of_each
from analyzer.tracking.transactions import Timers

ENDING_STATUSES = frozenset({404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604})
"""Answers to a refresh that end the subscription (RFC 6665 §4.1.2.2)."""

STATES = {
    "active": SubscriptionState.ACTIVE,
    "pending": SubscriptionState.PENDING,
    "terminated": SubscriptionState.TERMINATED,
}

OVER = frozenset({SubscriptionState.TERMINATED, SubscriptionState.REFUSED})


@dataclass(slots=True)
class Subscription:
    """A subscription as it is followed through its transactions."""

    number: int
    """Row in SubscriptionTable."""
    event: str
    subscriber_row: int
    notifier_row: int
    refreshes: int = 0
    notifies: int = 0
    suppressed: int = 0
    expires_s: int = ABSENT
    etag: str = ""
    etag_changes: int = 0
    final_status: int = 0
    state: SubscriptionState = SubscriptionState.INCOMPLETE
    reason: str = ""
    """Why it ended, as the last NOTIFY says."""
    granted_row: int = ABSENT
    """Message with the last grant, in MessageTable."""
    changes: list[tuple[int, SubscriptionState, str]] = field(default_factory=list)
    """Message, state and reason of each change of state."""
    siblings: dict[int, "Subscription"] = field(default_factory=dict)
    """The subscriptions that its SUBSCRIBE made, by tag of the notifier."""


class _Step(NamedTuple):
    """What one transaction says about a subscription."""

    row: int
    is_notify: bool
    call_id: int
    subscriber_tag: int
    notifier_tag: int
    """0 when no dialog is known."""
    event: str
    subscriber_row: int
    notifier_row: int
    in_dialog: bool
    status: int
    asked_s: int
    """Expires of the SUBSCRIBE, -1 when absent."""
    granted_s: int
    """Expires of its 2xx, -1 when absent."""
    state_text: str
    """Subscription-State of the NOTIFY."""
    etag: str
    """SIP-ETag of the NOTIFY."""
    request_row: int
    """The request in MessageTable, else the first message."""
    final_row: int
    """The final response, else the request."""


class _Follower:
    """Finds or opens the subscription of each step, in the order of the timeline."""

    def __init__(self) -> None:
        self.subscriptions: list[Subscription] = []
        self._by_usage: dict[tuple[int, int, str], dict[int, Subscription]] = {}
        self._usages: dict[tuple[int, int], list[str]] = {}

    def find(self, step: _Step) -> Subscription:
        """Return the subscription a step belongs to, a new one when there is none."""
        by_tag = self._by_usage.get((step.call_id, step.subscriber_tag, step.event))
        if by_tag is None:
            by_tag = self._find_usage(step)
        tag = step.notifier_tag
        if tag in by_tag:
            return by_tag[tag]
        if tag == 0 and by_tag:
            return next(reversed(by_tag.values()))
        attempt = by_tag.pop(0, None)
        if attempt is None:
            number = len(self.subscriptions)
            attempt = Subscription(number, step.event, step.subscriber_row, step.notifier_row)
            self.subscriptions.append(attempt)
            attempt.siblings = by_tag
        by_tag[tag] = attempt
        return attempt

    def _find_usage(self, step: _Step) -> dict[int, Subscription]:
        """Return the subscriptions of a subscriber to an event, by notifier; what names no event
        belongs to the only one there is.
        """
        events = self._usages.setdefault((step.call_id, step.subscriber_tag), [])
        event = events[0] if not step.event and len(events) == 1 else step.event
        if event not in events:
            events.append(event)
        return self._by_usage.setdefault((step.call_id, step.subscriber_tag, event), {})


def _apply(step: _Step, subscription: Subscription) -> None:
    """Note what a step changes."""
    before = subscription.state
    if step.is_notify:
        _notify(step, subscription)
    else:
        _answer(step, subscription)
    if subscription.state != before:
        shown = step.request_row if step.is_notify else step.final_row
        reason = subscription.reason if step.is_notify else ""
        subscription.changes.append((shown, subscription.state, reason))


def _notify(step: _Step, subscription: Subscription) -> None:
    """Note what a NOTIFY says."""
    subscription.notifies += 1
    state = StateHeader.parse(step.state_text) if step.state_text else None
    if state is not None:
        subscription.state = STATES.get(state.state.lower(), subscription.state)
        subscription.reason = state.reason or ""
        if state.expires is not None:
            subscription.expires_s = state.expires
            subscription.granted_row = step.request_row
    subscription.etag_changes += bool(step.etag and subscription.etag not in {"", step.etag})
    subscription.etag = step.etag or subscription.etag


def _answer(step: _Step, subscription: Subscription) -> None:
    """Note what the answer to a SUBSCRIBE says."""
    subscription.final_status = step.status or subscription.final_status
    if step.status // 100 == 2:
        _grant(step, subscription)
    elif step.in_dialog and step.status in ENDING_STATUSES:
        subscription.state = SubscriptionState.TERMINATED
    elif step.status and not step.in_dialog and subscription.state == SubscriptionState.INCOMPLETE:
        subscription.state = SubscriptionState.REFUSED


def _grant(step: _Step, subscription: Subscription) -> None:
    """Note a 2xx to a SUBSCRIBE: a refresh, a 204, the end (Expires: 0)."""
    subscription.suppressed += step.status == 204
    if step.granted_s >= 0:
        subscription.expires_s = step.granted_s
        subscription.granted_row = step.final_row
    if step.asked_s == 0:
        if step.in_dialog:
            subscription.state = SubscriptionState.TERMINATED
        return
    subscription.refreshes += step.in_dialog
    if subscription.state == SubscriptionState.REFUSED:
        subscription.state = SubscriptionState.INCOMPLETE


def track_subscriptions(trace: Trace, timers: Timers) -> "Tracked":
    """Return the subscriptions, their changes, and that of each transaction, -1 for none."""
    follower = _Follower()
    steps = _steps(trace)
    of_step = np.empty(len(steps), np.int32)
    for at, step in enumerate(steps):
        subscription = follower.find(step)
        _apply(step, subscription)
        of_step[at] = subscription.number
    of_transaction = np.full(len(trace.transactions), ABSENT, np.int32)
    of_transaction[[step.row for step in steps]] = of_step
    return Tracked(
        _table(trace, follower.subscriptions, of_transaction, timers),
        _changes(trace, follower.subscriptions),
        of_transaction,
    )


class Tracked(NamedTuple):
    """What was found out about subscriptions."""

    subscriptions: SubscriptionTable
    changes: SubscriptionChangeTable
    of_transaction: Int32


def _changes(trace: Trace, subscriptions: list[Subscription]) -> SubscriptionChangeTable:
    rows = [
        (each.number, row, state, trace.texts.intern(reason))
        for each in subscriptions
        for row, state, reason in each.changes
    ]
    return SubscriptionChangeTable.from_rows(sorted(rows, key=lambda row: (row[1], row[0])))


def _has_expired(trace: Trace, each: Subscription, timers: Timers) -> bool:
    """Tell whether the capture goes on past the last grant of a subscription that nobody ended."""
    if each.granted_row < 0 or each.expires_s <= 0 or each.state in OVER:
        return False
    granted_ns = int(trace.messages.time_ns[each.granted_row])
    return granted_ns + each.expires_s * 1_000_000_000 + timers.timeout_ns <= timers.end_ns


def _table(
    trace: Trace, subscriptions: list[Subscription], of_transaction: Int32, timers: Timers
) -> SubscriptionTable:
    transactions, time_ns = trace.transactions, trace.messages.time_ns
    count = len(subscriptions)
    first = transactions.first_row[
        first_of_each(of_transaction, np.ones(len(transactions), np.bool_), count)
    ]
    last = np.full(count, ABSENT, np.int32)
    members = np.flatnonzero(of_transaction >= 0)
    np.maximum.at(last, of_transaction[members], transactions.last_row[members])
    return SubscriptionTable(
        first_row=first,
        last_row=last,
        event_sym=[trace.texts.intern(each.event) for each in subscriptions],
        subscriber_row=[each.subscriber_row for each in subscriptions],
        notifier_row=[each.notifier_row for each in subscriptions],
        start_ns=time_ns[first],
        end_ns=time_ns[last],
        refreshes=[each.refreshes for each in subscriptions],
        notifies=[each.notifies for each in subscriptions],
        suppressed=[each.suppressed for each in subscriptions],
        expires_s=[each.expires_s for each in subscriptions],
        last_etag_sym=[trace.texts.intern(each.etag) for each in subscriptions],
        state=[each.state for each in subscriptions],
        final_status=[each.final_status for each in subscriptions],
        forks=[sum(tag != 0 for tag in each.siblings) for each in subscriptions],
        etag_changes=[each.etag_changes for each in subscriptions],
        reason_sym=[
            trace.texts.intern(each.reason if each.state in OVER else "") for each in subscriptions
        ],
        expired=[_has_expired(trace, each, timers) for each in subscriptions],
    )


def _steps(trace: Trace) -> list[_Step]:
    """Read what SUBSCRIBE and in-dialog NOTIFY transactions say, in the order of the timeline."""
    transactions, messages = trace.transactions, trace.messages
    is_notify = transactions.method_sym == Method.NOTIFY
    wanted = (transactions.method_sym == Method.SUBSCRIBE) | (is_notify & transactions.in_dialog)
    rows = np.flatnonzero(wanted)
    if len(rows) == 0:
        return []
    request = transactions.request_row[rows]
    head = np.where(request >= 0, request, transactions.first_row[rows]).astype(np.int64)
    final = transactions.final_row[rows]
    last = np.where(final >= 0, final, head).astype(np.int64)
    is_granted = transactions.final_status[rows] // 100 == 2
    to_tag = messages.to_tag_hash[head]
    answered_tag = np.where(is_granted, messages.to_tag_hash[last], np.uint64(0))
    from_tag = messages.from_tag_hash[head]
    notify = is_notify[rows]
    columns = (
        rows.tolist(),
        notify.tolist(),
        messages.call_id_hash[head].tolist(),
        np.where(notify, to_tag, from_tag).tolist(),
        np.where(notify, from_tag, np.where(to_tag != 0, to_tag, answered_tag)).tolist(),
        [_event_key(value) for value in header_values(trace, head, "Event")],
        np.where(notify, transactions.server_row[rows], transactions.client_row[rows]).tolist(),
        np.where(notify, transactions.client_row[rows], transactions.server_row[rows]).tolist(),
        transactions.in_dialog[rows].tolist(),
        transactions.final_status[rows].tolist(),
        [_seconds(value) for value in _values_where(trace, head, ~notify, "Expires")],
        [_seconds(value) for value in _values_where(trace, last, is_granted, "Expires")],
        _values_where(trace, head, notify, "Subscription-State"),
        _values_where(trace, head, notify, "SIP-ETag"),
        head.tolist(),
        last.tolist(),
    )
    return [_Step(*values) for values in zip(*columns, strict=True)]


def _values_where(trace: Trace, rows: Int64, mask: Bool, name: str) -> list[str]:
    """Return a header's value where the mask holds, an empty text elsewhere and when absent."""
    values = [""] * len(rows)
    wanted = np.flatnonzero(mask)
    for at, value in zip(wanted.tolist(), header_values(trace, rows[wanted], name), strict=True):
        values[at] = value or ""
    return values


@lru_cache(maxsize=1024)
def _event_key(value: str | None) -> str:
    """Return package and id, which are compared byte by byte (RFC 6665 §8.2.1)."""
    if not value:
        return ""
    event = Event.parse(value)
    return event.package if event.id is None else f"{event.package};id={event.id}"


@lru_cache(maxsize=1024)
def _seconds(value: str) -> int:
    """Return delta-seconds (RFC 3261 §25.1), -1 when absent or no number."""
    text = value.strip()
    return (
        min(int(text), 2**32 - 1)
        if text.isascii() and text.isdigit() and len(text) < 20
        else ABSENT
    )
