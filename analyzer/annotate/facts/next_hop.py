"""Fields of where who was asked sent the request on, and what it heard from there.

A proxy puts its Via above those of the request (RFC 3261 §16.6): the transactions behind a hop name
its branch below their own. A B2BUA leaves no such trace.
"""

from analyzer.annotate.facts.forks import endpoint_text
from analyzer.annotate.facts.siblings import is_same_request, siblings
from analyzer.annotate.fields import Judged, Value, Values, field
from analyzer.sip.headers import branches_in
from analyzer.tables.trace import Trace


def behind(judged: Judged) -> list[list[int]]:
    """Return the transactions that each request was sent on as before the response came."""
    trace = judged.trace
    rows = zip(
        judged.transaction_rows.tolist(),
        judged.message_rows.tolist(),
        judged.kept(siblings),
        strict=True,
    )
    return [_sent_on(trace, own, row, near) for own, row, near in rows]


def _sent_on(trace: Trace, own: int, response: int, near: list[int]) -> list[int]:
    requests = trace.transactions.request_row
    alike = [
        each
        for each in near
        if 0 <= requests[each] < response and is_same_request(trace, own, each)
    ]
    if not alike:
        return []
    top = branches_in(trace, int(requests[own]))[:1]
    # right behind it: its branch is the second one
    return [each for each in alike if branches_in(trace, int(requests[each]))[1:2] == top]


@field(
    "passed_on",
    "flag",
    en="Whether the capture shows that who was asked sent the request on before the response.",
    ja="リクエストを受けた装置が、応答の前にそれを転送したことがキャプチャにあるかどうか。",
)
def _passed_on(judged: Judged) -> Values:
    return [bool(each) for each in judged.kept(behind)]


@field(
    "next_hop.to",
    "text",
    en="Address and port to which who was asked sent the request on, the last one before the "
    "response.",
    ja="リクエストを受けた装置が転送した先のアドレスとポート（応答前の最後のもの）。",
)
def _to(judged: Judged) -> Values:
    trace = judged.trace
    servers = trace.transactions.server_row
    return [
        endpoint_text(trace, int(servers[each[-1]])) if each else None
        for each in judged.kept(behind)
    ]


@field(
    "next_hop.status",
    "number",
    en="Final status that came from there before the response: the same one where it did, else the "
    "last.",
    ja="応答の前に転送先から届いた最終応答のコード（同じコードがあればそれ、なければ最後のもの）。",
)
def _status(judged: Judged) -> Values:
    table, messages = judged.trace.transactions, judged.trace.messages

    def heard(sent: list[int], row: int) -> Value:
        finals = [
            int(table.final_status[each]) for each in sent if 0 <= table.final_row[each] < row
        ]
        own = int(messages.status[row])
        return own if own in finals else finals[-1] if finals else None

    rows = zip(judged.kept(behind), judged.message_rows.tolist(), strict=True)
    return [heard(sent, row) for sent, row in rows]


@field(
    "next_hop.silent",
    "flag",
    en="Whether no response at all, not even a 100, had come from there.",
    ja="転送先から（100 も含めて）応答がまったく届いていなかったかどうか。",
)
def _silent(judged: Judged) -> Values:
    table = judged.trace.transactions

    def is_silent(sent: list[int], row: int) -> Value:
        firsts = (table.provisional_row, table.final_row)
        return not any(0 <= first[each] < row for first in firsts for each in sent)

    rows = zip(judged.kept(behind), judged.message_rows.tolist(), strict=True)
    return [is_silent(sent, row) if sent else None for sent, row in rows]
