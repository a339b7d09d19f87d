"""Fields of a SUBSCRIBE judged by itself: whether Timer N ran out after a 204 (RFC 6665 §4.1.2)."""

import os
from bisect import bisect_left, bisect_right

import numpy as np

from analyzer.annotate.fields import Coded, Judged, Value, Values, field
from analyzer.sip.address_spans import address_hashes, address_in
from analyzer.sip.event import Event
from analyzer.sip.headers import distinct_header_values
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Bool, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import keys_of, number_groups

_NS_PER_MS = 1_000_000


@field(
    "resubscribed_after",
    "duration_ms",
    en="From the SUBSCRIBE that a 204 answered to this new SUBSCRIBE, of the same subscriber for "
    "the same resource and package, where that is about Timer N and no NOTIFY came between.",
    ja="204 で応答された SUBSCRIBE から、同じ購読者による同じリソースとパッケージへの新しい "
    "SUBSCRIBE までの時間。タイマー N に近く、その間に NOTIFY がない場合に限る。",
    settings=("timer_n_ms", "timer_n_tolerance_ms"),
)
def _resubscribed_after(judged: Judged) -> Values:
    trace, table = judged.trace, judged.trace.transactions
    is_204 = (table.method_sym == Method.SUBSCRIBE) & (table.final_status == 204)
    answered = np.flatnonzero(is_204 & (table.request_row >= 0))
    if len(answered) == 0:
        return Coded.constant(None, len(judged))
    low, high = _window(judged)
    times = trace.messages.time_ns
    asked = table.request_row[answered].astype(np.int64)
    at_ns = times[judged.message_rows]
    rows = np.flatnonzero(~table.in_dialog[judged.transaction_rows])
    rows = rows[_may_follow(trace, judged.message_rows[rows], asked, (low, high))]
    if len(rows) == 0:
        return Coded.constant(None, len(judged))
    by_party: dict[tuple[Value, ...], list[tuple[int, int]]] = {}
    for key, row, time_ns in zip(
        subscribers(trace, asked), answered.tolist(), times[asked].tolist(), strict=True
    ):
        by_party.setdefault(key, []).append((time_ns, row))
    found: list[Value] = [None] * len(judged)
    for at, key in zip(rows.tolist(), subscribers(trace, judged.message_rows[rows]), strict=True):
        known = sorted(by_party.get(key, ()))
        now = int(at_ns[at])
        first, end = bisect_left(known, (now - high, -1)), bisect_right(known, (now - low, 2**63))
        now_row = int(judged.message_rows[at])
        for time_ns, row in known[first:end]:
            # where the clock of the capture went back, what is earlier by it may come later
            if table.final_row[row] < now_row and not _was_notified(trace, row, now_row):
                found[at] = round((now - time_ns) / _NS_PER_MS, 3)
    return found


def _window(judged: Judged) -> tuple[int, int]:
    """Return the shortest and the longest time that count as Timer N."""
    timer = float(str(judged.settings["timer_n_ms"]))
    tolerance = float(str(judged.settings["timer_n_tolerance_ms"]))
    return int((timer - tolerance) * _NS_PER_MS), int((timer + tolerance) * _NS_PER_MS)


def _may_follow(trace: Trace, rows: Int64, asked: Int64, window: tuple[int, int]) -> Bool:
    """Tell which messages came within a window of time, in ns, after one of `asked` with the same
    parties.
    """
    times, key = trace.messages.time_ns, os.urandom(16)
    began = np.sort(times[asked])
    first = np.searchsorted(began, times[rows] - window[1], "left")
    end = np.searchsorted(began, times[rows] - window[0], "right")
    follows: Bool = end > first
    both = np.concatenate([asked, rows[follows]])
    parties = (address_hashes(trace, both, header, key) for header in ("From", "To"))
    group = number_groups(keys_of(*parties))[0].astype(np.int64) * (len(began) + 1)
    known = np.sort(group[: len(asked)] + np.searchsorted(began, times[asked]))
    own = group[len(asked) :]
    follows[follows] = np.searchsorted(known, own + end[follows]) > np.searchsorted(
        known, own + first[follows]
    )
    return follows


def subscribers(trace: Trace, rows: Int64) -> list[tuple[Value, ...]]:
    """Return who subscribes to what: addresses in From and To, event package."""
    columns = []
    for header in ("From", "To", "Event"):
        codes, values = distinct_header_values(trace, rows, header)
        read = _package if header == "Event" else address_in
        texts = [read(value) if value else None for value in values]
        columns.append([texts[code] for code in codes.tolist()])
    return list(zip(*columns, strict=True))


def _package(value: str) -> str:
    return Event.parse(value).package


def _was_notified(trace: Trace, transaction_row: int, until: int) -> bool:
    """Tell whether a NOTIFY of the subscription came after a 204 and before another message."""
    table = trace.transactions
    number = int(table.subscription_row[transaction_row])
    if number == ABSENT:
        return False
    after = int(table.final_row[transaction_row])
    of = (table.subscription_row == number) & (table.method_sym == Method.NOTIFY)
    return bool((of & (table.request_row > after) & (table.request_row < until)).any())
