"""Headers that a capture puts before the link header: versions, lengths and what they name."""

from struct import pack

import pytest

from carriages import frame, nflog, radiotap, wlan
from decode.test_datagrams import V4, verdict


@pytest.mark.parametrize(
    ("link", "packet", "expected"),
    [
        (127, b"\1\0\x08\0" + bytes(4) + wlan(V4), "packet-damaged"),
        (127, b"\0\0\x07\0" + bytes(4) + wlan(V4), "packet-damaged"),
        (127, radiotap(b"", (0x8000_0000,) * 20, b""), "packet-damaged"),
        (192, pack("<BBHI", 1, 0, 8, 1) + frame(V4), "packet-damaged"),
        (192, pack("<BBHI", 0, 0, 8, 147) + frame(V4), "unknown-link-type"),
        (192, pack("<BBHI", 0, 0, 8, 0xFFFFFFFF) + frame(V4), "unknown-link-type"),
        (163, pack(">II", 0x80211001, 4) + wlan(V4), "packet-damaged"),
        (163, pack(">II", 0x44, 64) + wlan(V4), "packet-damaged"),
        (119, pack(">II", 0x44, 144) + bytes(136) + wlan(V4), "sip"),
        (119, pack("<II", 0x44, 4) + wlan(V4), "packet-damaged"),
        (119, pack("<II", 0x44, 900) + wlan(V4), "packet-damaged"),
        (239, b"\2\1\0\0" + nflog(V4)[4:], "packet-damaged"),
        (239, b"\2\0\0\0", "other"),
        (239, b"\2\0\0\0" + pack("<HH", 8, 10) + b"log\0", "other"),
        (239, b"\2\0\0\0" + pack("<HH", 4, 10) * 40 + nflog(V4)[4:], "other"),
        (239, b"\7\0\0\0" + pack("<HH", 4 + len(V4), 9) + V4, "unknown-ethertype"),
        (258, pack("<III", 108, 0, 1) + bytes(96) + frame(V4), "other"),
        (258, pack("<III", 8, 1, 1) + bytes(96) + frame(V4), "packet-damaged"),
        (258, pack("<III", 108, 1, 147) + bytes(96) + frame(V4), "unknown-link-type"),
    ],
)
def test_headers(link: int, packet: bytes, expected: str) -> None:
    """What cannot be right is damaged; what names an unknown link type is counted as that."""
    assert verdict(packet, link) == expected


@pytest.mark.parametrize(
    ("link", "packet", "cut"),
    [
        (127, radiotap(wlan(V4), (2,), bytes(8)), 10),
        (239, nflog(V4), 13),
        (239, nflog(V4), 26),
        (258, pack("<III", 108, 1, 1) + bytes(96) + frame(V4), 60),
    ],
)
def test_cut(link: int, packet: bytes, cut: int) -> None:
    """A snap length inside these headers is a cut."""
    assert verdict(packet, link, cut=cut) == "packet-cut"
