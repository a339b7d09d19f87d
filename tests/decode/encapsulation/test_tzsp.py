"""TZSP: tags before the frame, and which frames there are."""

import pytest

from carriages import frame, in_udp, wlan
from decode.test_datagrams import V4, verdict

FRAME = frame(V4)


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        (b"\1\0\0\1\1" + FRAME, "sip"),
        (b"\1\1\0\1\0\0\x29\2ab\1" + FRAME, "sip"),
        (b"\1\0\0\x12\1" + wlan(V4), "sip"),
        (b"\1\0\0\x02\1" + FRAME, "tzsp"),
        (b"\1\4\0\0", "other"),
        (b"\1\0\0\1" + b"\x29\0" * 40 + b"\1" + FRAME, "packet-damaged"),
        (b"\1\0\0\1\x29\xff\0", "packet-damaged"),
    ],
)
def test_tags(packet: bytes, expected: str) -> None:
    """Tags are stepped over up to the end tag; keep-alives and other link types are told apart."""
    assert verdict(in_udp(packet, 37008), 101) == expected


def test_cut_in_tags() -> None:
    """A snap length inside the tags is a cut."""
    packet = in_udp(b"\1\0\0\1\x29\x04abcd\1" + FRAME, 37008)
    assert verdict(packet, 101, cut=20 + 8 + 7) == "packet-cut"
