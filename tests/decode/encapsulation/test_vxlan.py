"""VXLAN and its generic protocol extension."""

import pytest

from carriages import frame, in_udp, labels
from decode.test_datagrams import V4, verdict


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        (b"\x08\0\0\0\0\0\5\0" + frame(V4), "sip"),
        (b"\x0c\0\0\3\0\0\5\0" + frame(V4), "sip"),
        (b"\x0c\0\0\5\0\0\5\0" + labels(V4, 16), "sip"),
        (b"\x0c\0\0\4\0\0\5\0" + V4, "vxlan"),
        (b"\x0d\0\0\3\0\0\5\0" + frame(V4), "other"),
        (b"\0\0\0\0\0\0\5\0" + frame(V4), "other"),
    ],
)
def test_headers(packet: bytes, expected: str) -> None:
    """The next protocol counts where its flag is set; messages for maintenance are other."""
    assert verdict(in_udp(packet, 4789), 101) == expected


def test_answers_to_the_port_are_no_tunnel() -> None:
    """The source port is drawn for each flow (RFC 7348 §5): it says nothing."""
    assert verdict(in_udp(b"\x08\0\0\0\0\0\5\0" + frame(V4), 4000, 4789), 101) == "other"
