"""The headers of packets, protocol by protocol: what of them names somebody, and which lengths and
checksums follow when what they carry changes.

A protocol that is decoded and has no entry here loses its header and all behind it: nothing is kept
by mistake. The entries go by the numbers with which decoders are announced.
"""

from collections.abc import Callable

from analyzer.decode.protocols import (
    ETHER_SPACE,
    IP_SPACE,
    LINK_SPACE,
    SPACES,
    UDP_SPACE,
    EtherType,
    IpProtocol,
    LinkType,
    PppProtocol,
    Protocol,
    UdpPort,
)
from analyzer.frozen import frozen
from analyzer.redact.checksums import internet_checksum
from analyzer.redact.packet import Layer, Packet

Key = tuple[int, int]
Size = Callable[[Packet, int, int], int]
Change = Callable[[Packet, Layer], None]

_FIRST_ETHERTYPE = 0x0600
_SNAP = b"\xaa\xaa\x03\x00\x00\x00"
MAC_BYTES = 6


def _nothing(_packet: Packet, _layer: Layer) -> None:
    """Leave a header as it is."""


@frozen
class HeaderKind:
    """What to do with the headers of a protocol."""

    size: Size
    """Bytes of the header at a place, where nothing behind it was decoded; -1: it is damaged."""
    hide: Change = _nothing
    """Takes out what names somebody."""
    finish: Change = _nothing
    """Sets lengths and checksums, once all behind it is made."""


def _fixed(size: int) -> Size:
    return lambda _packet, _at, _end: size


def _macs(*offsets: int) -> Change:
    def hide(packet: Packet, layer: Layer) -> None:
        for offset in offsets:
            packet.map_mac(layer.start + offset)

    return hide


def _with_snap(size: int) -> Size:
    def measure(packet: Packet, at: int, _end: int) -> int:
        is_llc = packet.u16(at + size - 2) < _FIRST_ETHERTYPE
        has_snap = is_llc and packet.data[at + size : at + size + 6] == _SNAP
        return size + 8 if has_snap else size

    return measure


def _length_of_802_3(offset: int) -> Change:
    def finish(packet: Packet, layer: Layer) -> None:
        length = packet.u16(layer.start + offset)
        if 0 < length < _FIRST_ETHERTYPE:
            # what grows past the longest is no longer of this kind: nobody would read it
            packet.put16(layer.start + offset, min(length + packet.growth, _FIRST_ETHERTYPE - 1))

    return finish


def _hide_sll(packet: Packet, layer: Layer) -> None:
    _hide_link_address(packet, layer.start + 6, packet.u16(layer.start + 4))


def _hide_sll2(packet: Packet, layer: Layer) -> None:
    _hide_link_address(packet, layer.start + 12, packet.data[layer.start + 11])


def _hide_link_address(packet: Packet, at: int, length: int) -> None:
    if length == MAC_BYTES:
        packet.map_mac(at)
        packet.blank(at + MAC_BYTES, at + 8)
    else:
        packet.blank(at, at + 8)


def _wlan_size(packet: Packet, at: int, end: int) -> int:
    """Keep frame control alone of what is no data frame."""
    is_data = packet.data[at] & 0x0C == 0x08
    if not is_data:
        return 2
    size = 30 if packet.data[at + 1] & 3 == 3 else 24
    size += 2 if packet.data[at] & 0x80 else 0
    return size if at + size <= end else 2


def _hide_wlan(packet: Packet, layer: Layer) -> None:
    for offset in (4, 10, 16, 24):
        if offset == 24 and packet.data[layer.start + 1] & 3 != 3:
            continue
        if layer.start + offset + MAC_BYTES <= layer.stop:
            packet.map_mac(layer.start + offset)


def _little_16(offset: int) -> Size:
    """Keep as much as the header says in 16 bits, least significant byte first."""

    def measure(packet: Packet, at: int, _end: int) -> int:
        return int.from_bytes(packet.data[at + offset : at + offset + 2], "little")

    return measure


def _blank_from(offset: int) -> Change:
    def hide(packet: Packet, layer: Layer) -> None:
        packet.blank(min(layer.start + offset, layer.stop), layer.stop)

    return hide


def _hide_radiotap(packet: Packet, layer: Layer) -> None:
    """Behind the header of radiotap the one of the frame follows at once."""
    size = int.from_bytes(packet.data[layer.start + 2 : layer.start + 4], "little")
    inner = Layer(layer.key, layer.start + size, layer.stop, layer.end)
    if inner.start + 10 <= layer.stop:
        _hide_wlan(packet, inner)


def _radiotap_size(packet: Packet, at: int, end: int) -> int:
    size = int.from_bytes(packet.data[at + 2 : at + 4], "little")
    return size + _wlan_size(packet, at + size, end) if at + size + 2 <= end else size


def _hide_prism(packet: Packet, layer: Layer) -> None:
    packet.blank(layer.start + 8, min(layer.start + 24, layer.stop))


def _ppp_size(packet: Packet, at: int, _end: int) -> int:
    lead = 2 if packet.u16(at) == 0xFF03 else 0
    return lead + (1 if packet.data[at + lead] & 1 else 2)


def _finish_pppoe(packet: Packet, layer: Layer) -> None:
    packet.grow16(layer.start + 4)


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


def _gtp_size(_packet: Packet, _at: int, _end: int) -> int:
    return 8


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


def _ipv4_size(packet: Packet, at: int, end: int) -> int:
    size = (packet.data[at] & 0x0F) * 4
    is_sound = packet.data[at] >> 4 == 4 and size >= 20 and at + size <= end
    return size if is_sound else -1


def _hide_ipv4(packet: Packet, layer: Layer) -> None:
    packet.map_address(layer.start + 12, 4)
    packet.map_address(layer.start + 16, 4)
    # Options are seldom and may hold addresses; zeros end their list.
    packet.blank(layer.start + 20, layer.stop)


def _finish_ipv4(packet: Packet, layer: Layer) -> None:
    packet.grow16(layer.start + 2)
    packet.put16(layer.start + 10, 0)
    header = bytes(packet.data[layer.start : layer.stop])
    packet.put16(layer.start + 10, internet_checksum(header))


def _hide_ipv6(packet: Packet, layer: Layer) -> None:
    packet.map_address(layer.start + 8, 16)
    packet.map_address(layer.start + 24, 16)


def _finish_ipv6(packet: Packet, layer: Layer) -> None:
    packet.grow16(layer.start + 4)


def _extension_size(packet: Packet, at: int, _end: int) -> int:
    return (packet.data[at + 1] + 1) * 8


def _hide_options(packet: Packet, layer: Layer) -> None:
    """Put one option that pads (RFC 8200 §4.2)."""
    packet.blank(layer.start + 2, layer.stop)
    packet.data[layer.start + 2] = 1
    packet.data[layer.start + 3] = min(layer.stop - layer.start - 4, 255)


def _ah_size(packet: Packet, at: int, _end: int) -> int:
    return (packet.data[at + 1] + 2) * 4


_ETHERNET = HeaderKind(_with_snap(14), _macs(0, 6), _length_of_802_3(12))
_VLAN = HeaderKind(_with_snap(4), finish=_length_of_802_3(2))
_KEPT = HeaderKind(_fixed(0))
_MPLS = HeaderKind(_fixed(4))
_PPP = HeaderKind(_ppp_size)
_EXTENSION = HeaderKind(_extension_size, _blank_from(2))
_OPTIONS = HeaderKind(_extension_size, _hide_options)
IPV4 = HeaderKind(_ipv4_size, _hide_ipv4, _finish_ipv4)
IPV6 = HeaderKind(_fixed(40), _hide_ipv6, _finish_ipv6)

_DECLARED: tuple[tuple[Protocol, HeaderKind], ...] = (
    (LinkType.ETHERNET, _ETHERNET),
    (LinkType.LINUX_SLL, HeaderKind(_with_snap(16), _hide_sll)),
    (LinkType.LINUX_SLL2, HeaderKind(_fixed(20), _hide_sll2)),
    (LinkType.NULL, HeaderKind(_fixed(4))),
    (LinkType.LOOP, HeaderKind(_fixed(4))),
    (LinkType.RAW, _KEPT),
    (LinkType.RAW_BSD, _KEPT),
    (LinkType.RAW_BSDOS, _KEPT),
    (LinkType.IPV4, _KEPT),
    (LinkType.IPV6, _KEPT),
    (LinkType.PPP, _PPP),
    (LinkType.PPP_HDLC, _PPP),
    (LinkType.PPP_WITH_DIR, HeaderKind(_fixed(1))),
    (LinkType.PPP_PPPD, HeaderKind(_fixed(1))),
    (LinkType.C_HDLC, HeaderKind(_fixed(4))),
    (LinkType.PPP_ETHER, HeaderKind(_fixed(6), finish=_finish_pppoe)),
    (LinkType.IEEE802_11, HeaderKind(_wlan_size, _hide_wlan)),
    (LinkType.IEEE802_11_RADIOTAP, HeaderKind(_radiotap_size, _hide_radiotap)),
    (LinkType.IEEE802_11_PRISM, HeaderKind(_fixed(8), _hide_prism)),
    (LinkType.IEEE802_11_AVS, HeaderKind(_fixed(8))),
    (LinkType.PPI, HeaderKind(_little_16(2), _blank_from(8))),
    (LinkType.PKTAP, HeaderKind(_little_16(0), _blank_from(12))),
    (EtherType.VLAN, _VLAN),
    (EtherType.QINQ, _VLAN),
    (EtherType.OLD_QINQ, _VLAN),
    (EtherType.OLD_QINQ_2, _VLAN),
    (EtherType.MPLS, _MPLS),
    (EtherType.MPLS_MULTICAST, _MPLS),
    (EtherType.PPPOE_SESSION, HeaderKind(_fixed(6), finish=_finish_pppoe)),
    (EtherType.PPP, _PPP),
    (EtherType.TRANSPARENT_BRIDGING, _KEPT),
    (EtherType.ERSPAN_II, HeaderKind(_erspan_size)),
    (EtherType.ERSPAN_III, HeaderKind(_erspan_size)),
    (EtherType.IPV4, IPV4),
    (EtherType.IPV6, IPV6),
    (PppProtocol.IPV4, _KEPT),
    (PppProtocol.IPV6, _KEPT),
    (PppProtocol.MPLS, _MPLS),
    (PppProtocol.MPLS_MULTICAST, _MPLS),
    (IpProtocol.IPV4, _KEPT),
    (IpProtocol.IPV6, _KEPT),
    (IpProtocol.GRE, HeaderKind(_gre_size, finish=_finish_gre)),
    (IpProtocol.ETHER_IP, HeaderKind(_fixed(2))),
    (IpProtocol.L2TP, HeaderKind(_fixed(4))),
    (IpProtocol.MPLS, _MPLS),
    (IpProtocol.HOP_BY_HOP, _OPTIONS),
    (IpProtocol.DESTINATION_OPTIONS, _OPTIONS),
    (IpProtocol.IPV6_ROUTE, _EXTENSION),
    (IpProtocol.MOBILITY, _EXTENSION),
    (IpProtocol.HIP, _EXTENSION),
    (IpProtocol.SHIM6, _EXTENSION),
    (IpProtocol.IPV6_FRAGMENT, HeaderKind(_fixed(8))),
    (IpProtocol.AH, HeaderKind(_ah_size, _blank_from(12))),
    (UdpPort.L2TP, HeaderKind(_fixed(6), finish=_finish_l2tp)),
    (UdpPort.GTP_U, HeaderKind(_gtp_size, finish=_finish_gtp)),
    (UdpPort.VXLAN, HeaderKind(_fixed(8))),
    (UdpPort.OLD_VXLAN, HeaderKind(_fixed(8))),
    (UdpPort.VXLAN_GPE, HeaderKind(_fixed(8))),
    (UdpPort.GENEVE, HeaderKind(_geneve_size, _hide_geneve)),
    (UdpPort.MPLS, _MPLS),
    (UdpPort.TZSP, HeaderKind(_fixed(4), _hide_tzsp)),
    (UdpPort.IPSEC_NAT_T, HeaderKind(_fixed(4))),
)
"""No dictionary: numbers of two spaces are equal."""

KINDS: dict[Key, HeaderKind] = {
    (SPACES.index(type(protocol)), int(protocol)): kind for protocol, kind in _DECLARED
}
"""By number space and number."""

IPV4_KEY, IPV6_KEY = (ETHER_SPACE, int(EtherType.IPV4)), (ETHER_SPACE, int(EtherType.IPV6))
UDP_KEY = (IP_SPACE, int(IpProtocol.UDP))
TCP_KEY = (IP_SPACE, int(IpProtocol.TCP))
SCTP_KEY = (IP_SPACE, int(IpProtocol.SCTP))
FRAGMENT_KEY = (IP_SPACE, int(IpProtocol.IPV6_FRAGMENT))
HEP_KEY = (UDP_SPACE, int(UdpPort.HEP))
EXPORTED_KEY = (LINK_SPACE, int(LinkType.WIRESHARK_UPPER_PDU))
NFLOG_KEY = (LINK_SPACE, int(LinkType.NFLOG))
