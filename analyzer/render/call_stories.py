"""What call records say of legs, path and events: tables of a trace → columns of lists."""

from enum import IntEnum

import numpy as np

from analyzer.measure.paths import in_last_attempt
from analyzer.render.record_columns import (
    Booleans,
    Durations,
    Integers,
    Lists,
    Members,
    Texts,
    Tokens,
    Value,
)
from analyzer.render.record_source import RecordSource, optional
from analyzer.render.record_spans import part_at
from analyzer.tables.calls import Party
from analyzer.tables.hops import Change
from analyzer.tables.legs import Confidence, Evidence
from analyzer.tables.schema import ABSENT, Int64
from analyzer.tables.stories import EventKind, TransferState
from analyzer.tables.vector import IntArray, distinct, pick


def call_ids_of(source: RecordSource, rows: IntArray) -> Lists:
    """Return the Call-IDs of the legs of each call, each once."""
    trace = source.trace
    starts, legs = Members(trace.legs_of_call).of(rows)
    first = trace.legs.first_row[legs]
    hashes = trace.messages.call_id_hash[first]
    owner = np.repeat(np.arange(len(rows)), np.diff(starts))
    is_kept = trace.messages.call_id_len[first] > 0
    several = np.flatnonzero(np.diff(starts)[owner] > 1)
    seen: set[tuple[int, int]] = set()
    for at in several.tolist():
        key = (int(owner[at]), int(hashes[at]))
        is_kept[at] &= key not in seen
        seen.add(key)
    return _kept(owner, is_kept, len(rows), part_at(trace, first, "call_id"))


def _kept(owner: IntArray, is_kept: IntArray, count: int, texts: Texts) -> Lists:
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(owner[is_kept], minlength=count), out=starts[1:])
    return Lists(starts, Texts(texts.source[is_kept], texts.pos[is_kept], texts.length[is_kept]))


def joined_by(source: RecordSource, rows: IntArray) -> Lists:
    """Return why each further leg is of its call."""
    trace = source.trace
    starts, legs = _where(Members(trace.legs_of_call), rows, trace.legs.joined_row >= 0)
    values: dict[str, Value] = {
        "call_id": part_at(trace, trace.legs.first_row[legs], "call_id"),
        "evidence": _bits(source, trace.legs.evidence[legs], Evidence),
        "confidence": source.names(trace.legs.confidence[legs], Confidence),
    }
    return Lists(starts, values)


def _where(members: Members, rows: IntArray, mask: IntArray) -> tuple[Int64, Int64]:
    """Return starts and members of lists, those left out for which the mask does not hold."""
    starts, found = members.of(rows)
    is_kept = mask[found]
    kept = np.zeros(len(found) + 1, np.int64)
    np.cumsum(is_kept, out=kept[1:])
    return kept[starts], found[is_kept]


def _bits(source: RecordSource, column: IntArray, names: type[IntEnum]) -> Tokens:
    """Return the names of the bits of numbers as lists."""
    known: dict[int, int] = {}
    for bits in distinct(column).tolist():
        said = tuple(each.name.lower() for each in names if bits & each)
        known[bits] = source.words.number(said)
    return Tokens(np.array([known[bits] for bits in column.tolist()], np.int64), source.words)


def path_of(source: RecordSource, rows: IntArray) -> Lists:
    """Return the hops of each call in path order."""
    hops = source.trace.hops
    starts, found = Members(source.trace.hops_of_call).of(rows)
    transaction = hops.transaction_row
    values: dict[str, Value] = {
        "transaction": Integers(transaction[found]),
        "depth": Integers(hops.depth[found]),
        "sent_on_from": optional(pick(transaction, hops.above_row[found], ABSENT)),
        "request_delay_ms": Durations(hops.request_delay_ns[found]),
        "response_delay_ms": Durations(hops.response_delay_ns[found]),
        "routed_after": optional(pick(transaction, hops.routed_after_row[found], ABSENT)),
    }
    return Lists(starts, values)


def first_final_from(source: RecordSource, rows: IntArray) -> Value:
    """Return who sent the first final response of the last attempt of each call, of all hops."""
    trace = source.trace
    hops, transactions = trace.hops, trace.transactions
    starts, found = Members(trace.hops_of_call).of(rows)
    transaction = hops.transaction_row[found]
    final = transactions.final_row[transaction]
    owner = np.repeat(np.arange(len(rows)), np.diff(starts))
    counts = np.flatnonzero((final >= 0) & in_last_attempt(trace, found))
    final_ns = trace.messages.time_ns[final[counts]]
    depth = hops.depth[found[counts]]
    order = np.lexsort((-depth, final_ns, owner[counts]))[::-1]
    server = np.full(len(rows), ABSENT, np.int64)
    server[owner[counts[order]]] = transactions.server_row[transaction[counts[order]]]
    return source.endpoints(server)


def changed_on_the_way(source: RecordSource, rows: IntArray) -> Lists:
    """Return the final responses that elements changed, call by call."""
    trace = source.trace
    hops, transactions = trace.hops, trace.transactions
    starts, found = _where(Members(trace.hops_of_call), rows, hops.change > 0)
    sent = hops.transaction_row[found]
    received = hops.transaction_row[hops.changed_row[found]]
    values: dict[str, Value] = {
        "element": source.endpoints(transactions.server_row[sent]),
        "what": _bits(source, hops.change[found], Change),
        "received_transaction": Integers(received),
        "received_status": Integers(transactions.final_status[received]),
        "received_reason": part_at(trace, transactions.final_row[received], "line"),
        "sent_transaction": Integers(sent),
        "sent_status": Integers(transactions.final_status[sent]),
        "sent_reason": part_at(trace, transactions.final_row[sent], "line"),
    }
    return Lists(starts, values)


def events_of(source: RecordSource, rows: IntArray) -> Lists:
    """Return what happened during each call."""
    events = source.trace.stories.events
    starts, found = Members(source.trace.events_of_call).of(rows)
    message = events.message_row[found]
    values: dict[str, Value] = {
        "kind": source.names(events.kind[found], EventKind),
        "by": source.names(events.party[found], Party),
        "time_ns": source.times(message),
        "frame": source.frames(message),
        "status": optional(events.status[found], 0),
        "detail": source.texts(events.detail_sym[found]),
    }
    return Lists(starts, values)


def transfers_of(source: RecordSource, rows: IntArray) -> Lists:
    """Return the transfers asked for during each call."""
    transfers = source.trace.stories.transfers
    starts, found = Members(source.trace.transfers_of_call).of(rows)
    refer = transfers.refer_row[found]
    values: dict[str, Value] = {
        "by": source.names(transfers.party[found], Party),
        "attended": Booleans(transfers.attended[found]),
        "target": source.texts(transfers.target_sym[found]),
        "outcome": source.names(transfers.state[found], TransferState),
        "status": optional(transfers.status[found], 0),
        "time_ns": source.times(refer),
        "frame": source.frames(refer),
        "call": optional(transfers.new_call_row[found]),
    }
    return Lists(starts, values)


def links_of(source: RecordSource, rows: IntArray) -> dict[str, Value]:
    """Return which calls each replaces, is replaced by, and joins."""
    replaces, replaced_by, joins = source.linked_calls
    return {
        "replaces": optional(replaces[rows]),
        "replaced_by": optional(replaced_by[rows]),
        "joins": optional(joins[rows]),
    }
