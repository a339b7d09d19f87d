"""HEP, by which servers and agents mirror messages → the message with its addresses, ports and time
(github.com/sipcapture/HEP).

Versions 1 and 2 have a fixed header, version 3 has chunks. `parse_hep` reads one packet from its
bytes, wherever they come from.
"""

from struct import Struct, unpack_from

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.encapsulation.hep_chunks import (
    COMPRESSED,
    COMPRESSED_PAYLOAD,
    DESTINATION_4,
    DESTINATION_6,
    DESTINATION_PORT,
    KIND,
    MAGIC,
    MEDIA_KINDS,
    MICROSECONDS,
    PAYLOAD,
    PROTOCOL,
    SECONDS,
    SIP_KIND,
    SOURCE_4,
    SOURCE_6,
    SOURCE_PORT,
    TRANSPORTS,
    read_chunks,
)
from analyzer.decode.mirrored import DAMAGED, Mirrored, deliver_mirrored
from analyzer.decode.protocols import UdpPort, decodes
from analyzer.decode.udp_payloads import UdpPayloads
from analyzer.decode.verdicts import MEDIA, OTHER, SIP
from analyzer.tables.messages import Transport
from analyzer.tables.schema import Bool

_CHUNK = Struct(">HHH")
_MAGIC_BYTES = MAGIC.to_bytes(4, "big")
_OLD_HEADER = Struct(">BBBBHH")
_OLD_LENGTHS = {2: (16, 28), 10: (40, 52), 23: (40, 52), 28: (40, 52), 30: (40, 52)}
"""Address family, IPv6 as several systems number it → length of the header without and with the
time of version 2; senders differ in whether they count it.
"""
_BEGINNINGS = (
    b"HE",
    *(bytes((version, size)) for version in (1, 2) for size in (16, 28, 40, 52)),
)


def is_hep(payloads: UdpPayloads) -> Bool:
    """Tell where a header of version 3, or one of versions 1 and 2 that fits its family, begins."""
    p = payloads.p
    is_old = (
        np.isin(p.u8(0), (1, 2))
        & np.isin(p.u8(1), (16, 28, 40, 52))
        & np.isin(p.u8(2), tuple(_OLD_LENGTHS))
        & np.isin(p.u8(3), tuple(TRANSPORTS))
    )
    found: Bool = is_old | (p.u32(0) == MAGIC)
    return found


@decodes(UdpPort.HEP, recognise=is_hep, beginnings=_BEGINNINGS)
def hep(p: Packets) -> None:
    """Hand on the messages; HEP uses any port."""
    deliver_mirrored(p, parse_hep, read_chunks)


def parse_hep(data: bytes) -> Mirrored:
    """Read one packet of any version."""
    return _parse_3(data) if data.startswith(_MAGIC_BYTES) else _parse_old(data)


def _parse_3(data: bytes) -> Mirrored:
    values, start = _chunks(data)
    kind = int.from_bytes(values.get(KIND, b"\1"), "big")
    if PAYLOAD not in values:
        is_packed = kind == SIP_KIND and COMPRESSED_PAYLOAD in values
        return Mirrored(COMPRESSED) if is_packed else DAMAGED
    if kind != SIP_KIND:
        return Mirrored(MEDIA if kind in MEDIA_KINDS else OTHER)
    length = int.from_bytes(data[start - 2 : start], "big") - _CHUNK.size
    time, rest, protocol = (
        int.from_bytes(values.get(each, b""), "big") for each in (SECONDS, MICROSECONDS, PROTOCOL)
    )
    return Mirrored(
        SIP,
        start,
        length,
        values.get(SOURCE_4) or values.get(SOURCE_6, b"")[:16],
        values.get(DESTINATION_4) or values.get(DESTINATION_6, b"")[:16],
        int.from_bytes(values.get(SOURCE_PORT, b"")[:2], "big"),
        int.from_bytes(values.get(DESTINATION_PORT, b"")[:2], "big"),
        TRANSPORTS.get(protocol, Transport.UDP),
        _time_ns(time, rest),
    )


def _chunks(data: bytes) -> tuple[dict[int, bytes], int]:
    """Return the chunks of vendor 0 by type, and the start of the payload."""
    end = min(len(data), int.from_bytes(data[4:6], "big"))
    values: dict[int, bytes] = {}
    at, payload = 6, 0
    while at + 6 <= end:
        vendor, kind, size = _CHUNK.unpack_from(data, at)
        if size < _CHUNK.size:
            break
        if vendor == 0:
            values[kind] = data[at + 6 : at + size]
            payload = at + 6 if kind == PAYLOAD else payload
        at += size
    return values, payload


def _time_ns(seconds: int, microseconds: int) -> int:
    """Return the time; -1 where it cannot be one."""
    if not 0 < seconds < 1 << 32 or microseconds >= 1_000_000:
        return -1
    return seconds * 1_000_000_000 + microseconds * 1000


def _parse_old(data: bytes) -> Mirrored:
    if len(data) < _OLD_HEADER.size:
        return DAMAGED
    version, size, family, protocol, source_port, destination_port = _OLD_HEADER.unpack_from(data)
    plain, timed = _OLD_LENGTHS.get(family, (0, 0))
    if size not in {plain, timed}:
        return DAMAGED
    start = timed if version == 2 else plain
    address_len = (plain - _OLD_HEADER.size) // 2
    if len(data) < start:
        return DAMAGED
    return Mirrored(
        SIP,
        start,
        -1,
        data[8 : 8 + address_len],
        data[8 + address_len : plain],
        source_port,
        destination_port,
        TRANSPORTS.get(protocol, Transport.UDP),
        _old_time_ns(data[plain:start]),
    )


def _old_time_ns(data: bytes) -> int:
    """Return the time of version 2, which is in the byte order of the sender; -1 without one."""
    if not data:
        return -1
    little = _time_ns(*unpack_from("<II", data))
    return little if little >= 0 else _time_ns(*unpack_from(">II", data))
