"""What a call record says beyond its row: who is who, the path, the codecs of offer and answer."""

import numpy as np

from analyzer.measure.offers import part_with_sdp
from analyzer.render.record_columns import Addresses, Lists, Tokens, Value
from analyzer.render.record_source import RecordSource
from analyzer.render.record_spans import Spans, codec_lines
from analyzer.tables.calls import CallTable
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Bool, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, pick


def identity_rows(trace: Trace, calls: CallTable) -> IntArray:
    """Return the message whose From is the caller and whose To is the callee.

    A response repeats both from its request (RFC 3261 §8.2.6.2); of a call without its beginning
    the first message has to do.
    """
    deciding = pick(trace.transactions.first_row, calls.transaction_row, ABSENT)
    known = np.where(calls.invite_row >= 0, calls.invite_row, deciding)
    return np.where(known >= 0, known, calls.first_row)


def answering_rows(trace: Trace, calls: CallTable) -> IntArray:
    """Return the response that tells most of the callee: the final one, else the first 18x."""
    alerting = pick(trace.transactions.alerting_row, calls.transaction_row, ABSENT)
    return np.where(calls.final_row >= 0, calls.final_row, alerting)


def hops_of(source: RecordSource, rows: IntArray) -> Lists:
    """Return the addresses each call went through, in path order.

    Each transaction of an initial INVITE is a hop, and the one nearer to the caller is seen first.
    """
    trace = source.trace
    starts, members = source.transactions_of_call.of(rows)
    owner = np.repeat(np.arange(len(rows)), np.diff(starts))
    is_hop = _is_hop(trace, owner, members, len(rows))
    owner, members = owner[is_hop], members[is_hop]
    sizes = np.bincount(owner, minlength=len(rows))
    ends = np.stack(
        [trace.transactions.client_row[members], trace.transactions.server_row[members]], axis=1
    )
    first = np.concatenate([[0], np.cumsum(sizes)])
    paths = {
        call: _path(trace, ends[first[call] : first[call + 1]])
        for call in np.flatnonzero(sizes > 1).tolist()
    }
    lengths = np.full(len(rows), 2, np.int64)
    lengths[list(paths)] = [len(each) for each in paths.values()]
    begins = np.concatenate([[0], np.cumsum(lengths)])
    nodes = np.empty(int(begins[-1]), np.int64)
    _fill(nodes, begins[np.flatnonzero(sizes == 1)], ends[first[np.flatnonzero(sizes == 1)]])
    # a lone ACK is in no transaction: its sender and receiver have to do
    lone = np.flatnonzero(sizes == 0)
    seen = trace.calls.first_row[rows[lone]]
    lone_ends = [trace.messages.source_row[seen], trace.messages.destination_row[seen]]
    _fill(nodes, begins[lone], np.stack(lone_ends, axis=1))
    for call, path in paths.items():
        nodes[begins[call] : begins[call + 1]] = path
    return Lists(begins, Addresses(nodes, trace.endpoints))


def _is_hop(trace: Trace, owner: IntArray, members: Int64, count: int) -> Bool:
    """Tell which transactions are hops: the initial INVITEs, else the first transaction."""
    transactions = trace.transactions
    is_invite = transactions.method_sym[members] == Method.INVITE
    is_hop: Bool = is_invite & ~transactions.in_dialog[members]
    has_hop = np.zeros(count, np.bool_)
    has_hop[owner[is_hop]] = True
    is_first = np.ones(len(owner), np.bool_)
    is_first[1:] = owner[1:] != owner[:-1]
    return is_hop | (is_first & ~has_hop[owner])


def _fill(nodes: Int64, begins: IntArray, ends: IntArray) -> None:
    nodes[begins] = ends[:, 0]
    nodes[begins + 1] = ends[:, 1]


def _path(trace: Trace, ends: IntArray) -> list[int]:
    """Return the endpoints of several hops, each address once; a hop to its own sender counts."""
    endpoints = trace.endpoints
    path: list[int] = []
    seen: set[tuple[int, int, int]] = set()
    for client, server in ends.tolist():
        keys = [
            (int(endpoints.high[row]), int(endpoints.low[row]), int(endpoints.version[row]))
            for row in (client, server)
        ]
        if keys[0] not in seen:
            path.append(client)
        if keys[1] not in seen or keys[0] == keys[1]:
            path.append(server)
        seen.update(keys)
    return path


def codecs_of(source: RecordSource, calls: CallTable) -> dict[str, Value]:
    """Return the codecs of offer and answer (RFC 3264): INVITE and 2xx, or 2xx and ACK; without a
    2xx that has SDP, the first 18x answers.
    """
    transactions = source.trace.transactions
    is_success = calls.final_status // 100 == 2
    success = _codecs(source, np.where(is_success, calls.final_row, ABSENT))
    invite = _codecs(source, calls.invite_row)
    has_offer = invite >= 0
    ack = pick(transactions.ack_row, calls.transaction_row, ABSENT)
    late_answer = _codecs(source, np.where(has_offer | (success < 0), ABSENT, ack))
    alerting = pick(transactions.alerting_row, calls.transaction_row, ABSENT)
    early = _codecs(source, np.where(has_offer & (success < 0), alerting, ABSENT))
    offered = np.where(has_offer, invite, success)
    answered = np.where(has_offer, np.where(success >= 0, success, early), late_answer)
    return {"offered": Tokens(offered, source.words), "answered": Tokens(answered, source.words)}


def _codecs(source: RecordSource, rows: IntArray) -> Int64:
    """Return the codecs each message names in its SDP, as numbers in the pool; -1 without SDP."""
    messages = source.trace.messages
    numbers = np.full(len(rows), ABSENT, np.int64)
    present = np.flatnonzero(rows >= 0)
    present = present[messages.body_len[rows[present]] > 0]
    at = rows[present]
    if len(at) == 0:
        return numbers
    bodies = Spans(
        messages.source[at],
        messages.pos[at] + messages.head_len[at],
        messages.body_len[at].astype(np.int64),
    )
    lines = codec_lines(source.trace.spans, bodies)
    for number, each in enumerate(lines):
        if each is None:
            lines[number] = part_with_sdp(source.trace, int(at[number]))
    numbers[present] = source.codec_tokens(lines)
    return numbers
