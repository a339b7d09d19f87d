"""What a ClientHello says in the clear."""

from struct import pack

from analyzer.sip.tls import read_client_hello


def client_hello(extensions: bytes) -> bytes:
    """Return a record with a ClientHello (RFC 8446 §4.1.2)."""
    body = b"\x03\x03" + bytes(32) + b"\x02ab" + pack(">H", 2) + b"\x13\x01" + b"\x01\0"
    body += pack(">H", len(extensions)) + extensions
    handshake = b"\x01" + len(body).to_bytes(3) + body
    return b"\x16\x03\x01" + pack(">H", len(handshake)) + handshake


def extension(kind: int, data: bytes) -> bytes:
    """Return an extension."""
    return pack(">HH", kind, len(data)) + data


NAME = extension(0, pack(">HBH", 18, 0, 15) + b"sip.example.com")
ALPN = extension(16, pack(">H", 12) + b"\x05sip/2" + b"\x05other")


def test_names() -> None:
    """Server name (RFC 6066 §3) and protocols (RFC 7301 §3.1) are read."""
    hello = read_client_hello(client_hello(extension(10, b"xx") + NAME + ALPN))
    assert hello is not None
    assert (hello.server_name, hello.protocols) == ("sip.example.com", ("sip/2", "other"))
    assert str(hello) == "sip.example.com, sip/2, other"
    bare = read_client_hello(client_hello(b""))
    assert bare is not None
    assert str(bare) == ""


def test_no_client_hello() -> None:
    """Application data, and records cut anywhere, raise nothing."""
    record = client_hello(NAME + ALPN)
    assert read_client_hello(b"\x17" + record[1:]) is None
    for end in range(len(record)):
        read_client_hello(record[:end])
