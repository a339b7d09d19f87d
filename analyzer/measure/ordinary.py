"""What is wrong with responses that ordinarily are no news: 1xx, and the 2xx of common methods.

A capture is full of them, so this is asked in columns, before any rule is read: rules about such a
status are needed only where there is something to say.
"""

from collections.abc import Collection

import numpy as np

from analyzer.sip.contact import Contact, parse_expires
from analyzer.sip.headers import find_header, header_values, surely_lack
from analyzer.tables.messages import MessageFlag, Method
from analyzer.tables.schema import Bool, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, first_of_each

ORDINARY = (100, 180, 183, 200)
"""Statuses that nearly every capture has."""

REQUIRED = (
    (Method.INVITE, "Contact"),
    (Method.SUBSCRIBE, "Expires"),
    (Method.PUBLISH, "SIP-ETag"),
    (Method.PUBLISH, "Expires"),
    (Method.REGISTER, "Contact"),
)
"""Headers that a 2xx must have, by the method answered (RFC 3261 §10.3, §12.1.1; RFC 6665 §4.2.1.1;
RFC 3903 §6); of several the first that is missing counts.
"""
NO_FAULT, NOT_INVITE, NO_TO_TAG, NO_RSEQ, NO_REQUIRE = range(5)
"""Faults of provisional responses (RFC 4320 §4.1, RFC 3261 §8.2.6.2, RFC 3262 §3)."""


def remarkable(trace: Trace, statuses: Collection[int]) -> set[int]:
    """Return the statuses of a trace without those of ORDINARY that have nothing to say."""
    found = set(statuses)
    for status in found.intersection(ORDINARY):
        rows = first_responses(trace, status)
        transactions = trace.links.transaction_row[rows]
        faults = (
            provisional_faults(trace, rows)
            if status < 200
            else missing_headers(trace, transactions, rows) + 1
        )
        if not (faults > 0).any():
            found.discard(status)
    return found


def first_responses(trace: Trace, status: int) -> Int64:
    """Return the first response of each transaction with a status, by transaction."""
    transaction = trace.links.transaction_row
    first = first_of_each(transaction, trace.messages.status == status, len(trace.transactions))
    return first[first >= 0].astype(np.int64)


def provisional_faults(trace: Trace, rows: Int64) -> Int64:
    """Return what is wrong with each of some provisional responses; NO_FAULT for any other."""
    messages = trace.messages
    status, method = messages.status[rows], messages.method_sym[rows]
    is_provisional = (status > 100) & (status < 200)
    faults = np.full(len(rows), NO_FAULT, np.int64)
    with_rseq = np.flatnonzero(is_provisional & (find_header(trace, rows, "RSeq").count > 0))
    no_require = find_header(trace, rows[with_rseq], "Require").count == 0
    faults[with_rseq[no_require]] = NO_REQUIRE
    is_provisional_only = is_provisional.copy()
    is_provisional_only[with_rseq] = False
    rest = np.flatnonzero(is_provisional_only)
    faults[rest[_require_100rel(trace, rows[rest])]] = NO_RSEQ
    faults[is_provisional & (messages.to_tag_hash[rows] == 0)] = NO_TO_TAG
    is_other = (method != Method.INVITE) & (method != Method.ABSENT)
    faults[is_other & (is_provisional | (status == 100))] = NOT_INVITE
    return faults


def _require_100rel(trace: Trace, rows: Int64) -> Bool:
    """Tell which messages require reliable provisional responses."""
    found = np.zeros(len(rows), np.bool_)
    for at in np.flatnonzero(find_header(trace, rows, "Require").count > 0).tolist():
        value = header_values(trace, rows[at : at + 1], "Require")[0] or ""
        found[at] = "100rel" in value.lower()
    return found


def missing_headers(trace: Trace, transaction_rows: IntArray, rows: Int64) -> Int64:
    """Return for each of some 2xx the index in REQUIRED of a header that it lacks, -1 for none.

    Of a message that the capture cuts nothing is told. Contact and Expires are missed only where
    the request has them: where both lack them, something between hosts and capture left them out.
    """
    method = trace.messages.method_sym[rows]
    requests = trace.transactions.request_row[transaction_rows].astype(np.int64)
    missing = np.full(len(rows), -1, np.int64)
    for index, (wanted, name) in reversed(list(enumerate(REQUIRED))):
        at = np.flatnonzero((method == wanted) & (requests >= 0))
        at = at[~_is_cut(trace, rows[at])]
        at = at[_lack(trace, rows[at], name)]
        if name != "SIP-ETag":
            at = at[find_header(trace, requests[at], name).count > 0]
        if wanted == Method.REGISTER:
            asked = [_binds(trace, row) for row in requests[at].tolist()]
            at = at[np.array(asked, np.bool_)]
        missing[at] = index
    return missing


def _lack(trace: Trace, rows: Int64, name: str) -> Bool:
    """Tell which messages lack a header. Nearly every 2xx should have a Contact, and no header that
    a 2xx to INVITE or REGISTER has shares its mark, so nobody looks for it in a million of them.
    """
    if name == "Contact":
        return surely_lack(trace, rows, name)
    return np.asarray(find_header(trace, rows, name).count == 0, np.bool_)


def _is_cut(trace: Trace, rows: Int64) -> Bool:
    return np.asarray((trace.messages.flags[rows] & MessageFlag.CUT) > 0, np.bool_)


def _binds(trace: Trace, row: int) -> bool:
    """Tell whether a REGISTER asks for a binding that its 2xx has to list."""
    rows = np.array([row])
    value = header_values(trace, rows, "Contact")[0]
    if not value:
        return False
    duration = parse_expires(header_values(trace, rows, "Expires")[0])
    contacts = Contact.parse_list(value)
    return any(
        not each.is_star and (duration if each.expires_s is None else each.expires_s) != 0
        for each in contacts
    )
