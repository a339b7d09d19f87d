"""Fields of what a request costs on its way: its bytes, and what carries it (RFC 3261 §18.1.1)."""

import numpy as np

from analyzer.annotate.fields import UNKNOWN, Coded, Judged, Values, field
from analyzer.tables.messages import Transport
from analyzer.tables.vector import distinct


@field(
    "request_bytes",
    "number",
    en="Bytes of the request, body included.",
    ja="リクエストのバイト数（ボディーを含む）。",
)
def _request_bytes(judged: Judged) -> Values:
    messages, rows = judged.trace.messages, judged.request_rows
    sizes = (messages.head_len[rows] + messages.body_len[rows]).astype(np.int64)
    different = distinct(sizes)
    codes = np.where(rows >= 0, np.searchsorted(different, sizes), len(different))
    return Coded(codes, [*different.tolist(), UNKNOWN])


@field(
    "transport",
    "text",
    en="What carried the request, or the response where the request is missing.",
    ja="リクエスト（キャプチャにない場合は応答）のトランスポート。",
    choices={each.name.lower(): {"en": each.name, "ja": each.name} for each in Transport},
)
def _transport(judged: Judged) -> Values:
    rows = np.where(judged.request_rows >= 0, judged.request_rows, judged.message_rows)
    names = [None, *(each.name.lower() for each in Transport)]
    return Coded(judged.trace.messages.transport[rows].astype(np.int64), names)
