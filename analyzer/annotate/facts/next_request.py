"""What a client sent after a response: its next request of the same method in the same Call-ID. It
is how a challenge is answered and a redirection followed.
"""

from weakref import WeakKeyDictionary

import numpy as np

from analyzer.frozen import frozen
from analyzer.sip.headers import same_bytes
from analyzer.tables.endpoints import hop_ends
from analyzer.tables.messages import MessageTable
from analyzer.tables.schema import ABSENT, Bool, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, mix_keys, number_groups


@frozen
class _Requests:
    """The requests of a trace by who sent them."""

    number: Int64
    """Of each transaction: equal for those of a client with one method and Call-ID."""
    keys: Int64
    """Number and message row as one, ascending."""
    rows: Int64
    """Transaction of each key; one whose request the capture lacks has no key."""
    span: int
    """Factor of the number in a key."""


_KNOWN: WeakKeyDictionary[MessageTable, _Requests] = WeakKeyDictionary()


def _requests(trace: Trace) -> _Requests:
    known = _KNOWN.get(trace.messages)
    if known is None:
        known = _KNOWN[trace.messages] = _sorted_requests(trace)
    return known


def _sorted_requests(trace: Trace) -> _Requests:
    table, messages = trace.transactions, trace.messages
    head = _heads(trace)
    client, _ = hop_ends(trace.endpoints, table.client_row, table.server_row)
    # a registration is an address of record too: some phones register several in one Call-ID
    account = table.registration_row.astype(np.int64) + 1
    sender = (account << 24 | client) << 16 | table.method_sym.astype(np.int64)
    numbers, _ = number_groups(mix_keys(messages.call_id_hash[head], sender.astype(np.uint64)))
    number = numbers.astype(np.int64)
    rows = np.flatnonzero(table.request_row >= 0)
    span = len(messages) + 1
    keys = number[rows] * span + table.request_row[rows]
    order = np.argsort(keys, kind="stable")
    return _Requests(number, keys[order], rows[order].astype(np.int64), span)


def _heads(trace: Trace) -> Int64:
    """Return a message that names the Call-ID of each transaction."""
    table = trace.transactions
    head = np.where(table.request_row >= 0, table.request_row, table.first_row)
    return head.astype(np.int64)


def next_requests(trace: Trace, transaction_rows: IntArray, after_rows: IntArray) -> Int64:
    """Return the transaction that the client of each of some transactions began next after a
    message, with the same method and Call-ID; -1 for none.
    """
    known = _requests(trace)
    transactions = np.asarray(transaction_rows, np.int64)
    if len(known.keys) == 0:
        return np.full(len(transactions), ABSENT, np.int64)
    number = known.number[transactions]
    wanted = number * known.span + np.asarray(after_rows, np.int64)
    at = np.minimum(np.searchsorted(known.keys, wanted, "right"), len(known.keys) - 1)
    found = known.rows[at]
    is_next = (known.number[found] == number) & (known.keys[at] > wanted)
    return np.where(is_next & _share_call_id(trace, transactions, found), found, ABSENT)


def _share_call_id(trace: Trace, some: Int64, others: Int64) -> Bool:
    """Tell pair by pair whether two transactions have one Call-ID: equal hashes are confirmed."""
    messages, head = trace.messages, _heads(trace)
    spans = []
    for rows in (head[some], head[others]):
        spans += [
            messages.source[rows],
            messages.pos[rows] + messages.call_id_pos[rows],
            messages.call_id_len[rows],
        ]
    return same_bytes(trace.spans, *spans)
