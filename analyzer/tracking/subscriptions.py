"""SUBSCRIBE and NOTIFY transactions → subscriptions: a dialog plus Event with its id (RFC 6665).

The NOTIFY creates the dialog and may come before the answer to its SUBSCRIBE (§4.4.1); a SUBSCRIBE
that forks gives one subscription per notifier (§4.1.4). A SUBSCRIBE that got no dialog is an
attempt, and its retries belong to it. A NOTIFY outside any dialog belongs to none.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from analyzer.sip.event import Event
from analyzer.sip.event import SubscriptionState as StateHeader
from analyzer.sip.headers import header_values
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Bool, Int32, Int64
from analyzer.tables.subscriptions import SubscriptionState, SubscriptionTable
from analyzer.tables.trace import Trace
from analyzer.tables.vector import first_of_each

ENDING_STATUSES = frozenset({404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604})
"""Answers to a refresh that end the subscription (RFC 6665 §4.1.2.2)."""

STATES = {
    "active": SubscriptionState.ACTIVE,
    "pending": SubscriptionState.PENDING,
    "terminated": SubscriptionState.TERMINATED,
}


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
    final_status: int = 0
    state: SubscriptionState = SubscriptionState.INCOMPLETE


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
    if step.is_notify:
        subscription.notifies += 1
        state = StateHeader.parse(step.state_text) if step.state_text else None
        if state is not None:
            subscription.state = STATES.get(state.state.lower(), subscription.state)
            if state.expires is not None:
                subscription.expires_s = state.expires
        subscription.etag = step.etag or subscription.etag
        return
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
    if step.asked_s == 0:
        if step.in_dialog:
            subscription.state = SubscriptionState.TERMINATED
        return
    subscription.refreshes += step.in_dialog
    if subscription.state == SubscriptionState.REFUSED:
        subscription.state = SubscriptionState.INCOMPLETE


def track_subscriptions(trace: Trace) -> tuple[SubscriptionTable, Int32]:
    """Return the table of subscriptions and the subscription of each transaction, -1 for none."""
    follower = _Follower()
    steps = _steps(trace)
    of_step = np.empty(len(steps), np.int32)
    for at, step in enumerate(steps):
        subscription = follower.find(step)
        _apply(step, subscription)
        of_step[at] = subscription.number
    of_transaction = np.full(len(trace.transactions), ABSENT, np.int32)
    of_transaction[[step.row for step in steps]] = of_step
    return _table(trace, follower.subscriptions, of_transaction), of_transaction


def _table(
    trace: Trace, subscriptions: list[Subscription], of_transaction: Int32
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
