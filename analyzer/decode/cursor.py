"""A batch of packets whose read cursor is a column: a decoder reads like code for one packet.

`p.u16(12)` is the 16 bits at offset 12 of each packet of the batch; `p.require(14)` takes packets
out that are too short for it. A packet that leaves has its verdict; the others go on to `next`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from analyzer.decode.verdicts import PACKET_CUT, PACKET_DAMAGED
from analyzer.tables.messages import Transport
from analyzer.tables.schema import (
    Bool,
    Int32,
    Int64,
    Table,
    UInt8,
    UInt16,
    UInt64,
    column,
)

_IP_COLUMNS = (
    "ip_id", "version", "source_high", "source_low", "destination_high", "destination_low",
)  # fmt: skip
_ROW_COLUMNS = ("frame_row", "at", "end", "wire_end", *_IP_COLUMNS, "layers")


class DatagramTable(Table):
    """UDP payloads of a batch of frames that may hold a SIP message, in the order of the frames."""

    frame_row: Int32 = column("Row of the frame in its batch.")
    pos: Int64 = column("Start of the payload in the capture's data.")
    length: Int32 = column("Bytes of it that were captured.")
    wire_length: Int32 = column("Bytes it had on the wire.")
    ip_id: Int32 = column("IPv4 identification; -1 for IPv6.")
    version: UInt8 = column("IP version, 4 or 6.")
    source_high: UInt64 = column("Upper 64 bits of an IPv6 source address; 0 for IPv4.")
    source_low: UInt64 = column("Lower 64 bits of the source address.")
    source_port: UInt16 = column("Source port.")
    destination_high: UInt64 = column("Upper 64 bits of an IPv6 destination address; 0 for IPv4.")
    destination_low: UInt64 = column("Lower 64 bits of the destination address.")
    destination_port: UInt16 = column("Destination port.")
    time_ns: Int64 = column(
        "Capture time that the encapsulation states, ns since 1970 UTC; -1: that of the frame."
    )
    transport: UInt8 = column("Transport.")


class Step(NamedTuple):
    """Headers of one protocol that were reached together, frame by frame."""

    space: int
    """Number space of the protocol, and its number in it."""
    number: int
    frame_row: Int64
    at: Int64
    end: Int64
    wire_end: Int64


@dataclass(slots=True)
class Fates:
    """Verdict on each frame of a batch, 0 while there is none, and a number that explains it."""

    verdicts: UInt8
    details: Int32
    datagrams: list[DatagramTable] = field(default_factory=list)
    parts: list[Table] = field(default_factory=list)
    """Rows of `analyzer.decode.parts`: what is read together with other frames."""
    media: bool = True
    """Whether RTP and RTCP packets are wanted."""
    trace: "list[Step] | None" = None
    """Takes each header that a decoder is about to read; None when nobody asks."""


class Packets:
    """Packets of a batch that are at the same protocol."""

    def __init__(
        self, data: UInt8, fates: Fates, frame_row: Int64, spans: tuple[Int64, Int64, Int64]
    ) -> None:
        """Start at the link header; `spans` are start, captured end and end on the wire."""
        size = len(frame_row)
        # A byte is never read where there is none, but numpy has to find one.
        self.data = data if len(data) else np.zeros(1, np.uint8)
        self.fates = fates
        self.frame_row = frame_row
        self.at, self.end, self.wire_end = spans
        self.ip_id = np.full(size, -1, np.int64)
        self.version = np.zeros(size, np.int64)
        self.source_high = np.zeros(size, np.uint64)
        self.source_low = np.zeros(size, np.uint64)
        self.destination_high = np.zeros(size, np.uint64)
        self.destination_low = np.zeros(size, np.uint64)
        self.layers = np.zeros(size, np.int64)
        self.next_space = np.zeros(size, np.int64)
        self.next = np.zeros(size, np.int64)

    def __len__(self) -> int:
        """Count the packets."""
        return len(self.frame_row)

    def u8(self, offset: int | Int64) -> Int64:
        """Read 8 bits at an offset from the cursor; 0 past the captured bytes."""
        at = self.at + offset
        inside = (at < self.end) & (at >= 0)
        if inside.all():
            found: Int64 = self.data[at].astype(np.int64)
            return found
        return np.where(inside, self.data[np.where(inside, at, 0)], 0).astype(np.int64)

    def u16(self, offset: int | Int64) -> Int64:
        """Read 16 bits, most significant byte first."""
        return (self.u8(offset) << 8) | self.u8(offset + 1)

    def u32(self, offset: int | Int64) -> Int64:
        """Read 32 bits, most significant byte first."""
        return (self.u16(offset) << 16) | self.u16(offset + 2)

    def u64(self, offset: int) -> npt.NDArray[np.uint64]:
        """Read 64 bits, most significant byte first."""
        high, low = self.u32(offset).astype(np.uint64), self.u32(offset + 4).astype(np.uint64)
        return (high << np.uint64(32)) | low

    def le16(self, offset: int | Int64) -> Int64:
        """Read 16 bits, least significant byte first."""
        return self.u8(offset) | (self.u8(offset + 1) << 8)

    def le32(self, offset: int | Int64) -> Int64:
        """Read 32 bits, least significant byte first."""
        return self.le16(offset) | (self.le16(offset + 2) << 16)

    def cut_to(self, count: Int64) -> None:
        """Let what is at the cursor end after `count` bytes on the wire, if it goes on for longer:
        the rest is padding of the header before.
        """
        self.wire_end = np.minimum(self.wire_end, self.at + count)
        self.end = np.minimum(self.end, self.wire_end)

    def advance(self, count: int | Int64) -> None:
        """Move the cursor."""
        self.at = self.at + count

    def require(self, count: int | Int64) -> None:
        """Take out packets that have less than `count` bytes here: cut, or damaged when the bytes
        were not on the wire either.
        """
        short = self.at + count > self.end
        if short.any():
            damaged = self.at + count > self.wire_end
            self.leave(short, np.where(damaged, PACKET_DAMAGED, PACKET_CUT))

    def leave(self, mask: Bool, verdict: int | npt.NDArray[Any], detail: int | Int64 = 0) -> None:
        """Give the packets where `mask` holds their verdict and take them out of the batch."""
        if not mask.any():
            return
        rows = self.frame_row[mask]
        self.fates.verdicts[rows] = verdict if isinstance(verdict, int) else verdict[mask]
        self.fates.details[rows] = detail if isinstance(detail, int) else detail[mask]
        self.keep(~mask)

    def keep(self, mask: Bool) -> None:
        """Keep only the packets where `mask` holds."""
        for name in (*_ROW_COLUMNS, "next_space", "next"):
            setattr(self, name, getattr(self, name)[mask])

    def go_on(self, space: int | Int64, numbers: int | Int64) -> None:
        """Say which protocol comes next at the cursor."""
        self.next_space = np.broadcast_to(np.asarray(space, np.int64), (len(self),)).copy()
        self.next = np.broadcast_to(np.asarray(numbers, np.int64), (len(self),)).copy()

    def split(self, mask: Bool) -> "Packets":
        """Return a batch of the packets where `mask` holds."""
        spans = (self.at[mask], self.end[mask], self.wire_end[mask])
        part = Packets(self.data, self.fates, self.frame_row[mask], spans)
        for name in _ROW_COLUMNS[4:]:
            setattr(part, name, getattr(self, name)[mask])
        return part

    @classmethod
    def joined(cls, parts: "Sequence[Packets]") -> "Packets":
        """Put batches of the same frames together; there must be one at least."""
        if len(parts) == 1:
            return parts[0]

        def column(name: str) -> npt.NDArray[Any]:
            return np.concatenate([getattr(each, name) for each in parts])

        whole = cls(
            parts[0].data,
            parts[0].fates,
            column("frame_row"),
            (column("at"), column("end"), column("wire_end")),
        )
        for name in (*_ROW_COLUMNS[4:], "next_space", "next"):
            setattr(whole, name, column(name))
        return whole

    def note_step(self, space: int, number: int) -> None:
        """Write down, where somebody asks for it, that the packets reached a protocol."""
        if self.fates.trace is not None:
            step = Step(space, number, self.frame_row, self.at, self.end, self.wire_end)
            self.fates.trace.append(step)

    def hand_on(self, table: type[Table], mask: Bool, **columns: Int64) -> None:
        """Hand on what is at the cursor of the packets where `mask` holds, as rows of a table that
        has the given columns beside addresses and span.
        """
        common = {
            "frame_row": self.frame_row,
            "pos": self.at,
            "length": np.maximum(self.end - self.at, 0),
            "wire_length": self.wire_end - self.at,
            **{name: getattr(self, name) for name in _IP_COLUMNS},
        }
        if mask.any():
            names = {each.name for each in table.columns}
            known = {name: values for name, values in common.items() if name in names}
            self.fates.parts.append(table(**known, **columns).take(mask))

    def deliver(
        self,
        mask: Bool,
        source_port: Int64,
        destination_port: Int64,
        *,
        time_ns: int | Int64 = -1,
        transport: int | Int64 = Transport.UDP,
    ) -> None:
        """Hand on the payloads at the cursor of the packets where `mask` holds."""
        table = DatagramTable(
            frame_row=self.frame_row,
            pos=self.at,
            length=self.end - self.at,
            wire_length=self.wire_end - self.at,
            ip_id=self.ip_id,
            version=self.version,
            source_high=self.source_high,
            source_low=self.source_low,
            source_port=source_port,
            destination_high=self.destination_high,
            destination_low=self.destination_low,
            destination_port=destination_port,
            time_ns=np.broadcast_to(time_ns, (len(self),)),
            transport=np.broadcast_to(transport, (len(self),)),
        )
        self.fates.datagrams.append(table.take(mask))
