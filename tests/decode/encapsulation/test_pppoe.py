"""PPPoE: sessions hold packets, discovery does not."""

from struct import pack

import pytest

from carriages import ppp
from decode.test_datagrams import V4, decode, verdict
from frames import ethernet


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (pack(">BBHH", 0x11, 0xA7, 9, 0), "other"),
        (pack(">BBHH", 0x21, 0, 9, 2 + len(V4)), "packet-damaged"),
        (pack(">BBHH", 0x11, 0, 9, 1), "packet-damaged"),
    ],
)
def test_headers(header: bytes, expected: str) -> None:
    """A code other than 0 is no session; version and length are checked (RFC 2516 §4)."""
    assert verdict(ethernet(0x8864, header + ppp(V4))) == expected


def test_padding() -> None:
    """What follows the length is padding, whatever the IP header says."""
    header = pack(">BBHH", 0x11, 0, 9, 2 + len(V4) - 4)
    found = decode(ethernet(0x8864, header + ppp(V4))).datagrams
    assert found.length.tolist() == [len(V4) - 28 - 4]
