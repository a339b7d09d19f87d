"""UDP → datagrams that may hold SIP, tunnels, and a verdict on all others (RFC 768)."""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import UDP_SPACE, IpProtocol, decodes
from analyzer.decode.transport.payloads import classify
from analyzer.decode.udp_payloads import UdpPayloads
from analyzer.decode.verdicts import PACKET_DAMAGED, SIP


@decodes(IpProtocol.UDP)
def udp(p: Packets) -> None:
    """Find the payload; it is never longer than what the IP header leaves for it."""
    p.require(8)
    length = p.u16(4)
    p.leave((length < 8) & (length != 0), PACKET_DAMAGED)
    length = p.u16(4)
    # 0 is a jumbogram (RFC 2675), or what segmentation offload leaves behind.
    p.wire_end = np.where(length == 0, p.wire_end, np.minimum(p.wire_end, p.at + length))
    p.end = np.minimum(p.end, p.wire_end)
    source_port, destination_port = p.u16(0), p.u16(2)
    p.advance(8)
    verdicts, tunnels = classify(UdpPayloads(p, source_port, destination_port))
    p.deliver(verdicts == SIP, source_port, destination_port)
    p.go_on(UDP_SPACE, tunnels)
    p.leave(verdicts != 0, verdicts)
