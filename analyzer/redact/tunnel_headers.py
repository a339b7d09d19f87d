"""Headers between link and network, and those of tunnels: their lengths and checksums."""

from analyzer.decode.protocols import EtherType, IpProtocol, PppProtocol, Protocol, UdpPort
from analyzer.redact.checksums import internet_checksum
from analyzer.redact.header_kinds import (
    KEPT,
    PPP,
    HeaderKind,
    finish_pppoe,
    fixed,
    length_of_802_3,
    with_snap,
)
from analyzer.redact.packet import Layer, Packet


def _gre_size(packet: Packet, at: int, _end: int) -> int:
    flags = packet.u16(at)
    size = 4 + sum(4 for flag in (0x8000, 0x2000, 0x1000) if flags & flag)
    return size + (4 if flags & 1 and flags & 0x80 else 0)


def _finish_gre(packet: Packet, layer: Layer) -> None:
    flags = packet.u16(layer.start)
    if flags & 7 == 1:
        packet.grow16(layer.start + 4)
    elif flags & 0x8000:
        packet.put16(layer.start + 4, 0)
        covered = bytes(packet.data[layer.start : layer.end])
        packet.put16(layer.start + 4, 0 if layer.is_cut else internet_checksum(covered))


def _erspan_size(packet: Packet, at: int, _end: int) -> int:
    return 12 if packet.data[at] >> 4 == 2 else 8


def _finish_l2tp(packet: Packet, layer: Layer) -> None:
    if packet.u16(layer.start) & 0x400F == 0x4002:
        packet.grow16(layer.start + 2)


def _finish_gtp(packet: Packet, layer: Layer) -> None:
    packet.grow16(layer.start + 2)


def _geneve_size(packet: Packet, at: int, _end: int) -> int:
    return 8 + 4 * (packet.data[at] & 0x3F)


def _hide_geneve(packet: Packet, layer: Layer) -> None:
    at = layer.start + 8
    while at + 4 <= layer.stop:
        size = 4 * (packet.data[at + 3] & 0x1F)
        packet.blank(at + 4, min(at + 4 + size, layer.stop))
        at += 4 + size


def _hide_tzsp(packet: Packet, layer: Layer) -> None:
    at = layer.start + 4
    while at + 2 <= layer.stop and packet.data[at] != 1:
        size = packet.data[at + 1] if packet.data[at] else -1
        packet.blank(at + 2, min(at + 2 + size, layer.stop))
        at += 2 + size


_VLAN = HeaderKind(with_snap(4), finish=length_of_802_3(2))
_MPLS = HeaderKind(fixed(4))

TUNNELS: tuple[tuple[Protocol, HeaderKind], ...] = (
    (EtherType.VLAN, _VLAN),
    (EtherType.QINQ, _VLAN),
    (EtherType.OLD_QINQ, _VLAN),
    (EtherType.OLD_QINQ_2, _VLAN),
    (EtherType.MPLS, _MPLS),
    (EtherType.MPLS_MULTICAST, _MPLS),
    (EtherType.PPPOE_SESSION, HeaderKind(fixed(6), finish=finish_pppoe)),
    (EtherType.PPP, PPP),
    (EtherType.TRANSPARENT_BRIDGING, KEPT),
    (EtherType.ERSPAN_II, HeaderKind(_erspan_size)),
    (EtherType.ERSPAN_III, HeaderKind(_erspan_size)),
    (PppProtocol.IPV4, KEPT),
    (PppProtocol.IPV6, KEPT),
    (PppProtocol.MPLS, _MPLS),
    (PppProtocol.MPLS_MULTICAST, _MPLS),
    (IpProtocol.IPV4, KEPT),
    (IpProtocol.IPV6, KEPT),
    (IpProtocol.GRE, HeaderKind(_gre_size, finish=_finish_gre)),
    (IpProtocol.ETHER_IP, HeaderKind(fixed(2))),
    (IpProtocol.L2TP, HeaderKind(fixed(4))),
    (IpProtocol.MPLS, _MPLS),
    (UdpPort.L2TP, HeaderKind(fixed(6), finish=_finish_l2tp)),
    (UdpPort.GTP_U, HeaderKind(fixed(8), finish=_finish_gtp)),
    (UdpPort.VXLAN, HeaderKind(fixed(8))),
    (UdpPort.OLD_VXLAN, HeaderKind(fixed(8))),
    (UdpPort.VXLAN_GPE, HeaderKind(fixed(8))),
    (UdpPort.GENEVE, HeaderKind(_geneve_size, _hide_geneve)),
    (UdpPort.MPLS, _MPLS),
    (UdpPort.TZSP, HeaderKind(fixed(4), _hide_tzsp)),
    (UdpPort.IPSEC_NAT_T, HeaderKind(fixed(4))),
)
"""Protocols that carry packets, and what is done with their headers."""
