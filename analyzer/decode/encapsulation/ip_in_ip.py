"""IPv4 or IPv6 inside either of them → the inner packet (RFC 2003, RFC 2473, RFC 4213)."""

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import ETHER_SPACE, EtherType, IpProtocol, decodes


@decodes(IpProtocol.IPV4)
def ipv4_in_ip(p: Packets) -> None:
    """Go on with the inner packet: there is no header between the two."""
    p.go_on(ETHER_SPACE, EtherType.IPV4)


@decodes(IpProtocol.IPV6)
def ipv6_in_ip(p: Packets) -> None:
    """Go on with the inner packet: there is no header between the two."""
    p.go_on(ETHER_SPACE, EtherType.IPV6)
