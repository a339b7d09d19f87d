"""Calls, and what of them is no column of their table."""

from enum import IntEnum

from analyzer.annotate.fields import Coded, Value, Values
from analyzer.annotate.items import TableKind, declare_kind, item_field
from analyzer.annotate.rule import Text
from analyzer.annotate.things.named import addresses, call_ids, naming_rows, users
from analyzer.tables.calls import CallTable, Outcome, Party
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, count_each

OUTCOMES: dict[str, Text] = {
    "incomplete": {"en": "the capture does not show how it ended", "ja": "結果がキャプチャにない"},
    "answered": {"en": "answered", "ja": "応答"},
    "blocked": {"en": "blocked by a network or an intermediary", "ja": "網または中間装置が遮断"},
    "declined": {"en": "any other 603", "ja": "その他の 603"},
    "busy": {"en": "486 or 600", "ja": "486 または 600"},
    "cancelled": {"en": "the caller gave up", "ja": "発信者が取り消した"},
    "rejected": {"en": "any other 4xx to 6xx", "ja": "その他の 4xx〜6xx"},
    "redirected": {"en": "3xx", "ja": "3xx"},
    "unanswered": {"en": "no final response, long enough", "ja": "十分待っても最終応答なし"},
}
PARTIES: dict[str, Text] = {
    "caller": {"en": "the caller", "ja": "発信者"},
    "callee": {"en": "the callee", "ja": "着信者"},
}

CALLS = declare_kind(
    TableKind(
        "calls",
        {
            "en": "Calls, hops and retries of one call together.",
            "ja": "呼（ホップと再試行を含む）。",
        },
        CallTable,
        lambda trace: trace.calls,
        {"request": "invite_row", "response": "final_row", "shown": "first_row"},
    )
)


def _named(column: IntArray, names: type[IntEnum]) -> list[Value]:
    return [names(each).name.lower() for each in column.tolist()]


def _parties(column: IntArray) -> list[Value]:
    return [None if name == "unknown" else name for name in _named(column, Party)]


def _named_in(trace: Trace, header: str) -> Coded:
    rows = naming_rows(trace.calls.invite_row, trace.calls.first_row)
    return addresses(trace, rows, header)


@item_field("calls", "outcome", "text", en="How it ended.", ja="結果。", choices=OUTCOMES)
def _outcome(trace: Trace) -> Values:
    return _named(trace.calls.outcome, Outcome)


@item_field("calls", "answered_by", "text", en="Who answered.", ja="応答した側。", choices=PARTIES)
def _answered_by(trace: Trace) -> Values:
    return _parties(trace.calls.answered_by)


@item_field(
    "calls", "ended_by", "text", en="Who hung up or cancelled.", ja="終了した側。", choices=PARTIES
)
def _ended_by(trace: Trace) -> Values:
    return _parties(trace.calls.ended_by)


@item_field("calls", "caller", "text", en="Address in From.", ja="From のアドレス。")
def _caller(trace: Trace) -> Values:
    return _named_in(trace, "From")


@item_field("calls", "callee", "text", en="Address in To.", ja="To のアドレス。")
def _callee(trace: Trace) -> Values:
    return _named_in(trace, "To")


@item_field("calls", "call_id", "text", en="Call-ID of its first message.", ja="最初の Call-ID。")
def _call_id(trace: Trace) -> Values:
    return call_ids(trace, trace.calls.first_row)


@item_field("calls", "findings", "number", en="Findings about it.", ja="所見の数。")
def _findings(trace: Trace) -> Values:
    calls = trace.findings.call_row
    return list(count_each(calls, calls >= 0, len(trace.calls)).tolist())


@item_field(
    "calls",
    "final_status",
    "number",
    en="Status of the response that decided the outcome.",
    ja="結果を決めた最終応答のステータス。",
)
def _final_status(trace: Trace) -> Values:
    return [status or None for status in trace.calls.final_status.tolist()]


@item_field("calls", "id", "number", en="Number in the call table.", ja="呼の一覧での番号。")
def _id(trace: Trace) -> Values:
    return list(range(len(trace.calls)))


@item_field("calls", "start", "time_ns", en="First message.", ja="最初のメッセージの時刻。")
def _start(trace: Trace) -> Values:
    return list(trace.calls.start_ns.tolist())


@item_field("calls", "end", "time_ns", en="Last message.", ja="最後のメッセージの時刻。")
def _end(trace: Trace) -> Values:
    return list(trace.calls.end_ns.tolist())


@item_field("calls", "caller.user", "text", en="User in From.", ja="From のユーザー部。")
def _caller_user(trace: Trace) -> Values:
    return users(_named_in(trace, "From"))


@item_field("calls", "callee.user", "text", en="User in To.", ja="To のユーザー部。")
def _callee_user(trace: Trace) -> Values:
    return users(_named_in(trace, "To"))
