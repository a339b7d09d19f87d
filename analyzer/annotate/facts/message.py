"""Fields of the response and its request: method, phrase, dialog, Request-URI."""

import re

import numpy as np

from analyzer.annotate.fields import UNKNOWN, Coded, Judged, Values, field
from analyzer.sip.headers import texts_at
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import distinct

_TRUNK_GROUP = re.compile(r";tgrp=([^;@>?]+)", re.IGNORECASE)
_TRUNK_CONTEXT = re.compile(r";trunk-context=([^;@>?]+)", re.IGNORECASE)


def line_texts(trace: Trace, rows: Int64) -> list[str]:
    """Return Request-URI or reason phrase of message rows."""
    messages = trace.messages
    starts = messages.pos[rows] + messages.line_pos[rows]
    found = texts_at(trace.spans, messages.source[rows], starts, messages.line_len[rows])
    return [text or "" for text in found]


def distinct_lines(trace: Trace, rows: Int64) -> Coded:
    """Return the same with each different text once."""
    return Coded.of(line_texts(trace, rows))


@field(
    "method",
    "text",
    en="Method of the request; from the CSeq of the response where the request is missing.",
    ja="リクエストのメソッド。リクエストがない場合は応答の CSeq のもの。",
)
def _method(judged: Judged) -> Values:
    names = [name or None for name in judged.trace.methods]
    return Coded(judged.trace.transactions.method_sym[judged.transaction_rows], names)


@field("status", "number", en="Status code judged.", ja="判定の対象となる応答コード。")
def _status(judged: Judged) -> Values:
    statuses = judged.trace.messages.status[judged.message_rows].astype(np.int64)
    different = distinct(statuses)
    return Coded(np.searchsorted(different, statuses), different.tolist())


@field("phrase", "text", en="Reason phrase of the response.", ja="応答の理由句。")
def _phrase(judged: Judged) -> Values:
    found = distinct_lines(judged.trace, judged.message_rows)
    return Coded(found.codes, [text or None for text in found.values])


@field(
    "case",
    "text",
    en="Case that was found, for the conditions of notes.",
    ja="成立したケース（注記の条件で使う）。",
)
def _case(judged: Judged) -> Values:
    return Coded.constant(None, len(judged))  # until `Judged.decide` says which


@field(
    "request_seen",
    "flag",
    en="Whether the request is in the capture.",
    ja="リクエストがキャプチャに含まれるかどうか。",
)
def _request_seen(judged: Judged) -> Values:
    return Coded.flags(judged.request_rows >= 0)


@field(
    "in_dialog",
    "flag",
    en="Whether the request had a To tag, that is, was sent inside a dialog.",
    ja="リクエストに To タグがあり、ダイアログ内で送られたかどうか。",
)
def _in_dialog(judged: Judged) -> Values:
    transactions = judged.trace.transactions
    return Coded.flags(transactions.in_dialog[judged.transaction_rows], judged.request_rows >= 0)


@field(
    "in_call",
    "flag",
    en="Whether the request belongs to a call that the capture shows.",
    ja="リクエストが、キャプチャにある呼に属するかどうか。",
)
def _in_call(judged: Judged) -> Values:
    return Coded.flags(judged.trace.transactions.call_row[judged.transaction_rows] >= 0)


@field(
    "trunk_group",
    "text",
    en="Trunk group that the Request-URI names (RFC 4904), with its context.",
    ja="Request-URI が指定するトランクグループ（RFC 4904）とそのコンテキスト。",
)
def _trunk_group(judged: Judged) -> Values:
    rows = judged.request_rows
    seen = rows >= 0
    uris = distinct_lines(judged.trace, rows[seen])
    codes = np.full(len(rows), len(uris.values), np.int64)
    codes[seen] = uris.codes
    return Coded(codes, [*(trunk_group(str(uri)) for uri in uris.values), UNKNOWN])


def trunk_group(uri: str) -> str | None:
    """Return the trunk group of a Request-URI as `group@context`, None without one."""
    group = _TRUNK_GROUP.search(uri)
    if group is None:
        return None
    context = _TRUNK_CONTEXT.search(uri)
    return f"{group[1]}@{context[1]}" if context else group[1]
