"""Linux cooked capture v2 → what the EtherType says: LINKTYPE_LINUX_SLL2."""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.link.ethernet import FIRST_ETHERTYPE
from analyzer.decode.link.linux_sll import ARPHRD_NETLINK
from analyzer.decode.protocols import ETHER_SPACE, LinkType, decodes
from analyzer.decode.verdicts import OTHER


@decodes(LinkType.LINUX_SLL2)
def linux_sll2(p: Packets) -> None:
    """Step over the header, which begins with the protocol."""
    p.require(20)
    p.leave(p.u16(8) == ARPHRD_NETLINK, OTHER)
    numbers = p.u16(0)
    p.advance(20)
    p.go_on(ETHER_SPACE, numbers)
    p.leave(np.asarray(numbers < FIRST_ETHERTYPE), OTHER)
