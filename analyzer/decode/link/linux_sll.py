"""Linux cooked capture → what the EtherType says: LINKTYPE_LINUX_SLL."""

from analyzer.decode.cursor import Packets
from analyzer.decode.link.ethernet import ether_types
from analyzer.decode.protocols import LinkType, decodes
from analyzer.decode.verdicts import OTHER

ARPHRD_NETLINK = 824
"""Here the protocol is a Netlink family."""


@decodes(LinkType.LINUX_SLL)
def linux_sll(p: Packets) -> None:
    """Step over packet type, device type and address; the protocol comes last."""
    p.require(16)
    p.leave(p.u16(2) == ARPHRD_NETLINK, OTHER)
    p.advance(16)
    ether_types(p, -2)
