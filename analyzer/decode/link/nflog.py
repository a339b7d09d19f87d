"""Packets that a Linux firewall logged → what family or protocol say: LINKTYPE_NFLOG."""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import ETHER_SPACE, EtherType, LinkType, decodes
from analyzer.decode.verdicts import OTHER, PACKET_CUT, PACKET_DAMAGED
from analyzer.tables.schema import Int64

AF_INET, AF_INET6 = 2, 10
PACKET_HEADER, PAYLOAD = 1, 9
"""Types of the fields that matter (NFULA_)."""
MAX_FIELDS = 32


@decodes(LinkType.NFLOG)
def nflog(p: Packets) -> None:
    """Step over the header and the fields before the payload."""
    p.require(4)
    p.leave(p.u8(1) != 0, PACKET_DAMAGED)
    numbers = np.where(p.u8(0) == AF_INET, int(EtherType.IPV4), 0)
    numbers[p.u8(0) == AF_INET6] = int(EtherType.IPV6)
    p.advance(4)
    is_open = p.at < p.wire_end
    for _ in range(MAX_FIELDS):
        has_protocol = is_open & (numbers == 0) & (_kind(p) == PACKET_HEADER)
        numbers = np.where(has_protocol, p.u16(4), numbers)
        is_open &= (_kind(p) != PAYLOAD) & (_length(p) >= 4) & (p.at + 4 <= p.end)
        if not is_open.any():
            break
        # Each field begins on a multiple of 4 bytes.
        p.advance(np.where(is_open, (_length(p) + 3) & ~3, 0))
    p.go_on(ETHER_SPACE, numbers)
    none = is_open | (_kind(p) != PAYLOAD) | (p.at + 4 > p.end)
    p.leave(none, np.where((p.at + 4 > p.end) & (p.wire_end > p.end), PACKET_CUT, OTHER))
    payload_len = _length(p) - 4
    p.advance(4)
    p.cut_to(payload_len)


def _kind(p: Packets) -> Int64:
    """Return the type of each field: the byte order in which it is a small number is right."""
    return np.minimum(p.u16(2), p.le16(2))


def _length(p: Packets) -> Int64:
    """Return the length of each field with its header, in the byte order that its type has."""
    return np.where(p.le16(2) <= p.u16(2), p.le16(0), p.u16(0))
