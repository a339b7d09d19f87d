"""L2TP: data messages of both versions; control messages are other."""

from struct import pack

import pytest

from carriages import frame, in_udp, l2tp2, ppp
from decode.test_datagrams import V4, V6, verdict
from frames import ipv4

FRAME = frame(V4)


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        (l2tp2(ppp(V4), flags=0x4000, fields=pack(">HHH", 0, 7, 8)), "sip"),
        (l2tp2(b"\xc0\x21" + bytes(8)), "other"),
        (l2tp2(b"", flags=0xC800, fields=bytes(10)), "other"),
        (l2tp2(b"\0\xfd\x90\1" + bytes(20)), "ppp-compressed"),
        (l2tp2(b"\0\x3d\xc0\1" + bytes(20)), "unknown-ppp-protocol"),
        (b"\x80\x03" + bytes(20), "media"),
        (b"\xc8\x03" + bytes(20), "other"),
        (pack(">HHI", 3, 0, 9) + bytes(30), "l2tp"),
        (l2tp2(ppp(V4), flags=0x0400), "other"),
    ],
)
def test_in_udp(packet: bytes, expected: str) -> None:
    """Control messages, which have a length and a number, and link protocols are other; encrypted
    PPP is counted; RTP stays media.
    """
    assert verdict(in_udp(packet, 1701, 1701), 101) == expected


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        (bytes(40), "other"),
        (pack(">I", 9) + bytes(40), "l2tp"),
        (pack(">I", 9) + FRAME, "sip"),
        (pack(">II", 9, 1) + FRAME, "sip"),
        (pack(">IIII", 9, 1, 2, 3) + V4, "sip"),
        (pack(">II", 9, 1) + V6, "sip"),
        (pack(">IIIII", 9, 1, 2, 3, 4) + FRAME, "l2tp"),
    ],
)
def test_in_ip(packet: bytes, expected: str) -> None:
    """The payload is found behind a cookie of 0, 4 or 8 bytes and a sublayer of 4 (RFC 3931 §4.1,
    §4.6); what cannot be found is counted.
    """
    assert verdict(ipv4(115, packet), 101) == expected


def test_cut_session() -> None:
    """Where too little was captured to find the payload, the packet is cut."""
    assert verdict(ipv4(115, pack(">I", 9) + FRAME), 101, cut=20 + 4 + 10) == "packet-cut"
