"""Protocols by the numbers that name them in the header before, and who decodes each.

A module of this package declares its decoder with `@decodes(LinkType.ETHERNET)`; it is found with
pkgutil, and two claims on one number fail at import. Protocols that nobody decodes are listed in
`ENDS` with what that means: understood and no SIP, or an anomaly.
"""

import importlib
import pkgutil
from collections.abc import Callable
from enum import IntEnum
from functools import cache

import analyzer.decode
from analyzer.decode import verdicts
from analyzer.decode.cursor import Packets
from analyzer.decode.verdicts import OTHER, verdict_of


class LinkType(IntEnum):
    """LINKTYPE_ values that are decoded (www.tcpdump.org/linktypes.html)."""

    NULL = 0
    ETHERNET = 1
    RAW_BSD = 12
    RAW_BSDOS = 14
    RAW = 101
    LOOP = 108
    LINUX_SLL = 113
    IPV4 = 228
    IPV6 = 229
    LINUX_SLL2 = 276


class EtherType(IntEnum):
    """EtherType values (IEEE 802 numbers at IANA)."""

    IPV4 = 0x0800
    ARP = 0x0806
    WAKE_ON_LAN = 0x0842
    RARP = 0x8035
    VLAN = 0x8100
    IPV6 = 0x86DD
    ETHERNET_FLOW_CONTROL = 0x8808
    SLOW_PROTOCOLS = 0x8809
    MPLS = 0x8847
    MPLS_MULTICAST = 0x8848
    PPPOE_DISCOVERY = 0x8863
    PPPOE_SESSION = 0x8864
    EAPOL = 0x888E
    PROFINET = 0x8892
    QINQ = 0x88A8
    LLDP = 0x88CC
    HOMEPLUG = 0x88E1
    PTP = 0x88F7
    CFM = 0x8902
    LOOPBACK = 0x9000
    OLD_QINQ = 0x9100
    OLD_QINQ_2 = 0x9200


class IpProtocol(IntEnum):
    """IP protocol numbers (IANA)."""

    HOP_BY_HOP = 0
    ICMP = 1
    IGMP = 2
    IPV4 = 4
    TCP = 6
    UDP = 17
    IPV6 = 41
    IPV6_ROUTE = 43
    IPV6_FRAGMENT = 44
    GRE = 47
    ESP = 50
    AH = 51
    ICMPV6 = 58
    NO_NEXT = 59
    DESTINATION_OPTIONS = 60
    EIGRP = 88
    OSPF = 89
    PIM = 103
    VRRP = 112
    L2TP = 115
    SCTP = 132
    MOBILITY = 135
    MPLS = 137
    HIP = 139
    SHIM6 = 140


Protocol = LinkType | EtherType | IpProtocol
Decoder = Callable[[Packets], None]

SPACES: tuple[type[Protocol], ...] = (LinkType, EtherType, IpProtocol)
"""Number spaces; `Packets.next_space` counts in this order."""
LINK_SPACE, ETHER_SPACE, IP_SPACE = range(3)
UNKNOWN = (verdicts.UNKNOWN_LINK_TYPE, verdicts.UNKNOWN_ETHERTYPE, verdicts.UNKNOWN_IP_PROTOCOL)
"""Verdict on a number that nobody knows, by its space."""

ENDS: dict[tuple[int, int], int] = {
    **{
        (ETHER_SPACE, each): OTHER
        for each in (
            EtherType.ARP, EtherType.WAKE_ON_LAN, EtherType.RARP, EtherType.PPPOE_DISCOVERY,
            EtherType.ETHERNET_FLOW_CONTROL, EtherType.SLOW_PROTOCOLS, EtherType.EAPOL,
            EtherType.PROFINET, EtherType.LLDP, EtherType.HOMEPLUG, EtherType.PTP, EtherType.CFM,
            EtherType.LOOPBACK,
        )
    },
    (ETHER_SPACE, EtherType.MPLS): verdict_of("mpls"),
    (ETHER_SPACE, EtherType.MPLS_MULTICAST): verdict_of("mpls"),
    (ETHER_SPACE, EtherType.PPPOE_SESSION): verdict_of("pppoe"),
    **{
        (IP_SPACE, each): OTHER
        for each in (
            IpProtocol.ICMP, IpProtocol.IGMP, IpProtocol.ICMPV6, IpProtocol.NO_NEXT,
            IpProtocol.EIGRP, IpProtocol.OSPF, IpProtocol.PIM, IpProtocol.VRRP,
        )
    },
    (IP_SPACE, IpProtocol.GRE): verdict_of("gre"),
    (IP_SPACE, IpProtocol.IPV4): verdict_of("ip-in-ip"),
    (IP_SPACE, IpProtocol.IPV6): verdict_of("ip-in-ip"),
    (IP_SPACE, IpProtocol.ESP): verdict_of("esp"),
    (IP_SPACE, IpProtocol.L2TP): verdict_of("l2tp"),
    (IP_SPACE, IpProtocol.MPLS): verdict_of("mpls"),
}  # fmt: skip
"""(space, number) → verdict where no decoder goes on."""

_DECODERS: dict[tuple[int, int], Decoder] = {}


def decodes(*protocols: Protocol) -> Callable[[Decoder], Decoder]:
    """Declare which protocols a function decodes."""

    def register(decoder: Decoder) -> Decoder:
        for each in protocols:
            key = (SPACES.index(type(each)), int(each))
            if key in _DECODERS or key in ENDS:
                message = f"{each!r} is claimed twice"
                raise ValueError(message)
            _DECODERS[key] = decoder
        return decoder

    return register


@cache
def decoders() -> dict[tuple[int, int], Decoder]:
    """Return the decoder of each (space, number), from all modules of this package."""
    package = analyzer.decode
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not found.name.rpartition(".")[2].startswith("_"):
            importlib.import_module(found.name)
    return _DECODERS
