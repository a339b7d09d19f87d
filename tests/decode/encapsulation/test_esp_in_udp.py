"""ESP in UDP is told from the key exchange, keep-alives and RTP on its port (RFC 3948 §2)."""

import pytest

from carriages import in_udp
from decode.test_datagrams import verdict


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b"\x12\x34\x56\x78" + bytes(30), "esp"),
        (bytes(4) + b"\x12" * 30, "other"),
        (b"\xff", "other"),
        (b"\x80\x08" + bytes(30), "media"),
    ],
)
def test_payloads(payload: bytes, expected: str) -> None:
    """Only a security index other than 0 is ESP."""
    assert verdict(in_udp(payload, 4500, 4500), 101) == expected
