"""Radiotap → the 802.11 frame: LINKTYPE_IEEE802_11_RADIOTAP (www.radiotap.org)."""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.link.ieee802_11 import data_frames
from analyzer.decode.protocols import LinkType, decodes
from analyzer.decode.verdicts import PACKET_DAMAGED
from analyzer.tables.schema import Bool

HAS_TIME, HAS_FLAGS, MORE_WORDS = 1 << 0, 1 << 1, 1 << 31
"""Bits of the words that say which fields are present; time and flags are the first two fields."""
IS_PADDED = 0x20
"""Flag: the frame body is put on a multiple of 4 bytes."""
MAX_WORDS = 8


@decodes(LinkType.IEEE802_11_RADIOTAP)
def radiotap(p: Packets) -> None:
    """Step over the header; of its fields only one flag changes how the frame is read."""
    p.require(8)
    p.leave((p.u8(0) != 0) | (p.le16(2) < 8), PACKET_DAMAGED)
    p.require(p.le16(2))
    is_padded = _is_padded(p)
    p.advance(p.le16(2))
    data_frames(p, is_padded)


def _is_padded(p: Packets) -> Bool:
    words = np.ones(len(p), np.int64)
    for count in range(1, MAX_WORDS):
        words += (words == count) & (p.le32(4 * words) & MORE_WORDS != 0)
    start = 4 + 4 * words
    # The time takes 8 bytes on a multiple of 8.
    flags_at = np.where(p.le32(4) & HAS_TIME, (start + 7) // 8 * 8 + 8, start)
    is_padded: Bool = (p.le32(4) & HAS_FLAGS != 0) & (p.u8(flags_at) & IS_PADDED != 0)
    return is_padded
