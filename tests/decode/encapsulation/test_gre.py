"""GRE: what its flags announce, and what it is when it carries nothing."""

import pytest

from carriages import gre, ppp, pptp
from decode.test_datagrams import V4, verdict
from frames import ipv4


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        (gre(0x0800, V4, flags=0x4000, fields=bytes(8)), "gre"),
        (gre(0x0800, V4, flags=0x0002), "gre"),
        (gre(0x0000, b""), "other"),
        (gre(0x880B, b"", flags=0x2081, fields=bytes(8)), "other"),
        (gre(0x88B5, V4), "unknown-ethertype"),
        (gre(0x0800, b"", flags=0xB000, fields=bytes(8)), "packet-damaged"),
        (pptp(ppp(V4)[:12]), "packet-damaged"),
    ],
)
def test_what_is_no_packet(packet: bytes, expected: str) -> None:
    """Source routes and later versions are counted; keep-alives and acknowledgements are other."""
    assert verdict(ipv4(47, packet), 101) == expected


def test_cut_in_fields() -> None:
    """A snap length inside the fields that the flags announce is a cut."""
    packet = ipv4(47, gre(0x0800, V4, flags=0xB000, fields=bytes(12)))
    assert verdict(packet, 101, cut=20 + 15) == "packet-cut"
