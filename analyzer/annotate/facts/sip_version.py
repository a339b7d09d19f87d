"""Field of the SIP version that a request names at the end of its first line (RFC 3261 §7.1)."""

from analyzer.annotate.fields import UNKNOWN, Coded, Judged, Value, Values, field
from analyzer.tables.trace import Trace

_LONGEST = 64
"""Bytes after the Request-URI that are read: the version has seven."""


@field(
    "sip_version",
    "text",
    en="SIP version in the first line of the request.",
    ja="リクエストの最初の行にある SIP バージョン。",
)
def _sip_version(judged: Judged) -> Values:
    rows = judged.request_rows.tolist()
    return Coded.of([_version(judged.trace, row) if row >= 0 else UNKNOWN for row in rows])


def _version(trace: Trace, row: int) -> Value:
    messages = trace.messages
    behind = int(messages.line_pos[row]) + int(messages.line_len[row])
    start, length = int(messages.pos[row]) + behind, int(messages.head_len[row]) - behind
    text = trace.spans.bytes_at(int(messages.source[row]), start, max(0, min(length, _LONGEST)))
    return text.partition(b"\n")[0].strip().decode("utf-8", "backslashreplace") or None
