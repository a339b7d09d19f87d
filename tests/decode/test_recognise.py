"""What no number names is recognised by its own header, or not at all."""

import numpy as np
import pytest

from analyzer.decode.cursor import Fates, Packets
from analyzer.decode.recognise import is_ethernet, is_ip
from decode.test_datagrams import V4, V6
from frames import MACS, ethernet, ipv4, ipv6


def packet(data: bytes, at: int = 0) -> Packets:
    """Return a batch of one packet."""
    fates = Fates(np.zeros(1, np.uint8), np.zeros(1, np.int32))
    spans = (np.array([at]), np.array([len(data)]), np.array([len(data)]))
    return Packets(np.frombuffer(data, np.uint8), fates, np.arange(1), spans)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (V4, True),
        (V4 + bytes(9), True),
        (V6, True),
        (ipv4(17, b"", total=0), True),
        (ipv6(17, b"", length=0), True),
        (V4[:-1], False),
        (V6[:-1], False),
        (b"\x44" + V4[1:], False),
        (ipv4(17, b"", total=19), False),
        (b"\x55" + V4[1:], False),
    ],
)
def test_ip(data: bytes, expected: bool) -> None:  # noqa: FBT001 - a parameter
    """Version and lengths must fit what is there."""
    assert is_ip(packet(data)).tolist() == [expected]
    assert is_ip(packet(b"abc" + data, 1), 2).tolist() == [expected]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (ethernet(0x0800, V4), True),
        (ethernet(0x88CC, bytes(20)), True),
        (MACS + b"\0\x14\xaa\xaa\x03" + bytes(17), True),
        (MACS + b"\0\x14\xab\xab\x03" + bytes(17), False),
        (MACS + b"\0\x15\xaa\xaa\x03" + bytes(17), False),
        (ethernet(0x1234, V4), False),
        (ethernet(0x0800, V4)[:13], False),
    ],
)
def test_ethernet(data: bytes, expected: bool) -> None:  # noqa: FBT001 - a parameter
    """The EtherType is known, or a length fits that an LLC address in use follows."""
    assert is_ethernet(packet(data)).tolist() == [expected]
