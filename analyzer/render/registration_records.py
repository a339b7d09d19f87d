"""Rows of RegistrationTable → columns of registration records (RFC 3261 §10)."""

import numpy as np

from analyzer.render.record_columns import (
    Addresses,
    Batch,
    Booleans,
    Durations,
    Integers,
    Lists,
    Periods,
    Value,
    Values,
    at_most_one,
)
from analyzer.render.record_shapes import words
from analyzer.render.record_source import RecordSource, optional
from analyzer.render.record_spans import (
    Spans,
    header_at,
    numbers_at,
    part_at,
    split_addresses,
    with_byte,
)
from analyzer.render.summaries import Summaries
from analyzer.sip.address import Address
from analyzer.sip.headers import all_header_values, find_header
from analyzer.tables.registrations import RegistrationState, RegistrationTable
from analyzer.tables.schema import ABSENT, Bool, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, pick


def registration_records(source: RecordSource, rows: IntArray) -> Batch:
    """Return the records of some registrations."""
    trace = source.trace
    picked = trace.registrations.take(rows)
    head = np.where(picked.request_row >= 0, picked.request_row, picked.first_row)
    registrant = split_addresses(trace, header_at(trace, head, "To"))
    contacts, expires_s = _contacts(source, picked.success_row)
    expired = _has_expired(trace, picked, expires_s)
    summaries = Summaries.of(source.language, "registration")
    values: Values = {
        "id": Integers(rows),
        "address_of_record": registrant.uri,
        "call_ids": at_most_one(part_at(trace, picked.first_row, "call_id")),
        "contacts": contacts,
        "registrar": source.endpoints(picked.registrar_row),
        "start_ns": Integers(picked.start_ns),
        "end_ns": Integers(picked.end_ns),
        "state": source.names(picked.state, RegistrationState),
        "final_status": optional(picked.final_status, 0),
        "expires_s": optional(expires_s),
        "expired": Booleans(expired),
        "attempts": Integers(picked.attempts),
        "challenges": Integers(picked.challenges),
        "registration_request_delay_ms": Durations(picked.request_delay_ns),
        "refreshes": Integers(picked.refreshes),
        "transactions": source.members(source.transactions_of_registration, rows),
        "findings": source.members(source.findings_of_registration, rows),
    }
    said: dict[str, Value] = {
        "address_of_record": registrant.uri,
        "registrar": Addresses(picked.registrar_row, trace.endpoints),
        "refreshes": optional(picked.refreshes, 0),
        "status": optional(picked.final_status, 0),
        "reason": part_at(trace, picked.final_row, "line"),
        "expires": Periods(
            np.where(expires_s >= 0, expires_s * 1_000_000_000, ABSENT), summaries.units
        ),
    }
    names = [*words(RegistrationState), "expired"]
    ran_out = expired & (picked.state == RegistrationState.REGISTERED)
    # states count from 1 in the order of their names
    variants = np.where(ran_out, len(names) - 1, picked.state - 1)
    summary = summaries.sentences(variants, names, said)
    return source.batch(len(rows), {**values, "summary": summary})


def _has_expired(trace: Trace, picked: RegistrationTable, expires_s: Int64) -> Bool:
    """Tell whose longest binding ran out before the capture ends, without a further 2xx."""
    granted_ns = pick(trace.messages.time_ns, picked.success_row, ABSENT)
    last_ns = max((each.end_ns or 0 for each in trace.captures), default=0)
    expired: Bool = (expires_s > 0) & (granted_ns + expires_s * 1_000_000_000 < last_ns)
    expired &= picked.state != RegistrationState.REMOVED
    return expired


def _contacts(source: RecordSource, success_row: IntArray) -> tuple[Lists, Int64]:
    """Return the bindings that the last 2xx of each registration lists, and their longest
    expiry; -1 for none.
    """
    trace = source.trace
    found = find_header(trace, np.maximum(success_row, 0).astype(np.int64), "Contact")
    lines = np.where(success_row >= 0, found.count, 0)
    spans = Spans(found.source, found.pos, np.where(lines > 0, found.len, 0).astype(np.int64))
    is_list = lines > 1
    is_list[with_byte(trace.spans, spans, b",")] = True
    several = {
        at: _read_contacts(source, int(success_row[at])) for at in np.flatnonzero(is_list).tolist()
    }
    sizes = (lines > 0).astype(np.int64)
    sizes[list(several)] = [len(each) for each in several.values()]
    starts = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    known = {
        int(starts[at]) + number: address
        for at, addresses in several.items()
        for number, address in enumerate(addresses)
    }
    owner = np.repeat(np.arange(len(sizes)), sizes)
    contact = split_addresses(trace, spans.at(owner), known)
    header_s = numbers_at(trace.spans, header_at(trace, success_row, "Expires"))[owner]
    # RFC 3261 §10.3 step 8: each Contact states its own expiry, else the header states it for all
    expires_s = np.where(contact.expires_s >= 0, contact.expires_s, header_s)
    longest = np.full(len(sizes), ABSENT, np.int64)
    np.maximum.at(longest, owner, expires_s)
    return Lists(starts, {"uri": contact.uri, "expires_s": optional(expires_s)}), longest


def _read_contacts(source: RecordSource, row: int) -> list[Address]:
    values = all_header_values(source.trace, row, "Contact")
    return [address for value in values for address in Address.parse_list(value)]
