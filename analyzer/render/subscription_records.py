"""Rows of SubscriptionTable → columns of subscription records (RFC 6665)."""

from analyzer.render.record_columns import Addresses, Batch, Integers, Value, Values
from analyzer.render.record_shapes import words
from analyzer.render.record_source import RecordSource, optional
from analyzer.render.record_spans import part_at
from analyzer.render.summaries import Summaries
from analyzer.tables.subscriptions import SubscriptionState
from analyzer.tables.vector import IntArray


def subscription_records(source: RecordSource, rows: IntArray) -> Batch:
    """Return the records of some subscriptions."""
    trace = source.trace
    picked = trace.subscriptions.take(rows)
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
        "last_etag": source.texts(picked.last_etag_sym),
        "state": source.names(picked.state, SubscriptionState),
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
    }
    names = words(SubscriptionState)
    # states count from 1 in the order of their names
    summary = Summaries.of(source.language, "subscription").sentences(picked.state - 1, names, said)
    return source.batch(len(rows), {**values, "summary": summary})
