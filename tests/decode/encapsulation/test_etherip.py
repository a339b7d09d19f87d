"""EtherIP: the version is checked (RFC 3378 §3)."""

import pytest

from carriages import frame
from decode.test_datagrams import V4, verdict
from frames import ipv4


@pytest.mark.parametrize(("first", "expected"), [(b"\x30", "sip"), (b"\x40", "packet-damaged")])
def test_version(first: bytes, expected: str) -> None:
    """Version 3 is the only one there is."""
    assert verdict(ipv4(97, first + b"\0" + frame(V4)), 101) == expected
