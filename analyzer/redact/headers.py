"""The headers of packets, protocol by protocol: what of them names somebody, and which lengths and
checksums follow when what they carry changes.

A protocol that is decoded and has no entry here loses its header and all behind it: nothing is kept
by mistake. The entries go by the numbers with which decoders are announced.
"""

from analyzer.decode.protocols import (
    ETHER_SPACE,
    IP_SPACE,
    LINK_SPACE,
    SPACES,
    UDP_SPACE,
    EtherType,
    IpProtocol,
    LinkType,
    Protocol,
    UdpPort,
)
from analyzer.redact.checksums import internet_checksum
from analyzer.redact.header_kinds import HeaderKind, Key, blank_from, fixed
from analyzer.redact.link_headers import LINKS
from analyzer.redact.packet import Layer, Packet
from analyzer.redact.tunnel_headers import TUNNELS


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


_EXTENSION = HeaderKind(_extension_size, blank_from(2))
_OPTIONS = HeaderKind(_extension_size, _hide_options)

_NETWORK: tuple[tuple[Protocol, HeaderKind], ...] = (
    (EtherType.IPV4, HeaderKind(_ipv4_size, _hide_ipv4, _finish_ipv4)),
    (EtherType.IPV6, HeaderKind(fixed(40), _hide_ipv6, _finish_ipv6)),
    (IpProtocol.HOP_BY_HOP, _OPTIONS),
    (IpProtocol.DESTINATION_OPTIONS, _OPTIONS),
    (IpProtocol.IPV6_ROUTE, _EXTENSION),
    (IpProtocol.MOBILITY, _EXTENSION),
    (IpProtocol.HIP, _EXTENSION),
    (IpProtocol.SHIM6, _EXTENSION),
    (IpProtocol.IPV6_FRAGMENT, HeaderKind(fixed(8))),
    (IpProtocol.AH, HeaderKind(_ah_size, blank_from(12))),
)
"""IP with its extension headers."""

KINDS: dict[Key, HeaderKind] = {
    (SPACES.index(type(protocol)), int(protocol)): kind
    for protocol, kind in (*LINKS, *TUNNELS, *_NETWORK)
}
"""By number space and number; numbers of two spaces may be equal."""

IPV4_KEY, IPV6_KEY = (ETHER_SPACE, int(EtherType.IPV4)), (ETHER_SPACE, int(EtherType.IPV6))
UDP_KEY = (IP_SPACE, int(IpProtocol.UDP))
TCP_KEY = (IP_SPACE, int(IpProtocol.TCP))
SCTP_KEY = (IP_SPACE, int(IpProtocol.SCTP))
FRAGMENT_KEY = (IP_SPACE, int(IpProtocol.IPV6_FRAGMENT))
HEP_KEY = (UDP_SPACE, int(UdpPort.HEP))
EXPORTED_KEY = (LINK_SPACE, int(LinkType.WIRESHARK_UPPER_PDU))
NFLOG_KEY = (LINK_SPACE, int(LinkType.NFLOG))
