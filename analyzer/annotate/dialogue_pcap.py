"""Datagrams → a pcap file: Ethernet, IPv4, UDP, with the checksums of RFC 1071."""

import struct
from collections.abc import Iterable
from ipaddress import IPv4Address

from analyzer.frozen import frozen

SNAP_LENGTH = 262_144
LINKTYPE_ETHERNET = 1
UDP = 17
MOST_BYTES = 65_507
"""What an IPv4 packet can hold as the payload of UDP."""


@frozen
class Packet:
    """A datagram on the wire."""

    time_ns: int
    source: tuple[str, int]
    """Address and port."""
    destination: tuple[str, int]
    payload: bytes
    identification: int = 0
    """Of the IPv4 header: equal in copies of one packet."""


def write_pcap(packets: Iterable[Packet]) -> bytes:
    """Return a little-endian pcap file with times in microseconds."""
    parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, SNAP_LENGTH, LINKTYPE_ETHERNET)]
    for packet in packets:
        frame = _ethernet_frame(packet)
        seconds, rest = divmod(packet.time_ns, 10**9)
        parts += [struct.pack("<IIII", seconds, rest // 1000, len(frame), len(frame)), frame]
    return b"".join(parts)


def _ethernet_frame(packet: Packet) -> bytes:
    if len(packet.payload) > MOST_BYTES:
        raise ValueError(f"{len(packet.payload)} bytes do not fit in one UDP datagram")
    ends = [IPv4Address(address).packed for address, _ in (packet.source, packet.destination)]
    macs = [b"\x02\0\0\0\0" + end[-1:] for end in reversed(ends)]
    length = 8 + len(packet.payload)
    pseudo = b"".join(ends) + struct.pack(">HH", UDP, length)
    datagram = (
        struct.pack(">HHHH", packet.source[1], packet.destination[1], length, 0) + packet.payload
    )
    checksum = _checksum(pseudo + datagram) or 0xFFFF
    datagram = datagram[:6] + struct.pack(">H", checksum) + datagram[8:]
    head = struct.pack(
        ">BBHHHBBH", 0x45, 0, 20 + length, packet.identification & 0xFFFF, 0, 64, UDP, 0
    )
    head = head[:10] + struct.pack(">H", _checksum(head + b"".join(ends)))
    return b"".join([*macs, b"\x08\0", head, *ends, datagram])


def _checksum(data: bytes) -> int:
    padded = data + b"\0" * (len(data) % 2)
    total: int = sum(struct.unpack(f">{len(padded) // 2}H", padded))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
