"""What each SUBSCRIBE and NOTIFY transaction says about a subscription, in the order of time."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from analyzer.sip.event import Event
from analyzer.sip.headers import header_values
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Bool, Int64
from analyzer.tables.trace import Trace


class Step(NamedTuple):
    """What one transaction says about a subscription."""

    row: int
    is_notify: bool
    cseq: int
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


def read_steps(trace: Trace) -> list[Step]:
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
        messages.cseq[head].tolist(),
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
    return [Step(*values) for values in zip(*columns, strict=True)]


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
