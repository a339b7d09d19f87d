"""IEEE 802.11 data frames → what the EtherType behind LLC and SNAP says: LINKTYPE_IEEE802_11.

Management and control frames hold no packet. Protected frames are encrypted; fragments and
aggregates (A-MSDU) are not taken apart: each is counted as what it is (IEEE 802.11 §9.2, §9.3.2).
"""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import ETHER_SPACE, LinkType, decodes
from analyzer.decode.verdicts import OTHER, PACKET_DAMAGED, verdict_of
from analyzer.tables.schema import Bool, Int64

VERSION, TYPE, DATA, NO_DATA, QOS = 0x03, 0x0C, 0x08, 0x40, 0x80
"""Bits of the first byte of the frame control field, and the type that data frames have."""
TO_AND_FROM_DS, MORE_FRAGMENTS, PROTECTED, HAS_HT_CONTROL = 0x03, 0x04, 0x40, 0x80
"""Bits of the second byte."""
IS_AGGREGATE = 0x80
"""Bit of the QoS control field."""
_FIRST_ETHERTYPE = 0x0600
_SNAP = 0xAAAA0300
_ORGANISATIONS = (0x0000, 0x00F8)
"""The rest of the organisation code: RFC 1042, and the bridge tunnel of IEEE 802.1H."""


@decodes(LinkType.IEEE802_11)
def ieee802_11(p: Packets) -> None:
    """Step over the MAC header, LLC and SNAP."""
    data_frames(p, np.zeros(len(p), np.bool_))


def data_frames(p: Packets, is_padded: Bool) -> None:
    """Do so; where `is_padded`, the receiver has put the frame body on a multiple of 4 bytes."""
    p.next = is_padded.astype(np.int64)
    p.require(2)
    p.leave(p.u8(0) & VERSION != 0, PACKET_DAMAGED)
    p.leave((p.u8(0) & TYPE != DATA) | (p.u8(0) & NO_DATA != 0), OTHER)
    p.leave(p.u8(1) & PROTECTED != 0, verdict_of("wlan-protected"))
    p.require(_header_size(p))
    is_fragment = (p.u8(1) & MORE_FRAGMENTS != 0) | (p.u8(22) & 0x0F != 0)
    qos_control = np.where(p.u8(0) & QOS, p.u8(_addresses_size(p)), 0)
    p.leave(is_fragment | (qos_control & IS_AGGREGATE != 0), verdict_of("wlan-pieces"))
    size = _header_size(p)
    p.advance(size + np.where(p.next, -size % 4, 0))
    p.leave(p.at + 8 > p.wire_end, OTHER)
    p.require(8)
    numbers = p.u16(6)
    is_snap = (p.u32(0) == _SNAP) & np.isin(p.u16(4), _ORGANISATIONS)
    p.advance(8)
    p.go_on(ETHER_SPACE, numbers)
    p.leave(~is_snap | (numbers < _FIRST_ETHERTYPE), OTHER)


def _addresses_size(p: Packets) -> Int64:
    """Return the length up to the QoS control field: between access points come four addresses."""
    return np.where(p.u8(1) & TO_AND_FROM_DS == TO_AND_FROM_DS, 30, 24)


def _header_size(p: Packets) -> Int64:
    has_qos = p.u8(0) & QOS != 0
    has_ht_control = has_qos & (p.u8(1) & HAS_HT_CONTROL != 0)
    size: Int64 = _addresses_size(p) + 2 * has_qos + 4 * has_ht_control
    return size
