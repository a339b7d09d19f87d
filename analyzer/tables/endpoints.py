"""Addresses with ports, each kept once."""

import ipaddress
from typing import Any

import numpy as np
import numpy.typing as npt

from analyzer.tables.schema import Int32, Int64, Table, UInt8, UInt16, UInt64, column

IntArray = npt.NDArray[Any]


def address_halves(number: int) -> tuple[int, int]:
    """Return the upper and the lower 64 bits of an address, as the tables keep it."""
    return number >> 64, number & ((1 << 64) - 1)


class EndpointTable(Table):
    """One row per distinct address and port, in order of appearance."""

    high: UInt64 = column("Upper 64 bits of an IPv6 address; 0 for IPv4.")
    low: UInt64 = column("Lower 64 bits of an IPv6 address, or the 32 bits of an IPv4 address.")
    port: UInt16 = column("Port.")
    version: UInt8 = column("4 or 6.")

    def address(self, row: int) -> str:
        """Return the address of a row as text (RFC 5952 for IPv6)."""
        low = int(self.low[row])
        if self.version[row] == 4:
            return f"{low >> 24}.{low >> 16 & 255}.{low >> 8 & 255}.{low & 255}"
        return str(ipaddress.IPv6Address((int(self.high[row]) << 64) | low))


class EndpointInterner:
    """Numbers endpoints in order of appearance. The reference twin of the compiled interner."""

    def __init__(self) -> None:
        """Start without endpoints."""
        self._rows: dict[tuple[int, int, int, int], int] = {}

    def intern(self, high: UInt64, low: UInt64, port: UInt16, version: UInt8) -> Int32:
        """Return the row of each endpoint given by parallel columns."""
        rows = self._rows
        keys = zip(high.tolist(), low.tolist(), port.tolist(), version.tolist(), strict=True)
        return np.array([rows.setdefault(key, len(rows)) for key in keys], dtype=np.int32)

    def table(self) -> EndpointTable:
        """Return all endpoints numbered so far."""
        return EndpointTable.from_rows(list(self._rows))


def address_numbers(endpoints: EndpointTable) -> tuple[Int64, Int64]:
    """Return a number for the address of each endpoint, whatever its port, and an endpoint for
    each number.
    """
    order = np.lexsort((endpoints.low, endpoints.high, endpoints.version))
    is_first = np.ones(len(order), np.bool_)
    is_first[1:] = False
    for each in (endpoints.high[order], endpoints.low[order], endpoints.version[order]):
        is_first[1:] |= each[1:] != each[:-1]
    numbers = np.empty(len(order), np.int64)
    numbers[order] = np.cumsum(is_first) - 1
    return numbers, order[is_first].astype(np.int64)


def hop_ends(
    endpoints: EndpointTable, client_rows: IntArray, server_rows: IntArray
) -> tuple[Int64, Int64]:
    """Return a number for the element at each end of some hops: by address, since one element may
    send from another port than it listens on; where both have one address, by port too.
    """
    numbers, leaders = address_numbers(endpoints)
    client, server = numbers[client_rows], numbers[server_rows]
    is_local = client == server
    client[is_local] = len(leaders) + client_rows[is_local]
    server[is_local] = len(leaders) + server_rows[is_local]
    return client, server
