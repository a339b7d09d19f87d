"""L2TP: version 2 in UDP → PPP (RFC 2661); version 3 in IP or UDP → Ethernet or IP (RFC 3931).

Only the peers of a version 3 session know how long its cookie is (0, 4 or 8 bytes) and whether a
sublayer of 4 bytes follows. The payload is looked for behind each of the lengths that are possible:
Ethernet with an IP packet in it is the surest sign, then IP, then any Ethernet; shortest first.
"""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import LINK_SPACE, IpProtocol, LinkType, UdpPort, decodes
from analyzer.decode.recognise import NOT_FOUND, find_payload, unrecognised
from analyzer.decode.udp_payloads import UdpPayloads
from analyzer.decode.verdicts import OTHER, verdict_of
from analyzer.tables.schema import Bool, Int64

CONTROL, LENGTH, SEQUENCE, OFFSET = 0x8000, 0x4000, 0x0800, 0x0200
RESERVED, VERSION = 0x34F0, 0x000F
COOKIE_AND_SUBLAYER = (0, 4, 8, 12)


def is_l2tp(payloads: UdpPayloads) -> Bool:
    """Tell where the version is 2 or 3 and the reserved bits are 0 (RFC 2661 §3.1)."""
    flags = payloads.p.u16(0)
    is_data = flags & CONTROL == 0
    # RTP on this port is no control message: these have a length and a sequence number.
    is_control = flags & (CONTROL | LENGTH | SEQUENCE) == CONTROL | LENGTH | SEQUENCE
    found: Bool = np.isin(flags & VERSION, (2, 3)) & (flags & RESERVED == 0)
    found &= payloads.on_port(UdpPort.L2TP) & (is_control | is_data)
    return found


@decodes(UdpPort.L2TP, recognise=is_l2tp)
def l2tp_in_udp(p: Packets) -> None:
    """Step over the header of a data message of either version; control messages hold no packet."""
    p.require(6)
    p.leave(p.u16(0) & CONTROL != 0, OTHER)
    is_v3 = p.u16(0) & VERSION == 3
    p.require(np.where(is_v3, 8, _size_v2(p)))
    is_v3, flags = p.u16(0) & VERSION == 3, p.u16(0)
    size = _size_v2(p)
    # Offset size and padding come last, before the payload.
    padding = np.where(flags & OFFSET, p.u16(size - 2), 0)
    p.advance(np.where(is_v3, 8, size + padding))
    _sessions(p, is_v3)


def _size_v2(p: Packets) -> Int64:
    """Return the length of each header of version 2, without padding."""
    flags = p.u16(0)
    size: Int64 = (
        6
        + np.where(flags & LENGTH, 2, 0)
        + np.where(flags & SEQUENCE, 4, 0)
        + np.where(flags & OFFSET, 2, 0)
    )
    return size


@decodes(IpProtocol.L2TP)
def l2tp_in_ip(p: Packets) -> None:
    """Step over the session; session 0 is that of control messages."""
    p.require(4)
    p.leave(p.u32(0) == 0, OTHER)
    p.advance(4)
    _sessions(p, np.ones(len(p), np.bool_))


def _sessions(p: Packets, is_v3: Bool) -> None:
    """Find the payload of sessions of version 3."""
    offset, link_type = find_payload(p, [(each, is_v3) for each in COOKIE_AND_SUBLAYER])
    is_unknown = is_v3 & (offset == NOT_FOUND)
    verdicts = unrecognised(p, verdict_of("l2tp"))
    p.go_on(LINK_SPACE, np.where(is_v3, link_type, int(LinkType.PPP)))
    p.advance(np.where(is_v3 & ~is_unknown, offset, 0))
    p.leave(is_unknown, verdicts)
