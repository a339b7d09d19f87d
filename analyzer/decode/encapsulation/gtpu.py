"""GTP-U of mobile networks → the user's IP packet or Ethernet frame (3GPP TS 29.281 §5)."""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import UdpPort, decodes
from analyzer.decode.recognise import go_on_with_payload
from analyzer.decode.udp_payloads import UdpPayloads
from analyzer.decode.verdicts import OTHER, TOO_MANY_LAYERS, verdict_of
from analyzer.tables.schema import Bool, Int64

VERSION_1 = 3
"""First four bits: version 1, protocol type GTP, spare."""
G_PDU = 255
"""The one message type that carries user data; others keep the tunnel."""
OPTIONAL_FIELDS, EXTENSION = 0x07, 0x04
MAX_EXTENSIONS = 8


def is_gtpu(payloads: UdpPayloads) -> Bool:
    """Tell where version and protocol type are those of GTP-U (§5.1)."""
    is_version_1: Bool = payloads.p.u8(0) >> 4 == VERSION_1
    return payloads.on_port(UdpPort.GTP_U) & is_version_1


@decodes(UdpPort.GTP_U, recognise=is_gtpu)
def gtpu(p: Packets) -> None:
    """Step over the header, its optional fields and a chain of extension headers (§5.2)."""
    p.require(8)
    p.leave(p.u8(1) != G_PDU, OTHER)
    p.advance(8)
    p.cut_to(p.u16(-6))
    p.require(_optional(p))
    # The last byte of the optional fields and of each extension says which extension comes next.
    has_extension = p.u8(-8) & EXTENSION != 0
    p.advance(_optional(p))
    size = np.where(has_extension & (p.u8(-1) != 0), p.u8(0) * 4, 0)
    for _ in range(MAX_EXTENSIONS):
        if not size.any():
            break
        # `next` is not in use yet; it keeps the sizes beside their packets while some leave.
        p.next = size
        p.require(size)
        p.advance(p.next)
        size = np.where((p.next > 0) & (p.u8(-1) != 0), p.u8(0) * 4, 0)
    p.leave(size > 0, TOO_MANY_LAYERS)
    go_on_with_payload(p, ((0, np.ones(len(p), np.bool_)),), verdict_of("gtpu"))


def _optional(p: Packets) -> Int64:
    """Return the length of the optional fields, by the flags before the cursor."""
    return np.where(p.u8(-8) & OPTIONAL_FIELDS, 4, 0)
