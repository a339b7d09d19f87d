"""What a payload is that no number names: IPv4, IPv6 or Ethernet, by what its own header says."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import ENDS, ETHER_SPACE, LINK_SPACE, EtherType, LinkType, decoders
from analyzer.decode.verdicts import PACKET_CUT
from analyzer.tables.schema import Bool, Int64

_SAPS = (0x42, 0xAA, 0xE0, 0xFE)
"""LLC addresses in use: spanning tree, SNAP, IPX, OSI."""
_SHORTEST_IPV4 = 20
_ETHERNET_HEADER = 14
NOT_FOUND = -1
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


def _is_ethernet_with_ip(p: Packets, offset: int) -> Bool:
    """Tell where an Ethernet frame begins whose EtherType and packet agree."""
    version = p.u8(offset + _ETHERNET_HEADER) >> 4
    number = np.where(version == 4, int(EtherType.IPV4), int(EtherType.IPV6))
    agrees: Bool = p.u16(offset + 12) == number
    return agrees & is_ip(p, offset + _ETHERNET_HEADER)


_RECOGNISERS = (
    (LinkType.ETHERNET, _is_ethernet_with_ip),
    (LinkType.RAW, is_ip),
    (LinkType.ETHERNET, is_ethernet),
)
"""Link type and what tells it, the surest first."""


def find_payload(p: Packets, places: Sequence[tuple[int, Bool]]) -> tuple[Int64, Int64]:
    """Return the offset at which a payload begins, -1 where none is recognised, and its link type.

    Of the `places`, offsets with where they are possible, the surest is taken, then the first.
    """
    offset, link_type = np.full(len(p), NOT_FOUND, np.int64), np.zeros(len(p), np.int64)
    for kind, recognise in _RECOGNISERS:
        for place, is_possible in places:
            found = (offset == NOT_FOUND) & is_possible & recognise(p, place)
            offset[found], link_type[found] = place, int(kind)
    return offset, link_type


def unrecognised(p: Packets, unknown: int) -> Int64:
    """Return the verdicts on packets that are neither: `unknown`, or cut where too little was
    captured to tell.
    """
    cut = (p.at + _TELLING > p.end) & (p.wire_end > p.end)
    return np.where(cut, PACKET_CUT, unknown)


def go_on_with_payload(p: Packets, places: Sequence[tuple[int, Bool]], unknown: int) -> None:
    """Go on with the IP packet or the Ethernet frame at one of the places; the verdict on what is
    neither is `unknown`.
    """
    offset, link_type = find_payload(p, places)
    is_unknown = offset == NOT_FOUND
    verdicts = unrecognised(p, unknown)
    p.go_on(LINK_SPACE, link_type)
    p.advance(np.where(is_unknown, 0, offset))
    p.leave(is_unknown, verdicts)
