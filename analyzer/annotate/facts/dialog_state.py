"""Fields of the dialog or transaction that a request was for: whether it was still there, what else
was going on in it (RFC 3261 §12.2.2, §14, §15, RFC 5057).
"""

from collections.abc import Iterator

import numpy as np

from analyzer.annotate.facts.siblings import elapsed_ms, is_same_request, siblings, side
from analyzer.annotate.fields import UNKNOWN, Judged, Value, Values, field
from analyzer.annotate.rule import Text
from analyzer.sip.headers import header_values
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT
from analyzer.tables.trace import Trace

_MAKE_DIALOGS = frozenset({Method.INVITE, Method.SUBSCRIBE, Method.REFER})
_OFFERING = frozenset({Method.INVITE, Method.UPDATE})

ENDS: dict[str, Text] = {
    "bye-received": {"en": "a BYE from the other side", "ja": "相手側からの BYE"},
    "bye-sent": {"en": "a BYE from the same side", "ja": "同じ側からの BYE"},
    "refused": {"en": "the failure of its INVITE", "ja": "INVITE の失敗"},
}
CANCELS: dict[str, Text] = {
    "finished": {"en": "a request that had its final response", "ja": "最終応答済みのリクエスト"},
    "pending": {"en": "a request without final response yet", "ja": "最終応答前のリクエスト"},
    "other-branch": {"en": "no request with its branch", "ja": "branch が一致しないリクエスト"},
    "unseen": {"en": "a request that is not in the capture", "ja": "キャプチャにないリクエスト"},
}


def earlier(judged: Judged) -> list[list[int]]:
    """Return the transactions of the Call-ID whose request came before the one judged and is
    another one than it.
    """
    trace = judged.trace
    requests = trace.transactions.request_row
    rows = zip(judged.transaction_rows.tolist(), judged.kept(siblings), strict=True)
    return [
        [
            each
            for each in near
            if 0 <= requests[each] < requests[own] and not is_same_request(trace, own, each)
        ]
        for own, near in rows
    ]


def _each(judged: Judged) -> Iterator[tuple[int, list[int]]]:
    return zip(judged.transaction_rows.tolist(), judged.kept(earlier), strict=True)


@field(
    "dialog.seen",
    "flag",
    en="Whether the capture shows, before the request, a 2xx to the request that made its dialog, "
    "or to another one inside it.",
    ja="リクエストの前に、そのダイアログを確立したリクエスト、またはダイアログ内の別の"
    "リクエストへの 2xx がキャプチャにあるかどうか。",
)
def _seen(judged: Judged) -> Values:
    trace, table = judged.trace, judged.trace.transactions

    def is_seen(own: int, each: int) -> bool:
        makes = table.method_sym[each] in _MAKE_DIALOGS or bool(table.in_dialog[each])
        return makes and _succeeded(trace, each, own) and side(trace, own, each) != 0

    return [any(is_seen(own, each) for each in before) for own, before in _each(judged)]


def _succeeded(trace: Trace, row: int, before: int) -> bool:
    table = trace.transactions
    is_success = table.final_status[row] // 100 == 2
    return bool(is_success and table.final_row[row] < table.request_row[before])


@field(
    "dialog.over",
    "text",
    en="What had ended the dialog before the request, as the capture shows.",
    ja="リクエストの前にダイアログを終わらせたもの（キャプチャに見える範囲）。",
    choices=ENDS,
)
def _over(judged: Judged) -> Values:
    trace, table = judged.trace, judged.trace.transactions

    def ended(own: int, before: list[int]) -> Value:
        sides = [side(trace, own, each) for each in before if table.method_sym[each] == Method.BYE]
        if -1 in sides:
            return "bye-received"
        if 1 in sides:
            return "bye-sent"
        invites = [each for each in before if table.method_sym[each] == Method.INVITE]
        begun = [each for each in invites if not table.in_dialog[each] and side(trace, own, each)]
        is_over = bool(begun) and all(_failed(trace, each, own) for each in begun)
        return "refused" if is_over else None

    return [ended(own, before) for own, before in _each(judged)]


def _failed(trace: Trace, row: int, before: int) -> bool:
    table = trace.transactions
    is_failure = table.final_status[row] // 100 > 2
    return bool(is_failure and table.final_row[row] < table.request_row[before])


@field(
    "dialog.quiet_ms",
    "duration_ms",
    en="From the message of the same Call-ID before the request to the request.",
    ja="同じ Call-ID の直前のメッセージからリクエストまでの時間。",
)
def _quiet(judged: Judged) -> Values:
    trace, table = judged.trace, judged.trace.transactions
    columns = (table.request_row, table.final_row, table.ack_row, table.last_row)

    def quiet(own: int, before: list[int]) -> Value:
        request = int(table.request_row[own])
        rows = [int(column[each]) for each in before for column in columns]
        last = max((row for row in rows if row < request), default=ABSENT)
        return elapsed_ms(trace, last, request)

    return [quiet(own, before) for own, before in _each(judged)]


@field(
    "cancels",
    "text",
    en="What a CANCEL was for: a request with the branch of the CANCEL, and whether its final "
    "response had come before that to the CANCEL.",
    ja="CANCEL の対象。CANCEL と同じ branch のリクエストがあるか、CANCEL への応答より前に"
    "最終応答が返されていたか。",
    choices=CANCELS,
)
def _cancels(judged: Judged) -> Values:
    trace, table = judged.trace, judged.trace.transactions

    def target(own: int, response: int, near: list[int]) -> Value:
        request = int(table.request_row[own])
        if table.method_sym[own] != Method.CANCEL:
            return None
        if request < 0:
            return UNKNOWN
        invites = [each for each in near if _could_cancel(trace, own, each)]
        fitting = [
            each
            for each in invites
            if _branch(trace, each) == trace.text(request, "branch")
            and table.client_row[each] == table.client_row[own]
        ]
        if fitting:
            return "finished" if 0 <= table.final_row[fitting[0]] < response else "pending"
        return "other-branch" if invites else "unseen"

    rows = zip(
        judged.transaction_rows.tolist(),
        judged.message_rows.tolist(),
        judged.kept(siblings),
        strict=True,
    )
    return [target(own, response, near) for own, response, near in rows]


def _could_cancel(trace: Trace, cancel: int, row: int) -> bool:
    """Tell whether an INVITE came from who sent the CANCEL, with its CSeq number, before it."""
    table, cseq = trace.transactions, trace.messages.cseq
    request, own = int(table.request_row[row]), int(table.request_row[cancel])
    return bool(
        table.method_sym[row] == Method.INVITE
        and 0 <= request < own
        and cseq[request] == cseq[own]
        and table.client_row[row] == table.client_row[cancel]
    )


def _branch(trace: Trace, row: int) -> str:
    return trace.text(int(trace.transactions.request_row[row]), "branch")


GLARE: dict[str, Text] = {
    "other-side": {"en": "one from the other side", "ja": "相手側からのもの"},
    "same-side": {"en": "one from the same side", "ja": "同じ側からのもの"},
}


@field(
    "pending_offer",
    "text",
    en="An INVITE or UPDATE of the same dialog that had no final response when that of this "
    "request came: who had sent it.",
    ja="この応答の時点で最終応答が返されていなかった、同じダイアログの INVITE または UPDATE の"
    "送信元。",
    choices=GLARE,
)
def _pending_offer(judged: Judged) -> Values:
    trace, table = judged.trace, judged.trace.transactions
    rows = zip(
        judged.transaction_rows.tolist(),
        judged.message_rows.tolist(),
        judged.kept(siblings),
        strict=True,
    )

    def pending(own: int, response: int, near: list[int]) -> Value:
        open_ones = [
            each
            for each in near
            if table.method_sym[each] in _OFFERING
            and 0 <= table.request_row[each] < response
            and not is_same_request(trace, own, each)
            and not 0 <= table.final_row[each] < response
        ]
        sides = {side(trace, own, each) for each in open_ones}
        return "other-side" if -1 in sides else "same-side" if 1 in sides else None

    return [pending(own, response, near) for own, response, near in rows]


@field(
    "cseq_lower",
    "flag",
    en="Whether an earlier request of the same side of the dialog had a higher CSeq number.",
    ja="ダイアログの同じ側からのより前のリクエストの方が、CSeq 番号が大きいかどうか。",
)
def _cseq_lower(judged: Judged) -> Values:
    trace, table, cseq = judged.trace, judged.trace.transactions, judged.trace.messages.cseq

    def is_lower(own: int, before: list[int]) -> bool:
        number = int(cseq[table.request_row[own]])
        return bool(table.in_dialog[own]) and any(
            cseq[table.request_row[each]] > number >= 0 and side(trace, own, each) == 1
            for each in before
        )

    return [is_lower(own, before) for own, before in _each(judged)]


@field(
    "rack_pending",
    "flag",
    en="Whether the RAck of a PRACK names a 1xx with that RSeq that the capture shows before it.",
    ja="PRACK の RAck が示す RSeq の 1xx が、PRACK の前にキャプチャにあるかどうか。",
)
def _rack_pending(judged: Judged) -> Values:
    trace, table = judged.trace, judged.trace.transactions

    def is_pending(own: int, before: list[int]) -> Value:
        request = int(table.request_row[own])
        if table.method_sym[own] != Method.PRACK or request < 0:
            return None
        racks = (header_values(trace, np.array([request]), "RAck")[0] or "").split()
        groups = trace.messages_of_transaction
        rows = [
            int(row)
            for each in before
            if table.method_sym[each] == Method.INVITE
            for row in groups.of(each)
            if row < request and 100 < trace.messages.status[row] < 200
        ]
        wanted = racks[0] if racks else ""
        return wanted in [
            (each or "").strip() for each in header_values(trace, np.array(rows, np.int64), "RSeq")
        ]

    return [is_pending(own, before) for own, before in _each(judged)]
