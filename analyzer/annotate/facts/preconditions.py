"""Fields of preconditions in session descriptions: what must be reserved before the callee is
alerted, and what of it failed (RFC 3312).
"""

import re

import numpy as np

from analyzer.annotate.fields import UNKNOWN, Coded, Judged, Value, Values, field
from analyzer.tables.schema import Int64

_DESIRED = re.compile(rb"^a=des:([^\r\n]+)", re.MULTILINE)
_FAILED = (b"failure", b"unknown")


def desired(body: bytes, strengths: tuple[bytes, ...]) -> str | None:
    """Return the first desired status (`a=des`) with one of some strength tags."""
    for match in _DESIRED.finditer(body):
        words = match[1].lower().split()
        if len(words) > 1 and words[1] in strengths:
            return match[1].decode("utf-8", "backslashreplace").strip()
    return None


def _each(judged: Judged, rows: Int64, strengths: tuple[bytes, ...]) -> Coded:
    messages = judged.trace.messages
    found: list[Value] = [None if row >= 0 else UNKNOWN for row in rows.tolist()]
    for at in np.flatnonzero((rows >= 0) & (messages.body_len[rows] > 0)).tolist():
        start = int(messages.pos[rows[at]] + messages.head_len[rows[at]])
        where = (int(messages.source[rows[at]]), start, int(messages.body_len[rows[at]]))
        found[at] = desired(judged.trace.spans.bytes_at(*where), strengths)
    return Coded.of(found)


@field(
    "precondition.mandatory",
    "text",
    en="First precondition that the request makes mandatory (a=des in its body).",
    ja="リクエストが必須とする最初の事前条件（ボディーの a=des）。",
)
def _mandatory(judged: Judged) -> Values:
    return _each(judged, judged.request_rows, (b"mandatory",))


@field(
    "precondition.failed",
    "text",
    en="First precondition that the response marks as failed or unknown (a=des in its body).",
    ja="応答が失敗または不明とする最初の事前条件（ボディーの a=des）。",
)
def _failed(judged: Judged) -> Values:
    return _each(judged, judged.response_rows, _FAILED)
