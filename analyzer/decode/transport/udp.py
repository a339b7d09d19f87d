"""UDP → datagrams that may hold SIP, tunnels, and a verdict on all others (RFC 768)."""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.parts import MediaTable
from analyzer.decode.protocols import UDP_SPACE, IpProtocol, decodes
from analyzer.decode.transport.payloads import classify
from analyzer.decode.udp_payloads import UdpPayloads
from analyzer.decode.verdicts import MEDIA, PACKET_DAMAGED, SIP
from analyzer.tables.schema import Bool, Int64


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
    if p.fates.media:
        _hand_on_media(p, verdicts == MEDIA, source_port, destination_port)
    p.go_on(UDP_SPACE, tunnels)
    p.leave(verdicts != 0, verdicts)


def _hand_on_media(p: Packets, is_media: Bool, source_port: Int64, destination_port: Int64) -> None:
    """Hand on RTP and RTCP (RFC 3550 §5.1, §6.4; told apart as RFC 5761 §4 says)."""
    kind = p.u8(1)
    is_rtcp = (kind >= 192) & (kind <= 223)
    has_header = p.end - p.at >= np.where(is_rtcp, 8, 12)
    p.hand_on(
        MediaTable,
        is_media & (p.u8(0) >> 6 == 2) & has_header,
        source_port=source_port,
        destination_port=destination_port,
        payload_type=np.where(is_rtcp, kind, kind & 127),
        sequence=np.where(is_rtcp, 0, p.u16(2)),
        timestamp=np.where(is_rtcp, 0, p.u32(4)),
        ssrc=np.where(is_rtcp, p.u32(4), p.u32(8)),
    )
