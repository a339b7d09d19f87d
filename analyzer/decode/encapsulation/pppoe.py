"""PPP over Ethernet, session stage → PPP (RFC 2516)."""

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import LINK_SPACE, EtherType, LinkType, decodes
from analyzer.decode.verdicts import OTHER, PACKET_DAMAGED

VERSION_AND_TYPE = 0x11


@decodes(EtherType.PPPOE_SESSION, LinkType.PPP_ETHER)
def pppoe(p: Packets) -> None:
    """Step over the header; what follows its length is padding of the link."""
    p.require(6)
    p.leave(p.u8(0) != VERSION_AND_TYPE, PACKET_DAMAGED)
    p.leave(p.u8(1) != 0, OTHER)
    payload_len = p.u16(4)
    p.advance(6)
    p.cut_to(payload_len)
    p.go_on(LINK_SPACE, LinkType.PPP)
