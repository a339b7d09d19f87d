"""802.11: only data frames that are whole and open hold packets."""

import pytest

from carriages import BEACON, wlan
from decode.test_datagrams import V4, decode, verdict

SNAP_802_1H = wlan(V4).replace(b"\xaa\xaa\x03\0\0\0", b"\xaa\xaa\x03\0\0\xf8")


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (BEACON, "other"),
        (b"\xd4\0\0\0" + bytes(6), "other"),
        (wlan(V4, control=b"\x48\1"), "other"),
        (wlan(V4, control=b"\x09\1"), "packet-damaged"),
        (wlan(V4, control=b"\x08\x41"), "wlan-protected"),
        (wlan(V4, control=b"\x08\x05"), "wlan-pieces"),
        (wlan(V4, fragment=1), "wlan-pieces"),
        (wlan(V4, control=b"\x88\1", qos=b"\x80\0"), "wlan-pieces"),
        (wlan(V4, control=b"\x88\1", qos=b"\x07\0"), "sip"),
        (SNAP_802_1H, "sip"),
        (wlan(V4).replace(b"\xaa\xaa", b"\x42\x42"), "other"),
        (wlan(V4)[:28], "other"),
    ],
)
def test_frames(frame: bytes, expected: str) -> None:
    """Management, control and empty frames are other; the rest is read or counted."""
    assert verdict(frame, 105) == expected


def test_retries() -> None:
    """A frame sent again is read like the first one."""
    assert len(decode(wlan(V4, control=b"\x08\x09"), 105).datagrams) == 1
