"""Ethernet II and IEEE 802.3 with LLC and SNAP → what the EtherType says (IEEE 802.3, RFC 1042)."""

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import ETHER_SPACE, LinkType, decodes
from analyzer.decode.verdicts import OTHER

FIRST_ETHERTYPE = 0x0600
"""Smaller numbers are the length of an 802.3 frame."""


@decodes(LinkType.ETHERNET)
def ethernet(p: Packets) -> None:
    """Step over addresses and type; LLC without SNAP (spanning tree and the like) ends here."""
    p.require(14)
    p.advance(14)
    ether_types(p, -2)


def ether_types(p: Packets, offset: int) -> None:
    """Go on with the EtherType at an offset before the cursor, or with the one SNAP has."""
    is_llc = p.u16(offset) < FIRST_ETHERTYPE
    snap = is_llc & (p.u32(0) == 0xAAAA0300) & (p.u16(4) == 0) & (p.at + 8 <= p.end)
    p.leave(is_llc & ~snap, OTHER)
    snap = p.u16(offset) < FIRST_ETHERTYPE
    numbers = p.u16(offset)
    numbers[snap] = p.u16(6)[snap]
    p.advance(snap.astype("int64") * 8)
    p.go_on(ETHER_SPACE, numbers)
    # A length here would be a header inside a header that no standard knows.
    p.leave(numbers < FIRST_ETHERTYPE, OTHER)
