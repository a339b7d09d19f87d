"""Apple's packet tap → the link type it names: LINKTYPE_PKTAP (bsd/net/pktap.h of XNU)."""

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import LINK_SPACE, LinkType, decodes
from analyzer.decode.verdicts import OTHER, PACKET_DAMAGED

IS_PACKET = 1
"""What follows the header, if anything does."""


@decodes(LinkType.PKTAP)
def pktap(p: Packets) -> None:
    """Step over the header, which begins with its length, what follows and the link type."""
    p.require(12)
    p.leave(p.le32(0) < 12, PACKET_DAMAGED)
    p.require(p.le32(0))
    p.leave(p.le32(4) != IS_PACKET, OTHER)
    link_type = p.le32(8)
    p.advance(p.le32(0))
    p.go_on(LINK_SPACE, link_type)
