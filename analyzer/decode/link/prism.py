"""Prism header of WLAN drivers, or the AVS header in its place → the 802.11 frame:
LINKTYPE_IEEE802_11_PRISM.
"""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.link.avs import MAGIC
from analyzer.decode.protocols import LINK_SPACE, LinkType, decodes
from analyzer.decode.verdicts import PACKET_DAMAGED
from analyzer.tables.schema import Int64


@decodes(LinkType.IEEE802_11_PRISM)
def prism(p: Packets) -> None:
    """Step over the header, which states its length in the byte order of the receiver."""
    p.require(8)
    is_avs = p.u32(0) >> 12 == MAGIC
    p.leave(~is_avs & (_size(p) < 8), PACKET_DAMAGED)
    is_avs = p.u32(0) >> 12 == MAGIC
    p.go_on(
        LINK_SPACE,
        np.where(is_avs, int(LinkType.IEEE802_11_AVS), int(LinkType.IEEE802_11)),
    )
    p.require(np.where(is_avs, 0, _size(p)))
    p.advance(np.where(p.next == LinkType.IEEE802_11_AVS, 0, _size(p)))


def _size(p: Packets) -> Int64:
    """Return the length: the byte order in which it is a small number is the right one."""
    return np.minimum(p.u32(4), p.le32(4))
