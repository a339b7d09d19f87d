"""No link header → IPv4 or IPv6: LINKTYPE_RAW, LINKTYPE_IPV4, LINKTYPE_IPV6."""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import ETHER_SPACE, EtherType, LinkType, decodes
from analyzer.decode.verdicts import PACKET_DAMAGED


@decodes(LinkType.RAW, LinkType.RAW_BSD, LinkType.RAW_BSDOS, LinkType.IPV4, LinkType.IPV6)
def raw_ip(p: Packets) -> None:
    """Tell the two by their version."""
    p.require(1)
    version = p.u8(0) >> 4
    p.go_on(ETHER_SPACE, np.where(version == 4, int(EtherType.IPV4), int(EtherType.IPV6)))
    p.leave((version != 4) & (version != 6), PACKET_DAMAGED)
