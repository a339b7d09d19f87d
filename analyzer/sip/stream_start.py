"""What the payload of a TCP segment begins with: what makes a connection worth following.

`payload_start` says what that is. The compiled twin decides the common cases and leaves the rest to
it; it also splits segments that are nothing but whole ordinary messages.
"""

from enum import IntEnum

import numpy as np

from analyzer.decode.cursor import DatagramTable
from analyzer.decode.parts import SegmentTable
from analyzer.frozen import frozen
from analyzer.settings import Settings
from analyzer.sip.message_rows import RowTable
from analyzer.tables.messages import Transport
from analyzer.tables.schema import Int32, Int64, UInt8

try:
    from analyzer.sip import _flows, _stream_start
except ImportError:  # no compiler where the package was installed
    COMPILED = False
else:
    COMPILED = _flows is not None


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
        limits = (settings.max_head_bytes, settings.max_message_bytes)
        found = _stream_start.read_starts(
            data, spans, ports, limits, (start, count), (row, pos, length)
        )
        row, pos, length = row[:found], pos[:found], length[:found]
        open_rows = np.flatnonzero(start == _UNDECIDED)
    if len(open_rows):
        from analyzer.sip.payload_start import start_of  # noqa: PLC0415 - few captures need it
    for each in open_rows.tolist():
        at = int(segments.pos[each])
        payload = bytes(data[at : at + int(segments.length[each])])
        ends = (int(segments.source_port[each]), int(segments.destination_port[each]))
        start[each] = start_of(payload, int(segments.wire_length[each]), ends)
    return Starts(start, count, row, pos, length)


_UNDECIDED = 255
