"""BSD loopback → IPv4 or IPv6: LINKTYPE_NULL, LINKTYPE_LOOP.

The address family is in the byte order of the machine that captured (NULL) or of the network
(LOOP).
"""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import ETHER_SPACE, EtherType, LinkType, decodes
from analyzer.decode.verdicts import UNKNOWN_ETHERTYPE

AF_INET = 2
AF_INET6 = (10, 23, 24, 28, 30)
"""Linux, Windows, NetBSD and OpenBSD, FreeBSD, macOS."""


@decodes(LinkType.NULL, LinkType.LOOP)
def null_loopback(p: Packets) -> None:
    """Step over the address family."""
    p.require(4)
    big = p.u32(0)
    # Families are small numbers: the byte order in which it is one is the right one.
    little = p.u8(0) | (p.u8(1) << 8)
    family = np.where(big <= 0xFFFF, big, little)
    is_v4, is_v6 = family == AF_INET, np.isin(family, AF_INET6)
    p.advance(4)
    p.go_on(ETHER_SPACE, np.where(is_v4, int(EtherType.IPV4), int(EtherType.IPV6)))
    p.leave(~is_v4 & ~is_v6, UNKNOWN_ETHERTYPE, family)
