"""GTP-U: user data only, behind any chain of extension headers."""

import pytest

from carriages import gtpu, in_udp
from decode.test_datagrams import V4, V6, verdict


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        (gtpu(V6), "sip"),
        (gtpu(V4, flags=0x31, fields=b"\0\0\7\0"), "sip"),
        (gtpu(V4, flags=0x34, fields=b"\0\0\0\x40" + b"\1\0\0\x40" * 6 + b"\1\0\0\0"), "sip"),
        (gtpu(V4, flags=0x34, fields=b"\0\0\0\x40" + b"\1\0\0\x40" * 20), "too-many-layers"),
        (gtpu(V4, flags=0x34, fields=b"\0\0\0\x40" + b"\x40\0\0\0"), "packet-damaged"),
        (gtpu(b"", kind=1), "other"),
        (gtpu(b"", kind=254), "other"),
        (gtpu(b"\0" * 30), "gtpu"),
        (gtpu(V4, flags=0x50), "other"),
    ],
)
def test_messages(packet: bytes, expected: str) -> None:
    """Echo requests and end markers are other; what is neither IP nor Ethernet is counted."""
    assert verdict(in_udp(packet, 2152), 101) == expected
