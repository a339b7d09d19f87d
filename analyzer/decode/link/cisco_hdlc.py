"""Cisco HDLC → what the EtherType says: LINKTYPE_C_HDLC (RFC 1547 §4.3.1)."""

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import ETHER_SPACE, LinkType, decodes


@decodes(LinkType.C_HDLC)
def cisco_hdlc(p: Packets) -> None:
    """Step over address, control and type."""
    p.require(4)
    numbers = p.u16(2)
    p.advance(4)
    p.go_on(ETHER_SPACE, numbers)
