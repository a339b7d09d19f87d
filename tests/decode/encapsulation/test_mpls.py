"""MPLS: what follows the labels is recognised, or counted."""

import pytest

from carriages import frame, labels
from decode.test_datagrams import V4, V6, verdict
from frames import MACS, ethernet

PLAIN = frame(V4)


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        (labels(V6, 0, 16), "sip"),
        (labels(b"\x45\x67" + PLAIN[2:], 16), "sip"),
        (labels(b"\0\0\0\x09" + PLAIN, 16), "sip"),
        (labels(ethernet(0x0806, bytes(28)), 16), "other"),
        (labels(MACS + b"\0\x26\x42\x42\x03" + bytes(35), 16), "other"),
        (labels(b"\x10\0\0\x21" + V4, 16), "other"),
        (labels(bytes(20), 16, 13), "other"),
        (labels(b"\xff\x03\0\x21" + V4, 16), "mpls"),
        (labels(V4[:10], 16), "mpls"),
        (labels(b"", 16)[:3], "packet-damaged"),
    ],
)
def test_payloads(packet: bytes, expected: str) -> None:
    """IP and Ethernet are found, with a control word, and with an address that looks like IPv4;
    channels for maintenance are other; PPP is not guessed at.
    """
    assert verdict(ethernet(0x8847, packet)) == expected


def test_cut_before_it_can_be_told() -> None:
    """A frame cut inside the Ethernet header below the labels is cut, not unknown."""
    assert verdict(ethernet(0x8847, labels(PLAIN, 16)), cut=14 + 4 + 13) == "packet-cut"


def test_labels_without_end() -> None:
    """Each label is a layer: a stack without bottom ends at the limit."""
    assert verdict(ethernet(0x8847, labels(V4, *range(16, 40)))) == "too-many-layers"
