"""Fields of conditional notification (RFC 5839): the tag asked for and the last one notified."""

from bisect import bisect_left

import numpy as np

from analyzer.annotate.fields import UNKNOWN, Judged, Value, Values, field
from analyzer.sip.headers import header_values
from analyzer.tables.messages import Method
from analyzer.tables.trace import Trace
from analyzer.tables.vector import is_in

Notified = dict[int, tuple[list[int], list[str]]]
"""Subscription row → rows of its NOTIFYs with a SIP-ETag, ascending, and their tags."""


def notified_tags(trace: Trace, subscriptions: set[int]) -> Notified:
    """Return the entity-tags that the NOTIFYs of these subscriptions carried; a NOTIFY that was
    sent again or copied counts once, where it came first.
    """
    transactions = trace.transactions
    wanted = np.flatnonzero(
        (transactions.method_sym == Method.NOTIFY)
        & (transactions.request_row >= 0)
        & is_in(transactions.subscription_row, np.fromiter(subscriptions, np.int64))
    )
    rows = transactions.request_row[wanted].astype(np.int64)
    order = np.argsort(rows, kind="stable")
    rows, subscription = rows[order], transactions.subscription_row[wanted][order].tolist()
    found: Notified = {}
    for row, which, tag in zip(
        rows.tolist(), subscription, header_values(trace, rows, "SIP-ETag"), strict=True
    ):
        if tag:
            at, tags = found.setdefault(which, ([], []))
            at.append(row)
            tags.append(tag)
    return found


def last_etags(judged: Judged) -> list[tuple[str, ...]]:
    """Return the last entity-tag notified before each response, preceded by the last one before
    its request where that differs: a NOTIFY may cross the SUBSCRIBE.
    """
    subscription = judged.trace.transactions.subscription_row[judged.transaction_rows].tolist()
    tags_of = notified_tags(judged.trace, {each for each in subscription if each >= 0})
    found: list[tuple[str, ...]] = []
    for which, request, response in zip(
        subscription, judged.request_rows.tolist(), judged.message_rows.tolist(), strict=True
    ):
        rows, tags = tags_of.get(which, ([], []))
        before = [bisect_left(rows, row) for row in (request, response) if row >= 0]
        found.append(tuple(dict.fromkeys(tags[count - 1] for count in before if count)))
    return found


@field(
    "last_etag",
    "text",
    en="Last SIP-ETag that a NOTIFY of the subscription carried before the response.",
    ja="応答の前に、この購読の NOTIFY が最後に示した SIP-ETag。",
)
def _last_etag(judged: Judged) -> Values:
    return [tags[-1] if tags else None for tags in judged.kept(last_etags)]


ETAGS = {
    "current": {"en": "current", "ja": "最新"},
    "stale": {"en": "not the last one notified", "ja": "最後に通知されたものと異なる"},
    "unseen": {"en": "no notified tag in the capture", "ja": "キャプチャに通知済みのタグなし"},
}


@field(
    "etag",
    "text",
    en="How the tag in Suppress-If-Match compares with the last SIP-ETag notified.",
    ja="Suppress-If-Match のタグと、最後に通知された SIP-ETag との比較結果。",
    choices=ETAGS,
)
def _etag(judged: Judged) -> Values:
    asked = judged.values("request.suppress_if_match")
    pairs = zip(asked, judged.kept(last_etags), strict=True)
    return [compare_tags(value, notified) for value, notified in pairs]


def compare_tags(asked: Value, notified: tuple[str, ...]) -> str:
    """Compare the tags of a Suppress-If-Match, which should be one, with those last notified."""
    if not notified or asked is None or asked is UNKNOWN:
        return "unseen"
    tags = {each.strip() for each in str(asked).split(",")}
    return "current" if tags & set(notified) else "stale"
