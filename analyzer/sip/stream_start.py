"""What the payload of a TCP segment begins with: what makes a connection worth following.

SIP on any port; WebSocket by its handshake (RFC 7118 §4) or by a frame with a SIP message in it;
TLS on the port of SIP over TLS or with the ALPN `sip/2`; HEP version 3. All else is other traffic,
of which nothing is kept. The compiled twin decides the common cases and leaves the rest to
`start_of`; it also splits segments that are nothing but whole ordinary messages.
"""

import re
from enum import IntEnum

import numpy as np

from analyzer.decode.cursor import DatagramTable
from analyzer.decode.parts import SegmentTable
from analyzer.decode.transport.payloads import may_be_sip
from analyzer.frozen import frozen
from analyzer.settings import Settings
from analyzer.sip.message_rows import RowTable
from analyzer.tables.messages import KNOWN_METHODS, Transport
from analyzer.tables.schema import Int32, Int64, UInt8

try:
    from analyzer.sip import _stream_start
except ImportError:  # no compiler where the package was installed
    COMPILED = False
else:
    COMPILED = True

SIPS_PORT = 5061
ALPN_SIP = b"\x05sip/2"
"""How a ClientHello offers the protocol (RFC 7301, IANA)."""
MASK_BIT, LENGTH_BITS = 0x80, 0x7F


class Start(IntEnum):
    """What a payload begins with."""

    NONE = 0
    SIP = 1
    """A line that may be a start line, or the beginning of one."""
    WEBSOCKET_HANDSHAKE = 2
    WEBSOCKET_FRAME = 3
    TLS = 4
    HEP = 5
    BLANK = 6
    """Nothing but line ends: a keep-alive (RFC 5626 §3.5.1), or the end of a head."""


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


@frozen
class Starts:
    """What the payloads of segments begin with, and the whole messages in them."""

    start: UInt8
    """Per segment: a `Start`."""
    count: Int32
    """Per segment: whole ordinary messages of which it consists; 0 when it must be looked into."""
    row: Int32
    """Per message: row of its segment."""
    pos: Int64
    """Per message: where it stands in the capture's data."""
    length: Int32
    """Per message: its bytes."""

    def checked(self, rows: RowTable) -> "Starts":
        """Leave only segments in whose messages nothing is odd."""
        odd = self.row[(rows.state != 1) | (rows.flags != 0)]
        if len(odd):
            self.count[odd] = 0
        return self


def whole_messages(segments: SegmentTable, starts: Starts) -> DatagramTable:
    """Return the whole messages in segments as if each were a datagram."""
    picked = segments.take(starts.row)
    columns = {
        each.name: getattr(picked, each.name)
        for each in DatagramTable.columns
        if each.name not in {"pos", "length", "wire_length", "time_ns", "transport"}
    }
    return DatagramTable(
        **columns,
        pos=starts.pos,
        length=starts.length,
        wire_length=starts.length,
        time_ns=np.full(len(picked), -1),
        transport=np.full(len(picked), Transport.TCP),
    )


def read_starts(
    data: memoryview, segments: SegmentTable, settings: Settings, *, compiled: bool = COMPILED
) -> Starts:
    """Look at the payload of each segment."""
    size = len(segments)
    start, count = np.zeros(size, np.uint8), np.zeros(size, np.int32)
    row, pos, length = np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0, np.int32)
    open_rows = np.flatnonzero(segments.length > 0)
    if compiled and len(open_rows):
        room = size + 1024
        row, length = np.empty(room, np.int32), np.empty(room, np.int32)
        pos = np.empty(room, np.int64)
        spans = (segments.pos, segments.length, segments.wire_length)
        ports = (segments.source_port, segments.destination_port)
        found = _stream_start.read_starts(
            data, spans, ports, settings.max_head_bytes, (start, count), (row, pos, length)
        )
        row, pos, length = row[:found], pos[:found], length[:found]
        open_rows = np.flatnonzero(start == _UNDECIDED)
    for each in open_rows.tolist():
        at = int(segments.pos[each])
        payload = bytes(data[at : at + int(segments.length[each])])
        ends = (int(segments.source_port[each]), int(segments.destination_port[each]))
        start[each] = start_of(payload, int(segments.wire_length[each]), ends)
    return Starts(start, count, row, pos, length)


_UNDECIDED = 255
