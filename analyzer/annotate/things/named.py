"""Who and what messages name: addresses in From and To, Call-IDs."""

import numpy as np

from analyzer.annotate.fields import Coded, Value
from analyzer.sip.address_spans import distinct_addresses
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray


def naming_rows(preferred: IntArray, otherwise: IntArray) -> Int64:
    """Return the messages that name the parties: the request, else whatever there is."""
    return np.where(preferred >= 0, preferred, otherwise).astype(np.int64)


def addresses(trace: Trace, rows: Int64, header: str) -> Coded:
    """Return the address that From or To of each message names."""
    return Coded(*distinct_addresses(trace, rows, header))


def users(named: Coded) -> Coded:
    """Return the users of addresses: what stands before the host, or is a number alone."""
    return Coded(named.codes, [_user(str(each)) if each else None for each in named.values])


def _user(address: str) -> str | None:
    user, at, _ = address.rpartition("@")
    if at:
        return user or None
    return address if address.lstrip("+").replace("-", "").isdigit() else None


def call_ids(trace: Trace, rows: IntArray) -> list[Value]:
    """Return the Call-ID of each message."""
    return [trace.text(row, "call_id") for row in rows.tolist()]
