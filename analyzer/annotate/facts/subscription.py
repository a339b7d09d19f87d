"""Fields of conditional notification (RFC 5839): the tag asked for and the last one notified."""

import numpy as np

from analyzer.annotate.fields import UNKNOWN, Coded, Judged, Values, field
from analyzer.frozen import frozen
from analyzer.sip.headers import distinct_header_values, find_header, header_values
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import distinct, is_in


@frozen
class LastTags:
    """The entity-tags last notified in the subscription of each judged row."""

    before_request: Int64
    """Index in `tags`; -1 when the capture shows none before the request."""
    before_response: Int64
    """The same before the response: a NOTIFY may cross the SUBSCRIBE."""
    tags: list[str]


def last_tags(judged: Judged) -> LastTags:
    """Return the last SIP-ETag that a NOTIFY of the subscription carried before each request and
    response; a NOTIFY that was sent again or copied counts where it came first.
    """
    trace = judged.trace
    subscription = trace.transactions.subscription_row[judged.transaction_rows].astype(np.int64)
    keys, codes, tags = _notified(trace, subscription)
    size = len(trace.messages) + 1

    def before(rows: Int64) -> Int64:
        wanted = subscription * size + rows
        at = np.searchsorted(keys, wanted) - 1
        is_known = (at >= 0) & (rows >= 0) & (subscription >= 0)
        is_known[is_known] = keys[at[is_known]] // size == subscription[is_known]
        return np.where(is_known, codes[at], ABSENT) if len(keys) else np.full(len(rows), ABSENT)

    return LastTags(before(judged.request_rows), before(judged.response_rows), tags)


def _notified(trace: Trace, subscriptions: Int64) -> tuple[Int64, Int64, list[str]]:
    """Return the NOTIFYs with a SIP-ETag of some subscriptions, as keys in the order of
    subscription and row, with the number of the tag of each, and the tags.
    """
    transactions = trace.transactions
    wanted = np.flatnonzero(
        (transactions.method_sym == Method.NOTIFY)
        & (transactions.request_row >= 0)
        & is_in(transactions.subscription_row, subscriptions[subscriptions >= 0])
    )
    rows = transactions.request_row[wanted].astype(np.int64)
    of = transactions.subscription_row[wanted].astype(np.int64)
    codes, texts = distinct_header_values(trace, rows, "SIP-ETag")
    has_tag = np.array([bool(text) for text in texts], np.bool_)[codes]
    # equal texts may come several times, and numbers are compared in place of tags
    number: dict[str, int] = {}
    numbers = np.array([number.setdefault(text or "", len(number)) for text in texts], np.int64)
    keys = (of * (len(trace.messages) + 1) + rows)[has_tag]
    order = np.argsort(keys)
    return keys[order], numbers[codes][has_tag][order], list(number)


@field(
    "last_etag",
    "text",
    en="Last SIP-ETag that a NOTIFY of the subscription carried before the response.",
    ja="応答の前に、この購読の NOTIFY が最後に示した SIP-ETag。",
)
def _last_etag(judged: Judged) -> Values:
    last = judged.kept(last_tags)
    return Coded(last.before_response, [*last.tags, None])  # -1 is the last value


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
    return compare_tags(judged.values("request.suppress_if_match"), judged.kept(last_tags))


def compare_tags(asked: Coded, last: LastTags) -> Coded:
    """Compare the tags of each Suppress-If-Match, which should be one, with those last notified,
    byte by byte.
    """
    unseen = (last.before_request < 0) & (last.before_response < 0)
    number = {tag: at for at, tag in enumerate(last.tags)}
    single = np.full(len(asked.values), ABSENT, np.int64)
    several: dict[int, set[int]] = {}
    for at, value in enumerate(asked.values):
        if value is None or value is UNKNOWN:
            unseen |= asked.codes == at
        elif "," in str(value):
            several[at] = {number.get(each.strip(), ABSENT) for each in str(value).split(",")}
        else:
            single[at] = number.get(str(value).strip(), ABSENT)
    wanted = single[asked.codes]
    current = (wanted >= 0) & ((wanted == last.before_request) | (wanted == last.before_response))
    for at, tags in several.items():
        for row in np.flatnonzero(asked.codes == at).tolist():
            notified = {int(last.before_request[row]), int(last.before_response[row])}
            current[row] = bool((tags & notified) - {ABSENT})
    codes = np.where(unseen, 2, np.where(current, 0, 1))
    return Coded(codes, ("current", "stale", "unseen"))


@field(
    "etag_seen_elsewhere",
    "flag",
    en="Whether another subscription, earlier in the capture, was notified of the tag in "
    "Suppress-If-Match: tags belong to resource and package, not to a subscription.",
    ja="Suppress-If-Match のタグが、キャプチャ内のより前の別の購読で通知されているかどうか（タグは"
    "購読ではなく、リソースとパッケージに属する）。",
)
def _etag_seen_elsewhere(judged: Judged) -> Values:
    trace, table = judged.trace, judged.trace.transactions
    asked, last = judged.values("request.suppress_if_match"), judged.kept(last_tags)
    unseen = np.flatnonzero((last.before_request < 0) & (last.before_response < 0))
    found = np.zeros(len(judged), np.bool_)
    if len(unseen) == 0:
        return Coded.flags(found)
    notified = np.flatnonzero((table.method_sym == Method.NOTIFY) & (table.request_row >= 0))
    rows = table.request_row[notified].astype(np.int64)
    first: dict[str, int] = {}
    for row, tag in zip(rows.tolist(), header_values(trace, rows, "SIP-ETag"), strict=True):
        if tag:
            first[tag] = min(row, first.get(tag, row))
    for at in unseen.tolist():
        row = first.get(str(asked[at]).strip())
        found[at] = row is not None and row < judged.message_rows[at]
    return Coded.flags(found)


@field(
    "tags_asked",
    "number",
    en="Entity-tags in Suppress-If-Match: one is allowed.",
    ja="Suppress-If-Match のエンティティタグの数（許されるのは 1 つ）。",
)
def _tags_asked(judged: Judged) -> Values:
    rows = judged.request_rows
    seen = np.flatnonzero(rows >= 0)
    column = judged.values("request.suppress_if_match")
    lists = np.array([str(each).count(",") for each in column.values], np.int64)
    found = np.zeros(len(rows), np.int64)
    lines = find_header(judged.trace, rows[seen], "Suppress-If-Match").count
    found[seen] = np.where(lines > 0, lines + lists[column.codes[seen]], 0)
    different = distinct(found)
    return Coded(np.searchsorted(different, found), different.tolist())
