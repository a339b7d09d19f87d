"""The same packet captured twice, and messages sent again: told apart, always.

A copy is the same packet seen again (`-i any`, mirror ports): same bytes between the same
endpoints with the same IPv4 identification, close in time; without an identification closer than
any retransmission, with some time on the way where another capture has it. A retransmission
(RFC 3261 §17) is a new packet: the request again, or the response with the status and To tag again.
"""

import numpy as np

from analyzer.settings import Settings
from analyzer.sip.headers import hash_spans, same_bytes
from analyzer.tables.messages import MessageTable
from analyzer.tables.schema import ABSENT, Bool, Int32, Int64, UInt64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import keys_of, mix_keys, number_groups, rows_with_shared_key


def find_repeats(
    trace: Trace, transaction: Int32, settings: Settings, key: bytes
) -> tuple[Int32, Int32]:
    """Return for each message the one it is a copy of and the one it repeats; -1 none."""
    alike = rows_with_shared_key(_kind_keys(trace.messages, transaction, slice(None)))
    alike = alike[transaction[alike] >= 0]
    copy_of = find_copies(trace, transaction, alike, settings)
    eligible = alike[copy_of[alike] < 0]
    return copy_of, find_retransmissions(trace, transaction, eligible, key)


def find_copies(trace: Trace, transaction: Int32, rows: Int64, settings: Settings) -> Int32:
    """Return for each message the first of `rows` of which it is a copy, -1 for none."""
    messages = trace.messages
    copy_of = np.full(len(messages), ABSENT, np.int32)
    if len(rows) == 0:
        return copy_of
    keys = np.zeros(len(messages), np.uint64)
    has_id = messages.ip_id[rows] > 0
    size = np.where(has_id, 0, _size(messages, rows))  # of one packet, captures may hold less
    keys[rows] = mix_keys(_place_keys(messages, transaction, rows), size)
    ip_id = np.where(has_id, messages.ip_id[rows], 0)
    order = np.lexsort((rows, ip_id, keys[rows]))
    rows, ip_id, has_id = rows[order], ip_id[order], has_id[order]
    before, row = rows[:-1], rows[1:]
    gap = np.abs(messages.time_ns[row] - messages.time_ns[before])
    is_elsewhere = messages.capture[row] != messages.capture[before]
    without_id_ms = np.where(is_elsewhere, settings.t1_ms // 2, settings.copy_window_without_id_ms)
    window_ms = np.where(has_id[1:], settings.copy_window_ms, without_id_ms)
    is_near = (
        (keys[row] == keys[before]) & (ip_id[1:] == ip_id[:-1]) & (gap <= window_ms * 1_000_000)
    )
    is_copy = np.zeros(len(rows), np.bool_)
    near = np.flatnonzero(is_near)
    is_copy[near + 1] = _same_as_far_as_captured(trace, row[near], before[near])
    run = np.cumsum(~is_copy) - 1
    copy_of[rows[is_copy]] = rows[~is_copy][run[is_copy]]
    return copy_of


def find_retransmissions(trace: Trace, transaction: Int32, eligible: Int64, key: bytes) -> Int32:
    """Return for each message the first of `eligible` ones, which are no copies, that it repeats.

    A repeated request or final response counts whatever changed in it; a provisional response only
    when it is the same to the byte, since several with one status may say different things.
    """
    messages = trace.messages
    retransmission_of = np.full(len(messages), ABSENT, np.int32)
    status = messages.status[eligible]
    tag = np.where(status > 0, messages.to_tag_hash[eligible], np.uint64(0))
    keys = mix_keys(_place_keys(messages, transaction, eligible), tag)
    is_provisional = (status > 0) & (status < 200)
    alike = rows_with_shared_key(keys)
    alike = alike[is_provisional[alike]]
    keys[alike] = mix_keys(keys[alike], _content_hashes(trace, eligible[alike], key))
    numbers, firsts = number_groups(keys)
    first = eligible[firsts[numbers]]
    is_again = first != eligible
    uncertain = np.flatnonzero(is_again & is_provisional)
    again, before = eligible[uncertain], first[uncertain]
    is_again[uncertain] = _size(messages, again) == _size(messages, before)
    is_again[uncertain] &= _same_as_far_as_captured(trace, again, before)
    retransmission_of[eligible[is_again]] = first[is_again]
    return retransmission_of


def _kind_keys(messages: MessageTable, transaction: Int32, rows: Int64 | slice) -> UInt64:
    """Pack transaction, method and status: what every repeat has in common with the first."""
    packed = transaction[rows].astype(np.int64)
    packed <<= 16
    packed |= messages.method_sym[rows]
    packed <<= 16
    packed |= messages.status[rows]
    return packed.view(np.uint64)


def _place_keys(messages: MessageTable, transaction: Int32, rows: Int64) -> UInt64:
    """Combine what a repeat has in common with the first: transaction, method, status and path."""
    kind = _kind_keys(messages, transaction, rows)
    return keys_of(kind, messages.source_row[rows], messages.destination_row[rows])


def _size(messages: MessageTable, rows: Int64) -> Int64:
    return messages.head_len[rows].astype(np.int64) + messages.body_len[rows]


def _content_hashes(trace: Trace, rows: Int64, key: bytes) -> UInt64:
    messages = trace.messages
    return hash_spans(
        trace.spans, messages.source[rows], messages.pos[rows], _size(messages, rows), key
    )


def _same_as_far_as_captured(trace: Trace, rows: Int64, others: Int64) -> Bool:
    """Tell pair by pair whether messages are the same to the byte, as far as both were captured."""
    messages = trace.messages
    size = np.minimum(_size(messages, rows), _size(messages, others))
    return same_bytes(
        trace.spans,
        messages.source[rows],
        messages.pos[rows],
        size,
        messages.source[others],
        messages.pos[others],
        size,
    )
