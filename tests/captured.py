"""Packets of `variations` → a pcap file, over IPv4 or IPv6, some in a tag of IEEE 802.1Q."""

from ipaddress import ip_address
from struct import pack

from variations import Packet, Packets

MACS = bytes(range(12))


def write_capture(packets: Packets) -> bytes:
    """Return a pcap file with times in nanoseconds (Ethernet)."""
    parts = [pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262_144, 1)]
    for each in packets:
        frame = _frame(each)
        parts += [pack("<IIII", *divmod(each.time_ns, 10**9), len(frame), len(frame)), frame]
    return b"".join(parts)


def _frame(packet: Packet) -> bytes:
    ends = [ip_address(address) for address, _ in (packet.source, packet.destination)]
    addresses = b"".join(each.packed for each in ends)
    ports = (packet.source[1], packet.destination[1])
    length = 8 + len(packet.payload)
    datagram = pack(">HHHH", *ports, length, 0) + packet.payload
    if ends[0].version == 4:
        head = pack(">BBHHHBBH", 0x45, 0, 20 + length, packet.identification & 0xFFFF, 0, 64, 17, 0)
        kind = 0x0800
    else:
        head = pack(">IHBB", 0x60000000, length, 17, 64)
        kind = 0x86DD
    tag = pack(">HH", 0x8100, packet.vlan) if packet.vlan else b""
    return MACS + tag + pack(">H", kind) + head + addresses + datagram
