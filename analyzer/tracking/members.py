"""The messages that make a transaction: its first request, responses and ACK (RFC 3261 §17)."""

from typing import NamedTuple

import numpy as np

from analyzer.tables.messages import MessageTable, Method
from analyzer.tables.schema import ABSENT, Int32
from analyzer.tables.vector import first_of_each, last_of_each

try:
    from analyzer.tracking import _members
except ImportError:
    _members = None  # type: ignore[assignment]  # built without a compiler


class Members(NamedTuple):
    """Messages of each transaction, -1 where there is none."""

    first: Int32
    last: Int32
    request: Int32
    """First request that is no ACK."""
    provisional: Int32
    """First 1xx."""
    alerting: Int32
    """First 18x."""
    success: Int32
    """First 2xx."""
    final: Int32
    """First final response."""
    ack: Int32


def find_members(messages: MessageTable, transaction: Int32, count: int) -> Members:
    """Return the messages that make each of `count` transactions; negative numbers are in none."""
    if _members is None:
        return search_members(messages, transaction, count)
    members = Members(*(np.full(count, ABSENT, np.int32) for _ in Members._fields))
    _members.find_members(transaction, messages.status, messages.method_sym, *members)
    return members


def search_members(messages: MessageTable, transaction: Int32, count: int) -> Members:
    """Do what `find_members` does, a pass per column."""
    status, is_ack = messages.status, messages.method_sym == Method.ACK
    anything = np.ones(len(messages), np.bool_)
    return Members(
        first=first_of_each(transaction, anything, count),
        last=last_of_each(transaction, anything, count),
        request=first_of_each(transaction, (status == 0) & ~is_ack, count),
        provisional=first_of_each(transaction, (status >= 100) & (status < 200), count),
        alerting=first_of_each(transaction, (status >= 180) & (status < 190), count),
        success=first_of_each(transaction, (status >= 200) & (status < 300), count),
        final=first_of_each(transaction, status >= 200, count),
        ack=first_of_each(transaction, (status == 0) & is_ack, count),
    )
