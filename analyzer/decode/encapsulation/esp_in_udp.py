"""IPsec ESP in UDP → only counted, as it is encrypted (RFC 3948)."""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import UdpPort, decodes
from analyzer.decode.udp_payloads import UdpPayloads
from analyzer.decode.verdicts import verdict_of
from analyzer.tables.schema import Bool

_RTP = (0x80, 0x90)
"""First bytes of RTP that happens to use the port."""


def is_esp(payloads: UdpPayloads) -> Bool:
    """Tell ESP from the key exchange, which has 0 where ESP has its index, and from keep-alives."""
    p = payloads.p
    has_index: Bool = (payloads.wire_len >= 8) & (p.u32(0) != 0) & ~np.isin(p.u8(0), _RTP)
    return payloads.on_port(UdpPort.IPSEC_NAT_T) & has_index


@decodes(UdpPort.IPSEC_NAT_T, recognise=is_esp)
def esp_in_udp(p: Packets) -> None:
    """Count: what ESP carries is encrypted."""
    p.leave(np.ones(len(p), np.bool_), verdict_of("esp"))
