"""Fields of what the sender of a request did after its failure: whether it tried again, where, and
what came of it (RFC 3261 §8.1.3.5, RFC 3263 §4.3).
"""

from analyzer.annotate.facts.forks import endpoint_text
from analyzer.annotate.facts.siblings import elapsed_ms, siblings
from analyzer.annotate.fields import Judged, Value, Values, field
from analyzer.annotate.rule import Text
from analyzer.tables.trace import Trace

RETRIES: dict[str, Text] = {
    "succeeded": {"en": "with success", "ja": "成功"},
    "failed": {"en": "in vain", "ja": "失敗"},
    "unfinished": {"en": "not shown to its end", "ja": "結果は記録されていない"},
}
_CHALLENGES = frozenset({401, 407})


def attempts(judged: Judged) -> list[list[int]]:
    """Return the later transactions in which who sent each request sent it again: same Call-ID,
    From tag, method and sender, after the response judged, in the same dialog or outside any.
    """
    trace = judged.trace
    rows = zip(
        judged.transaction_rows.tolist(),
        judged.message_rows.tolist(),
        judged.kept(siblings),
        strict=True,
    )
    return [[each for each in near if _is_retry(trace, own, each, row)] for own, row, near in rows]


def _is_retry(trace: Trace, own: int, later: int, response: int) -> bool:
    table, messages = trace.transactions, trace.messages
    request, again = int(table.request_row[own]), int(table.request_row[later])
    return bool(
        again > response
        and table.method_sym[later] == table.method_sym[own]
        and table.client_row[later] == table.client_row[own]
        and messages.cseq[again] >= messages.cseq[request]
        and messages.from_tag_hash[again] == messages.from_tag_hash[request]
        and messages.to_tag_hash[again] == messages.to_tag_hash[request]
    )


def deciding(trace: Trace, later: list[int]) -> int:
    """Return which of some attempts tells how it ended: the first that succeeded, else the last;
    -1 for none. A challenge (401, 407) decides nothing while another attempt does.
    """
    status = trace.transactions.final_status
    won = [each for each in later if status[each] // 100 == 2]
    rest = [each for each in later if int(status[each]) not in _CHALLENGES] or later
    return won[0] if won else rest[-1] if rest else -1


def _decided(judged: Judged) -> list[int]:
    return [deciding(judged.trace, each) for each in judged.kept(attempts)]


@field(
    "retried",
    "text",
    en="Whether who sent the request sent it again after the response, there or elsewhere, with "
    "the same Call-ID, and with what outcome.",
    ja="リクエストの送信元が、応答の後に同じ Call-ID で（同じ宛先または別の宛先に）再び"
    "リクエストを送ったかどうかと、その結果。",
    choices=RETRIES,
)
def _retried(judged: Judged) -> Values:
    status = judged.trace.transactions.final_status

    def outcome(row: int) -> Value:
        if row < 0:
            return None
        if status[row] == 0:
            return "unfinished"
        return "succeeded" if status[row] // 100 == 2 else "failed"

    return [outcome(row) for row in judged.kept(_decided)]


@field(
    "retried.status",
    "number",
    en="Final status that the retry got.",
    ja="再試行に対する最終応答のコード。",
)
def _retried_status(judged: Judged) -> Values:
    status = judged.trace.transactions.final_status
    return [int(status[row]) or None if row >= 0 else None for row in judged.kept(_decided)]


@field(
    "retried.to",
    "text",
    en="Address and port to which the retry went.",
    ja="再試行の宛先のアドレスとポート。",
)
def _retried_to(judged: Judged) -> Values:
    trace = judged.trace
    servers = trace.transactions.server_row
    return [
        endpoint_text(trace, int(servers[row])) if row >= 0 else None
        for row in judged.kept(_decided)
    ]


@field(
    "retried.elsewhere",
    "flag",
    en="Whether the retry went to another address than the request that failed.",
    ja="再試行が、失敗したリクエストとは別の宛先に送られたかどうか。",
)
def _retried_elsewhere(judged: Judged) -> Values:
    servers = judged.trace.transactions.server_row
    rows = zip(judged.transaction_rows.tolist(), judged.kept(_decided), strict=True)
    return [bool(servers[own] != servers[row]) if row >= 0 else None for own, row in rows]


@field(
    "retried.after_ms",
    "duration_ms",
    en="From the response to the first retry.",
    ja="応答から最初の再試行までの時間。",
)
def _retried_after(judged: Judged) -> Values:
    requests = judged.trace.transactions.request_row
    rows = zip(judged.message_rows.tolist(), judged.kept(attempts), strict=True)
    return [
        elapsed_ms(judged.trace, row, int(requests[later[0]])) if later else None
        for row, later in rows
    ]
