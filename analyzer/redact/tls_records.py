"""TLS, one direction → edits: headers of records and what a ClientHello is made of, and no content.

A connection is known as one of SIP by its port or by what its ClientHello offers (RFC 7301).
"""

from analyzer.redact.edits import Edit, zeros
from analyzer.sip.payload_start import ALPN_SIP

_RECORD, _HANDSHAKE_HEADER, _VERSION, _RANDOM = 5, 4, 2, 32
_HANDSHAKE, _CLIENT_HELLO = 22, 1
_EXTENSION = 4
_PADDING = b"\0\x15"
"""Extension of zeros, which all others become (RFC 7685)."""


class TlsRecords:
    """Takes the stretches of one direction."""

    def __init__(self) -> None:
        """Start at a record."""
        self._skip = 0

    def take(self, data: bytes, before: int) -> list[Edit]:
        """Return the edits of a stretch before which `before` bytes are missing."""
        at = max(0, self._skip - before)
        edits = zeros(0, min(at, len(data)))
        while at + _RECORD <= len(data):
            size = int.from_bytes(data[at + 3 : at + 5], "big")
            if not 20 <= data[at] <= 23 or data[at + 1] != 3:
                self._skip = 0
                return edits + zeros(at, len(data))
            start, stop = at + _RECORD, min(at + _RECORD + size, len(data))
            if data[at] == _HANDSHAKE and data[start : start + 1] == bytes([_CLIENT_HELLO]):
                edits += _hello(data, start, stop)
            else:
                edits += zeros(start, stop)
            at += _RECORD + size
        self._skip = max(0, at - len(data))
        return edits + zeros(min(at, len(data)), len(data))


def _hello(data: bytes, start: int, stop: int) -> list[Edit]:
    """Leave the lengths in a ClientHello (RFC 8446 §4.1.2), and the offer of SIP."""
    at = start + _HANDSHAKE_HEADER + _VERSION
    edits = zeros(at, min(at + _RANDOM, stop))
    at += _RANDOM
    session = data[at] if at < stop else 0
    edits += zeros(at + 1, min(at + 1 + session, stop))
    at += 1 + session
    # cipher suites, compression methods, extensions in all
    at += 2 + int.from_bytes(data[at : at + 2], "big")
    at += 1 + (data[at] if at < stop else 0)
    at += 2
    while at + _EXTENSION <= stop:
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        begin, end = at + _EXTENSION, min(at + _EXTENSION + size, stop)
        offer = data.find(ALPN_SIP, begin, end)
        if offer >= 0:
            edits += zeros(begin + 2, offer)
            begin = offer + len(ALPN_SIP)
        else:
            edits.append(Edit(at, at + 2, _PADDING))
        edits += zeros(begin, end)
        at = max(end, begin)
    return edits + (zeros(at, stop) if at < stop else [])
