"""A call → its messages as the caller sees them, for sequences."""

import numpy as np

from analyzer.check.sequences import Message
from analyzer.report.ladder import messages_of
from analyzer.tables.schema import Bool, Int64
from analyzer.tables.trace import Trace


def messages_seen(trace: Trace, call: int) -> Int64:
    """Return the messages that the caller sent or got, in order; each once, however often it was
    repeated. Where a proxy is between, those of its other side are left out.
    """
    rows = messages_of(trace, trace.transactions_of_call.of(call))
    links = trace.links
    rows = rows[(links.copy_of_row[rows] < 0) & (links.retransmission_of_row[rows] < 0)]
    first = int(trace.calls.first_row[call])
    return rows[_on_hop(trace, rows, first)]


def _on_hop(trace: Trace, rows: Int64, first: int) -> Bool:
    """Tell which messages the sender of the first request sent or got."""
    messages, endpoints = trace.messages, trace.endpoints
    near, far = int(messages.source_row[first]), int(messages.destination_row[first])
    if messages.status[first]:
        near, far = far, near
    if endpoints.address(near) == endpoints.address(far):
        # all on one address: ports tell who is who
        is_own: Bool = messages.source_row[rows] == near
        is_own |= messages.destination_row[rows] == near
        return is_own
    caller = endpoints.address(near)
    used = {
        row
        for column in (messages.source_row, messages.destination_row)
        for row in column[rows].tolist()
        if endpoints.address(row) == caller
    }
    ends = list(used)
    is_from: Bool = np.isin(messages.source_row[rows], ends)
    is_to: Bool = np.isin(messages.destination_row[rows], ends)
    return is_from | is_to


def as_pattern_sees(trace: Trace, rows: Int64) -> list[Message]:
    """Return messages by method and status."""
    messages = trace.messages
    columns = zip(messages.method_sym[rows].tolist(), messages.status[rows].tolist(), strict=True)
    return [Message(trace.methods[method] or "?", max(status, 0)) for method, status in columns]
