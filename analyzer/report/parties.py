"""From and To of chosen messages → who called whom (RFC 3261 §20.20, §20.39)."""

from collections import Counter
from functools import lru_cache

import numpy as np

from analyzer.report.model import Party
from analyzer.sip.address import Address, without_parameters
from analyzer.sip.headers import distinct_header_values, header_values
from analyzer.tables.schema import Int32
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, pick

NOBODY = Party()


def parties(trace: Trace, message_rows: IntArray, header: str) -> list[Party]:
    """Return who a header of each message names; nobody where the row is negative."""
    rows = np.asarray(message_rows, np.int64)
    is_there = rows >= 0
    named = iter(header_values(trace, rows[is_there], header))
    return [
        _party(without_parameters(next(named) or "")) if there else NOBODY
        for there in is_there.tolist()
    ]


def count_parties(trace: Trace, message_rows: IntArray, header: str) -> Counter[str]:
    """Count the addresses that a header of the messages names."""
    rows = np.asarray(message_rows, np.int64)
    numbers, values = distinct_header_values(trace, rows[rows >= 0], header)
    times = np.bincount(numbers, minlength=len(values)).tolist()
    counted: Counter[str] = Counter()
    for value, count in zip(values, times, strict=True):
        if count:
            counted[_party(without_parameters(value or "")).address] += count
    if len(numbers) < len(rows):
        counted[NOBODY.address] += len(rows) - len(numbers)
    return counted


def naming_messages(trace: Trace, transaction_rows: IntArray) -> Int32:
    """Return of each transaction the message that names its parties: request, else first one."""
    table = trace.transactions
    request = pick(table.request_row, transaction_rows, -1)
    first = pick(table.first_row, transaction_rows, -1)
    return np.where(request >= 0, request, first).astype(np.int32)


def naming_messages_of_calls(trace: Trace, call_rows: IntArray) -> Int32:
    """Return of each call the message that names its parties: its INVITE, else its first."""
    invite = pick(trace.calls.invite_row, call_rows, -1)
    first = pick(trace.calls.first_row, call_rows, -1)
    return np.where(invite >= 0, invite, first).astype(np.int32)


@lru_cache(maxsize=65_536)
def _party(value: str) -> Party:
    address = Address.parse(value)
    uri = address.uri_parts
    known = uri.scheme in ("sip", "sips", "tel")
    bare = uri.address_of_record.partition(":")[2] if known else uri.text
    return Party(uri.text, address.display, bare, uri.plain_user)
