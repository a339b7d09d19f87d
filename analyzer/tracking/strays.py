"""Responses without request, requests without response, ACKs without INVITE: anomalies."""

import numpy as np

from analyzer.tables.anomalies import FRAMES_KEPT
from analyzer.tables.messages import Method
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace


def note_strays(trace: Trace) -> None:
    """Add an anomaly for each kind of message whose counterpart the capture lacks."""
    transactions = trace.transactions
    is_lone = transactions.request_row < 0
    _note(trace, "response-without-request", transactions.first_row[is_lone].astype(np.int64))
    is_unanswered = (transactions.final_row < 0) & (transactions.provisional_row < 0) & ~is_lone
    _note(
        trace, "request-without-response", transactions.request_row[is_unanswered].astype(np.int64)
    )
    is_stray = (trace.links.transaction_row < 0) & (trace.messages.method_sym == Method.ACK)
    _note(trace, "ack-without-invite", np.flatnonzero(is_stray))


def _note(trace: Trace, kind: str, rows: Int64) -> None:
    if len(rows):
        first = np.sort(rows)[:FRAMES_KEPT].tolist()
        trace.anomalies.add(kind, [trace.frame(row) for row in first], count=len(rows))
