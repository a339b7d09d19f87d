"""ERSPAN types II and III → the mirrored frame (draft-foschiano-erspan); type I is plain GRE."""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import LINK_SPACE, EtherType, LinkType, decodes
from analyzer.decode.verdicts import verdict_of

TYPE_II, TYPE_III = 1, 2
"""Versions that the headers of the two types state."""
IP_FRAME = 2
"""Frame type of type III for a packet without Ethernet header; 0 is Ethernet."""


@decodes(EtherType.ERSPAN_II, EtherType.ERSPAN_III)
def erspan(p: Packets) -> None:
    """Step over 8 bytes of type II, 12 of type III, and the subheader that its O bit announces."""
    p.require(1)
    version = p.u8(0) >> 4
    p.leave((version != TYPE_II) & (version != TYPE_III), verdict_of("erspan"))
    p.require(np.where(p.u8(0) >> 4 == TYPE_III, 12, 8))
    is_type_iii = p.u8(0) >> 4 == TYPE_III
    has_subheader = is_type_iii & (p.u8(11) & 1 == 1)
    frame_type = np.where(is_type_iii, (p.u8(10) >> 2) & 0x1F, 0)
    p.advance(np.where(is_type_iii, 12, 8) + 8 * has_subheader)
    p.go_on(LINK_SPACE, np.where(frame_type == IP_FRAME, int(LinkType.RAW), int(LinkType.ETHERNET)))
    p.leave((frame_type != 0) & (frame_type != IP_FRAME), verdict_of("erspan"))
