"""What a UDP datagram carries is told by its first bytes."""

import pytest

from analyzer.decode.transport.payloads import may_be_sip
from decode.test_datagrams import verdict
from frames import ethernet, ipv4, udp


@pytest.mark.parametrize(
    "payload",
    [
        b"INVITE sip:bob@example.com SIP/2.0\r\n",
        b"NEW-method! tel:+1 sip/2.0",
        b"SIP/2.0 200 OK\r\n",
        b"sip/9.9",
        b"\r\n\n\r\nSIP/2.0 200 OK",
        b"BYE sip:cut@exam",
    ],
)
def test_sip(payload: bytes) -> None:
    """Request and status lines of any method and version, after blank lines, or cut."""
    assert may_be_sip(payload)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\r\n\r\n",
        b"\r\rSIP/2.0 200 OK",
        b" INVITE sip:bob@example.com SIP/2.0\r\n",
        b"NOTIFY * HTTP/1.1\r\nX: SIP/2.0\r\n",
        b"GET sip:cut@exam",
        b"IN\x00VITE sip:bob@example.com SIP/2.0",
        b"SIP/2.0"[:3],
    ],
)
def test_no_sip(payload: bytes) -> None:
    """Keep-alives, other protocols and noise are no SIP."""
    assert not may_be_sip(payload)


@pytest.mark.parametrize(
    ("payload", "port", "expected"),
    [
        (b"\x80\x00" + bytes(10), 4000, "media"),
        (b"\x80\x00" + bytes(9), 4000, "other"),
        (b"\x80\x00" + bytes(10), 4500, "media"),
        (b"\x81\xcb\x00\x01" + bytes(4), 4001, "media"),
        (b"\x00\x01\x00\x00\x21\x12\xa4\x42" + bytes(12), 3478, "media"),
        (b"\x00\x01\x00\x04" + bytes(20), 3478, "media"),
        (b"\x16\xfe\xfd" + bytes(20), 4000, "media"),
        (b"\x10\x00\x00\x00ZRTP" + bytes(12), 4000, "media"),
        (b"\x40\x01\x00\x03abc\x00", 3478, "media"),
        (b"\x12\x34\x81\x80" + bytes(20), 53, "other"),
        (b"\x84\x34\x81\x80" + bytes(20), 53, "other"),
        (b"\r\n\r\n", 5060, "other"),
        (bytes(4), 5060, "other"),
        (b"jaK", 5060, "other"),
        (b"", 5060, "other"),
        (b"\x80\x08" + bytes(30), 4789, "media"),
        (b"\x80\x08" + bytes(30), 6081, "media"),
        (b"\x80\x08" + bytes(30), 2152, "media"),
        (b"\x80\x08" + bytes(30), 1701, "media"),
        (b"\x80\x08" + bytes(30), 6635, "media"),
        (b"\x80\x08" + bytes(30), 37008, "media"),
        (b"HEAD / HTTP/1.1\r\n", 9060, "other"),
    ],
)
def test_first_bytes(payload: bytes, port: int, expected: str) -> None:
    """Media (RFC 7983) and the rest are told apart on any port, those of tunnels too."""
    assert verdict(ethernet(0x0800, ipv4(17, udp(payload, 4444, port)))) == expected
