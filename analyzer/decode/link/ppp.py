"""PPP, alone or in HDLC-like framing → what its protocol number says (RFC 1661, RFC 1662).

LINKTYPE_PPP, LINKTYPE_PPP_HDLC, LINKTYPE_PPP_PPPD, LINKTYPE_PPP_WITH_DIR; inside PPPoE, PPTP, L2TP.
"""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import (
    ETHER_SPACE,
    LINK_SPACE,
    PPP_SPACE,
    EtherType,
    LinkType,
    PppProtocol,
    decodes,
)
from analyzer.decode.verdicts import OTHER

ADDRESS_AND_CONTROL = 0xFF03
CISCO_HDLC = (0x0F00, 0x8F00)
"""Address and control of Cisco's HDLC, unicast and multicast, which shares a link type with PPP."""
CONTROL_PROTOCOLS = 0x8000
"""From here on numbers are those of protocols that set up the link and what it carries."""


@decodes(LinkType.PPP, LinkType.PPP_HDLC, EtherType.PPP)
def ppp(p: Packets) -> None:
    """Step over address and control, which may be left out, and a protocol of one or two bytes."""
    p.advance(np.where(p.u16(0) == ADDRESS_AND_CONTROL, 2, 0))
    p.require(2)
    is_cisco, is_short = np.isin(p.u16(0), CISCO_HDLC), p.u8(0) & 1 == 1
    number = np.where(is_short, p.u8(0), p.u16(0))
    p.go_on(
        np.where(is_cisco, LINK_SPACE, PPP_SPACE), np.where(is_cisco, int(LinkType.C_HDLC), number)
    )
    p.advance(np.where(is_cisco, 0, 2 - is_short))
    p.leave((p.next_space == PPP_SPACE) & (p.next >= CONTROL_PROTOCOLS), OTHER)


@decodes(LinkType.PPP_WITH_DIR)
def ppp_with_direction(p: Packets) -> None:
    """Step over the byte that tells sent from received."""
    p.require(1)
    p.advance(1)
    p.go_on(LINK_SPACE, LinkType.PPP)


@decodes(LinkType.PPP_PPPD)
def ppp_of_pppd(p: Packets) -> None:
    """Step over the direction, which stands for the address, and over the control byte."""
    p.require(2)
    p.advance(np.where(p.u8(1) == ADDRESS_AND_CONTROL & 0xFF, 2, 1))
    p.go_on(LINK_SPACE, LinkType.PPP)


@decodes(PppProtocol.IPV4)
def ipv4_in_ppp(p: Packets) -> None:
    """Go on with the packet."""
    p.go_on(ETHER_SPACE, EtherType.IPV4)


@decodes(PppProtocol.IPV6)
def ipv6_in_ppp(p: Packets) -> None:
    """Go on with the packet (RFC 5072)."""
    p.go_on(ETHER_SPACE, EtherType.IPV6)
