"""What a TLS connection says of itself in the clear (RFC 8446 §4.1.2, RFC 6066, RFC 7301)."""

from collections.abc import Iterator

from analyzer.frozen import frozen

_SERVER_NAME, _ALPN = 0, 16


@frozen
class ClientHello:
    """What a client asks for."""

    server_name: str
    """Empty when it names none."""
    protocols: tuple[str, ...]

    def __str__(self) -> str:
        """Return it in one line."""
        return ", ".join(filter(None, (self.server_name, *self.protocols)))


def read_client_hello(record: bytes) -> ClientHello | None:
    """Read the first record of a connection as far as it is here; None for anything else."""
    if len(record) < 44 or record[0] != 22 or record[5] != 1:
        return None
    at = 43
    for size in (1, 2, 1):  # session, cipher suites, compression methods
        at += size + int.from_bytes(record[at : at + size])
    name = ""
    protocols: tuple[str, ...] = ()
    for kind, data in _extensions(record, at + 2):
        if kind == _SERVER_NAME:
            name = _shown(data[5 : 5 + int.from_bytes(data[3:5])])
        elif kind == _ALPN:
            protocols = tuple(_names(data))
    return ClientHello(name, protocols)


def _extensions(record: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(record):
        size = int.from_bytes(record[at + 2 : at + 4])
        yield int.from_bytes(record[at : at + 2]), record[at + 4 : at + 4 + size]
        at += 4 + size


def _names(data: bytes) -> Iterator[str]:
    at = 2
    while at < len(data) and len(data) > at + data[at] > at:
        yield _shown(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]


def _shown(name: bytes) -> str:
    return name[:255].decode("latin-1").encode("unicode_escape").decode()
