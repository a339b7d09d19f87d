"""m= lines of calls → offers with their answers (RFC 3264), and how long each held."""

import numpy as np

from analyzer.measure.media_parties import OFFERING
from analyzer.tables.media import AgreementTable, MediaLineTable, MediaState
from analyzer.tables.schema import ABSENT, Bool, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, mix_keys, number_groups, pick


def find_agreements(trace: Trace, lines: MediaLineTable) -> AgreementTable:
    """Return the offers of all calls, each m= line with that of its answer."""
    transactions = trace.transactions
    offering = np.flatnonzero(
        (transactions.call_row >= 0) & np.isin(transactions.method_sym, OFFERING)
    )
    first_line = _first_lines(lines, len(trace.messages))
    offer, answer = _exchanges(trace, offering, first_line)
    has_offer = offer >= 0
    offering, offer, answer = offering[has_offer], offer[has_offer], answer[has_offer]
    counts = _line_counts(lines, first_line, offer)
    at = np.repeat(np.arange(len(offering)), counts)
    index = np.arange(len(at)) - np.repeat(np.cumsum(counts) - counts, counts)
    offer_row = first_line[offer][at] + index
    answered = pick(first_line, answer, ABSENT)
    has_line = index < _line_counts(lines, first_line, answer)[at]
    answer_row = np.where(has_line, answered[at] + index, ABSENT)
    start_ns = trace.messages.time_ns[np.where(answer >= 0, answer, offer)]
    transaction = offering[at]
    path = _paths(trace, offering)[at]
    call = transactions.call_row[transaction]
    return AgreementTable(
        call_row=call,
        transaction_row=transaction,
        path=path,
        index=index,
        offer_row=offer_row,
        answer_row=answer_row,
        offered_by=lines.party[offer_row],
        state=_states(lines, offer_row, answer_row, (answer >= 0)[at]),
        start_ns=start_ns[at],
        end_ns=_ends(trace, path, index, start_ns[at], (answer >= 0)[at], call),
    )


def _first_lines(lines: MediaLineTable, messages: int) -> Int64:
    """Return for each message its first row in MediaLineTable, -1 without one."""
    first = np.full(messages, ABSENT, np.int64)
    is_first = np.flatnonzero(lines.index == 0)
    first[lines.message_row[is_first]] = is_first
    return first


def _line_counts(lines: MediaLineTable, first_line: Int64, rows: IntArray) -> Int64:
    """Return how many m= lines each message has; 0 for row -1."""
    counts = np.bincount(lines.message_row, minlength=len(first_line))
    return pick(counts, rows, 0) if len(counts) else np.zeros(len(rows), np.int64)


def _exchanges(trace: Trace, rows: Int64, first_line: Int64) -> tuple[Int64, Int64]:
    """Return the messages with the offer and with the answer of some transactions, -1 for none: a
    request that offers is answered by its 2xx, else by the first 1xx with SDP of the same dialog; a
    2xx that offers by the ACK. A change that was refused changed nothing (RFC 3261 §14.1).
    """
    transactions = trace.transactions

    def with_sdp(messages: IntArray) -> Int64:
        return np.where(pick(first_line, messages, ABSENT) >= 0, messages, ABSENT)

    request = with_sdp(transactions.request_row[rows])
    is_success = transactions.final_status[rows] // 100 == 2
    success = with_sdp(np.where(is_success, transactions.final_row[rows], ABSENT))
    early = _early(trace, rows, first_line)
    ack = with_sdp(transactions.ack_row[rows])
    offer = np.where(request >= 0, request, success)
    answer = np.where(request >= 0, np.where(success >= 0, success, early), ack)
    return offer, np.where(offer >= 0, answer, ABSENT)


def _early(trace: Trace, rows: Int64, first_line: Int64) -> Int64:
    """Return the first provisional response with SDP of some transactions, -1 for none; where a 2xx
    came, of the dialog that this made.
    """
    messages, transactions = trace.messages, trace.transactions
    found = np.full(len(transactions), ABSENT, np.int64)
    is_early = (first_line >= 0) & (messages.status > 100) & (messages.status < 200)
    early = np.flatnonzero(is_early)[::-1]
    transaction = trace.links.transaction_row[early]
    status, final = transactions.final_status[transaction], transactions.final_row[transaction]
    is_other = (status // 100 == 2) & (
        pick(messages.to_tag_hash, final, 0) != messages.to_tag_hash[early]
    )
    is_kept = ~is_other & ~(transactions.in_dialog[transaction] & (status >= 300))
    found[transaction[is_kept]] = early[is_kept]
    return found[rows]


def _paths(trace: Trace, rows: Int64) -> Int64:
    """Return numbers for the legs and hops of some transactions, whichever side began them."""
    transactions, messages = trace.transactions, trace.messages
    client, server = transactions.client_row[rows], transactions.server_row[rows]
    ends = np.minimum(client, server).astype(np.uint64) << np.uint64(32)
    ends |= np.maximum(client, server).astype(np.uint64)
    keys = mix_keys(messages.call_id_hash[transactions.first_row[rows]], ends)
    keys = mix_keys(keys, transactions.call_row[rows].astype(np.uint64))
    return number_groups(keys)[0].astype(np.int64)


def _states(lines: MediaLineTable, offer_row: Int64, answer_row: Int64, is_answered: Bool) -> Int64:
    offered, answered = lines.port[offer_row], pick(lines.port, answer_row, 0)
    return np.select(
        [offered == 0, ~is_answered, answered == 0],
        [MediaState.DISABLED, MediaState.OFFERED, MediaState.REJECTED],
        MediaState.AGREED,
    )


def _ends(
    trace: Trace,
    path: Int64,
    index: Int64,
    start_ns: Int64,
    is_answered: Bool,
    call: IntArray,
) -> Int64:
    """Return until when each agreement held: the next answer on its path, else the BYE, else
    the end of the captures for an answered call, else its last message.
    """
    calls = trace.calls
    last_ns = max((each.end_ns or 0 for each in trace.captures), default=0)
    ended = pick(trace.messages.time_ns, calls.end_row, ABSENT)
    goes_on = (ended < 0) & (calls.final_status // 100 == 2)
    end_ns = np.where(goes_on, last_ns, np.where(ended >= 0, ended, calls.end_ns))[call]
    order = np.lexsort((start_ns, index, path))
    order = order[is_answered[order]]
    if len(order) > 1:
        here, following = order[:-1], order[1:]
        changes = (path[here] == path[following]) & (index[here] == index[following])
        end_ns[here[changes]] = start_ns[following[changes]]
    return np.maximum(end_ns, start_ns)
