"""Protocols by the numbers that name them in the header before, and who decodes each.

A module of this package declares its decoder with `@decodes(LinkType.ETHERNET)`; it is found with
pkgutil, and two claims on one number fail at import. Numbers without a name here can be claimed
too: `EtherType(0x1234)`. Anything may use a UDP port, so a tunnel in UDP also says how it is
recognised. Protocols that nobody decodes are listed in `ENDS` with what that means: understood and
no SIP, or an anomaly.
"""

import importlib
import pkgutil
from collections.abc import Callable
from enum import IntEnum
from functools import cache
from typing import Self

import analyzer.decode
from analyzer.decode import verdicts
from analyzer.decode.cursor import Packets
from analyzer.decode.udp_payloads import UdpPayloads
from analyzer.decode.verdicts import OTHER, verdict_of
from analyzer.frozen import frozen
from analyzer.tables.schema import Bool


class Number(IntEnum):
    """A number that names a protocol; one without a name here is its own name."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int) or not 0 <= value <= 0xFFFF:
            return None
        member = int.__new__(cls, value)
        member._name_, member._value_ = f"{cls.__name__}_{value}", value
        return member


class LinkType(Number):
    """LINKTYPE_ values that are decoded (www.tcpdump.org/linktypes.html)."""

    NULL = 0
    ETHERNET = 1
    PPP = 9
    RAW_BSD = 12
    RAW_BSDOS = 14
    PPP_HDLC = 50
    PPP_ETHER = 51
    RAW = 101
    C_HDLC = 104
    IEEE802_11 = 105
    LOOP = 108
    LINUX_SLL = 113
    IEEE802_11_PRISM = 119
    IEEE802_11_RADIOTAP = 127
    IEEE802_11_AVS = 163
    PPP_PPPD = 166
    PPI = 192
    PPP_WITH_DIR = 204
    IPV4 = 228
    IPV6 = 229
    NFLOG = 239
    WIRESHARK_UPPER_PDU = 252
    PKTAP = 258
    LINUX_SLL2 = 276


class EtherType(Number):
    """EtherType values (IEEE 802 numbers at IANA)."""

    IPV4 = 0x0800
    IS_IS = 0x00FE
    ARP = 0x0806
    CDP = 0x2000
    NHRP = 0x2001
    WAKE_ON_LAN = 0x0842
    ERSPAN_III = 0x22EB
    TRANSPARENT_BRIDGING = 0x6558
    RARP = 0x8035
    VLAN = 0x8100
    IPV6 = 0x86DD
    ETHERNET_FLOW_CONTROL = 0x8808
    SLOW_PROTOCOLS = 0x8809
    PPP = 0x880B
    MPLS = 0x8847
    MPLS_MULTICAST = 0x8848
    PPPOE_DISCOVERY = 0x8863
    PPPOE_SESSION = 0x8864
    EAPOL = 0x888E
    PROFINET = 0x8892
    QINQ = 0x88A8
    ERSPAN_II = 0x88BE
    LLDP = 0x88CC
    HOMEPLUG = 0x88E1
    PTP = 0x88F7
    CFM = 0x8902
    LOOPBACK = 0x9000
    OLD_QINQ = 0x9100
    OLD_QINQ_2 = 0x9200


class IpProtocol(Number):
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
    ETHER_IP = 97
    PIM = 103
    VRRP = 112
    L2TP = 115
    SCTP = 132
    MOBILITY = 135
    MPLS = 137
    HIP = 139
    SHIM6 = 140


class PppProtocol(Number):
    """PPP protocol numbers (IANA)."""

    IPV4 = 0x0021
    IPV6 = 0x0057
    COMPRESSED = 0x00FD
    MPLS = 0x0281
    MPLS_MULTICAST = 0x0283


class UdpPort(Number):
    """UDP ports of tunnels (IANA, or the habit of those who send them)."""

    L2TP = 1701
    GTP_U = 2152
    IPSEC_NAT_T = 4500
    VXLAN = 4789
    VXLAN_GPE = 4790
    GENEVE = 6081
    MPLS = 6635
    OLD_VXLAN = 8472
    HEP = 9060
    TZSP = 37008


Protocol = LinkType | EtherType | IpProtocol | PppProtocol | UdpPort
Decoder = Callable[[Packets], None]
Recogniser = Callable[[UdpPayloads], Bool]

SPACES: tuple[type[Protocol], ...] = (LinkType, EtherType, IpProtocol, PppProtocol, UdpPort)
"""Number spaces; `Packets.next_space` counts in this order."""
LINK_SPACE, ETHER_SPACE, IP_SPACE, PPP_SPACE, UDP_SPACE = range(5)
UNKNOWN = (
    verdicts.UNKNOWN_LINK_TYPE,
    verdicts.UNKNOWN_ETHERTYPE,
    verdicts.UNKNOWN_IP_PROTOCOL,
    verdicts.UNKNOWN_PPP_PROTOCOL,
)
"""Verdict on a number that nobody knows, by its space; in UDP none is unknown."""

ENDS: dict[tuple[int, int], int] = {
    **{
        (ETHER_SPACE, each): OTHER
        for each in (
            EtherType.ARP, EtherType.WAKE_ON_LAN, EtherType.RARP, EtherType.PPPOE_DISCOVERY,
            EtherType.ETHERNET_FLOW_CONTROL, EtherType.SLOW_PROTOCOLS, EtherType.EAPOL,
            EtherType.PROFINET, EtherType.LLDP, EtherType.HOMEPLUG, EtherType.PTP, EtherType.CFM,
            EtherType.LOOPBACK, EtherType.NHRP, EtherType.IS_IS,
            EtherType.CDP,
        )
    },
    **{
        (IP_SPACE, each): OTHER
        for each in (
            IpProtocol.ICMP, IpProtocol.IGMP, IpProtocol.ICMPV6, IpProtocol.NO_NEXT,
            IpProtocol.EIGRP, IpProtocol.OSPF, IpProtocol.PIM, IpProtocol.VRRP,
        )
    },
    (IP_SPACE, IpProtocol.ESP): verdict_of("esp"),
    (PPP_SPACE, PppProtocol.COMPRESSED): verdict_of("ppp-compressed"),
}  # fmt: skip
"""(space, number) → verdict where no decoder goes on."""


@frozen
class UdpTunnel:
    """How a tunnel in UDP is known."""

    number: int
    """The port that stands for it in UDP_SPACE."""
    ports: tuple[int, ...]
    """Ports that make it worth a look."""
    beginnings: tuple[bytes, ...]
    """The same on any port: two first bytes."""
    recognise: Recogniser
    """Whether a datagram is one."""


_DECODERS: dict[tuple[int, int], Decoder] = {}
_UDP_TUNNELS: list[UdpTunnel] = []


def decodes(
    *protocols: Protocol, recognise: Recogniser | None = None, beginnings: tuple[bytes, ...] = ()
) -> Callable[[Decoder], Decoder]:
    """Declare which protocols a function decodes. Of UDP it gets what `recognise` takes for its own
    among the datagrams on its ports, and those on any port that begin with two of the `beginnings`.
    """

    def register(decoder: Decoder) -> Decoder:
        ports = tuple(int(each) for each in protocols if isinstance(each, UdpPort))
        if bool(ports) != (recognise is not None):
            message = f"{protocols!r}: a UDP port needs a way to recognise what uses it"
            raise ValueError(message)
        for each in protocols:
            key = (SPACES.index(type(each)), int(each))
            if key in _DECODERS or key in ENDS:
                message = f"{each!r} is claimed twice"
                raise ValueError(message)
            _DECODERS[key] = decoder
        if recognise:
            _UDP_TUNNELS.append(UdpTunnel(ports[0], ports, beginnings, recognise))
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


@cache
def udp_tunnels() -> tuple[UdpTunnel, ...]:
    """Return the tunnels in UDP, in the order of their first ports."""
    decoders()
    return tuple(sorted(_UDP_TUNNELS, key=lambda each: each.number))
