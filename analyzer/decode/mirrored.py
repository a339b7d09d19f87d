"""Messages that something else took out of their packets → datagrams with what it says of them.

Such a record states addresses, ports, transport and at times the capture time, instead of headers.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.transport.payloads import may_be_sip
from analyzer.decode.verdicts import OTHER, PACKET_CUT, PACKET_DAMAGED, SIP
from analyzer.tables.endpoints import address_halves
from analyzer.tables.messages import Transport
from analyzer.tables.schema import Bool, Int64, Table, UInt8, UInt16, UInt64, column


class Mirrored(NamedTuple):
    """One record."""

    verdict: int
    """SIP when it may hold a message; any other is final."""
    start: int = 0
    """Start of the message in the record."""
    length: int = -1
    """Its length as the record states it, of which less may have been captured; -1: all that
    follows.
    """
    source: bytes = b""
    """Address, 4 or 16 bytes."""
    destination: bytes = b""
    source_port: int = 0
    destination_port: int = 0
    transport: int = Transport.UDP
    time_ns: int = -1
    """-1: not stated."""

    def message(self, record: bytes) -> bytes:
        """Return what was captured of the message."""
        end = len(record) if self.length < 0 else self.start + self.length
        return record[self.start : end]


DAMAGED = Mirrored(PACKET_DAMAGED)


class RecordTable(Table):
    """Records as columns, as in `Mirrored`."""

    verdict: UInt8 = column("SIP when it may hold a message; any other is final.")
    start: Int64 = column("Start of the message in the record.")
    length: Int64 = column("Its length; -1: all that follows.")
    version: UInt8 = column("IP version, 4 or 6.")
    source_high: UInt64 = column("Upper 64 bits of an IPv6 source address; 0 for IPv4.")
    source_low: UInt64 = column("Lower 64 bits of the source address.")
    source_port: UInt16 = column("Source port.")
    destination_high: UInt64 = column("Upper 64 bits of an IPv6 destination address.")
    destination_low: UInt64 = column("Lower 64 bits of the destination address.")
    destination_port: UInt16 = column("Destination port.")
    transport: UInt8 = column("Transport.")
    time_ns: Int64 = column("Capture time, ns since 1970 UTC; -1: not stated.")


BulkReader = Callable[[Packets], tuple[RecordTable, Bool]]
"""Reads the records that are ordinary, and says which these are."""


def deliver_mirrored(
    p: Packets, parse: Callable[[bytes], Mirrored], bulk: BulkReader | None = None
) -> None:
    """Read the records at the cursor and hand on the messages in them; nothing goes on."""
    table, is_read = bulk(p) if bulk else (RecordTable.zeros(len(p)), np.zeros(len(p), np.bool_))
    data = p.data.data
    for row in np.flatnonzero(~is_read).tolist():
        _set(table, row, parse(bytes(data[p.at[row] : p.end[row]])))
    ends = np.where(table.length < 0, p.end, np.minimum(p.end, p.at + table.start + table.length))
    starts = p.at + table.start
    for row in np.flatnonzero(table.verdict == SIP).tolist():
        if not may_be_sip(bytes(data[starts[row] : ends[row]])):
            table.verdict[row] = OTHER
    is_cut = (table.verdict == PACKET_DAMAGED) & (p.wire_end > p.end)
    is_sip = table.verdict == SIP
    p.leave(~is_sip, np.where(is_cut, PACKET_CUT, table.verdict))
    _deliver(p, table.take(is_sip))


def _set(table: RecordTable, row: int, record: Mirrored) -> None:
    for name in ("verdict", "start", "length", "source_port", "destination_port", "transport"):
        getattr(table, name)[row] = getattr(record, name)
    table.time_ns[row] = record.time_ns
    table.version[row] = 6 if len(record.source) > 4 else 4
    for name in ("source", "destination"):
        high, low = address_halves(int.from_bytes(getattr(record, name)))
        getattr(table, name + "_high")[row] = high
        getattr(table, name + "_low")[row] = low


def _deliver(p: Packets, table: RecordTable) -> None:
    p.advance(table.start)
    p.wire_end = np.where(table.length < 0, p.wire_end, p.at + table.length)
    p.end = np.minimum(p.end, p.wire_end)
    p.ip_id = np.full(len(p), -1, np.int64)
    p.version = table.version.astype(np.int64)
    for name in ("source_high", "source_low", "destination_high", "destination_low"):
        setattr(p, name, getattr(table, name))
    p.deliver(
        np.ones(len(p), np.bool_),
        table.source_port.astype(np.int64),
        table.destination_port.astype(np.int64),
        time_ns=table.time_ns,
        transport=table.transport.astype(np.int64),
    )
    p.leave(np.ones(len(p), np.bool_), SIP)
