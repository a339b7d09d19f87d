"""Fields that name the call in texts: who called whom, Call-ID, who answered, when."""

import numpy as np

from analyzer.annotate.fields import Coded, Judged, Value, Values, field
from analyzer.sip.address_spans import distinct_addresses
from analyzer.sip.headers import texts_at
from analyzer.tables.schema import ABSENT
from analyzer.tables.vector import distinct


@field(
    "caller",
    "text",
    en="Address in From, without scheme and parameters.",
    ja="From のアドレス（スキームとパラメーターを除く）。",
)
def _caller(judged: Judged) -> Values:
    return Coded(*distinct_addresses(judged.trace, judged.message_rows, "From"))


@field(
    "callee",
    "text",
    en="Address in To, without scheme and parameters.",
    ja="To のアドレス（スキームとパラメーターを除く）。",
)
def _callee(judged: Judged) -> Values:
    return Coded(*distinct_addresses(judged.trace, judged.message_rows, "To"))


@field("call_id", "text", en="Call-ID.", ja="Call-ID。")
def _call_id(judged: Judged) -> Values:
    messages, rows = judged.trace.messages, judged.message_rows
    starts = messages.pos[rows] + messages.call_id_pos[rows]
    texts = texts_at(judged.trace.spans, messages.source[rows], starts, messages.call_id_len[rows])
    return Coded(np.arange(len(texts)), [text or None for text in texts])


@field(
    "answered_by",
    "text",
    en="Address and port that sent the response.",
    ja="応答を送信したアドレスとポート。",
)
def _answered_by(judged: Judged) -> Values:
    trace, rows = judged.trace, judged.response_rows
    sources = np.where(rows >= 0, trace.messages.source_row[rows], ABSENT).astype(np.int64)
    different = distinct(sources)
    names: list[Value] = []
    for source in different.tolist():
        address = trace.endpoints.address(source) if source >= 0 else ""
        shown = f"[{address}]" if ":" in address else address
        names.append(f"{shown}:{trace.endpoints.port[source]}" if address else None)
    return Coded(np.searchsorted(different, sources), names)


@field(
    "response_time",
    "time_ns",
    en="Time of the response, or of the request judged.",
    ja="応答（またはリクエスト）の時刻。",
)
def _response_time(judged: Judged) -> Values:
    times = judged.trace.messages.time_ns[judged.message_rows].tolist()
    return Coded(np.arange(len(times)), times)
