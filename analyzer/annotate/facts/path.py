"""Fields of the path of a call: what an element changed in a response, and where it went on."""

from collections.abc import Callable

import numpy as np

from analyzer.annotate.facts.forks import endpoint_text
from analyzer.annotate.fields import Coded, Judged, Value, Values, field
from analyzer.tables.hops import Change, HopTable
from analyzer.tables.schema import ABSENT, Int64
from analyzer.tables.trace import Trace

Find = Callable[[Trace, HopTable, int], Value]


def _hop_rows(judged: Judged) -> Int64:
    """Return the hop of each transaction judged, -1 where it is none with something to say."""
    hops = judged.trace.hops
    told = np.flatnonzero((hops.change > 0) | (hops.routed_after_row >= 0))
    hop_of = np.full(len(judged.trace.transactions) + 1, ABSENT, np.int64)
    hop_of[hops.transaction_row[told]] = told
    return hop_of[judged.transaction_rows]


def _each(judged: Judged, find: Find) -> Coded:
    rows = judged.kept(_hop_rows)
    told = np.flatnonzero(rows >= 0)
    if len(told) == 0:
        return Coded.constant(None, len(rows))
    trace = judged.trace
    values: list[Value] = [None] * len(rows)
    for at in told.tolist():
        values[at] = find(trace, trace.hops, int(rows[at]))
    return Coded.of(values)


def _got(hops: HopTable, hop: int) -> int:
    """Return the transaction of the hop whose response was changed, -1 for none."""
    row = int(hops.changed_row[hop])
    return int(hops.transaction_row[row]) if row >= 0 else ABSENT


@field(
    "relay.change",
    "text",
    en="What the element that was asked changed in the final response it had got, compared with "
    "the one it sent.",
    ja="リクエストを受けた装置が、下流から受け取った最終応答の何を変えて上流に返したか。",
    choices={
        "status": {"en": "the status", "ja": "応答コード"},
        "phrase": {"en": "the reason phrase", "ja": "理由句"},
        "reason": {"en": "Reason was left out or cut", "ja": "Reason ヘッダーの内容の削除"},
    },
)
def _relay_change(judged: Judged) -> Values:
    def find(_: Trace, hops: HopTable, hop: int) -> Value:
        return next((each.name.lower() for each in Change if hops.change[hop] & each), None)

    return _each(judged, find)


@field(
    "relay.reason_lost",
    "flag",
    en="Something that Reason said in the response it had got is missing in the one it sent.",
    ja="下流から受け取った応答の Reason ヘッダーの内容が、上流に返した応答で失われているかどうか。",
)
def _relay_reason_lost(judged: Judged) -> Values:
    def find(_: Trace, hops: HopTable, hop: int) -> Value:
        return bool(hops.change[hop] & Change.REASON)

    return _each(judged, find)


@field(
    "relay.received_status",
    "number",
    en="Status of the response it had got and changed.",
    ja="下流から受け取り、変えた応答のコード。",
)
def _relay_received_status(judged: Judged) -> Values:
    def find(trace: Trace, hops: HopTable, hop: int) -> Value:
        got = _got(hops, hop)
        return int(trace.transactions.final_status[got]) if got >= 0 else None

    return _each(judged, find)


@field(
    "relay.received_phrase",
    "text",
    en="Reason phrase of the response it had got and changed.",
    ja="下流から受け取り、変えた応答の理由句。",
)
def _relay_received_phrase(judged: Judged) -> Values:
    def find(trace: Trace, hops: HopTable, hop: int) -> Value:
        got = _got(hops, hop)
        final = int(trace.transactions.final_row[got]) if got >= 0 else ABSENT
        return (trace.text(final, "line") or None) if final >= 0 else None

    return _each(judged, find)


@field(
    "relay.received_from",
    "text",
    en="Who sent the response that it had got and changed.",
    ja="変えられた応答を送った装置。",
)
def _relay_received_from(judged: Judged) -> Values:
    def find(trace: Trace, hops: HopTable, hop: int) -> Value:
        got = _got(hops, hop)
        return endpoint_text(trace, int(trace.transactions.server_row[got])) if got >= 0 else None

    return _each(judged, find)


@field(
    "relay.sent_status",
    "number",
    en="Status of the final response that it sent instead.",
    ja="代わりに上流に返した最終応答のコード。",
)
def _relay_sent_status(judged: Judged) -> Values:
    def find(trace: Trace, hops: HopTable, hop: int) -> Value:
        if _got(hops, hop) < 0:
            return None
        return int(trace.transactions.final_status[hops.transaction_row[hop]])

    return _each(judged, find)


@field(
    "relay.sent_phrase",
    "text",
    en="Reason phrase of the final response that it sent instead.",
    ja="代わりに上流に返した最終応答の理由句。",
)
def _relay_sent_phrase(judged: Judged) -> Values:
    def find(trace: Trace, hops: HopTable, hop: int) -> Value:
        final = int(trace.transactions.final_row[hops.transaction_row[hop]])
        if final < 0 or _got(hops, hop) < 0:
            return None
        return trace.text(final, "line") or None

    return _each(judged, find)


@field(
    "relay.element",
    "text",
    en="Address and port of who was asked and answered: the element that changed the response.",
    ja="リクエストを受けて応答を変えた装置のアドレスとポート。",
)
def _relay_element(judged: Judged) -> Values:
    def find(trace: Trace, hops: HopTable, hop: int) -> Value:
        return endpoint_text(trace, int(trace.transactions.server_row[hops.transaction_row[hop]]))

    return _each(judged, find)


@field(
    "routed.after_status",
    "number",
    en="Status of the 6xx that another branch had got before the element began this one.",
    ja="このブランチを始める前に、その装置がほかのブランチで受け取った 6xx のコード。",
)
def _routed_after_status(judged: Judged) -> Values:
    def find(trace: Trace, hops: HopTable, hop: int) -> Value:
        row = int(hops.routed_after_row[hop])
        if row < 0:
            return None
        return int(trace.transactions.final_status[hops.transaction_row[row]])

    return _each(judged, find)


@field(
    "routed.by",
    "text",
    en="Address and port of the element that sent the call on after a 6xx.",
    ja="6xx の後に呼を別経路へ送った装置のアドレスとポート。",
)
def _routed_by(judged: Judged) -> Values:
    def find(trace: Trace, hops: HopTable, hop: int) -> Value:
        if hops.routed_after_row[hop] < 0:
            return None
        return endpoint_text(trace, int(trace.transactions.client_row[hops.transaction_row[hop]]))

    return _each(judged, find)


@field(
    "routed.to",
    "text",
    en="Address and port to which it sent the call on.",
    ja="呼が送られた先のアドレスとポート。",
)
def _routed_to(judged: Judged) -> Values:
    def find(trace: Trace, hops: HopTable, hop: int) -> Value:
        if hops.routed_after_row[hop] < 0:
            return None
        return endpoint_text(trace, int(trace.transactions.server_row[hops.transaction_row[hop]]))

    return _each(judged, find)
