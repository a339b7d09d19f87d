"""ERSPAN: versions, and frames without Ethernet header."""

import pytest

from carriages import gre
from decode.test_datagrams import V4, verdict
from frames import ipv4


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"\x20\x05" + bytes(8) + b"\x08\0", "sip"),
        (b"\x20\x05" + bytes(8) + b"\x04\0", "erspan"),
        (b"\x30\x05" + bytes(10), "erspan"),
    ],
)
def test_type_iii(header: bytes, expected: str) -> None:
    """Frame type 2 is an IP packet, 1 and other versions are counted."""
    packet = gre(0x22EB, header + V4, flags=0x1000, fields=bytes(4))
    assert verdict(ipv4(47, packet), 101) == expected
