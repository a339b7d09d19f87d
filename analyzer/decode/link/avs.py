"""AVS header of WLAN drivers → the 802.11 frame: LINKTYPE_IEEE802_11_AVS."""

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import LINK_SPACE, LinkType, decodes
from analyzer.decode.verdicts import PACKET_DAMAGED

MAGIC = 0x80211
"""First 20 bits; the rest of the word is a version."""


@decodes(LinkType.IEEE802_11_AVS)
def avs(p: Packets) -> None:
    """Step over the header, which states its length."""
    p.require(8)
    p.leave((p.u32(0) >> 12 != MAGIC) | (p.u32(4) < 8), PACKET_DAMAGED)
    p.require(p.u32(4))
    p.advance(p.u32(4))
    p.go_on(LINK_SPACE, LinkType.IEEE802_11)
