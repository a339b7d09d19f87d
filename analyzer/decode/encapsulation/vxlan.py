"""VXLAN → the inner frame (RFC 7348); its generic protocol extension → what the header says
(draft-ietf-nvo3-vxlan-gpe).
"""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import (
    ETHER_SPACE,
    LINK_SPACE,
    EtherType,
    LinkType,
    UdpPort,
    decodes,
)
from analyzer.decode.udp_payloads import UdpPayloads
from analyzer.decode.verdicts import OTHER, verdict_of
from analyzer.tables.schema import Bool

HAS_NEXT_PROTOCOL, IS_MAINTENANCE = 0x04, 0x01
_FIRST_BYTES = (0x08, 0x88, 0x0C, 0x0D)
"""The flag of RFC 7348; with a group policy; with a next protocol; the same for maintenance."""
_NEXT = {
    1: (ETHER_SPACE, EtherType.IPV4),
    2: (ETHER_SPACE, EtherType.IPV6),
    3: (LINK_SPACE, LinkType.ETHERNET),
    5: (ETHER_SPACE, EtherType.MPLS),
}
"""Next protocol → number space and number."""


def is_vxlan(payloads: UdpPayloads) -> Bool:
    """Tell where the flags are those of a header with a network identifier."""
    to_port = payloads.to_port(UdpPort.VXLAN, UdpPort.OLD_VXLAN, UdpPort.VXLAN_GPE)
    return to_port & np.isin(payloads.p.u8(0), _FIRST_BYTES) & (payloads.wire_len >= 16)


@decodes(UdpPort.VXLAN, UdpPort.OLD_VXLAN, UdpPort.VXLAN_GPE, recognise=is_vxlan)
def vxlan(p: Packets) -> None:
    """Step over the header."""
    p.require(8)
    p.leave(p.u8(0) & IS_MAINTENANCE != 0, OTHER)
    kind = np.where(p.u8(0) & HAS_NEXT_PROTOCOL, p.u8(3), 3)
    spaces, numbers = np.full(256, -1), np.zeros(256, np.int64)
    for each, (space, number) in _NEXT.items():
        spaces[each], numbers[each] = space, number
    p.advance(8)
    p.go_on(spaces[kind], numbers[kind])
    p.leave(spaces[kind] < 0, verdict_of("vxlan"))
