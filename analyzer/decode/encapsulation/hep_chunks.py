"""HEP version 3, many packets at once → the columns that `parse_hep` gives for each.

Packets with chunks of unusual length, or with very many, are left to `parse_hep`.
"""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.mirrored import RecordTable
from analyzer.decode.verdicts import MEDIA, OTHER, PACKET_DAMAGED, SIP, verdict_of
from analyzer.tables.messages import Transport
from analyzer.tables.schema import Bool, Int64, UInt64

PROTOCOL, SOURCE_4, DESTINATION_4, SOURCE_6, DESTINATION_6 = 2, 3, 4, 5, 6
SOURCE_PORT, DESTINATION_PORT, SECONDS, MICROSECONDS, KIND = 7, 8, 9, 10, 11
PAYLOAD, COMPRESSED_PAYLOAD = 15, 16
"""Types of chunks of vendor 0."""
MAGIC = 0x48455033
HEADER, CHUNK = 6, 6
"""Bytes before the first chunk, and before the value of each."""
SIP_KIND = 1
MEDIA_KINDS = (4, 5, 34, 35, 58)
"""RTP, RTCP, and reports of quality made from them."""
TRANSPORTS = {6: Transport.TCP, 17: Transport.UDP, 22: Transport.TLS, 132: Transport.SCTP}
"""IP protocol → transport. 22 is no such thing: servers put it for TLS, which has no number."""
_SIZES = {
    PROTOCOL: 1, SOURCE_4: 4, DESTINATION_4: 4, SOURCE_6: 16, DESTINATION_6: 16,
    SOURCE_PORT: 2, DESTINATION_PORT: 2, SECONDS: 4, MICROSECONDS: 4, KIND: 1,
}  # fmt: skip
MAX_CHUNKS = 32
COMPRESSED = verdict_of("hep-compressed")
_NANOSECONDS, _MICROSECOND = 1_000_000_000, 1_000


def read_chunks(p: Packets) -> tuple[RecordTable, Bool]:
    """Read the packets at the cursor; say which are read, and not left to `parse_hep`."""
    starts, sizes, is_read = _find_chunks(p)
    has = starts >= 0
    for kind, size in _SIZES.items():
        end = p.at + starts[:, kind] + size
        is_read &= ~has[:, kind] | ((sizes[:, kind] == size) & (end <= p.end))

    def number(kind: int) -> Int64:
        value = {1: p.u8, 2: p.u16, 4: p.u32}[_SIZES[kind]](starts[:, kind])
        return np.where(has[:, kind], value, 0)

    kinds = np.where(has[:, KIND], number(KIND), SIP_KIND)
    table = RecordTable.zeros(len(p))
    table.verdict[:] = _verdicts(kinds, has)
    table.start[:], table.length[:] = np.maximum(starts[:, PAYLOAD], 0), sizes[:, PAYLOAD]
    table.version[:] = np.where(~has[:, SOURCE_4] & has[:, SOURCE_6], 6, 4)
    for name, four, six in (
        ("source", SOURCE_4, SOURCE_6),
        ("destination", DESTINATION_4, DESTINATION_6),
    ):
        is_v6 = ~has[:, four] & has[:, six]
        high, low = _u64(p, starts[:, six]), _u64(p, starts[:, six] + 8)
        getattr(table, name + "_high")[:] = np.where(is_v6, high, 0)
        getattr(table, name + "_low")[:] = np.where(is_v6, low, number(four).astype(np.uint64))
    table.source_port[:] = number(SOURCE_PORT)
    table.destination_port[:] = number(DESTINATION_PORT)
    table.transport[:] = _transports()[number(PROTOCOL)]
    seconds, rest = number(SECONDS), number(MICROSECONDS)
    time_ns = seconds * _NANOSECONDS + rest * _MICROSECOND
    table.time_ns[:] = np.where((seconds > 0) & (rest < 1_000_000), time_ns, -1)
    return table, is_read


def _find_chunks(p: Packets) -> tuple[Int64, Int64, Bool]:
    """Return start and size of the value of each type of chunk, -1 where there is none, and which
    packets have no more than that.
    """
    shape = (len(p), COMPRESSED_PAYLOAD + 1)
    starts, sizes = np.full(shape, -1, np.int64), np.full(shape, -1, np.int64)
    is_hep_3 = p.u32(0) == MAGIC
    end = np.minimum(p.end - p.at, p.u16(4))
    at = np.full(len(p), HEADER, np.int64)
    is_open = is_hep_3 & (at + CHUNK <= end)
    for _ in range(MAX_CHUNKS):
        if not is_open.any():
            break
        kind, size = p.u16(at + 2), p.u16(at + 4)
        is_open &= size >= CHUNK
        rows = np.flatnonzero(is_open & (p.u16(at) == 0) & (kind <= COMPRESSED_PAYLOAD))
        starts[rows, kind[rows]] = at[rows] + CHUNK
        sizes[rows, kind[rows]] = size[rows] - CHUNK
        at += np.where(is_open, size, 0)
        is_open &= at + CHUNK <= end
    return starts, sizes, is_hep_3 & ~is_open


def _verdicts(kinds: Int64, has: Bool) -> Int64:
    packed = (kinds == SIP_KIND) & has[:, COMPRESSED_PAYLOAD]
    missing = np.where(packed, COMPRESSED, PACKET_DAMAGED)
    other = np.where(np.isin(kinds, MEDIA_KINDS), MEDIA, OTHER)
    return np.where(~has[:, PAYLOAD], missing, np.where(kinds == SIP_KIND, SIP, other))


def _u64(p: Packets, offset: Int64) -> UInt64:
    high, low = p.u32(offset).astype(np.uint64), p.u32(offset + 4).astype(np.uint64)
    return (high << np.uint64(32)) | low


def _transports() -> Int64:
    numbers = np.full(256, int(Transport.UDP), np.int64)
    for protocol, transport in TRANSPORTS.items():
        numbers[protocol] = int(transport)
    return numbers
