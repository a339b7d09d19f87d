"""Equal hashes are equal texts: confirmed by comparing the bytes, always."""

import numpy as np

from analyzer.sip.headers import differ_from_leader, hash_spans, same_bytes
from analyzer.sip.scan import transaction_identity
from analyzer.tables.messages import Method
from analyzer.tables.schema import Bool, Int32, Int64, UInt64
from analyzer.tables.trace import Trace


class HashCollision(Exception):  # noqa: N818 - not an error: the analysis begins again with another key
    """Two different texts have one hash under the key of this analysis."""


def same_text(trace: Trace, name: str, rows: Int64, others: Int64) -> Bool:
    """Tell where the texts of two message columns, given by the name of their span, are equal."""
    messages = trace.messages
    pos, length = getattr(messages, name + "_pos"), getattr(messages, name + "_len")
    return same_bytes(
        trace.spans,
        messages.source[rows],
        messages.pos[rows] + pos[rows],
        length[rows].astype(np.int64),
        messages.source[others],
        messages.pos[others] + pos[others],
        length[others].astype(np.int64),
    )


def confirm_text(trace: Trace, name: str, rows: Int64, others: Int64) -> None:
    """Raise HashCollision unless the texts are equal pair by pair."""
    if not same_text(trace, name, rows, others).all():
        raise HashCollision(name)


def confirm_identity(trace: Trace, leaders: Int64) -> None:
    """Raise HashCollision unless each message has the identity of the leader of its transaction."""
    messages = trace.messages
    is_odd = messages.cseq != messages.cseq[leaders]
    is_odd |= differ_from_leader(trace, ("call_id", "branch", "sent_by", "from_tag"), leaders)
    method = np.where(messages.method_sym == Method.ACK, Method.INVITE, messages.method_sym)
    is_odd |= method != method[leaders]
    rows = np.flatnonzero(is_odd)
    for row, leader in zip(rows.tolist(), leaders[rows].tolist(), strict=True):
        if identity_of(trace, row) != identity_of(trace, leader):
            raise HashCollision("transaction")


def identity_of(trace: Trace, row: int) -> bytes:
    """Return the bytes whose hash is the message's `transaction_hash`."""
    messages = trace.messages

    def raw(name: str) -> bytes:
        pos = int(messages.pos[row]) + int(getattr(messages, name + "_pos")[row])
        length = int(getattr(messages, name + "_len")[row])
        return trace.spans.bytes_at(int(messages.source[row]), pos, length)

    return transaction_identity(
        branch=raw("branch"),
        sent_by=raw("sent_by"),
        call_id=raw("call_id"),
        cseq=int(messages.cseq[row]),
        method=trace.methods[int(messages.method_sym[row])].encode(),
        from_tag=raw("from_tag"),
    )


def branch_hashes(trace: Trace, rows: Int32 | Int64, key: bytes) -> UInt64:
    """Return the keyed hash of the topmost Via's branch of messages."""
    messages = trace.messages
    return hash_spans(
        trace.spans,
        messages.source[rows],
        messages.pos[rows] + messages.branch_pos[rows],
        messages.branch_len[rows].astype(np.int64),
        key,
    )
