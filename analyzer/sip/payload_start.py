"""What the payload of a TCP segment begins with, as far as it makes a connection worth following.

SIP on any port; WebSocket by its handshake (RFC 7118 §4) or by a frame with a SIP message in it;
TLS on the port of SIP over TLS or with the ALPN `sip/2`; HEP version 3. All else is other traffic.
"""

import re

from analyzer.decode.transport.payloads import may_be_sip
from analyzer.sip.stream_start import Start
from analyzer.tables.messages import KNOWN_METHODS

SIPS_PORT = 5061
ALPN_SIP = b"\x05sip/2"
"""How a ClientHello offers the protocol (RFC 7301, IANA)."""
MASK_BIT, LENGTH_BITS = 0x80, 0x7F

_BLANK = re.compile(rb"[\r\n]+")
_LINE_ENDS = re.compile(rb"(?:\r?\n)*")
_HANDSHAKE = re.compile(
    rb"(?:GET [^\r\n]* HTTP/1\.1|HTTP/1\.1 101[^\r\n]*)\r\n(?:[^\r\n]+\r\n)*?"
    rb"Sec-WebSocket-Protocol:[^\r\n]*(?<![!-+\--~])sip(?![!-+\--~])",
    re.IGNORECASE,
)
_FIRST_WORD = re.compile(rb"SIP/2\.0 |(?:%b) " % "|".join(KNOWN_METHODS).encode())
_BEGINNINGS = frozenset(
    word[:size].encode() for word in KNOWN_METHODS for size in range(1, len(word) + 1)
)


def start_of(payload: bytes, wire_length: int, ports: tuple[int, int]) -> Start:
    """Return what a payload begins with."""
    if _BLANK.fullmatch(payload):
        return Start.BLANK
    if may_be_sip(payload) or _begins_a_word(payload):
        return Start.SIP
    if payload.startswith(b"HEP3"):
        return Start.HEP
    if payload[:4] in {b"GET ", b"HTTP"} and _HANDSHAKE.match(payload):
        return Start.WEBSOCKET_HANDSHAKE
    if _is_tls(payload, wire_length, ports):
        return Start.TLS
    return Start.WEBSOCKET_FRAME if _is_websocket_frame(payload) else Start.NONE


def _begins_a_word(payload: bytes) -> bool:
    """Tell whether the payload ends inside the first word of a start line."""
    if len(payload) > 64:
        return False
    blank = _LINE_ENDS.match(payload)
    word = payload[blank.end() if blank else 0 :]
    return word in _BEGINNINGS or (0 < len(word) < 4 and b"SIP/".startswith(word.upper()))


def _is_tls(payload: bytes, wire_length: int, ports: tuple[int, int]) -> bool:
    """Recognise a record of TLS 1.0 or later (RFC 8446 §5.1) that matters here."""
    if len(payload) < 6 or not 20 <= payload[0] <= 23 or payload[1] != 3 or payload[2] > 4:
        return False
    if not 0 < int.from_bytes(payload[3:5]) <= 16_384 + 2_048 or wire_length < 6:
        return False
    return SIPS_PORT in ports or (payload[0] == 22 and payload[5] == 1 and ALPN_SIP in payload)


def _is_websocket_frame(payload: bytes) -> bool:
    """Recognise the first frame of a message that begins as SIP does (RFC 6455 §5.2)."""
    if len(payload) < 12 or payload[0] & 0x7F not in {1, 2}:
        return False
    size = payload[1] & LENGTH_BITS
    at = 2 + {126: 2, 127: 8}.get(size, 0)
    mask = bytes(4)
    if payload[1] & MASK_BIT:
        mask, at = payload[at : at + 4], at + 4
    first = payload[at : at + 10]
    if len(mask) < 4 or not first:
        return False
    text = bytes(byte ^ mask[place & 3] for place, byte in enumerate(first))
    return _FIRST_WORD.match(text) is not None
