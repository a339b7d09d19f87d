"""TCP → segments, which `analyzer.sip.streams` puts in order (RFC 9293 §3.1)."""

from enum import IntEnum

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.parts import SegmentTable
from analyzer.decode.protocols import IpProtocol, decodes
from analyzer.decode.verdicts import OTHER, PACKET_CUT, PACKET_DAMAGED, WAITING


class TcpFlag(IntEnum):
    """Control bits."""

    FIN = 1
    SYN = 2
    RST = 4


OPENS_OR_ENDS = TcpFlag.FIN | TcpFlag.SYN | TcpFlag.RST


@decodes(IpProtocol.TCP)
def tcp(p: Packets) -> None:
    """Find the payload; a segment that only acknowledges is other."""
    p.require(20)
    p.leave((p.u8(12) >> 4) < 5, PACKET_DAMAGED)
    p.require((p.u8(12) >> 4) * 4)
    source_port, destination_port, sequence, flags = p.u16(0), p.u16(2), p.u32(4), p.u8(13)
    p.advance((p.u8(12) >> 4) * 4)
    carries = p.wire_end > p.at
    cut = carries & (p.at >= p.end)
    wanted = (carries & ~cut) | (~carries & ((flags & OPENS_OR_ENDS) != 0))
    p.hand_on(
        SegmentTable,
        wanted,
        source_port=source_port,
        destination_port=destination_port,
        sequence=sequence,
        flags=flags,
    )
    verdicts = np.select([cut, wanted], [PACKET_CUT, WAITING], OTHER)
    p.leave(np.ones(len(p), np.bool_), verdicts)
