"""GRE → what its protocol type says (RFC 2784, RFC 2890); PPTP has an enhanced one (RFC 2637)."""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import ETHER_SPACE, EtherType, IpProtocol, decodes
from analyzer.decode.verdicts import OTHER, verdict_of
from analyzer.tables.schema import Bool, Int64

CHECKSUM, ROUTING, KEY, SEQUENCE, ACKNOWLEDGEMENT = 0x8000, 0x4000, 0x2000, 0x1000, 0x0080
VERSION = 0x0007


@decodes(IpProtocol.GRE)
def gre(p: Packets) -> None:
    """Step over the header with the fields that its flags announce; source routes (RFC 1701) and
    later versions are not read.
    """
    p.require(4)
    version = p.u16(0) & VERSION
    p.leave((version > 1) | ((version == 0) & _has(p, ROUTING)), verdict_of("gre"))
    p.require(_size(p))
    # An enhanced packet without a sequence number acknowledges, one without payload keeps alive.
    acknowledges = (p.u16(0) & VERSION == 1) & ~_has(p, SEQUENCE)
    p.leave(acknowledges | (p.at + _size(p) >= p.wire_end), OTHER)
    is_enhanced = p.u16(0) & VERSION == 1
    # Type I of ERSPAN shares its number with type II, but has neither header nor sequence number.
    is_erspan_1 = (p.u16(2) == EtherType.ERSPAN_II) & ~_has(p, SEQUENCE)
    numbers = np.where(is_erspan_1, int(EtherType.TRANSPARENT_BRIDGING), p.u16(2))
    payload_len = np.where(is_enhanced, p.u16(4), p.wire_end - p.at)
    p.advance(_size(p))
    p.cut_to(payload_len)
    p.go_on(ETHER_SPACE, numbers)


def _has(p: Packets, flag: int) -> Bool:
    has: Bool = (p.u16(0) & flag) != 0
    return has


def _size(p: Packets) -> Int64:
    """Return the length of each header."""
    flags = (_has(p, flag).astype(np.int64) for flag in (CHECKSUM, KEY, SEQUENCE, ACKNOWLEDGEMENT))
    checksum, key, sequence, acknowledgement = flags
    # The flag of the acknowledgement is a reserved one in version 0.
    return 4 + 4 * (checksum + key + sequence + acknowledgement * (p.u16(0) & VERSION))
