"""Declined calls on links other than Ethernet: one pcapng with an interface of each link type."""

import struct
from collections.abc import Callable

from scapy.layers.dot11 import Dot11, Dot11QoS, RadioTap
from scapy.layers.l2 import LLC, SNAP, Ether
from scapy.layers.ppp import HDLC, PPP
from scapy.packet import Packet as Layer

from wire import Frame, ip_packets, pcapng, write_beside

DIALOGUE = """
-> INVITE sip:CALLEE@example.com SIP/2.0
+0.3s <- SIP/2.0 180 Ringing
+3.9s <- SIP/2.0 603 Decline
-> ACK sip:CALLEE@example.com SIP/2.0
"""
STATION, ACCESS_POINT = "02:00:00:00:03:01", "02:00:00:00:03:02"


def _wlan(packet: Layer) -> Layer:
    head = Dot11(
        type=2, subtype=8, FCfield=1, addr1=ACCESS_POINT, addr2=STATION, addr3=ACCESS_POINT
    )
    return head / Dot11QoS() / LLC(dsap=0xAA, ssap=0xAA, ctrl=3) / SNAP(code=0x0800) / packet


def _nflog(packet: Layer) -> bytes:
    """Return the header, the group's prefix and the payload, as a little-endian Linux writes it."""
    payload = bytes(packet)
    prefix = struct.pack("<HH", 4 + 4, 10) + b"sip\0"
    return b"\x02\0\0\x05" + prefix + struct.pack("<HH", 4 + len(payload), 9) + payload


def _pktap(packet: Layer) -> bytes:
    frame = Ether(src=STATION, dst=ACCESS_POINT) / packet
    return struct.pack("<III", 108, 1, 1) + b"en0".ljust(96, b"\0") + bytes(frame)


def _exported(packet: Layer) -> bytes:
    ends = (packet.src, packet.dst)
    addresses = [bytes(map(int, address.split("."))) for address in ends]
    tags = (
        (12, b"sip\0"),
        (20, addresses[0]),
        (21, addresses[1]),
        (24, struct.pack(">I", 3)),
        (25, struct.pack(">I", packet.sport)),
        (26, struct.pack(">I", packet.dport)),
        (0, b""),
    )
    head = b"".join(struct.pack(">HH", tag, len(value)) + value for tag, value in tags)
    return head + bytes(packet.payload.payload)


LINKS: dict[str, tuple[int, Callable[[Layer], Layer | bytes]]] = {
    "ppp": (9, lambda packet: PPP() / packet),
    "ppp-hdlc": (50, lambda packet: HDLC() / PPP() / packet),
    "cisco-hdlc": (104, lambda packet: b"\x0f\0\x08\0" + bytes(packet)),
    "wlan": (105, _wlan),
    "radiotap": (127, lambda packet: RadioTap() / _wlan(packet)),
    "ppi": (192, lambda packet: struct.pack("<BBHI", 0, 0, 8, 105) + bytes(_wlan(packet))),
    "nflog": (239, _nflog),
    "exported": (252, _exported),
    "pktap": (258, _pktap),
}
"""Name → link type, and what makes a frame of a packet."""


def capture() -> bytes:
    """Return the file."""
    interfaces = []
    for minute, (name, (_, link)) in enumerate(LINKS.items(), start=20):
        dialogue, start = DIALOGUE.replace("CALLEE", name), f"2026-03-02 12:{minute}"
        packets = ip_packets(dialogue, f"on-{name}", start)
        interfaces.append([Frame(time_ns, bytes(link(packet))) for time_ns, packet in packets])
    link_types = [link_type for link_type, _ in LINKS.values()]
    return pcapng(interfaces, "One interface of each link type", link_types)


if __name__ == "__main__":
    write_beside(__file__, ".pcapng", capture())
