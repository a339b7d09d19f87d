"""MPLS label stack → IP or Ethernet (RFC 3032, RFC 4385, RFC 4448).

Only the routers know what a label means, so the payload is recognised by its own header: IP, or
Ethernet with or without the control word of a pseudowire.
"""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import (
    ETHER_SPACE,
    LINK_SPACE,
    EtherType,
    IpProtocol,
    PppProtocol,
    UdpPort,
    decodes,
)
from analyzer.decode.recognise import NOT_FOUND, find_payload, unrecognised
from analyzer.decode.udp_payloads import UdpPayloads
from analyzer.decode.verdicts import OTHER, verdict_of
from analyzer.tables.schema import Bool

MPLS = verdict_of("mpls")
GAL = 13
"""Label that announces a channel for maintenance (RFC 5586)."""
ASSOCIATED_CHANNEL = 1
"""First four bits of such a channel, where IP has its version (RFC 4385 §5)."""


def is_mpls(payloads: UdpPayloads) -> Bool:
    """Tell where a label and some payload can be (RFC 7510); RTP that uses the port is none."""
    may_be: Bool = (payloads.wire_len >= 8) & (payloads.p.u8(0) >> 6 != 2)
    return payloads.to_port(UdpPort.MPLS) & may_be


@decodes(
    EtherType.MPLS,
    EtherType.MPLS_MULTICAST,
    IpProtocol.MPLS,
    PppProtocol.MPLS,
    PppProtocol.MPLS_MULTICAST,
    UdpPort.MPLS,
    recognise=is_mpls,
)
def mpls(p: Packets) -> None:
    """Step over one label; after the last one find out what it carries."""
    p.require(4)
    p.advance(4)
    is_channel = (p.u8(0) >> 4 == ASSOCIATED_CHANNEL) | ((p.u32(-4) >> 12) == GAL)
    p.leave(_is_last(p) & is_channel, OTHER)
    is_last = _is_last(p)
    control_word = is_last & (p.u8(0) >> 4 == 0)
    offset, link_type = find_payload(p, ((4, control_word), (0, is_last)))
    is_unknown = is_last & (offset == NOT_FOUND)
    verdicts = unrecognised(p, MPLS)
    p.go_on(
        np.where(is_last, LINK_SPACE, ETHER_SPACE),
        np.where(is_last, link_type, int(EtherType.MPLS)),
    )
    p.advance(np.where(offset == NOT_FOUND, 0, offset))
    p.leave(is_unknown, verdicts)


def _is_last(p: Packets) -> Bool:
    """Tell which labels before the cursor are the bottom of their stack."""
    is_last: Bool = p.u8(-2) & 1 == 1
    return is_last
