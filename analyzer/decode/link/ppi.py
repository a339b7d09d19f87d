"""Per-packet information → the link type it names: LINKTYPE_PPI (CACE PPI specification)."""

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import LINK_SPACE, LinkType, decodes
from analyzer.decode.verdicts import PACKET_DAMAGED


@decodes(LinkType.PPI)
def ppi(p: Packets) -> None:
    """Step over the header with all its fields."""
    p.require(8)
    p.leave((p.u8(0) != 0) | (p.le16(2) < 8), PACKET_DAMAGED)
    p.require(p.le16(2))
    link_type = p.le32(4)
    p.advance(p.le16(2))
    p.go_on(LINK_SPACE, link_type)
