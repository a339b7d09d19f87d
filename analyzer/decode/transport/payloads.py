"""What a UDP datagram carries, by its first bytes; ports only tell where tunnels and DNS may be.

SIP comes first, on any port (RFC 3261 §18.3). Media is what RFC 7983 tells apart: RTP, RTCP, STUN,
DTLS, ZRTP, TURN channels. Keep-alives of SIP (RFC 5626 §3.5.1) and all else are other.
"""

import re
import string
from functools import cache

import numpy as np

from analyzer.decode.cursor import Packets
from analyzer.decode.protocols import udp_tunnels
from analyzer.decode.udp_payloads import UdpPayloads
from analyzer.decode.verdicts import MEDIA, OTHER, PACKET_CUT, SIP
from analyzer.tables.messages import KNOWN_METHODS
from analyzer.tables.schema import Bool, Int64

_TOKEN = rb"[A-Za-z0-9\-.!%*_+`'~]"
_FIRST_BYTES = np.zeros(256, np.bool_)
_FIRST_BYTES[list(b"-.!%*_+`'~\r\n" + (string.ascii_letters + string.digits).encode())] = True

DNS_PORTS = (53, 5353, 5355)
STUN_COOKIE = 0x2112A442
ZRTP_COOKIE = 0x5A525450
CLASSIC_STUN = (0x0001, 0x0101, 0x0111, 0x0002, 0x0102)
"""Message types of RFC 3489, which had no cookie: the length must fit."""


@cache
def _pattern() -> re.Pattern[bytes]:
    """Compile it where the compiled walk does not do the same: it takes its time."""
    return re.compile(
        rb"(?:\r?\n)*(?:[Ss][Ii][Pp]/|%b++[ \t][^\n]*?[Ss][Ii][Pp]/|(?:%b)[ \t][^\n]*+\Z)"
        % (_TOKEN, "|".join(KNOWN_METHODS).encode())
    )


def may_be_sip(payload: bytes) -> bool:
    """Tell whether a datagram begins with a line that may be a request line or a status line."""
    return _pattern().match(payload) is not None


def classify(payloads: UdpPayloads) -> tuple[Int64, Int64]:
    """Return the verdict on each payload, or 0 and the number in UDP_SPACE of the tunnel it is."""
    p, wire_len = payloads.p, payloads.wire_len
    tunnels = find_tunnels(payloads)
    tests: tuple[tuple[Bool, int], ...] = (
        ((p.at >= p.end) & (wire_len > 0), PACKET_CUT),
        (wire_len <= 0, OTHER),
        (_sip(p), SIP),
        (tunnels > 0, 0),
        (payloads.on_port(*DNS_PORTS), OTHER),
    )
    conditions, verdicts = zip(*tests, strict=True)
    found: Int64 = np.select(conditions, verdicts, MEDIA).astype(np.int64)
    others = found == MEDIA
    if others.any():
        rest = p.split(others)
        found[others] = np.where(_media(rest, rest.wire_end - rest.at), MEDIA, OTHER)
    return found, tunnels


def find_tunnels(payloads: UdpPayloads) -> Int64:
    """Return the number in UDP_SPACE of the tunnel that each payload is, 0 when it is none."""
    begins = payloads.p.u16(0)
    found = np.zeros(len(begins), np.int64)
    for each in udp_tunnels():
        numbers = [int.from_bytes(two, "big") for two in each.beginnings]
        candidate = payloads.on_port(*each.ports) | np.isin(begins, numbers)
        if candidate.any():
            found[(found == 0) & candidate & each.recognise(payloads)] = each.number
    return found


def _sip(p: Packets) -> Bool:
    found = _FIRST_BYTES[p.u8(0)] & (p.at < p.end)
    for row in np.flatnonzero(found).tolist():
        found[row] = may_be_sip(p.data[p.at[row] : p.end[row]].tobytes())
    return found


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
