"""Declined calls as servers mirror them by HEP, versions 1, 2 and 3: addresses and ports, and from
version 2 on the time, are those that HEP states.
"""

import struct

from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import Packet as Layer

from wire import Frame, ip_packets, pcap, write_beside

DIALOGUE = """
-> INVITE sip:CALLEE@example.com SIP/2.0
+0.3s <- SIP/2.0 180 Ringing
+3.2s <- SIP/2.0 603 Decline
-> ACK sip:CALLEE@example.com SIP/2.0
"""
DELAY_NS = 40_000_000
"""Time from message to mirror."""


def _address(text: str) -> bytes:
    return bytes(map(int, text.split(".")))


def _old(packet: Layer, time_ns: int, version: int) -> bytes:
    head = struct.pack(">BBBBHH", version, 16, 2, 17, packet.sport, packet.dport)
    head += _address(packet.src) + _address(packet.dst)
    seconds, rest = divmod(time_ns, 10**9)
    time = struct.pack("<IIHH", seconds, rest // 1000, 2001, 0) if version == 2 else b""
    return head + time + bytes(packet.payload.payload)


def _version_3(packet: Layer, time_ns: int) -> bytes:
    seconds, rest = divmod(time_ns, 10**9)
    chunks = (
        (1, b"\x02"),
        (2, b"\x06"),
        (3, _address(packet.src)),
        (4, _address(packet.dst)),
        (7, struct.pack(">H", packet.sport)),
        (8, struct.pack(">H", packet.dport)),
        (9, struct.pack(">I", seconds)),
        (10, struct.pack(">I", rest // 1000)),
        (11, b"\x01"),
        (12, struct.pack(">I", 2001)),
        (15, bytes(packet.payload.payload)),
    )
    body = b"".join(struct.pack(">HHH", 0, kind, 6 + len(data)) + data for kind, data in chunks)
    return b"HEP3" + struct.pack(">H", 6 + len(body)) + body


def _mirror(time_ns: int, record: bytes) -> Frame:
    layers = Ether(src="02:00:00:00:04:01", dst="02:00:00:00:04:02")
    layers /= IP(src="198.51.100.1", dst="198.51.100.9", id=1)
    return Frame(time_ns + DELAY_NS, bytes(layers / UDP(sport=49152, dport=9060) / record))


def capture() -> bytes:
    """Return the file; version 3 says that the message came over TCP."""
    frames = []
    for version in (1, 2, 3):
        start = f"2026-03-02 12:{30 + version}"
        dialogue = DIALOGUE.replace("CALLEE", f"hep-{version}")
        for time_ns, packet in ip_packets(dialogue, f"mirrored-{version}", start):
            old = version < 3
            record = _old(packet, time_ns, version) if old else _version_3(packet, time_ns)
            frames.append(_mirror(time_ns, record))
    return pcap(frames)


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
