"""Messages → dialogs: Call-ID and both tags, early ones included (RFC 3261 §12.1)."""

import numpy as np

from analyzer.tables.dialogs import DialogTable
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Bool
from analyzer.tables.trace import Trace
from analyzer.tables.vector import mix_keys, number_groups


def track_dialogs(trace: Trace) -> DialogTable:
    """Return the dialogs shown by responses to INVITE and SUBSCRIBE and by requests inside them."""
    messages = trace.messages
    is_creating = (messages.method_sym == Method.INVITE) | (messages.method_sym == Method.SUBSCRIBE)
    is_response = (messages.status > 100) & (messages.status < 300) & is_creating
    is_inside = (messages.status == 0) & (messages.method_sym != Method.CANCEL)
    has_tags = (messages.to_tag_hash != 0) & (messages.from_tag_hash != 0)
    rows = np.flatnonzero(has_tags & (is_response | is_inside) & ~_refused_acks(trace))
    one, other = messages.from_tag_hash[rows], messages.to_tag_hash[rows]
    pair = mix_keys(np.minimum(one, other), np.maximum(one, other))
    _, firsts = number_groups(mix_keys(messages.call_id_hash[rows], pair))
    first = rows[firsts]
    transaction = trace.links.transaction_row[first]
    call = trace.transactions.call_row[transaction] if len(trace.transactions) else transaction
    return DialogTable(
        call_id_hash=messages.call_id_hash[first],
        caller_tag_hash=messages.from_tag_hash[first],
        callee_tag_hash=messages.to_tag_hash[first],
        first_row=first,
        transaction_row=transaction,
        call_row=np.where(transaction >= 0, call, ABSENT),
        start_ns=messages.time_ns[first],
    )


def _refused_acks(trace: Trace) -> Bool:
    """Tell which messages are the ACK of a 3xx–6xx, whose To tag makes no dialog (§17.1.1.3)."""
    messages = trace.messages
    is_ack: Bool = messages.method_sym == Method.ACK
    if len(trace.transactions) == 0:
        return is_ack
    transaction = trace.links.transaction_row
    refused = trace.transactions.final_status >= 300
    is_refused: Bool = (transaction >= 0) & refused[transaction]
    return is_ack & is_refused
