"""Fields of why an INVITE was given up before its final response: its CANCEL, a BYE, its Expires
(RFC 3261 §9, §13.2.1, §15).
"""

import numpy as np

from analyzer.annotate.facts.siblings import elapsed, siblings, side
from analyzer.annotate.facts.timing import alerting_rows
from analyzer.annotate.fields import Coded, Judged, Values, field
from analyzer.annotate.rule import Text
from analyzer.sip.headers import all_header_values
from analyzer.sip.numbers import parse_number
from analyzer.sip.reason import first_reason, parse_reasons
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Int64
from analyzer.tables.trace import Trace

_EXPIRED_WITHIN_MS = 2_000
"""How long after the time in Expires a response may still be put down to it."""
_ELSEWHERE = 200


def cancel_rows(judged: Judged) -> Int64:
    """Return the CANCEL that came on the hop before each response judged, -1 without one."""
    rows = judged.trace.transactions.cancel_row[judged.transaction_rows].astype(np.int64)
    return np.where(rows < judged.message_rows, rows, ABSENT)


@field(
    "cancel.after_ms",
    "duration_ms",
    en="From the INVITE to its CANCEL.",
    ja="INVITE から CANCEL までの時間。",
)
def _after(judged: Judged) -> Values:
    return elapsed(judged, judged.request_rows, judged.kept(cancel_rows))


@field(
    "cancel.ringing_ms",
    "duration_ms",
    en="From the first 18x to the CANCEL.",
    ja="最初の 18x から CANCEL までの時間。",
)
def _ringing(judged: Judged) -> Values:
    return elapsed(judged, judged.kept(alerting_rows), judged.kept(cancel_rows))


REASONS: dict[str, Text] = {
    "elsewhere": {
        "en": "the call was answered elsewhere",
        "ja": "別の端末が応答した",
    },
    "other": {"en": "another reason", "ja": "そのほかの理由"},
}


@field(
    "cancel.reason",
    "text",
    en="Reason header of the CANCEL, as written.",
    ja="CANCEL の Reason ヘッダー（記載のまま）。",
)
def _reason(judged: Judged) -> Values:
    return [", ".join(each) or None for each in judged.kept(_reason_lines)]


def _reason_lines(judged: Judged) -> list[tuple[str, ...]]:
    return [
        tuple(all_header_values(judged.trace, row, "Reason")) if row >= 0 else ()
        for row in judged.kept(cancel_rows).tolist()
    ]


@field(
    "cancel.says",
    "text",
    en="What the Reason header of the CANCEL says: SIP;cause=200 tells that another branch "
    "answered the call.",
    ja="CANCEL の Reason ヘッダーの内容。SIP;cause=200 は別のブランチが応答したことを示す。",
    choices=REASONS,
)
def _says(judged: Judged) -> Values:
    found: list[str | None] = []
    for lines in judged.kept(_reason_lines):
        sip = first_reason(parse_reasons(lines), "SIP")
        is_elsewhere = sip is not None and sip.cause == _ELSEWHERE
        found.append(("elsewhere" if is_elsewhere else "other") if lines else None)
    return found


@field(
    "ended_early",
    "flag",
    en="Whether a BYE of the same dialog came before the response.",
    ja="応答の前に、同じダイアログの BYE があったかどうか。",
)
def _ended_early(judged: Judged) -> Values:
    trace = judged.trace
    rows = zip(
        judged.transaction_rows.tolist(),
        judged.message_rows.tolist(),
        judged.kept(siblings),
        strict=True,
    )
    return [any(_is_bye(trace, own, each, row) for each in near) for own, row, near in rows]


def _is_bye(trace: Trace, own: int, row: int, response: int) -> bool:
    table = trace.transactions
    if table.method_sym[row] != Method.BYE or not 0 <= table.request_row[row] < response:
        return False
    return side(trace, row, own) != 0


@field(
    "invite_expired",
    "flag",
    en="Whether the response came when the time in the Expires of the request had run out.",
    ja="リクエストの Expires の時間が過ぎた時点で応答が返されたかどうか。",
)
def _invite_expired(judged: Judged) -> Values:
    delays = judged.values("response_delay_ms")
    expires = judged.values("request.expires")
    limits = [parse_number(e.strip()) if isinstance(e, str) else None for e in expires.values]
    known = judged.request_rows >= 0
    found = np.zeros(len(judged), np.bool_)
    for at, (code, delay) in enumerate(zip(expires.codes.tolist(), delays, strict=True)):
        limit = limits[code]
        if limit and isinstance(delay, float):
            found[at] = 0 <= delay - limit * 1000 <= _EXPIRED_WITHIN_MS
    return Coded.flags(found, known)
