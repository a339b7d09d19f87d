"""Fields of the way a request went: how many elements, and whether it came to one of them twice
(RFC 3261 §8.2.2.2, §16.3).
"""

import numpy as np

from analyzer.annotate.facts.siblings import is_same_request, siblings
from analyzer.annotate.fields import UNKNOWN, Judged, Value, Values, field
from analyzer.annotate.rule import Text
from analyzer.sip.headers import branches_in
from analyzer.sip.numbers import parse_number

ARRIVALS: dict[str, Text] = {
    "loop": {"en": "having passed it before", "ja": "一度そこを通過した後に"},
    "merged": {"en": "on another branch of a fork", "ja": "フォークの別のブランチで"},
}


def _vias(judged: Judged) -> list[list[str]]:
    rows = judged.request_rows.tolist()
    return [branches_in(judged.trace, row) if row >= 0 else [] for row in rows]


@field(
    "vias",
    "number",
    en="Via values in the request: elements that it had passed, its sender included.",
    ja="リクエストの Via の値の数（送信元を含む、経由した装置の数）。",
)
def _count(judged: Judged) -> Values:
    known = (judged.request_rows >= 0).tolist()
    pairs = zip(judged.kept(_vias), known, strict=True)
    return [len(each) if is_known else UNKNOWN for each, is_known in pairs]


def _arrivals(judged: Judged) -> list[list[int]]:
    """Return the transactions in which the same request came to the same server before."""
    trace, table = judged.trace, judged.trace.transactions
    rows = zip(judged.transaction_rows.tolist(), judged.kept(siblings), strict=True)
    return [
        [
            each
            for each in near
            if 0 <= table.request_row[each] < table.request_row[own]
            and table.server_row[each] == table.server_row[own]
            and is_same_request(trace, own, each)
        ]
        for own, near in rows
    ]


@field(
    "arrivals",
    "number",
    en="How often the same request (Call-ID, CSeq, From tag) had come to who answered, this time "
    "included, as the capture shows.",
    ja="同じリクエスト（Call-ID、CSeq、From タグ）が、応答した装置に届いた回数（今回を含む）。",
)
def _arrival_count(judged: Judged) -> Values:
    return [1 + len(each) for each in judged.kept(_arrivals)]


@field(
    "arrived",
    "text",
    en="How the same request had come to who answered again: after passing it (its Via names the "
    "branch of the time before), or beside that.",
    ja="同じリクエストが応答した装置に再び届いた経緯。通過後に戻ったか（Via に前回の branch が"
    "ある）、別の経路で届いたか。",
    choices=ARRIVALS,
)
def _arrived(judged: Judged) -> Values:
    trace, table = judged.trace, judged.trace.transactions

    def how(before: list[int], vias: list[str]) -> Value:
        if not before:
            return None
        tops = [branches_in(trace, int(table.request_row[each]))[:1] for each in before]
        return "loop" if any(set(top) & set(vias[1:]) for top in tops) else "merged"

    pairs = zip(judged.kept(_arrivals), judged.kept(_vias), strict=True)
    return [how(before, vias) for before, vias in pairs]


@field(
    "hops_allowed",
    "number",
    en="Max-Forwards with which the request left the first element that the capture shows; -1 "
    "where it has none that can be read.",
    ja="キャプチャに見える最初の装置がリクエストを送ったときの Max-Forwards（読めない場合は -1）。",
)
def _hops_allowed(judged: Judged) -> Values:
    trace, table = judged.trace, judged.trace.transactions
    first = []
    for own, near in zip(judged.transaction_rows.tolist(), judged.kept(siblings), strict=True):
        alike = [
            int(table.request_row[each])
            for each in near
            if table.request_row[each] >= 0
            and table.request_row[own] >= 0
            and is_same_request(trace, own, each)
        ]
        first.append(min([int(table.request_row[own]), *alike]))
    values = judged.headers(np.array(first, np.int64), "Max-Forwards")
    numbers: list[Value] = [_number(each) for each in values.values]
    return [numbers[code] for code in values.codes.tolist()]


def _number(value: Value) -> Value:
    if value is UNKNOWN:
        return UNKNOWN
    number = parse_number(value.strip()) if isinstance(value, str) else None
    return -1 if number is None else number
