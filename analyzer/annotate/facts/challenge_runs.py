"""Fields of requests that are challenged again and again without ever being let in."""

import numpy as np

from analyzer.annotate.columns import durations, names, numbers, spread
from analyzer.annotate.facts.message import line_texts
from analyzer.annotate.fields import Coded, Judged, Values, field
from analyzer.frozen import frozen
from analyzer.sip.headers import header_values, which_headers
from analyzer.tables.schema import ABSENT, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import keys_of, number_groups

_CREDENTIALS = ("Authorization", "Proxy-Authorization")
_NONCE = "nonce"
_CHALLENGES = ("WWW-Authenticate", "Proxy-Authenticate")


@frozen
class Runs:
    """Unbroken runs of challenged requests, each by the transaction of its last one."""

    last: Int64
    """Row in TransactionTable."""
    rounds: Int64
    """Different CSeq numbers among its requests."""
    spent_ns: Int64
    """From its first request to its last response."""
    credentials: Int64
    """How many of its requests carried credentials."""


def challenge_runs(judged: Judged) -> Runs:
    """Return the runs of challenged requests of one client, Call-ID and method that nothing else
    followed, as long as `rounds` asks for.
    """
    trace, table = judged.trace, judged.trace.transactions
    messages = trace.messages
    is_challenged = (table.final_status == 401) | (table.final_status == 407)
    rows = np.flatnonzero((table.request_row >= 0) & (table.final_row >= 0))
    request = table.request_row[rows].astype(np.int64)
    groups, _ = number_groups(
        keys_of(messages.call_id_hash[request], table.client_row[rows], table.method_sym[rows])
    )
    enough = int(str(judged.settings["rounds"]))
    of_group = np.bincount(groups, weights=is_challenged[rows])
    rows = rows[of_group[groups] >= enough] if len(rows) else rows
    runs = _tails(trace, rows)
    chosen = [run for run in runs if len({cseq for _, cseq in run}) >= enough]
    members = np.array([row for run in chosen for row, _ in run], np.int64)
    sent = which_headers(trace, table.request_row[members].astype(np.int64), _CREDENTIALS) > 0
    number = np.repeat(np.arange(len(chosen)), [len(run) for run in chosen])
    first = np.array([run[0][0] for run in chosen], np.int64)
    last = np.array([run[-1][0] for run in chosen], np.int64)
    return Runs(
        last,
        np.array([len({cseq for _, cseq in run}) for run in chosen], np.int64),
        messages.time_ns[table.final_row[last]] - messages.time_ns[table.request_row[first]],
        np.bincount(number, weights=sent, minlength=len(chosen)).astype(np.int64),
    )


def _tails(trace: Trace, rows: Int64) -> list[list[tuple[int, int]]]:
    """Return the challenged requests at the end of each group: transaction and CSeq number."""
    table, messages = trace.transactions, trace.messages
    request = table.request_row[rows]
    by_group: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
    for row, call_id, client, method, cseq, status in zip(
        rows.tolist(),
        messages.call_id_hash[request].tolist(),
        table.client_row[rows].tolist(),
        table.method_sym[rows].tolist(),
        messages.cseq[request].tolist(),
        table.final_status[rows].tolist(),
        strict=True,
    ):
        tail = by_group.setdefault((call_id, client, method), [])
        if status in {401, 407}:
            tail.append((row, cseq))
        else:
            tail.clear()
    return [tail for tail in by_group.values() if tail]


def _of_run(judged: Judged, column: Int64) -> Int64:
    """Return for each row a value of the run of which it is the last request, ABSENT for others."""
    runs = judged.kept(challenge_runs)
    of_all = spread(len(judged.trace.transactions), runs.last, column)
    return of_all[judged.transaction_rows]


@field(
    "challenged.rounds",
    "number",
    en="How many requests of this client in the Call-ID were challenged one after the other "
    "without one being let in; stated of the last.",
    ja="同じ Call-ID で、このクライアントのリクエストが一度も認められずに続けてチャレンジされた回数"
    "（最後のものにのみ示す）。",
    settings=("rounds",),
)
def _challenged_rounds(judged: Judged) -> Values:
    return numbers(_of_run(judged, judged.kept(challenge_runs).rounds))


@field(
    "challenged.spent_ms",
    "duration_ms",
    en="From the first request of such a run to the last challenge.",
    ja="そのような最初のリクエストから最後のチャレンジまでの時間。",
    settings=("rounds",),
)
def _challenged_spent(judged: Judged) -> Values:
    return durations(_of_run(judged, judged.kept(challenge_runs).spent_ns))


@field(
    "challenged.credentials",
    "text",
    en="Whether requests of such a run carried credentials.",
    ja="そのようなリクエストに認証情報が含まれていたかどうか。",
    choices={
        "never": {"en": "never", "ja": "なし"},
        "sent": {"en": "sent", "ja": "あり"},
    },
    settings=("rounds",),
)
def _challenged_credentials(judged: Judged) -> Values:
    sent = _of_run(judged, judged.kept(challenge_runs).credentials)
    return names(np.where(sent < 0, ABSENT, np.minimum(sent, 1)), ("never", "sent"))


@field(
    "challenged.stale",
    "flag",
    en="Whether the challenge says that only the nonce was too old: by stale, or in its phrase.",
    ja="チャレンジが、stale または理由句により、nonce の期限切れだけを示しているかどうか。",
)
def _challenged_stale(judged: Judged) -> Values:
    final = judged.response_rows
    found = np.zeros(len(final), np.bool_)
    seen = np.flatnonzero(final >= 0)
    for name in _CHALLENGES:
        values = header_values(judged.trace, final[seen], name)
        found[seen] |= np.array([_is_stale(value or "") for value in values], np.bool_)
    lines = line_texts(judged.trace, final[seen])
    found[seen] |= np.array([_NONCE in text.lower() for text in lines], np.bool_)
    return Coded.flags(found)


def _is_stale(value: str) -> bool:
    plain = value.lower().replace(" ", "").replace('"', "")
    return "stale=true" in plain
