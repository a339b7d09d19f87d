"""REGISTER transactions → registrations: one per address of record and Call-ID (RFC 3261 §10.2)."""

import numpy as np

from analyzer.sip.address import Address
from analyzer.sip.contact import parse_expires
from analyzer.sip.headers import (
    all_header_values,
    distinct_header_values,
    find_header,
    header_values,
    same_bytes,
)
from analyzer.tables.messages import Method
from analyzer.tables.registrations import RegistrationState, RegistrationTable
from analyzer.tables.schema import ABSENT, Bool, Int8, Int16, Int32, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import (
    count_each,
    first_of_each,
    keys_of,
    last_of_each,
    number_groups,
    pick,
)
from analyzer.tracking.challenges import asks_for_credentials, beginnings
from analyzer.tracking.identity import confirm_text
from analyzer.tracking.transactions import Timers


def group_registrations(trace: Trace) -> Int32:
    """Return the registration of each transaction, numbered by first message; -1 for none."""
    transactions, messages = trace.transactions, trace.messages
    rows = np.flatnonzero(transactions.method_sym == Method.REGISTER)
    registration = np.full(len(transactions), ABSENT, np.int32)
    if len(rows) == 0:
        return registration
    head = _heads(trace)[rows].astype(np.int64)
    numbers, firsts = number_groups(messages.call_id_hash[head])
    leader = head[firsts[numbers]]
    differing = np.flatnonzero(head != leader)
    confirm_text(trace, "call_id", head[differing], leader[differing])
    registration[rows] = _divide_by_address(trace, head, leader, numbers)
    return registration


def _heads(trace: Trace) -> Int32:
    transactions = trace.transactions
    return np.where(transactions.request_row >= 0, transactions.request_row, transactions.first_row)


def _divide_by_address(trace: Trace, head: Int64, leader: Int64, numbers: Int32) -> Int32:
    """Give transactions with another address of record than their leader a number of their own."""
    own, first = find_header(trace, head, "To"), find_header(trace, leader, "To")
    is_same = same_bytes(
        trace.spans, own.source, own.pos, own.len, first.source, first.pos, first.len
    )  # fmt: skip
    known: dict[tuple[int, str], int] = {}
    divided = numbers.copy()
    for at in np.flatnonzero(~is_same).tolist():
        address = address_of_record(trace, int(head[at]))
        if address != address_of_record(trace, int(leader[at])):
            key = (int(numbers[at]), address)
            divided[at] = known.setdefault(key, int(numbers.max()) + 1 + len(known))
    return number_groups(divided.astype(np.uint64))[0]


def address_of_record(trace: Trace, row: int) -> str:
    """Return the URI in To of a message, which a REGISTER is about (RFC 3261 §10.2)."""
    value = header_values(trace, np.array([row]), "To")[0]
    return Address.parse(value).uri if value else ""


def own_requests(trace: Trace) -> Bool:
    """Tell which transactions are REGISTERs as their sender's first hop shows them: what proxies
    send on has the CSeq number of what they got.
    """
    registration, messages = trace.transactions.registration_row, trace.messages
    rows = np.flatnonzero(registration >= 0)
    cseq = messages.cseq[trace.transactions.first_row[rows]]
    is_own = np.zeros(len(registration), np.bool_)
    is_own[rows[number_groups(keys_of(registration[rows], cseq))[1]]] = True
    return is_own


def request_delays(trace: Trace) -> Int64:
    """Return the registration request delay (RFC 6076 §4.1) of each transaction that a 2xx ended,
    from the first of the REGISTERs challenged right before it on; -1 for the others.
    """
    transactions, time_ns = trace.transactions, trace.messages.time_ns
    rows = np.flatnonzero(own_requests(trace))
    began = beginnings(trace, transactions.registration_row, rows)
    request, final = transactions.request_row[began], transactions.final_row[rows]
    is_timed = (request >= 0) & (transactions.final_status[rows] // 100 == 2)
    rows, request, final = rows[is_timed], request[is_timed], final[is_timed]
    delays = np.full(len(transactions), ABSENT, np.int64)
    delays[rows] = np.maximum(time_ns[final] - time_ns[request], ABSENT)
    return delays


def track_registrations(trace: Trace, timers: Timers) -> RegistrationTable:
    """Fill the table of registrations and return it; `trace.transactions` must name them."""
    transactions, messages = trace.transactions, trace.messages
    registration = transactions.registration_row
    count = int(registration.max(initial=ABSENT)) + 1
    anything, is_own = np.ones(len(transactions), np.bool_), own_requests(trace)
    first = first_of_each(registration, anything, count)
    has_final = transactions.final_row >= 0
    is_success = transactions.final_status // 100 == 2
    answered = last_of_each(registration, has_final, count)
    success = last_of_each(registration, is_success, count)
    is_challenged = (transactions.final_status == 401) | (transactions.final_status == 407)
    admitted = first_of_each(registration, is_success & is_own, count)
    first_row = transactions.first_row[first]
    last_row = np.full(count, ABSENT, np.int32)
    members = np.flatnonzero(registration >= 0)
    np.maximum.at(last_row, registration[members], transactions.last_row[members])
    requested = first_of_each(registration, transactions.request_row >= 0, count)
    final_status = pick(transactions.final_status, answered, 0)
    last_request = pick(transactions.request_row, success, ABSENT)
    success_row = pick(transactions.final_row, success, ABSENT)
    final_row = pick(transactions.final_row, answered, ABSENT)
    # a challenge that the client may still be about to answer refuses nothing
    is_open = pick(asks_for_credentials(transactions), answered, 0) & (
        pick(messages.time_ns, final_row, 0) + timers.timeout_ns > timers.end_ns
    )
    return RegistrationTable(
        first_row=first_row,
        last_row=last_row,
        request_row=pick(transactions.request_row, requested, ABSENT),
        final_row=final_row,
        success_row=success_row,
        registrar_row=transactions.server_row[first],
        start_ns=messages.time_ns[first_row],
        end_ns=messages.time_ns[last_row],
        attempts=count_each(registration, is_own, count),
        refreshes=np.maximum(count_each(registration, is_success & is_own, count) - 1, 0),
        final_status=final_status,
        challenges=count_each(registration, is_challenged & is_own, count),
        request_delay_ns=pick(request_delays(trace), admitted, ABSENT),
        state=_states(
            np.where(is_open, pick(transactions.final_status, success, 0), final_status),
            _removes(trace, last_request, success_row),
            messages.time_ns[last_row] + timers.timeout_ns <= timers.end_ns,
        ),
    )


def _states(final_status: Int16, removes: Bool, waited: Bool) -> Int8:
    conditions = [
        (final_status // 100 == 2) & removes,
        final_status // 100 == 2,
        final_status >= 300,
        waited,
    ]
    states = [
        RegistrationState.REMOVED,
        RegistrationState.REGISTERED,
        RegistrationState.REFUSED,
        RegistrationState.UNANSWERED,
    ]
    return np.select(conditions, states, RegistrationState.INCOMPLETE).astype(np.int8)


def _removes(trace: Trace, request_row: Int32, success_row: Int32) -> Bool:
    """Tell which successful REGISTERs left no binding: expiry 0 asked, or what there is (§10.2.3),
    and no Contact answered but such as have expiry 0 too, which some registrars echo.
    """
    removes = np.zeros(len(request_row), np.bool_)
    rows = np.flatnonzero((request_row >= 0) & (success_row >= 0))
    requests = request_row[rows].astype(np.int64)
    of_expires, expires = distinct_header_values(trace, requests, "Expires")
    of_contact, contacts = distinct_header_values(trace, requests, "Contact")
    is_zero = np.array([(each or "").strip() == "0" for each in expires], np.bool_)[of_expires]
    asked = [each is None or ";expires=0" in each.replace(" ", "").lower() for each in contacts]
    for row in rows[is_zero | np.array(asked, np.bool_)[of_contact]].tolist():
        removes[row] = not any(each != 0 for each in binding_seconds(trace, int(success_row[row])))
    return removes


def longest_binding_s(trace: Trace, row: int) -> int:
    """Return the seconds after which the last of the bindings in a 2xx is over, -1 when unknown."""
    return max((each for each in binding_seconds(trace, row) if each is not None), default=ABSENT)


def binding_seconds(trace: Trace, row: int) -> list[int | None]:
    """Return how long each of the Contacts of a 2xx lasts, None where it does not say: each has an
    expiry of its own, else the header states it for all (RFC 3261 §10.3 step 8).
    """
    stated = header_values(trace, np.array([row]), "Expires")[0]
    return [
        parse_expires(address.parameter("expires") or stated)
        for value in all_header_values(trace, row, "Contact")
        for address in Address.parse_list(value)
    ]
