"""How each call ended, and how long its parts took (RFC 6076 where it defines a measure).

The outcome is that of the INVITE transaction that `deciding` finds for each call.
"""

import numpy as np

from analyzer.measure.deciding import deciding_transactions, without_changes
from analyzer.measure.endings import ending_parties, ending_requests
from analyzer.measure.session_times import between, count_answers, session_times
from analyzer.sip.call_info import signed_card
from analyzer.sip.headers import all_header_values, find_header
from analyzer.sip.reason import judge_network_block
from analyzer.tables.calls import CallTable, Outcome, Party
from analyzer.tables.messages import MessageTable, Method
from analyzer.tables.schema import ABSENT, Bool, Int8, Int32, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.transactions import TransactionTable
from analyzer.tables.vector import (
    first_of_each,
    keys_of,
    last_of_each,
    number_groups,
    pick,
)
from analyzer.tracking.calls import CallMembers, ends_of_calls
from analyzer.tracking.transactions import Timers

NETWORK_BLOCKED = "network blocked"
"""Reason phrase of a 603+ (ATIS-1000099), compared without case."""


def count_attempts(trace: Trace, members: CallMembers) -> Int32:
    """Count the distinct CSeq numbers of each call's initial INVITEs."""
    rows = np.flatnonzero(members.is_initial)
    call = members.call_of_transaction[rows]
    cseq = trace.messages.cseq[trace.transactions.first_row[rows]]
    _, firsts = number_groups(keys_of(call, cseq))
    return np.bincount(call[firsts], minlength=members.count).astype(np.int32)


def count_forks(trace: Trace, deciding: Int32) -> Int32:
    """Count the early dialogs of each call: To tags of 101–299 responses on the deciding hop."""
    messages = trace.messages
    call_of = np.full(len(trace.transactions) + 1, ABSENT, np.int32)
    call_of[deciding[deciding >= 0]] = np.flatnonzero(deciding >= 0)
    call = call_of[trace.links.transaction_row]
    is_dialog = (messages.status > 100) & (messages.status < 300) & (messages.to_tag_hash != 0)
    rows = np.flatnonzero((call >= 0) & is_dialog)
    _, firsts = number_groups(keys_of(call[rows], messages.to_tag_hash[rows]))
    return np.bincount(call[rows[firsts]], minlength=len(deciding)).astype(np.int32)


def is_blocked(trace: Trace, final_row: Int32, invite_row: Int32) -> Bool:
    """Tell which calls a network or an intermediary blocked: 607, 608, a 603+ (whole, damaged or
    malformed) or a 603 with a jCard, unless the INVITE was to replace or join a dialog. Any hop may
    show it: an element on the way may leave nothing of a 603+.
    """
    messages, links = trace.messages, trace.links
    status = pick(messages.status, final_row, 0)
    blocked: Bool = (status == 607) | (status == 608)
    declined = np.flatnonzero(status == 603)
    if len(declined) == 0:
        return blocked
    is_first = (links.retransmission_of_row < 0) & (links.copy_of_row < 0)
    rows = np.flatnonzero((messages.status == 603) & is_first & (links.transaction_row >= 0))
    rows = rows[messages.method_sym[rows] == Method.INVITE]
    calls = trace.transactions.call_row[links.transaction_row[rows]]
    is_last_word = (calls >= 0) & (status[calls] == 603)
    rows, calls = rows[is_last_word], calls[is_last_word]
    may_block = _has_block_evidence(trace, rows)
    for call in sorted(set(calls[may_block].tolist())):
        invite = int(invite_row[call])
        if invite >= 0 and _replaces(trace, invite):
            continue
        blocked[call] = True
    return blocked


def _has_block_evidence(trace: Trace, rows: Int64) -> Bool:
    """Tell which 603 responses carry a 603+, what is left of one, or a jCard."""
    evidence = np.zeros(len(rows), np.bool_)
    reasons = find_header(trace, rows, "Reason").count > 0
    info = find_header(trace, rows, "Call-Info").count > 0
    may_say_so = trace.messages.line_len[rows] == len(NETWORK_BLOCKED)
    for at in np.flatnonzero(reasons | info | may_say_so).tolist():
        row = int(rows[at])
        phrase = trace.text(row, "line")
        if reasons[at] or phrase.casefold() == NETWORK_BLOCKED:
            values = all_header_values(trace, row, "Reason")
            evidence[at] = judge_network_block(phrase, values).is_block
        if info[at]:
            card = signed_card(all_header_values(trace, row, "Call-Info"))
            evidence[at] |= card is not None
    return evidence


def _replaces(trace: Trace, invite: int) -> bool:
    row = np.array([invite])
    return any(bool(find_header(trace, row, name).count[0]) for name in ("Replaces", "Join"))


def goes_on(trace: Trace, members: CallMembers, deciding: Int32) -> Bool:
    """Tell which calls were answered although no 2xx is in the capture: something was acknowledged,
    or a BYE or another INVITE came inside the dialog.
    """
    transactions = trace.transactions
    is_inside = transactions.in_dialog & np.isin(
        transactions.method_sym, (Method.BYE, Method.INVITE)
    )
    inside = first_of_each(members.call_of_transaction, is_inside, members.count) >= 0
    return inside | (pick(transactions.ack_row, deciding, ABSENT) >= 0)


def outcomes(trace: Trace, deciding: Int32, timers: Timers, blocked: Bool, answered: Bool) -> Int8:
    """Return the outcome of each call as the output defines it; `answered` tells which went on."""
    messages, transactions = trace.messages, trace.transactions
    status = pick(transactions.final_status, deciding, 0)
    has_final = pick(transactions.final_row, deciding, ABSENT) >= 0
    invited_ns = _time(messages, pick(transactions.request_row, deciding, ABSENT))
    cancelled_ns = _time(messages, pick(transactions.cancel_row, deciding, ABSENT))
    provisional_ns = _time(messages, _last_provisional(trace, deciding))
    is_silent = provisional_ns < 0
    gave_up = (cancelled_ns >= 0) & (cancelled_ns + timers.timeout_ns <= timers.end_ns)
    no_answer = np.where(
        is_silent,
        (invited_ns >= 0) & (invited_ns + timers.timeout_ns <= timers.end_ns),
        provisional_ns + timers.timer_c_ns <= timers.end_ns,
    )
    table: list[tuple[Bool, Outcome]] = [
        (blocked, Outcome.BLOCKED),
        (status // 100 == 2, Outcome.ANSWERED),
        (status == 603, Outcome.DECLINED),
        ((status == 486) | (status == 600), Outcome.BUSY),
        (status == 487, Outcome.CANCELLED),
        (status // 100 == 3, Outcome.REDIRECTED),
        (has_final, Outcome.REJECTED),
        (gave_up & ~answered, Outcome.CANCELLED),
        ((cancelled_ns < 0) & (deciding >= 0) & no_answer & ~answered, Outcome.UNANSWERED),
    ]
    conditions, results = zip(*table, strict=True)
    outcome: Int8 = np.select(conditions, results, Outcome.INCOMPLETE).astype(np.int8)
    return outcome


def _last_provisional(trace: Trace, deciding: Int32) -> Int32:
    messages = trace.messages
    is_provisional = (messages.status >= 100) & (messages.status < 200)
    last = last_of_each(trace.links.transaction_row, is_provisional, len(trace.transactions))
    return pick(last, deciding, ABSENT)


def _time(messages: MessageTable, rows: Int32) -> Int64:
    """Return the times of messages, -1 where the row is absent."""
    return pick(messages.time_ns, rows, ABSENT)


def measure_calls(trace: Trace, members: CallMembers, timers: Timers) -> CallTable:
    """Fill the table of calls."""
    messages, transactions = trace.messages, trace.transactions
    first, last = ends_of_calls(trace, members)
    deciding = deciding_transactions(trace, members, timers)
    deciding = without_changes(trace, members, deciding)
    invite = _first_invites(transactions, members)
    final = pick(transactions.final_row, deciding, ABSENT)
    blocked = is_blocked(trace, final, pick(transactions.request_row, deciding, ABSENT))
    outcome = outcomes(trace, deciding, timers, blocked, goes_on(trace, members, deciding))
    forks = count_forks(trace, deciding)
    end = ending_requests(trace, members, (first, deciding, forks), outcome)
    is_answered = outcome == Outcome.ANSWERED
    invited_ns, final_ns = _time(messages, invite), _time(messages, final)
    alerting_ns = _time(messages, pick(transactions.alerting_row, deciding, ABSENT))
    answered_ns = np.where(is_answered, final_ns, ABSENT)
    # without INVITE and 18x a 2xx may be that of a re-INVITE: when the talk began is not shown
    is_known = (alerting_ns >= 0) | (pick(transactions.request_row, deciding, ABSENT) >= 0)
    # who gives a call up before the answer ends no session, even where a BYE says so
    over = np.where(outcome == Outcome.CANCELLED, ABSENT, end).astype(np.int32)
    times = session_times(trace, members, deciding, over, timers)
    return CallTable(
        first_row=first,
        last_row=last,
        invite_row=invite,
        transaction_row=deciding,
        final_row=final,
        end_row=end,
        start_ns=messages.time_ns[first],
        end_ns=messages.time_ns[last],
        outcome=outcome,
        final_status=pick(transactions.final_status, deciding, 0),
        answered_by=np.where(is_answered, Party.CALLEE, Party.UNKNOWN),
        ended_by=ending_parties(trace, end),
        post_dial_delay_ns=between(invited_ns, alerting_ns),
        ring_ns=between(alerting_ns, final_ns),
        setup_ns=between(invited_ns, answered_ns),
        talk_ns=np.where(is_known, between(answered_ns, _time(messages, end)), ABSENT),
        attempts=count_attempts(trace, members),
        forks=forks,
        session_request_delay_ns=times.request_delay_ns,
        session_disconnect_delay_ns=times.disconnect_delay_ns,
        session_duration_ns=np.where(is_known, times.duration_ns, ABSENT),
        early_media_ns=times.early_media_ns,
        answers=count_answers(trace, deciding),
    )


def _first_invites(transactions: TransactionTable, members: CallMembers) -> Int32:
    has_request = members.is_initial & (transactions.request_row >= 0)
    first = first_of_each(members.call_of_transaction, has_request, members.count)
    return pick(transactions.request_row, first, ABSENT)
