"""Fields that measure: delays, whether anybody was alerted, and delays that machines leave."""

import re
from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np

from analyzer.annotate.facts.forks import Invite, behind_of, invites_of
from analyzer.annotate.facts.message import line_texts
from analyzer.annotate.fields import UNKNOWN, Coded, Judged, Value, Values, field
from analyzer.annotate.rule import SettingValue
from analyzer.sip.headers import header_values
from analyzer.tables.messages import MessageTable, Method
from analyzer.tables.schema import ABSENT, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import distinct, first_of_each, is_in

_NS_PER_MS = 1_000_000
_URI = re.compile(r"<([^>]*)>|^\s*([^;,\s]+)")


def milliseconds(duration_ns: int) -> float:
    """Return nanoseconds as milliseconds with at most three decimals."""
    return round(duration_ns / _NS_PER_MS, 3)


def alerting_rows(judged: Judged) -> Int64:
    """Return the first 18x that came before each response judged, -1 without one: on its hop, or
    behind it where a proxy did not pass it on. Where the capture shows which branch gave the
    response, an 18x of another branch does not count.
    """
    messages, rows = judged.trace.messages, judged.message_rows
    found = judged.trace.transactions.alerting_row[judged.transaction_rows].astype(np.int64)
    found = np.where(found < rows, found, ABSENT)
    for at, invites in enumerate(judged.kept(invites_of)):
        if invites:
            behind = behind_of(invites, int(judged.transaction_rows[at]))
            status, own = int(messages.status[rows[at]]), int(found[at])
            found[at] = _first_18x(behind, status, int(rows[at]), own)
    return found


def _first_18x(behind: Sequence[Invite], status: int, until: int, own: int) -> int:
    """Return the first 18x that speaks of who gave a response, from the one on its own hop and the
    transactions behind that.
    """
    gave = [each for each in behind if each.final_status == status and 0 <= each.final < until]
    if gave:
        origin = min(gave, key=lambda each: (-len(each.branches), each.final))
        if not 0 <= origin.first_18x < origin.final:
            return ABSENT
        return own if own >= 0 else origin.first_18x
    passed_over = [each.first_18x for each in behind if 0 <= each.first_18x < until]
    return own if own >= 0 else min(passed_over, default=ABSENT)


def _since(judged: Judged, rows: Int64, instead: Value) -> Coded:
    """Return the milliseconds from other messages to those judged, `instead` for row -1, and None
    where the clock of the capture went back meanwhile.
    """
    time_ns = judged.trace.messages.time_ns
    seen = rows >= 0
    spent = np.where(seen, time_ns[judged.message_rows] - time_ns[rows], 0)
    different = distinct(spent)
    codes = np.where(seen, np.searchsorted(different, spent), len(different))
    values = [milliseconds(each) if each >= 0 else None for each in different.tolist()]
    return Coded(codes, [*values, instead])


@field(
    "response_delay_ms",
    "duration_ms",
    en="From the first request to the response.",
    ja="最初のリクエストから応答までの時間。",
)
def _response_delay_ms(judged: Judged) -> Values:
    return _since(judged, judged.request_rows, UNKNOWN)


@field(
    "alerted",
    "flag",
    en="Whether an 18x came before the response, from the branch that gave it where the capture "
    "shows which; unknown when the request is not in the capture.",
    ja="応答の前に 18x があったかどうか（どのブランチの応答かが分かる場合は、そのブランチの 18x）。"
    "リクエストがキャプチャにない場合は不明。",
)
def _alerted(judged: Judged) -> Values:
    alerted = judged.kept(alerting_rows) >= 0
    return Coded.flags(alerted, alerted | (judged.request_rows >= 0))


@field(
    "alerted_elsewhere",
    "flag",
    en="Whether an 18x came before the response from any branch of the call.",
    ja="応答の前に、呼のいずれかのブランチから 18x があったかどうか。",
)
def _alerted_elsewhere(judged: Judged) -> Values:
    rows = judged.message_rows.tolist()
    pairs = zip(judged.kept(invites_of), rows, strict=True)
    found = [any(0 <= each.first_18x < row for each in invites) for invites, row in pairs]
    return Coded.flags(np.array(found, np.bool_))


@field(
    "alerting_status",
    "number",
    en="Status of the first 18x before the response.",
    ja="応答の前の最初の 18x のコード。",
)
def _alerting_status(judged: Judged) -> Values:
    rows = judged.kept(alerting_rows)
    statuses = judged.trace.messages.status[rows].astype(np.int64)
    different = distinct(statuses)
    codes = np.where(rows >= 0, np.searchsorted(different, statuses), len(different))
    return Coded(codes, [*different.tolist(), None])


@field(
    "alerting_phrase",
    "text",
    en="Reason phrase of the first 18x before the response.",
    ja="応答の前の最初の 18x の理由句。",
)
def _alerting_phrase(judged: Judged) -> Values:
    rows = judged.kept(alerting_rows)
    seen = np.flatnonzero(rows >= 0)
    found: list[Value] = [None] * len(rows)
    for at, text in zip(seen.tolist(), line_texts(judged.trace, rows[seen]), strict=True):
        found[at] = text or None
    return found


@field(
    "since_alerting_ms",
    "duration_ms",
    en="From the first 18x to the response.",
    ja="最初の 18x から応答までの時間。",
)
def _since_alerting_ms(judged: Judged) -> Values:
    return _since(judged, judged.kept(alerting_rows), None)


@field(
    "round_delay",
    "flag",
    en="The time from the first 18x to the response is round, as a no-answer timer leaves it.",
    ja="最初の 18x から応答までの時間が、無応答タイマーのような切りのよい値かどうか。",
    settings=("round_delays_s", "round_delay_tolerance_ms"),
)
def _round_delay(judged: Judged) -> Values:
    tolerance = float(str(judged.settings["round_delay_tolerance_ms"]))
    rounds = 1000 * np.array(
        [float(str(each)) for each in _listed(judged.settings["round_delays_s"])]
    )
    column = judged.values("since_alerting_ms")
    delays = np.array([each if isinstance(each, float) else np.nan for each in column.values])
    near = np.abs(delays[:, np.newaxis] - rounds) <= tolerance
    return Coded.flags(near.any(axis=1)[column.codes])


def _listed(value: SettingValue) -> Sequence[SettingValue]:
    return value if isinstance(value, tuple) else (value,)


@field(
    "same_delay",
    "flag",
    en="Several calls to the same callee got the same status after the same delay (from the first "
    "18x, else from the INVITE), at least half of this callee's.",
    ja="同じ着信者への複数の呼が同じ遅延（最初の 18x から、なければ INVITE から）で同じ応答コードに"
    "なり、その着信者への呼の半数以上を占めるかどうか。",
    settings=("same_delay_calls", "same_delay_tolerance_ms"),
)
def _same_delay(judged: Judged) -> Values:
    calls = int(str(judged.settings["same_delay_calls"]))
    tolerance_ns = int(float(str(judged.settings["same_delay_tolerance_ms"])) * _NS_PER_MS)
    statuses = judged.trace.messages.status[judged.message_rows]
    found = np.zeros(len(judged), np.bool_)
    for status in distinct(statuses).tolist():
        of_trace = _same_delays(judged.trace, status, calls, tolerance_ns)
        found |= is_in(judged.message_rows, of_trace)
    return Coded.flags(found)


_FOUND: WeakKeyDictionary[MessageTable, dict[tuple[int, int, int], Int64]] = WeakKeyDictionary()
"""Answers about a whole trace: words are made in batches, and each batch asks again."""


def _same_delays(trace: Trace, status: int, calls: int, tolerance_ns: int) -> Int64:
    known = _FOUND.setdefault(trace.messages, {})
    key = (status, calls, tolerance_ns)
    if key not in known:
        known[key] = rows_with_same_delay(trace, status, calls, tolerance_ns)
    return known[key]


def rows_with_same_delay(trace: Trace, status: int, calls: int, tolerance_ns: int) -> Int64:
    """Return the responses to initial INVITEs with this status whose delay is that of at least
    `calls` calls to their callee and of at least half of all of them.
    """
    transactions, messages = trace.transactions, trace.messages
    transaction = trace.links.transaction_row
    mask = (messages.status == status) & (transaction >= 0)
    rows = first_of_each(transaction, mask, len(transactions)).astype(np.int64)
    wanted = (rows >= 0) & (transactions.method_sym == Method.INVITE)
    wanted &= (transactions.request_row >= 0) & ~transactions.in_dialog
    chosen = np.flatnonzero(wanted)
    rows = rows[chosen]
    if len(rows) < calls:
        return np.zeros(0, np.int64)
    began = transactions.alerting_row[chosen]
    began = np.where((began >= 0) & (began < rows), began, transactions.request_row[chosen])
    delay = messages.time_ns[rows] - messages.time_ns[began]
    callee = callees(trace, rows)
    call = transactions.call_row[chosen].astype(np.int64)
    call = np.where(call >= 0, call, -1 - chosen)
    # one delay for each call: a call seen on two hops is one decline
    order = np.lexsort((rows, call, callee))
    new = np.ones(len(order), np.bool_)
    new[1:] = (np.diff(callee[order]) != 0) | (np.diff(call[order]) != 0)
    one_each = order[new]
    alike = _count_alike(callee[one_each], delay[one_each], callee, delay, tolerance_ns)
    own = np.empty(len(rows), np.int64)
    own[order] = delay[one_each][np.cumsum(new) - 1]
    # where another hop of the call stands for it, the call itself is not among the counted
    alike += np.abs(own - delay) > tolerance_ns
    total = np.bincount(callee[one_each], minlength=int(callee.max()) + 1)[callee]
    result: Int64 = np.sort(rows[(alike >= calls) & (2 * alike >= total)])
    return result


def _count_alike(
    callee: Int64, delay: Int64, of_callee: Int64, of_delay: Int64, tolerance_ns: int
) -> Int64:
    """Count for each wanted callee and delay the given ones that are alike."""
    numbered = distinct(np.concatenate([delay, of_delay]))
    width = len(numbered) + 1
    keys = np.sort(callee * width + np.searchsorted(numbered, delay))
    low = of_callee * width + np.searchsorted(numbered, of_delay - tolerance_ns, "left")
    high = of_callee * width + np.searchsorted(numbered, of_delay + tolerance_ns, "right") - 1
    return np.searchsorted(keys, high, "right") - np.searchsorted(keys, low, "left")


def callees(trace: Trace, rows: Int64) -> Int64:
    """Return a number for the callee of each response: by the URI of To, the same on every hop."""
    numbers: dict[str, int] = {}
    found = []
    for value in header_values(trace, rows, "To"):
        match = _URI.search(value or "")
        uri = (match[1] or match[2] or "") if match else ""
        found.append(numbers.setdefault(uri.partition(";")[0].lower(), len(numbers)))
    return np.array(found, np.int64)
