"""What a payload is that no number names: IPv4, IPv6 or Ethernet, by what its own header says."""

from functools import cache

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import ENDS, ETHER_SPACE, LINK_SPACE, LinkType, decoders
from analyzer.decode.verdicts import PACKET_CUT
from analyzer.tables.schema import Bool, Int64

_SAPS = (0x42, 0xAA, 0xE0, 0xFE)
"""LLC addresses in use: spanning tree, SNAP, IPX, OSI."""
_SHORTEST_IPV4 = 20
_TELLING = 20
"""Bytes that tell Ethernet behind a control word."""


@cache
def _known_ether_types() -> Bool:
    known = np.zeros(1 << 16, np.bool_)
    known[[number for space, number in (*decoders(), *ENDS) if space == ETHER_SPACE]] = True
    return known


def is_ip(p: Packets, offset: int = 0) -> Bool:
    """Tell where an IPv4 or IPv6 packet begins that is not longer than the bytes on the wire; a
    length of 0 is that of segmentation offload.
    """
    left = p.wire_end - p.at - offset
    first, version = p.u8(offset), p.u8(offset) >> 4
    total = p.u16(offset + 2)
    fits_v4 = (first & 0x0F >= 5) & ((total >= _SHORTEST_IPV4) | (total == 0)) & (total <= left)
    found: Bool = ((version == 4) & fits_v4) | ((version == 6) & (p.u16(offset + 4) + 40 <= left))
    return found & (p.at + offset < p.end)


def is_ethernet(p: Packets, offset: int = 0) -> Bool:
    """Tell where an Ethernet frame begins, by an EtherType or an LLC address that is known."""
    number = p.u16(offset + 12)
    length_fits = (number >= 3) & (number <= 1500) & (p.at + offset + 14 + number <= p.wire_end)
    llc = length_fits & np.isin(p.u8(offset + 14), _SAPS)
    found: Bool = (_known_ether_types()[number] | llc) & (p.at + offset + 14 <= p.end)
    return found


def unrecognised(p: Packets, unknown: int) -> Int64:
    """Return the verdicts on packets that are neither: `unknown`, or cut where too little was
    captured to tell.
    """
    cut = (p.at + _TELLING > p.end) & (p.wire_end > p.end)
    return np.where(cut, PACKET_CUT, unknown)


def go_on_with_ip_or_ethernet(p: Packets, unknown: int) -> None:
    """Go on with the IP packet or the Ethernet frame at the cursor; the verdict on
    what is neither is `unknown`.
    """
    ip = is_ip(p)
    p.go_on(LINK_SPACE, np.where(ip, int(LinkType.RAW), int(LinkType.ETHERNET)))
    p.leave(~ip & ~is_ethernet(p), unrecognised(p, unknown))
