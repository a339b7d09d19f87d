"""SUBSCRIBE and NOTIFY transactions → subscriptions: a dialog plus Event with its id (RFC 6665).

The NOTIFY creates the dialog and may come before the answer to its SUBSCRIBE (§4.4.1); a SUBSCRIBE
that forks gives one subscription per notifier (§4.1.4). A SUBSCRIBE that got no dialog is an
attempt, and its retries belong to it. A NOTIFY outside any dialog belongs to none.
"""

from typing import NamedTuple

import numpy as np

from analyzer.tables.schema import ABSENT, Int32
from analyzer.tables.subscriptions import SubscriptionChangeTable, SubscriptionTable
from analyzer.tables.trace import Trace
from analyzer.tables.vector import first_of_each
from analyzer.tracking.subscription_states import OVER, Subscription, apply
from analyzer.tracking.subscription_steps import Step, read_steps
from analyzer.tracking.transactions import Timers


class _Usage:
    """The subscriptions of a subscriber to an event in a Call-ID."""

    def __init__(self) -> None:
        self.by_tag: dict[int, Subscription] = {}
        """By tag of the notifier; 0 is an attempt that got no dialog yet."""
        self.cseq = ABSENT
        """Of the latest SUBSCRIBE outside a dialog."""
        self.subscriber_row = ABSENT
        """Who sent that one first."""
        self.tags: set[int] = set()
        """Those of the notifiers that it came to."""


class _Follower:
    """Finds or opens the subscription of each step, in the order of the timeline."""

    def __init__(self) -> None:
        self.subscriptions: list[Subscription] = []
        self._usages: dict[tuple[int, int, str], _Usage] = {}
        self._events: dict[tuple[int, int], list[str]] = {}

    def find(self, step: Step) -> Subscription:
        """Return the subscription a step belongs to, a new one when there is none."""
        usage = self._usages.get((step.call_id, step.subscriber_tag, step.event))
        if usage is None:
            usage = self._find_usage(step)
        if not step.is_notify and not step.in_dialog and step.cseq != usage.cseq:
            usage.cseq, usage.tags, usage.subscriber_row = step.cseq, set(), step.subscriber_row
        by_tag, tag = usage.by_tag, step.notifier_tag
        if tag in by_tag:
            return by_tag[tag]
        if tag == 0 and by_tag:
            return next(reversed(by_tag.values()))
        attempt = by_tag.pop(0, None)
        if attempt is None:
            number = len(self.subscriptions)
            known = usage.subscriber_row
            subscriber = known if known >= 0 else step.subscriber_row
            attempt = Subscription(number, step.event, subscriber, step.notifier_row)
            self.subscriptions.append(attempt)
        attempt.siblings = usage.tags
        if tag:
            usage.tags.add(tag)
        by_tag[tag] = attempt
        return attempt

    def _find_usage(self, step: Step) -> _Usage:
        """Return what a subscriber has to do with an event; what names no event, as a response does
        whose request is missing, belongs to the only one there is.
        """
        events = self._events.setdefault((step.call_id, step.subscriber_tag), [])
        if events == [""]:
            usage = self._usages[step.call_id, step.subscriber_tag, ""]
            for each in usage.by_tag.values():
                each.event = step.event
            events[0] = step.event
            return self._usages.setdefault((step.call_id, step.subscriber_tag, step.event), usage)
        event = events[0] if not step.event and len(events) == 1 else step.event
        if event not in events:
            events.append(event)
        return self._usages.setdefault((step.call_id, step.subscriber_tag, event), _Usage())


def track_subscriptions(trace: Trace, timers: Timers) -> "Tracked":
    """Return the subscriptions, their changes, and that of each transaction, -1 for none."""
    follower = _Follower()
    steps = read_steps(trace)
    of_step = np.empty(len(steps), np.int32)
    for at, step in enumerate(steps):
        subscription = follower.find(step)
        apply(step, subscription)
        of_step[at] = subscription.number
    recent_ns = timers.end_ns - timers.timeout_ns
    for each in follower.subscriptions:
        if each.is_asked_again() and trace.messages.time_ns[each.changes[-1][0]] > recent_ns:
            each.refuse_nothing()
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
        forks=[len(each.siblings) for each in subscriptions],
        etag_changes=[each.etag_changes for each in subscriptions],
        reason_sym=[
            trace.texts.intern(each.reason if each.state in OVER else "") for each in subscriptions
        ],
        expired=[_has_expired(trace, each, timers) for each in subscriptions],
    )
