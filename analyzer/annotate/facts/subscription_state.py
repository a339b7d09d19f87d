"""Fields of how a subscription stood before: whether it was seen, the state last notified."""

import numpy as np

from analyzer.annotate.facts.notify import state_of
from analyzer.annotate.fields import Coded, Judged, Value, Values, field
from analyzer.sip.headers import distinct_header_values
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT
from analyzer.tables.vector import distinct, first_of_each, is_in


@field(
    "last_state",
    "text",
    en="State in the last Subscription-State that a NOTIFY of the subscription carried before.",
    ja="この購読の NOTIFY が直前に示した Subscription-State の状態。",
)
def _last_state(judged: Judged) -> Values:
    trace, table = judged.trace, judged.trace.transactions
    own = table.subscription_row[judged.transaction_rows].astype(np.int64)
    rows = np.flatnonzero(
        (table.method_sym == Method.NOTIFY)
        & (table.request_row >= 0)
        & is_in(table.subscription_row, distinct(own[own >= 0]))
    )
    requests = table.request_row[rows].astype(np.int64)
    size = len(trace.messages) + 1
    keys = table.subscription_row[rows].astype(np.int64) * size + requests
    order = np.argsort(keys)
    at = np.searchsorted(keys[order], own * size + judged.message_rows) - 1
    is_known = (own >= 0) & (at >= 0)
    is_known[is_known] = keys[order][at[is_known]] // size == own[is_known]
    codes, values = distinct_header_values(trace, requests[order], "Subscription-State")
    names: list[Value] = [state_of(value).partition(";")[0] or None for value in values]
    found = np.full(len(own), len(names), np.int64)
    found[is_known] = codes[at[is_known]]
    return Coded(found, [*names, None])


@field(
    "subscription_seen",
    "flag",
    en="Whether the capture shows the subscription before: a SUBSCRIBE that was granted, a NOTIFY.",
    ja="キャプチャに、それ以前の購読（認められた SUBSCRIBE または NOTIFY）があるかどうか。",
)
def _subscription_seen(judged: Judged) -> Values:
    table = judged.trace.transactions
    is_notify = (table.method_sym == Method.NOTIFY) & (table.request_row >= 0)
    shows = is_notify | (table.final_status // 100 == 2)
    first = first_of_each(table.subscription_row, shows, len(judged.trace.subscriptions))
    own = table.subscription_row[judged.transaction_rows]
    at = np.where(own >= 0, first[own], ABSENT) if len(first) else np.full(len(own), ABSENT)
    row = np.where(at >= 0, table.first_row[at], len(judged.trace.messages))
    return Coded.flags(row < judged.message_rows)
