"""IEEE 802.1Q and 802.1ad tags, stacked as often as they come → what the inner EtherType says."""

from analyzer.decode.cursor import Packets
from analyzer.decode.link.ethernet import ether_types
from analyzer.decode.protocols import EtherType, decodes


@decodes(EtherType.VLAN, EtherType.QINQ, EtherType.OLD_QINQ, EtherType.OLD_QINQ_2)
def vlan(p: Packets) -> None:
    """Step over one tag."""
    p.require(4)
    p.advance(4)
    ether_types(p, -2)
