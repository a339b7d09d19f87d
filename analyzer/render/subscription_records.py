"""Rows of SubscriptionTable → columns of subscription records (RFC 6665)."""

import numpy as np

from analyzer.render.record_columns import (
    Addresses,
    Batch,
    Booleans,
    Integers,
    Lists,
    Members,
    Periods,
    Value,
    Values,
)
from analyzer.render.record_shapes import words
from analyzer.render.record_source import RecordSource, optional
from analyzer.render.record_spans import part_at
from analyzer.render.summaries import Summaries
from analyzer.tables.schema import ABSENT
from analyzer.tables.subscriptions import KNOWN, SubscriptionState
from analyzer.tables.vector import IntArray


def subscription_records(source: RecordSource, rows: IntArray) -> Batch:
    """Return the records of some subscriptions."""
    trace = source.trace
    picked = trace.subscriptions.take(rows)
    summaries = Summaries.of(source.language, "subscription")
    event = source.texts(picked.event_sym)
    values: Values = {
        "id": Integers(rows),
        "call_id": part_at(trace, picked.first_row, "call_id"),
        "event": event,
        "subscriber": source.endpoints(picked.subscriber_row),
        "notifier": source.endpoints(picked.notifier_row),
        "start_ns": Integers(picked.start_ns),
        "end_ns": Integers(picked.end_ns),
        "refreshes": Integers(picked.refreshes),
        "notifies": Integers(picked.notifies),
        "expires_s": optional(picked.expires_s),
        "expired": Booleans(picked.expired),
        "last_etag": source.texts(picked.last_etag_sym),
        "etag_changes": Integers(picked.etag_changes),
        "state": source.names(picked.state, SubscriptionState),
        "state_changes": _changes(source, rows),
        "termination_reason": source.texts(picked.reason_sym),
        "forks": Integers(picked.forks),
        "suppressed": Integers(picked.suppressed),
        "transactions": source.members(source.transactions_of_subscription, rows),
        "findings": source.members(source.findings_of_subscription, rows),
    }
    said: dict[str, Value] = {
        "subscriber": Addresses(picked.subscriber_row, trace.endpoints),
        "notifier": Addresses(picked.notifier_row, trace.endpoints),
        "event": event,
        "notifies": optional(picked.notifies, 0),
        "refreshes": optional(picked.refreshes, 0),
        "suppressed": optional(picked.suppressed, 0),
        "status": optional(picked.final_status, 0),
        "why": source.texts(picked.reason_sym),
        "expires": Periods(
            np.where(picked.expires_s >= 0, picked.expires_s * 1_000_000_000, ABSENT),
            summaries.units,
        ),
    }
    names = [*words(SubscriptionState), "expired"]
    # states count from 1 in the order of their names
    ran_out = picked.expired & np.isin(picked.state, KNOWN)
    variants = np.where(ran_out, len(names) - 1, picked.state - 1)
    summary = summaries.sentences(variants, names, said)
    return source.batch(len(rows), {**values, "summary": summary})


def _changes(source: RecordSource, rows: IntArray) -> Lists:
    """Return the changes of state of each subscription."""
    trace = source.trace
    starts, found = Members(trace.changes_of_subscription).of(rows)
    changes = trace.subscription_changes
    message = changes.message_row[found]
    values: dict[str, Value] = {
        "state": source.names(changes.state[found], SubscriptionState),
        "time_ns": source.times(message),
        "frame": source.frames(message),
        "reason": source.texts(changes.reason_sym[found]),
    }
    return Lists(starts, values)
