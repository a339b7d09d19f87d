"""Fields of subscriptions that the notifier ended, or that ran out without a refresh."""

import numpy as np

from analyzer.annotate.columns import numbers
from analyzer.annotate.fields import Coded, Judged, Value, Values, field
from analyzer.sip.event import SubscriptionState as StateHeader
from analyzer.sip.headers import header_values
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT
from analyzer.tables.subscriptions import SubscriptionState
from analyzer.tables.vector import group_rows, last_of_each, pick

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
    chosen = np.flatnonzero(ends & (own >= 0))
    asked = np.flatnonzero((table.method_sym == Method.SUBSCRIBE) & (table.request_row >= 0))
    asked_in = group_rows(table.subscription_row[asked], len(trace.subscriptions))
    for at in chosen.tolist():
        subscribes = table.request_row[asked[asked_in.of(int(own[at]))]]
        before = np.sort(subscribes[subscribes < rows[at]]).astype(np.int64)
        # without its SUBSCRIBE the capture cannot tell who wanted the end
        if len(before) and (header_values(trace, before[-1:], "Expires")[0] or "").strip() != "0":
            found[at] = reasons[int(states.codes[at])]
    return found


def _reason(value: Value) -> Value:
    """Return the reason of a Subscription-State that ends a subscription, None for any other."""
    state = StateHeader.parse(value) if isinstance(value, str) else None
    if state is None or state.state.lower() != "terminated":
        return None
    reason = (state.reason or "").lower()
    return reason if reason in _REASONS else "other"


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
    "without a refresh or an end; stated of its last SUBSCRIBE.",
    ja="NOTIFY が確認でき、更新も終了もないままキャプチャ内で期限が切れた購読に、最後に認められた"
    "秒数（最後の SUBSCRIBE にのみ示す）。",
)
def _subscription_lapsed(judged: Judged) -> Values:
    trace, table = judged.trace, judged.trace.transactions
    subscriptions, rows = trace.subscriptions, judged.transaction_rows
    asked = (table.method_sym == Method.SUBSCRIBE) & (table.request_row >= 0)
    last = last_of_each(table.subscription_row, asked, len(subscriptions))
    own = table.subscription_row[rows].astype(np.int64)
    is_last = pick(last, own, ABSENT) == rows
    # without a NOTIFY nobody can tell whether there was a subscription
    is_known = np.isin(subscriptions.state, (SubscriptionState.ACTIVE, SubscriptionState.PENDING))
    is_over = pick((subscriptions.expired & is_known).astype(np.int8), own, 0) > 0
    seconds = pick(subscriptions.expires_s, own, ABSENT)
    return numbers(np.where(is_last & is_over & (own >= 0), seconds, ABSENT))
