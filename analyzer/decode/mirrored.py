"""Messages that something else took out of their packets → datagrams with what it says of them.

Such a record states addresses, ports, transport and at times the capture time, instead of headers.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.transport.payloads import may_be_sip
from analyzer.decode.verdicts import OTHER, PACKET_CUT, PACKET_DAMAGED, SIP
from analyzer.tables.messages import Transport
from analyzer.tables.schema import Int64

_LOW = (1 << 64) - 1


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


def deliver_mirrored(p: Packets, parse: Callable[[bytes], Mirrored]) -> None:
    """Read the records at the cursor and hand on the messages in them; nothing goes on."""
    data = p.data.data
    records = []
    for at, end in zip(p.at.tolist(), p.end.tolist(), strict=True):
        raw = bytes(data[at:end])
        record = parse(raw)
        if record.verdict == SIP and not may_be_sip(record.message(raw)):
            record = Mirrored(OTHER)
        records.append(record)
    verdicts = np.array([each.verdict for each in records], np.int64)
    was_cut = p.wire_end > p.end
    p.leave(verdicts != SIP, np.where((verdicts == PACKET_DAMAGED) & was_cut, PACKET_CUT, verdicts))
    _deliver(p, [each for each in records if each.verdict == SIP])


def _deliver(p: Packets, records: list[Mirrored]) -> None:
    def column(values: list[int]) -> Int64:
        return np.array(values, np.int64)

    p.advance(column([each.start for each in records]))
    length = column([each.length for each in records])
    p.wire_end = np.where(length < 0, p.wire_end, p.at + length)
    p.end = np.minimum(p.end, p.wire_end)
    p.ip_id = np.full(len(p), -1, np.int64)
    p.version = column([6 if len(each.source) > 4 else 4 for each in records])
    for name in ("source", "destination"):
        numbers = [int.from_bytes(getattr(each, name), "big") for each in records]
        setattr(p, name + "_high", np.array([each >> 64 for each in numbers], np.uint64))
        setattr(p, name + "_low", np.array([each & _LOW for each in numbers], np.uint64))
    p.deliver(
        np.ones(len(p), np.bool_),
        column([each.source_port for each in records]),
        column([each.destination_port for each in records]),
        time_ns=column([each.time_ns for each in records]),
        transport=column([each.transport for each in records]),
    )
    p.leave(np.ones(len(p), np.bool_), SIP)
