"""Ethernet in GRE or Geneve → the frame: transparent Ethernet bridging (RFC 1701), as NVGRE has it
too (RFC 7637).
"""

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import LINK_SPACE, EtherType, LinkType, decodes


@decodes(EtherType.TRANSPARENT_BRIDGING)
def transparent_bridging(p: Packets) -> None:
    """Go on with the frame: there is no header of its own."""
    p.go_on(LINK_SPACE, LinkType.ETHERNET)
