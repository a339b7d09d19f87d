"""Ethernet in IP → the frame: EtherIP (RFC 3378)."""

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import LINK_SPACE, IpProtocol, LinkType, decodes
from analyzer.decode.verdicts import PACKET_DAMAGED

VERSION = 3


@decodes(IpProtocol.ETHER_IP)
def etherip(p: Packets) -> None:
    """Step over version and padding."""
    p.require(2)
    p.leave(p.u8(0) >> 4 != VERSION, PACKET_DAMAGED)
    p.advance(2)
    p.go_on(LINK_SPACE, LinkType.ETHERNET)
