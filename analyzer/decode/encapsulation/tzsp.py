"""TZSP, as routers and access points mirror packets → the frame (TaZmen Sniffer Protocol)."""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import LINK_SPACE, LinkType, UdpPort, decodes
from analyzer.decode.udp_payloads import UdpPayloads
from analyzer.decode.verdicts import PACKET_CUT, PACKET_DAMAGED, verdict_of
from analyzer.tables.schema import Bool

VERSION = 1
PADDING, END = 0, 1
"""Tags without a length."""
MAX_TAGS = 32
_LINK_TYPES = {
    1: LinkType.ETHERNET,
    18: LinkType.IEEE802_11,
    119: LinkType.IEEE802_11_PRISM,
    127: LinkType.IEEE802_11_AVS,
}
"""Encapsulated protocol → link type."""


def is_tzsp(payloads: UdpPayloads) -> Bool:
    """Tell where a packet comes that was received or is to be sent (types 0 and 1)."""
    p = payloads.p
    is_packet: Bool = (p.u8(0) == VERSION) & (p.u8(1) <= 1)
    return payloads.to_port(UdpPort.TZSP) & is_packet


@decodes(UdpPort.TZSP, recognise=is_tzsp)
def tzsp(p: Packets) -> None:
    """Step over the header and its tags."""
    p.require(5)
    link_type = np.full(len(p), -1, np.int64)
    for number, each in _LINK_TYPES.items():
        link_type[p.u16(2) == number] = int(each)
    p.go_on(LINK_SPACE, link_type)
    p.leave(link_type < 0, verdict_of("tzsp"))
    p.advance(4)
    is_open = np.ones(len(p), np.bool_)
    for _ in range(MAX_TAGS):
        tag = p.u8(0)
        is_end = (tag == END) & (p.at < p.end)
        size = np.where(is_end | (tag == PADDING), 1, 2 + p.u8(1))
        p.advance(np.where(is_open, size, 0))
        is_open &= ~is_end
        if not is_open.any():
            break
    cut = (p.at > p.end) & (p.wire_end > p.end)
    p.leave(is_open, np.where(cut, PACKET_CUT, PACKET_DAMAGED))
