"""Rows of TransactionTable → columns of transaction records (RFC 3261 §17)."""

import numpy as np

from analyzer.render.record_columns import Batch, Booleans, Durations, Integers, Lists, Values
from analyzer.render.record_source import RecordSource, optional
from analyzer.render.record_spans import part_at
from analyzer.tables.messages import Transport
from analyzer.tables.transactions import TransactionState
from analyzer.tables.vector import IntArray


def transaction_records(source: RecordSource, rows: IntArray) -> Batch:
    """Return the records of some transactions."""
    trace = source.trace
    picked = trace.transactions.take(rows)
    first, request, final = picked.first_row, picked.request_row, picked.final_row
    has_final_tag = (final >= 0) & (trace.messages.to_tag_len[np.maximum(final, 0)] > 0)
    values: Values = {
        "id": Integers(rows),
        "method": source.methods(picked.method_sym),
        "cseq": optional(trace.messages.cseq[first]),
        "call_id": part_at(trace, first, "call_id"),
        "branch": part_at(trace, first, "branch"),
        "from_tag": part_at(trace, first, "from_tag"),
        "to_tag": part_at(trace, np.where(has_final_tag, final, request), "to_tag"),
        "transport": source.names(trace.messages.transport[first], Transport, lower=False),
        "client": source.endpoints(picked.client_row),
        "server": source.endpoints(picked.server_row),
        "request_frame": source.frames(request),
        "request_ns": source.times(request),
        "request_uri": part_at(trace, request, "line"),
        "in_dialog": Booleans(picked.in_dialog),
        "provisional": _provisionals(source, rows),
        "final_status": optional(picked.final_status, 0),
        "final_reason": part_at(trace, final, "line"),
        "final_frame": source.frames(final),
        "final_ns": source.times(final),
        "ack_frame": source.frames(picked.ack_row),
        "response_delay_ms": Durations(picked.response_delay_ns),
        "retransmissions": {
            "request": Integers(picked.request_retransmissions),
            "response": Integers(picked.response_retransmissions),
            "ack": Integers(picked.ack_retransmissions),
        },
        "duplicates": Integers(picked.duplicates),
        "state": source.names(picked.state, TransactionState),
        "complete": Booleans((request >= 0) & (final >= 0)),
        "call": optional(picked.call_row),
        "subscription": optional(picked.subscription_row),
        "registration": optional(picked.registration_row),
        "findings": source.members(source.findings_of_transaction, rows),
    }
    return source.batch(len(rows), values)


def _provisionals(source: RecordSource, rows: IntArray) -> Lists:
    starts, members = source.provisionals.of(rows)
    items: Values = {
        "status": Integers(source.trace.messages.status[members]),
        "reason": part_at(source.trace, members, "line"),
        "frame": source.frames(members),
        "time_ns": source.times(members),
    }
    return Lists(starts, items)
