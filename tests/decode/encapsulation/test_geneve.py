"""Geneve: options are stepped over, control packets hold no traffic."""

import pytest

from carriages import frame, geneve, in_udp
from decode.test_datagrams import V4, verdict


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        (geneve(0x6558, frame(V4), options=bytes(252)), "sip"),
        (geneve(0x6558, frame(V4), control=0x40), "sip"),
        (geneve(0x6558, frame(V4), control=0x80), "other"),
        (geneve(0x88B5, V4), "unknown-ethertype"),
        (geneve(0x0800, b"", options=bytes(8))[:12], "packet-damaged"),
        (b"\x50" + geneve(0x0800, V4)[1:], "other"),
    ],
)
def test_headers(packet: bytes, expected: str) -> None:
    """Critical options change nothing for who only looks on; other versions are no Geneve."""
    assert verdict(in_udp(packet, 6081), 101) == expected
