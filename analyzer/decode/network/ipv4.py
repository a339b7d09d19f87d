"""IPv4 → what the protocol number says (RFC 791)."""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.network.fragments import hand_on_fragments
from analyzer.decode.protocols import IP_SPACE, EtherType, decodes
from analyzer.decode.verdicts import PACKET_DAMAGED


@decodes(EtherType.IPV4)
def ipv4(p: Packets) -> None:
    """Step over header and options; bytes after the total length are padding of the link."""
    p.require(20)
    header_len = (p.u8(0) & 0x0F) * 4
    total_len = p.u16(2)
    # A total length of 0 is what segmentation offload leaves behind: all there is belongs to it.
    total_len = np.where(total_len == 0, p.wire_end - p.at, total_len)
    bad = ((p.u8(0) >> 4) != 4) | (header_len < 20) | (total_len < header_len)
    p.wire_end = p.at + total_len
    p.end = np.minimum(p.end, p.wire_end)
    p.leave(bad, PACKET_DAMAGED)
    p.require((p.u8(0) & 0x0F) * 4)
    p.version = np.full(len(p), 4, np.int64)
    p.ip_id = p.u16(4)
    p.source_high = np.zeros(len(p), np.uint64)
    p.destination_high = np.zeros(len(p), np.uint64)
    p.source_low = p.u32(12).astype(np.uint64)
    p.destination_low = p.u32(16).astype(np.uint64)
    protocol, fragment = p.u8(9), p.u16(6)
    p.advance((p.u8(0) & 0x0F) * 4)
    p.go_on(IP_SPACE, protocol)
    hand_on_fragments(p, fragment & 0x3FFF, protocol, p.ip_id)
