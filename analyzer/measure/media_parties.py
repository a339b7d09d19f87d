"""Messages of calls → their m= lines, with the call and the party that says so."""

import numpy as np

from analyzer.sip.media_lines import MediaLines, read_media_lines
from analyzer.tables.calls import Party
from analyzer.tables.messages import Method
from analyzer.tables.schema import Bool, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, mix_keys, number_groups

OFFERING = (Method.INVITE, Method.UPDATE, Method.PRACK)
"""Methods whose transactions carry offers and answers (RFC 3261 §13.2.1, RFC 3311, RFC 3262)."""


def read_offers(trace: Trace) -> MediaLines:
    """Return the m= lines of all offers and answers, whether of calls or not; that takes no more
    than transactions.
    """
    return read_media_lines(trace, _speaking(trace))


def lines_of_calls(trace: Trace, offers: MediaLines) -> MediaLines:
    """Return the m= lines of all calls, out of those that `read_offers` found."""
    at = offers.lines.message_row
    transaction = trace.links.transaction_row[at]
    lines = offers.lines.replace(
        call_row=trace.transactions.call_row[transaction],
        party=parties(trace, at, transaction),
    )
    if (lines.call_row < 0).any():
        lines = lines.take(lines.call_row >= 0)
    return MediaLines(lines, offers.descriptions)


def _speaking(trace: Trace) -> Int64:
    """Return the messages that may carry an offer or an answer; copies and retransmissions say
    nothing new.
    """
    transactions, messages, links = trace.transactions, trace.messages, trace.links
    if len(transactions) == 0:
        return np.zeros(0, np.int64)
    may_offer = np.isin(transactions.method_sym, OFFERING)
    is_first = (links.copy_of_row < 0) & (links.retransmission_of_row < 0)
    in_one = links.transaction_row >= 0
    wanted: Bool = is_first & in_one & (messages.body_len > 0)
    return np.flatnonzero(wanted & may_offer[links.transaction_row])


def parties(trace: Trace, message_rows: IntArray, transaction_rows: IntArray) -> Int64:
    """Return on whose side each message was sent: requests with the From tag of the caller come
    from the caller, and so do the responses to others.
    """
    callers = caller_tags(trace)[transaction_rows]
    messages = trace.messages
    is_of_caller = messages.from_tag_hash[message_rows] == callers
    is_request = messages.status[message_rows] == 0
    return np.where(is_of_caller == is_request, Party.CALLER, Party.CALLEE)


def caller_tags(trace: Trace) -> "IntArray":
    """Return for each transaction the hash of the From tag of who called on its leg: that of the
    first initial INVITE with its Call-ID in the call, else of the first request.
    """
    transactions, messages = trace.transactions, trace.messages
    first = transactions.first_row
    tags = messages.from_tag_hash[first]
    keys = mix_keys(transactions.call_row.astype(np.uint64), messages.call_id_hash[first])
    numbers, firsts = number_groups(keys)
    callers = tags[firsts]
    is_initial = (transactions.method_sym == Method.INVITE) & ~transactions.in_dialog
    initial = np.flatnonzero(is_initial)[::-1]
    callers[numbers[initial]] = tags[initial]
    return callers[numbers]
