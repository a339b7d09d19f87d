"""Fields of conditional notification (RFC 5839): the tag asked for and the last one notified."""

import numpy as np

from analyzer.annotate.fields import UNKNOWN, Coded, Judged, Value, Values, field
from analyzer.frozen import frozen
from analyzer.sip.address_spans import distinct_addresses
from analyzer.sip.event import Event
from analyzer.sip.headers import (
    all_header_values,
    distinct_header_values,
    find_header,
    header_values,
)
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import is_in

_CONDITION = "Suppress-If-Match"


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
    return compare_tags(judged.kept(conditions), judged.kept(last_tags))


def compare_tags(asked: Coded, last: LastTags) -> Coded:
    """Compare the tags of each Suppress-If-Match, which should be one, with those last notified,
    byte by byte.
    """
    unseen = (last.before_request < 0) & (last.before_response < 0)
    number = {tag: at for at, tag in enumerate(last.tags)}
    single = np.full(len(asked.values), ABSENT, np.int64)
    several: dict[int, set[int]] = {}
    for at, value in enumerate(asked.values):
        tags = split_tags(value)
        if not tags:
            unseen |= asked.codes == at
        elif len(tags) > 1:
            several[at] = {number.get(each, ABSENT) for each in tags}
        else:
            single[at] = number.get(tags[0], ABSENT)
    wanted = single[asked.codes]
    current = (wanted >= 0) & ((wanted == last.before_request) | (wanted == last.before_response))
    for at, numbers in several.items():
        for row in np.flatnonzero(asked.codes == at).tolist():
            notified = {int(last.before_request[row]), int(last.before_response[row])}
            current[row] = bool((numbers & notified) - {ABSENT})
    codes = np.where(unseen, 2, np.where(current, 0, 1))
    return Coded(codes, ("current", "stale", "unseen"))


def split_tags(value: Value) -> list[str]:
    """Return the tags of a Suppress-If-Match, of which the grammar allows one."""
    if value is UNKNOWN or not isinstance(value, str):
        return []
    return [each for part in value.split(",") if (each := part.strip())]


def conditions(judged: Judged) -> Coded:
    """Return the tags asked for in each request; several lines are joined with commas."""
    column, rows = judged.values("request.suppress_if_match"), judged.request_rows
    seen = np.flatnonzero(rows >= 0)
    lines = find_header(judged.trace, rows[seen], _CONDITION).count
    several = seen[lines > 1]
    if len(several) == 0:
        return column
    codes, values = column.codes.astype(np.int64), list(column.values)
    for at in several.tolist():
        codes[at] = len(values)
        values.append(", ".join(all_header_values(judged.trace, int(rows[at]), _CONDITION)))
    return Coded(codes, values)


@field(
    "etag_altered",
    "flag",
    en="Whether the tag in Suppress-If-Match is the last one notified but for case or quotes.",
    ja="Suppress-If-Match のタグと最後に通知されたタグの違いが、大文字小文字または引用符だけか"
    "どうか。",
)
def _etag_altered(judged: Judged) -> Values:
    asked, last = judged.kept(conditions), judged.kept(last_tags)
    plain = [[_plain(each) for each in split_tags(value)] for value in asked.values]
    notified = [*map(_plain, last.tags), None]
    found = [
        notified[at] in plain[code]
        for code, at in zip(asked.codes.tolist(), last.before_response.tolist(), strict=True)
    ]
    return Coded.flags(np.array(found, np.bool_))


def _plain(tag: str) -> str:
    return tag.strip('"').lower()


@field(
    "etag_seen_elsewhere",
    "flag",
    en="Whether another subscription to the same resource and package, earlier in the capture, was "
    "notified of the tag in Suppress-If-Match: tags belong to these, not to a subscription.",
    ja="Suppress-If-Match のタグが、キャプチャ内のより前の、同じリソースとパッケージへの別の購読で"
    "通知されているかどうか（タグは購読ではなく、リソースとパッケージに属する）。",
)
def _etag_seen_elsewhere(judged: Judged) -> Values:
    trace, table = judged.trace, judged.trace.transactions
    asked, last = judged.kept(conditions), judged.kept(last_tags)
    is_unseen = (last.before_request < 0) & (last.before_response < 0) & (judged.request_rows >= 0)
    unseen = np.flatnonzero(is_unseen)
    found = np.zeros(len(judged), np.bool_)
    if len(unseen) == 0:
        return Coded.flags(found)
    notified = np.flatnonzero((table.method_sym == Method.NOTIFY) & (table.request_row >= 0))
    rows = table.request_row[notified].astype(np.int64)
    tags = header_values(trace, rows, "SIP-ETag")
    rows = rows[np.array([tag is not None for tag in tags], np.bool_)]
    tags = [tag for tag in tags if tag is not None]
    # most tags that are asked for were notified nowhere else: resource and package need no look
    known = set(tags)
    asked_of = [not known.isdisjoint(split_tags(value)) for value in asked.values]
    unseen = unseen[np.array(asked_of, np.bool_)[asked.codes[unseen]]]
    if len(unseen) == 0:
        return Coded.flags(found)
    first: dict[tuple[str | None, ...], int] = {}
    # what is watched is named by From in a NOTIFY, by To in a SUBSCRIBE
    keys = zip(_watched(trace, rows, "From"), tags, strict=True)
    for row, (watched, tag) in zip(rows.tolist(), keys, strict=True):
        first.setdefault((*watched, tag), row)
    own = _watched(trace, judged.request_rows[unseen], "To")
    for at, watched in zip(unseen.tolist(), own, strict=True):
        earlier = (first.get((*watched, tag)) for tag in split_tags(asked[at]))
        found[at] = any(row is not None and row < judged.message_rows[at] for row in earlier)
    return Coded.flags(found)


def _watched(trace: Trace, rows: Int64, header: str) -> list[tuple[str | None, str | None]]:
    """Return the resource that a header names, and the event package."""
    codes, resources = distinct_addresses(trace, rows, header)
    events = header_values(trace, rows, "Event")
    return [
        (resources[code], Event.parse(event).package if event else None)
        for code, event in zip(codes.tolist(), events, strict=True)
    ]


@field(
    "tags_asked",
    "number",
    en="Entity-tags in Suppress-If-Match: one is allowed.",
    ja="Suppress-If-Match のエンティティタグの数（許されるのは 1 つ）。",
)
def _tags_asked(judged: Judged) -> Values:
    column = judged.kept(conditions)
    counts: list[Value] = [
        each if each is UNKNOWN else len(split_tags(each)) for each in column.values
    ]
    return Coded(column.codes, counts)
