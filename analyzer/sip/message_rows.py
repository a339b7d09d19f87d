"""UDP datagrams that may hold SIP → rows of the message table, by the reference parser.

The compiled scan (`_scan.pyx`) fills the rows of messages in which it finds nothing odd; every
other datagram comes here, and what comes out here is what each row means.
"""

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from analyzer.decode.cursor import DatagramTable
from analyzer.settings import Settings
from analyzer.sip.branch import COOKIE
from analyzer.sip.header_marks import header_marks
from analyzer.sip.siphash import siphash
from analyzer.tables.messages import KNOWN_METHODS, MessageFlag
from analyzer.tables.schema import Int16, Int32, Int64, Table, UInt8, UInt16, UInt64, column

if TYPE_CHECKING:
    from analyzer.sip.grammar import Span
    from analyzer.sip.message import Head

try:
    from analyzer.sip import _scan
except ImportError:  # no compiler where the package was installed
    COMPILED = False
else:
    COMPILED = True

METHOD_SYMBOLS = {method: at for at, method in enumerate(KNOWN_METHODS, start=1)}
MAX_SPAN_END = 65_535
"""Spans of the message table have 16 bits: what reaches further into a head is absent."""
_IS_ODD, _IS_MESSAGE, _IS_NONE = 0, 1, 2


class RowTable(Table):
    """The columns of `MessageTable` that the bytes of a datagram give; one row per datagram."""

    state: UInt8 = column("0 not read yet, 1 a message, 2 no SIP message.")
    pos: Int64 = column("As in MessageTable.")
    head_len: Int32 = column("As in MessageTable.")
    body_len: Int32 = column("As in MessageTable.")
    method_sym: Int16 = column("As in MessageTable; 0 where the method is in `RowBatch.methods`.")
    status: Int16 = column("As in MessageTable.")
    cseq: Int64 = column("As in MessageTable.")
    transaction_hash: UInt64 = column("As in MessageTable.")
    call_id_hash: UInt64 = column("As in MessageTable.")
    from_tag_hash: UInt64 = column("As in MessageTable.")
    to_tag_hash: UInt64 = column("As in MessageTable.")
    line_pos: UInt16 = column("As in MessageTable.")
    line_len: UInt16 = column("As in MessageTable.")
    call_id_pos: UInt16 = column("As in MessageTable.")
    call_id_len: UInt16 = column("As in MessageTable.")
    branch_pos: UInt16 = column("As in MessageTable.")
    branch_len: UInt16 = column("As in MessageTable.")
    sent_by_pos: UInt16 = column("As in MessageTable.")
    sent_by_len: UInt16 = column("As in MessageTable.")
    from_tag_pos: UInt16 = column("As in MessageTable.")
    from_tag_len: UInt16 = column("As in MessageTable.")
    to_tag_pos: UInt16 = column("As in MessageTable.")
    to_tag_len: UInt16 = column("As in MessageTable.")
    flags: UInt8 = column("As in MessageTable.")
    header_marks: UInt64 = column("As in MessageTable.")


@dataclass(slots=True)
class RowBatch:
    """The rows of a batch of datagrams, and what does not fit in columns."""

    rows: RowTable
    methods: dict[int, str] = field(default_factory=dict)
    """Row → method that is not a registered one."""
    anomalies: list[tuple[int, str, str]] = field(default_factory=list)
    """Row, kind of anomaly, what shows it; by row, then by kind."""


def read_rows(
    data: memoryview,
    datagrams: DatagramTable,
    key: bytes,
    settings: Settings,
    *,
    compiled: bool = COMPILED,
) -> RowBatch:
    """Read the message in each datagram."""
    size = len(datagrams)
    batch = RowBatch(RowTable.zeros(size))
    if compiled and size:
        columns = tuple(getattr(batch.rows, each.name) for each in RowTable.columns)
        spans = (datagrams.pos, datagrams.length, datagrams.wire_length)
        limits = (settings.max_head_bytes, settings.max_headers)
        _scan.read_rows(data, spans, key, limits, columns)
    for row in np.flatnonzero(batch.rows.state == _IS_ODD).tolist():
        start, length = int(datagrams.pos[row]), int(datagrams.length[row])
        payload = bytes(data[start : start + length])
        read = read_head(payload, int(datagrams.wire_length[row]), settings)
        if read is None:
            batch.rows.state[row] = _IS_NONE
        else:
            _fill(batch, row, start, payload, read, key)
    return batch


def read_head(payload: bytes, wire_length: int, settings: Settings) -> "tuple[Head, bool] | None":
    """Read the head of a datagram's message, and tell whether the capture lacks some of the
    message; None when there is no message.
    """
    # The parser takes longer to import than a small capture to read; most have nothing odd.
    from analyzer.sip.message import parse_head  # noqa: PLC0415 - see above

    parse = partial(
        parse_head, max_head_bytes=settings.max_head_bytes, max_headers=settings.max_headers
    )
    cut = len(payload) < wire_length
    head = parse(payload, cut=cut)
    if head is None or not cut:
        return None if head is None else (head, False)
    if 0 <= head.content_length <= len(payload) - head.head_len:
        # What the snap length cut off came after the message.
        whole = parse(payload[: head.head_len + head.content_length])
        if whole and not {"head-cut", "head-too-long"} & set(whole.anomalies):
            return whole, False
    return head, True


def _fill(
    batch: RowBatch, row: int, start: int, payload: bytes, read: "tuple[Head, bool]", key: bytes
) -> None:
    head, cut = read
    rows = batch.rows
    rows.state[row] = _IS_MESSAGE
    rows.pos[row] = start + head.start
    rows.head_len[row] = head.head_len - head.start
    rows.body_len[row] = head.body_len
    rows.status[row] = head.status
    rows.cseq[row] = head.cseq
    rows.method_sym[row] = METHOD_SYMBOLS.get(head.method, 0)
    if head.method and head.method not in METHOD_SYMBOLS:
        batch.methods[row] = head.method.encode("latin-1").decode("utf-8", "backslashreplace")
    texts = {
        name: _span(rows, row, name, getattr(head, name), head.start, payload)
        for name in ("line", "call_id", "branch", "sent_by", "from_tag", "to_tag")
    }
    for name in ("call_id", "from_tag", "to_tag"):
        getattr(rows, name + "_hash")[row] = siphash(key, texts[name]) if texts[name] else 0
    identity = transaction_identity(
        texts["branch"],
        texts["sent_by"],
        texts["call_id"],
        head.cseq,
        head.method.encode("latin-1"),
        texts["from_tag"],
    )
    rows.transaction_hash[row] = siphash(key, identity)
    rows.flags[row] = (MessageFlag.ODD if head.anomalies else 0) | (MessageFlag.CUT if cut else 0)
    rows.header_marks[row] = header_marks(payload[head.start : head.head_len])
    named = zip(head.anomalies, head.details, strict=True)
    batch.anomalies.extend((row, kind, detail) for kind, detail in named)


def _span(rows: RowTable, row: int, name: str, span: "Span", start: int, payload: bytes) -> bytes:
    """Write a span, counted from the start line, to its columns; return its bytes."""
    pos, length = span
    if length <= 0 or pos - start < 0 or pos - start + length > MAX_SPAN_END:
        return b""
    getattr(rows, name + "_pos")[row] = pos - start
    getattr(rows, name + "_len")[row] = length
    return payload[pos : pos + length]


def transaction_identity(
    branch: bytes, sent_by: bytes, call_id: bytes, cseq: int, method: bytes, from_tag: bytes
) -> bytes:
    """Return what equal messages of one transaction on one hop have in common (RFC 3261 §17.2.3).

    Branch, sent-by, Call-ID, CSeq number and method, where the branch begins with the cookie of
    RFC 3261 and goes on after it; otherwise the From tag stands for the branch. An ACK counts as
    its INVITE. Sent-by does not tell case apart nor the default port from none.
    """
    has_cookie = len(branch) > len(COOKIE) and branch.lower().startswith(COOKIE.lower().encode())
    parts = (
        (b"\x01" + branch) if has_cookie else (b"\x02" + from_tag),
        sent_by.lower().removesuffix(b":5060"),
        call_id,
        str(cseq).encode(),
        b"INVITE" if method == b"ACK" else method,
    )
    return b"\0".join(parts)
