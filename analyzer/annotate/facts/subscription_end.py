"""Fields of subscriptions that the notifier ended, or that ran out without a refresh."""

import numpy as np

from analyzer.annotate.columns import endpoints, numbers, spread
from analyzer.annotate.facts.resubscription import subscribers
from analyzer.annotate.fields import Coded, Judged, Value, Values, field
from analyzer.sip.event import SubscriptionState as StateHeader
from analyzer.sip.headers import header_values
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Bool, Int64
from analyzer.tables.subscriptions import KNOWN
from analyzer.tables.trace import Trace
from analyzer.tables.vector import group_rows, keys_of, last_of_each, number_groups, pick

_NS_PER_S = 1_000_000_000
_REASONS = {
    "deactivated": ("moved to another notifier", "別の通知側へ移動"),
    "probation": ("ended for a while", "一時的に終了"),
    "rejected": ("no longer authorized", "認可の取消し"),
    "timeout": ("not refreshed in time", "期限内に更新されなかった"),
    "giveup": ("authorization not given in time", "時間内に認可が得られなかった"),
    "noresource": ("the resource is no more", "リソースの消滅"),
    "invariant": ("the state will not change any more", "状態が今後変わらない"),
    "other": ("another reason, or none", "その他または理由なし"),
}


@field(
    "subscription.ended",
    "text",
    en="Reason of a NOTIFY that ends a subscription which nobody had ended: not that of a REFER or "
    "a fetch, nor after Expires: 0.",
    ja="購読を終わらせる NOTIFY が示す理由（REFER による購読、1 回限りの取得、Expires: 0 の後は"
    "除く）。",
    choices={name: {"en": en, "ja": ja} for name, (en, ja) in _REASONS.items()},
)
def _subscription_ended(judged: Judged) -> Values:
    trace, rows = judged.trace, judged.message_rows
    table = trace.transactions
    own = table.subscription_row[judged.transaction_rows].astype(np.int64)
    states = judged.headers(rows, "Subscription-State")
    reasons = [_reason(each) for each in states.values]
    ends = np.array([each is not None for each in reasons], np.bool_)[states.codes]
    found: list[Value] = [None] * len(rows)
    chosen = np.flatnonzero(ends & (own >= 0) & first_hops(trace)[judged.transaction_rows])
    asked = np.flatnonzero((table.method_sym == Method.SUBSCRIBE) & (table.request_row >= 0))
    asked_in = group_rows(table.subscription_row[asked], len(trace.subscriptions))
    for at in chosen.tolist():
        subscribes = table.request_row[asked[asked_in.of(int(own[at]))]]
        before = np.sort(subscribes[subscribes < rows[at]]).astype(np.int64)
        # without its SUBSCRIBE the capture cannot tell who wanted the end
        if len(before) and (header_values(trace, before[-1:], "Expires")[0] or "").strip() != "0":
            found[at] = reasons[int(states.codes[at])]
    return found


def first_hops(trace: Trace) -> Bool:
    """Tell which transactions are requests of subscriptions as their sender's first hop shows them:
    what proxies send on has the CSeq number of what they got.
    """
    table = trace.transactions
    rows = np.flatnonzero((table.subscription_row >= 0) & (table.request_row >= 0))
    cseq = trace.messages.cseq[table.request_row[rows]]
    keys = keys_of(table.subscription_row[rows], table.method_sym[rows], cseq)
    is_first = np.zeros(len(table), np.bool_)
    is_first[rows[number_groups(keys)[1]]] = True
    return is_first


def _reason(value: Value) -> Value:
    """Return the reason of a Subscription-State that ends a subscription, None for any other."""
    state = StateHeader.parse(value) if isinstance(value, str) else None
    if state is None or state.state.lower() != "terminated":
        return None
    reason = (state.reason or "").lower()
    return reason if reason in _REASONS else "other"


@field(
    "subscription.subscriber",
    "text",
    en="Address and port from which the subscription was asked for.",
    ja="購読を要求した側のアドレスとポート。",
)
def _subscription_subscriber(judged: Judged) -> Values:
    trace = judged.trace
    own = trace.transactions.subscription_row[judged.transaction_rows]
    return endpoints(trace, pick(trace.subscriptions.subscriber_row, own, ABSENT))


@field(
    "subscription.retry_after",
    "seconds",
    en="Seconds after which the notifier lets the subscriber try again (retry-after).",
    ja="通知側が示した、購読側が再試行してよいまでの秒数（retry-after）。",
)
def _subscription_retry_after(judged: Judged) -> Values:
    column = judged.headers(judged.message_rows, "Subscription-State")
    found: list[Value] = []
    for each in column.values:
        state = StateHeader.parse(each) if isinstance(each, str) else None
        found.append(state.retry_after if state else None)
    return Coded(column.codes, found)


@field(
    "subscription.lapsed",
    "seconds",
    en="Seconds last granted to a subscription, known by a NOTIFY, that ran out in the capture "
    "without being renewed, replaced by another or ended; stated of its last SUBSCRIBE.",
    ja="NOTIFY が確認でき、更新、別の購読への切替え、終了のいずれもないままキャプチャ内で期限が"
    "切れた購読に、最後に認められた秒数（最後の SUBSCRIBE にのみ示す）。",
)
def _subscription_lapsed(judged: Judged) -> Values:
    trace, table = judged.trace, judged.trace.transactions
    subscriptions, rows = trace.subscriptions, judged.transaction_rows
    asked = (table.method_sym == Method.SUBSCRIBE) & first_hops(trace)
    last = last_of_each(table.subscription_row, asked, len(subscriptions))
    own = table.subscription_row[rows].astype(np.int64)
    is_last = (own >= 0) & (pick(last, own, ABSENT) == rows)
    is_known = np.isin(subscriptions.state, KNOWN)
    is_over = pick((subscriptions.expired & is_known).astype(np.int8), own, 0) > 0
    lapsed = np.flatnonzero(is_last & is_over)
    lapsed = lapsed[~_subscribed_anew(trace, rows[lapsed])]
    return numbers(spread(len(rows), lapsed, subscriptions.expires_s[own[lapsed]]))


def _subscribed_anew(trace: Trace, rows: Int64) -> Bool:
    """Tell after which of some SUBSCRIBEs, before the last grant ran out, the subscriber got
    another subscription to the same resource and package: some do that in place of a refresh.
    """
    table, subscriptions = trace.transactions, trace.subscriptions
    again = np.zeros(len(rows), np.bool_)
    if len(rows) == 0:
        return again
    is_new = (table.method_sym == Method.SUBSCRIBE) & ~table.in_dialog & first_hops(trace)
    new = np.flatnonzero(is_new & (table.final_status // 100 == 2))
    asked = table.request_row[np.concatenate([new, rows])].astype(np.int64)
    who, at_ns = subscribers(trace, asked), trace.messages.time_ns[asked]
    known: dict[tuple[Value, ...], list[int]] = {}
    for key, time_ns in zip(who[: len(new)], at_ns[: len(new)].tolist(), strict=True):
        known.setdefault(key, []).append(time_ns)
    own = table.subscription_row[rows]
    over_ns = subscriptions.end_ns[own] + subscriptions.expires_s[own] * _NS_PER_S
    spans = zip(who[len(new) :], at_ns[len(new) :].tolist(), over_ns.tolist(), strict=True)
    for at, (key, last_ns, end_ns) in enumerate(spans):
        again[at] = any(last_ns < time_ns <= end_ns for time_ns in known.get(key, ()))
    return again
