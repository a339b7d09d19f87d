"""IPv6 and its extension headers → what the next header says (RFC 8200, RFC 4302)."""

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.network.fragments import hand_on_fragments
from analyzer.decode.protocols import IP_SPACE, EtherType, IpProtocol, decodes
from analyzer.decode.verdicts import PACKET_DAMAGED


@decodes(EtherType.IPV6)
def ipv6(p: Packets) -> None:
    """Step over the fixed header; bytes after the payload length are padding of the link."""
    p.require(40)
    p.leave((p.u8(0) >> 4) != 6, PACKET_DAMAGED)
    payload_len = p.u16(4)
    # 0 is a jumbogram (RFC 2675), or what segmentation offload leaves behind.
    p.wire_end = np.where(payload_len == 0, p.wire_end, p.at + 40 + payload_len)
    p.end = np.minimum(p.end, p.wire_end)
    p.version = np.full(len(p), 6, np.int64)
    p.ip_id = np.full(len(p), -1, np.int64)
    p.source_high, p.source_low = p.u64(8), p.u64(16)
    p.destination_high, p.destination_low = p.u64(24), p.u64(32)
    protocol = p.u8(6)
    p.advance(40)
    p.go_on(IP_SPACE, protocol)


@decodes(
    IpProtocol.HOP_BY_HOP,
    IpProtocol.IPV6_ROUTE,
    IpProtocol.DESTINATION_OPTIONS,
    IpProtocol.MOBILITY,
    IpProtocol.HIP,
    IpProtocol.SHIM6,
)
def extension_header(p: Packets) -> None:
    """Step over a header whose length counts units of 8 bytes after the first."""
    p.require(8)
    p.require((p.u8(1) + 1) * 8)
    protocol = p.u8(0)
    p.advance((p.u8(1) + 1) * 8)
    p.go_on(IP_SPACE, protocol)


@decodes(IpProtocol.IPV6_FRAGMENT)
def fragment_header(p: Packets) -> None:
    """Go on with a fragment that is the whole packet (RFC 6946); others wait for the rest."""
    p.require(8)
    protocol, place, identification = p.u8(0), p.u16(2), p.u32(4)
    p.advance(8)
    p.go_on(IP_SPACE, protocol)
    # The same form as in IPv4: the flag that more follow, then the offset in units of 8 bytes.
    hand_on_fragments(p, (place & 1) << 13 | place >> 3, protocol, identification)


@decodes(IpProtocol.AH)
def authentication_header(p: Packets) -> None:
    """Step over a header that signs and hides nothing; its length counts units of 4 bytes."""
    p.require(12)
    p.require((p.u8(1) + 2) * 4)
    protocol = p.u8(0)
    p.advance((p.u8(1) + 2) * 4)
    p.go_on(IP_SPACE, protocol)
