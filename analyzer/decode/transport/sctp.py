"""SCTP → packets, whose chunks `analyzer.sip.associations` reads (RFC 9260 §3.1)."""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.parts import SctpTable
from analyzer.decode.protocols import IpProtocol, decodes
from analyzer.decode.verdicts import WAITING


@decodes(IpProtocol.SCTP)
def sctp(p: Packets) -> None:
    """Step over the common header; the chunks follow."""
    p.require(12)
    source_port, destination_port = p.u16(0), p.u16(2)
    p.advance(12)
    everything = np.ones(len(p), np.bool_)
    p.hand_on(SctpTable, everything, source_port=source_port, destination_port=destination_port)
    p.leave(everything, WAITING)
