"""What a UDP datagram carries, by its first bytes; ports only tell where tunnels and DNS are.

SIP comes first, on any port (RFC 3261 §18.3). Media is what RFC 7983 tells apart: RTP, RTCP, STUN,
DTLS, ZRTP, TURN channels. Keep-alives of SIP (RFC 5626 §3.5.1) and all else are other.
"""

import re

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.verdicts import MEDIA, OTHER, PACKET_CUT, SIP, verdict_of
from analyzer.frozen import frozen
from analyzer.tables.messages import KNOWN_METHODS
from analyzer.tables.schema import Bool, Int64

_TOKEN = rb"[A-Za-z0-9\-.!%*_+`'~]"
_MAY_BE_SIP = re.compile(
    rb"(?:\r?\n)*(?:[Ss][Ii][Pp]/|%b++[ \t][^\n]*?[Ss][Ii][Pp]/|(?:%b)[ \t][^\n]*+\Z)"
    % (_TOKEN, "|".join(KNOWN_METHODS).encode())
)
_FIRST_BYTES = np.zeros(256, np.bool_)
_FIRST_BYTES[[each for each in range(256) if re.match(_TOKEN + rb"|[\r\n]", bytes([each]))]] = True

DNS_PORTS = (53, 5353, 5355)
STUN_COOKIE = 0x2112A442
ZRTP_COOKIE = 0x5A525450
HEP3 = 0x48455033
CLASSIC_STUN = (0x0001, 0x0101, 0x0111, 0x0002, 0x0102)
"""Message types of RFC 3489, which had no cookie: the length must fit."""


def may_be_sip(payload: bytes) -> bool:
    """Tell whether a datagram begins with a line that may be a request line or a status line."""
    return _MAY_BE_SIP.match(payload) is not None


@frozen
class Payloads:
    """UDP payloads: where they stand, and the ports."""

    p: Packets
    """The cursor is at the first byte of the payload."""
    source_port: Int64
    destination_port: Int64

    def on_port(self, *ports: int) -> Bool:
        """Tell which go to or come from one of the ports."""
        return np.isin(self.source_port, ports) | np.isin(self.destination_port, ports)

    def to_port(self, *ports: int) -> Bool:
        """Tell which go to one of the ports."""
        return np.isin(self.destination_port, ports)


def classify(payloads: Payloads) -> Int64:
    """Return the verdict on each payload."""
    p = payloads.p
    wire_len = p.wire_end - p.at
    tests = (
        ((p.at >= p.end) & (wire_len > 0), PACKET_CUT),
        (wire_len <= 0, OTHER),
        (_sip(p), SIP),
        *_tunnels(payloads, wire_len),
        (payloads.on_port(*DNS_PORTS), OTHER),
        (_media(p, wire_len), MEDIA),
    )
    conditions, verdicts = zip(*tests, strict=True)
    found: Int64 = np.select(conditions, verdicts, OTHER).astype(np.int64)
    return found


def _sip(p: Packets) -> Bool:
    found = _FIRST_BYTES[p.u8(0)] & (p.at < p.end)
    for row in np.flatnonzero(found).tolist():
        found[row] = may_be_sip(p.data[p.at[row] : p.end[row]].tobytes())
    return found


def _tunnels(payloads: Payloads, wire_len: Int64) -> list[tuple[Bool, int]]:
    p = payloads.p
    first, second = p.u8(0), p.u8(1)
    # HEP versions 1 and 2: version, header length, address family, IP protocol.
    old_hep = (
        ((first == 1) | (first == 2))
        & np.isin(second, (16, 28, 40, 52))
        & np.isin(p.u8(2), (2, 10, 23, 28, 30))
        & np.isin(p.u8(3), (6, 17, 132))
    )
    return [
        ((p.u32(0) == HEP3) | old_hep, verdict_of("hep")),
        (payloads.to_port(4789, 8472) & (first == 0x08) & (wire_len >= 16), verdict_of("vxlan")),
        (payloads.to_port(6081) & (first >> 6 == 0) & (wire_len >= 8), verdict_of("geneve")),
        (payloads.on_port(2152) & (first >> 4 == 3) & (second == 0xFF), verdict_of("gtpu")),
        (payloads.on_port(1701) & (first < 0x80) & (second & 15 == 2), verdict_of("l2tp")),
        (payloads.on_port(4500) & (wire_len >= 8) & _has_spi(p), verdict_of("esp")),
        (payloads.to_port(37008) & (first == 1) & (second <= 1), verdict_of("tzsp")),
    ]


def _has_spi(p: Packets) -> Bool:
    """Tell ESP in UDP from IKE, which has 0 here, and from RTP that happens to use its port."""
    is_spi: Bool = (p.u32(0) != 0) & ~np.isin(p.u8(0), (0x80, 0x90))
    return is_spi


def _media(p: Packets, wire_len: Int64) -> Bool:
    first, second = p.u8(0), p.u8(1)
    rtp = (first >> 6 == 2) & (wire_len >= 12)
    rtcp = (first >> 6 == 2) & (wire_len >= 8) & (second >= 192) & (second <= 223)
    stun = (first < 4) & (wire_len >= 20) & (p.u32(4) == STUN_COOKIE)
    classic = np.isin(p.u16(0), CLASSIC_STUN) & (p.u16(2) + 20 == wire_len)
    dtls = (first >= 20) & (first <= 25) & (second == 0xFE) & (p.u8(2) >= 0xFC) & (p.u8(2) != 0xFE)
    zrtp = (first == 0x10) & (p.u32(4) == ZRTP_COOKIE)
    padding = wire_len - 4 - p.u16(2)
    channel = (first >> 4 == 4) & (padding >= 0) & (padding <= 3)
    found: Bool = rtp | rtcp | stun | classic | dtls | zrtp | channel
    return found
