"""PPP: control protocols are other, encrypted packets are counted."""

import pytest

from decode.test_datagrams import V4, verdict


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (b"\xff\x03\xc0\x21\1\1\0\4", "other"),
        (b"\x80\x21\1\1\0\4", "other"),
        (b"\0\xfd\x90\1" + bytes(20), "ppp-compressed"),
        (b"\0\x3d\xc0\1" + bytes(20), "unknown-ppp-protocol"),
        (b"\x21" + V4, "sip"),
        (b"\x21", "packet-damaged"),
    ],
)
def test_protocols(frame: bytes, expected: str) -> None:
    """Numbers from 0x8000 set up the link (RFC 1661 §2); one byte is enough where it is odd."""
    assert verdict(frame, 9) == expected


def test_slarp() -> None:
    """Cisco's keep-alives have the number of RARP."""
    assert verdict(b"\x8f\0\x80\x35" + bytes(18), 104) == "other"
