"""Declined calls inside tunnels, one in each, as networks of providers and clouds carry them."""

from collections.abc import Callable

from scapy.contrib.erspan import ERSPAN_II, ERSPAN_III
from scapy.contrib.geneve import GENEVE
from scapy.contrib.gtp import GTP_U_Header
from scapy.contrib.mpls import MPLS
from scapy.layers.inet import IP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import GRE, Ether
from scapy.layers.l2tp import L2TP
from scapy.layers.ppp import PPP, PPPoE
from scapy.layers.vxlan import VXLAN
from scapy.packet import Packet as Layer
from scapy.packet import Raw

from wire import Frame, ip_packets, pcap, write_beside

DIALOGUE = """
-> INVITE sip:CALLEE@example.com SIP/2.0
+0.3s <- SIP/2.0 180 Ringing
+4.1s <- SIP/2.0 603 Decline
-> ACK sip:CALLEE@example.com SIP/2.0
"""

PPPOE_SESSION, L2TP_V3 = 0x8864, 115
"""EtherType and IP protocol that scapy does not set by itself."""


def _inner() -> Layer:
    return Ether(src="06:00:00:00:02:01", dst="06:00:00:00:02:02")


def _outer(protocol: int | None = None) -> Layer:
    header = IP(src="198.51.100.1", dst="198.51.100.2", id=1)
    if protocol is not None:
        header.proto = protocol
    return header


def _udp(port: int) -> Layer:
    return _outer() / UDP(sport=49152, dport=port)


TUNNELS: dict[str, Callable[[Layer], Layer]] = {
    "mpls": lambda packet: MPLS(label=16, s=0, ttl=64) / MPLS(label=17, s=1, ttl=64) / packet,
    "pppoe": lambda packet: PPPoE(sessionid=9) / PPP() / packet,
    "ip-in-ip": lambda packet: _outer() / packet,
    "ip-in-ipv6": lambda packet: IPv6(src="2001:db8::a", dst="2001:db8::b") / packet,
    "gre": lambda packet: _outer() / GRE(key_present=1, key=7, seqnum_present=1) / packet,
    "nvgre": lambda packet: (
        _outer() / GRE(proto=0x6558, key_present=1, key=0x500) / _inner() / packet
    ),
    "erspan-2": lambda packet: (
        _outer() / GRE(proto=0x88BE, seqnum_present=1) / ERSPAN_II(vlan=5) / _inner() / packet
    ),
    "erspan-3": lambda packet: (
        _outer() / GRE(proto=0x22EB, seqnum_present=1) / ERSPAN_III(vlan=5) / _inner() / packet
    ),
    "gtp-u": lambda packet: _udp(2152) / GTP_U_Header(teid=99) / packet,
    "vxlan": lambda packet: _udp(4789) / VXLAN(vni=5, flags="Instance") / _inner() / packet,
    "geneve": lambda packet: _udp(6081) / GENEVE(vni=5, proto=0x6558) / _inner() / packet,
    "l2tp-2": lambda packet: _udp(1701) / L2TP(tunnel_id=7, session_id=8) / PPP() / packet,
    "l2tp-3": lambda packet: _outer(L2TP_V3) / Raw(b"\0\0\0\x09") / _inner() / packet,
    "vxlan-in-mpls": lambda packet: (
        MPLS(label=16, s=1, ttl=64) / _udp(4789) / VXLAN(vni=6) / _inner() / packet
    ),
}
"""What is between Ethernet and the packet."""


def frames() -> list[Frame]:
    """Return the calls, a minute apart."""
    found = []
    for minute, (name, tunnel) in enumerate(TUNNELS.items()):
        dialogue, start = DIALOGUE.replace("CALLEE", name), f"2026-03-02 12:{minute:02}"
        for time_ns, packet in ip_packets(dialogue, f"in-{name}", start):
            outermost = Ether(src="02:00:00:00:01:01", dst="02:00:00:00:01:02")
            if name == "pppoe":
                outermost.type = PPPOE_SESSION
            found.append(Frame(time_ns, bytes(outermost / tunnel(packet))))
    return found


def capture() -> bytes:
    """Return the file."""
    return pcap(frames())


if __name__ == "__main__":
    write_beside(__file__, ".pcap", capture())
