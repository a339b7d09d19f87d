"""Fields of the response and its request: method, phrase, dialog, Request-URI."""

import re

import numpy as np

from analyzer.annotate.fields import UNKNOWN, Judged, Value, Values, field
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace

_TRUNK_GROUP = re.compile(r";tgrp=([^;@>?]+)", re.IGNORECASE)
_TRUNK_CONTEXT = re.compile(r";trunk-context=([^;@>?]+)", re.IGNORECASE)


def line_texts(trace: Trace, rows: Int64) -> list[str]:
    """Return Request-URI or reason phrase of message rows, each distinct one decoded once."""
    messages, sources = trace.messages, trace.spans.sources
    texts: dict[bytes, str] = {}
    starts = (messages.pos[rows] + messages.line_pos[rows]).tolist()
    lengths = messages.line_len[rows].tolist()
    found = []
    for source, start, length in zip(messages.source[rows].tolist(), starts, lengths, strict=True):
        raw = bytes(sources[source][start : start + length])
        text = texts.get(raw)
        if text is None:
            text = texts.setdefault(raw, raw.decode("utf-8", "backslashreplace"))
        found.append(text)
    return found


def phrases(judged: Judged) -> list[str]:
    """Return the reason phrases of the responses."""
    return line_texts(judged.trace, judged.message_rows)


@field(
    "method",
    "text",
    en="Method of the request; from the CSeq of the response where the request is missing.",
    ja="リクエストのメソッド。リクエストがない場合は応答の CSeq のもの。",
)
def _method(judged: Judged) -> Values:
    methods = judged.trace.methods
    names = list(methods)
    symbols = judged.trace.transactions.method_sym[judged.transaction_rows].tolist()
    return [names[symbol] or None for symbol in symbols]


@field("status", "number", en="Status code judged.", ja="判定の対象となる状態コード。")
def _status(judged: Judged) -> Values:
    return list(judged.trace.messages.status[judged.message_rows].tolist())


@field("phrase", "text", en="Reason phrase of the response.", ja="応答の理由句。")
def _phrase(judged: Judged) -> Values:
    return [text or None for text in judged.kept(phrases)]


@field(
    "request_seen",
    "flag",
    en="Whether the request is in the capture.",
    ja="リクエストがキャプチャに含まれるかどうか。",
)
def _request_seen(judged: Judged) -> Values:
    return list((judged.request_rows >= 0).tolist())


@field(
    "in_dialog",
    "flag",
    en="Whether the request had a To tag, that is, was sent inside a dialog.",
    ja="リクエストに To タグがあり、ダイアログ内で送られたかどうか。",
)
def _in_dialog(judged: Judged) -> Values:
    transactions = judged.trace.transactions
    inside = transactions.in_dialog[judged.transaction_rows].tolist()
    seen = (judged.request_rows >= 0).tolist()
    return [bool(a) if b else UNKNOWN for a, b in zip(inside, seen, strict=True)]


@field(
    "trunk_group",
    "text",
    en="Trunk group that the Request-URI names (RFC 4904), with its context.",
    ja="Request-URI が指定するトランクグループ（RFC 4904）とそのコンテキスト。",
)
def _trunk_group(judged: Judged) -> Values:
    rows = judged.request_rows
    seen = np.flatnonzero(rows >= 0)
    found: list[Value] = [UNKNOWN] * len(rows)
    for at, uri in zip(seen.tolist(), line_texts(judged.trace, rows[seen]), strict=True):
        found[at] = trunk_group(uri)
    return found


def trunk_group(uri: str) -> str | None:
    """Return the trunk group of a Request-URI as `group@context`, None without one."""
    group, context = _TRUNK_GROUP.search(uri), _TRUNK_CONTEXT.search(uri)
    if group is None:
        return None
    return f"{group[1]}@{context[1]}" if context else group[1]
