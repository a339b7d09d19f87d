"""Rows of MessageTable → columns of message records."""

from functools import partial

import numpy as np

from analyzer.render.record_columns import Batch, Integers, Lists, Tokens, Values, single
from analyzer.render.record_source import RecordSource, optional
from analyzer.render.record_spans import (
    header_texts,
    headers_at,
    numbers_at,
    part_at,
)
from analyzer.sip.cseq import CSeq
from analyzer.sip.headers import header_values
from analyzer.tables.messages import MessageFlag, Transport
from analyzer.tables.schema import ABSENT
from analyzer.tables.vector import IntArray


def message_records(source: RecordSource, rows: IntArray) -> Batch:
    """Return the records of some messages."""
    trace, count = source.trace, len(rows)
    picked, links = trace.messages.take(rows), trace.links.take(rows)
    is_request = picked.status == 0
    text = partial(part_at, trace, rows)
    length, kind = headers_at(trace, rows, "Content-Length", "Content-Type")
    values: Values = {
        "id": Integers(rows),
        "frame": source.frames(rows),
        "frames": single(source.frames(rows), count),
        "time_ns": Integers(picked.time_ns),
        "transport": source.names(picked.transport, Transport, lower=False),
        "source": source.endpoints(picked.source_row),
        "destination": source.endpoints(picked.destination_row),
        "method": source.methods(np.where(is_request, picked.method_sym, 0)),
        "status": optional(np.maximum(picked.status, 0), 0),
        "reason": part_at(trace, np.where(is_request, ABSENT, rows), "line"),
        "cseq": {"number": optional(picked.cseq), "method": _cseq_methods(source, rows)},
        "call_id": text("call_id"),
        "branch": text("branch"),
        "from_tag": text("from_tag"),
        "to_tag": text("to_tag"),
        "content_length": optional(numbers_at(trace.spans, length)),
        "content_type": header_texts(trace, kind),
        "transaction": optional(links.transaction_row),
        "retransmission_of": optional(links.retransmission_of_row),
        "copy_of": optional(links.copy_of_row),
        "anomalies": _anomalies(source, rows),
    }
    return source.batch(count, values)


def _cseq_methods(source: RecordSource, rows: IntArray) -> Tokens:
    """Return the methods of CSeq: what the table says, but for odd messages read anew."""
    messages = source.trace.messages
    symbols = source.methods(messages.method_sym[rows])
    numbers = np.array(symbols.numbers)
    odd = np.flatnonzero((messages.flags[rows] & MessageFlag.ODD) != 0)
    for at, text in zip(odd.tolist(), header_values(source.trace, rows[odd], "CSeq"), strict=True):
        method = CSeq.parse(text or "").method
        numbers[at] = source.words.number(method) if method else ABSENT
    return Tokens(numbers, source.words)


def _anomalies(source: RecordSource, rows: IntArray) -> Lists:
    """Return the kinds of anomaly of each message, by name."""
    known = source.anomaly_kinds
    kinds = [known.get(row, ()) for row in rows.tolist()] if known else [()] * len(rows)
    starts = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(each) for each in kinds], out=starts[1:])
    numbers = [source.words.number(kind) for each in kinds for kind in each]
    return Lists(starts, Tokens(np.array(numbers, np.int64), source.words))
