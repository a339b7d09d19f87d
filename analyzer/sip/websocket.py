"""SIP over WebSocket: frames of one direction → messages (RFC 6455 §5, RFC 7118, RFC 7692).

A WebSocket message is one SIP message. The handshake before is stepped over; a direction joined
later, or after a gap, goes on at a segment that begins with a frame that begins a SIP message. A
compressor that keeps its window and one that begins anew for each message unpack alike.
"""

import re
import zlib

from analyzer.decode.verdicts import OTHER, SIP, STREAM_UNREAD
from analyzer.frozen import frozen
from analyzer.settings import Settings
from analyzer.sip.framing import Sink, StreamBuffer
from analyzer.sip.pieces import Joined, Piece, Stretch
from analyzer.sip.start_line import scan_start_line
from analyzer.sip.stream_start import Start
from analyzer.tables.origins import Form

FIN, COMPRESSED, RESERVED, OPCODE = 0x80, 0x40, 0x30, 0x0F
CONTINUATION, TEXT, BINARY, CLOSE, PONG = 0, 1, 2, 8, 10
_HTTP = re.compile(rb"(?:GET |HTTP/1\.1 )")
_HEAD_END = re.compile(rb"\r\n\r\n")
_FLUSH = b"\x00\x00\xff\xff"
"""What a sender leaves out at the end of a compressed message (RFC 7692 §7.2.1)."""


@frozen
class FrameHead:
    """The header of a frame."""

    is_final: bool
    is_compressed: bool
    opcode: int
    mask: bytes
    start: int
    """Where the payload begins, counted from the frame."""
    length: int

    @property
    def end(self) -> int:
        """Where the frame ends."""
        return self.start + self.length


def read_frame_head(data: bytes | bytearray, at: int) -> FrameHead | None:
    """Read the header of the frame at a position; None when more bytes are needed."""
    if len(data) < at + 2:
        return None
    first, second = data[at], data[at + 1]
    length, start = second & 0x7F, at + 2
    extra = {126: 2, 127: 8}.get(length, 0)
    mask_len = 4 if second & 0x80 else 0
    if len(data) < start + extra + mask_len:
        return None
    if extra:
        length = int.from_bytes(data[start : start + extra])
    mask = bytes(data[start + extra : start + extra + mask_len])
    return FrameHead(
        bool(first & FIN),
        bool(first & COMPRESSED),
        first & OPCODE if not first & RESERVED else -1,
        mask,
        extra + mask_len + 2,
        length,
    )


def unmask(payload: bytes, mask: bytes) -> bytes:
    """Undo the masking of RFC 6455 §5.3."""
    if not mask or not payload:
        return payload
    key = (mask * (len(payload) // 4 + 1))[: len(payload)]
    return (int.from_bytes(payload) ^ int.from_bytes(key)).to_bytes(len(payload))


class WebSocketFramer:
    """Takes one direction of a connection."""

    gave_up = False

    def __init__(self, sink: Sink, settings: Settings) -> None:
        """Start before the handshake or in the middle."""
        self._sink = sink
        self._settings = settings
        self._buffer = StreamBuffer(sink)
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        self._lost = True
        self._skip = 0
        self._at = 0
        self._parts: list[bytes] = []
        self._stretches: list[Stretch] = []
        self._form = Form.PLAIN
        self._is_compressed = False

    @property
    def is_idle(self) -> bool:
        """Never: the window of the compressor is always in hand."""
        return False

    @property
    def held(self) -> int:
        """Bytes in hand."""
        return len(self._buffer.data)

    def feed(self, piece: Piece, pos: int, chunk: bytes) -> None:
        """Take the next bytes."""
        if self._lost and not self._skip:
            self._lost = not (
                piece.start in {Start.WEBSOCKET_FRAME, Start.WEBSOCKET_HANDSHAKE}
                and pos == piece.pos
            )
        self._buffer.append(piece, pos, chunk)
        while self._buffer.data and self._step():
            pass

    def gap(self, count: int) -> bool:
        """Take that bytes are missing."""
        if 0 < count <= self._skip:
            self._skip -= count
            return False
        held = len(self._buffer.data)
        head = read_frame_head(self._buffer.data, self._at)
        if head and not self._is_compressed and not head.is_compressed:
            rest = bytes(self._buffer.data[self._at + head.start :])
            text = b"".join(self._parts) + unmask(rest, head.mask)
            if scan_start_line(text.decode("latin-1")) and b"\n" in text:
                self._note_part(head, len(rest))
                self._emit(held, text, len(text) + count)
                self._buffer.take(held, SIP)
        self._reset()
        return True

    def end(self, *, cut: bool) -> None:
        """Take that no more comes."""
        if cut and self._buffer.data:
            self.gap(1)
        self._reset()

    def let_go(self) -> None:
        """Give up what is in hand: there is too much of it."""
        self._reset()

    def _reset(self) -> None:
        self._buffer.take(len(self._buffer.data), STREAM_UNREAD)
        self._lost, self._skip, self._at = True, 0, 0
        self._begin_message()
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)

    def _step(self) -> bool:
        """Go on as far as the bytes tell; False when more are needed."""
        data = self._buffer.data
        if self._skip:
            count = min(self._skip, len(data))
            self._skip -= count
            self._buffer.take(count, STREAM_UNREAD)
            return True
        if self._lost:
            self._buffer.take(len(data), STREAM_UNREAD)
            return False
        if self._at == 0 and _HTTP.match(data):
            return self._read_handshake()
        head = read_frame_head(data, self._at)
        if head is None:
            return False
        if head.opcode < 0 or head.opcode > PONG or TEXT + 1 < head.opcode < CLOSE:
            self._sink.note("stream-garbage", self._buffer.first(), "no WebSocket frame")
            self._reset()
            return False
        return self._read_frame(head)

    def _read_handshake(self) -> bool:
        found = _HEAD_END.search(self._buffer.data)
        if found:
            self._buffer.take(found.end(), OTHER)
        elif len(self._buffer.data) > self._settings.max_head_bytes:
            self._reset()
        return found is not None

    def _read_frame(self, head: FrameHead) -> bool:
        data = self._buffer.data
        limit = self._settings.max_message_bytes
        if self._at + head.end > limit:
            self._sink.limit("max_message_bytes", self._buffer.first())
            rest = self._at + head.end - len(data)
            self._reset()
            self._skip = max(rest, 0)
            return False
        if len(data) < self._at + head.end:
            return False
        payload = bytes(data[self._at + head.start : self._at + head.end])
        if head.opcode >= CLOSE:
            if self._at == 0:
                self._buffer.take(head.end, OTHER)
            else:
                self._at += head.end
            return True
        if head.opcode != CONTINUATION:
            self._is_compressed = head.is_compressed
            self._begin_message()
        self._parts.append(unmask(payload, head.mask))
        self._note_part(head, head.length)
        self._at += head.end
        if head.is_final:
            self._finish()
        return True

    def _begin_message(self) -> None:
        self._parts, self._stretches, self._form = [], [], Form.PLAIN

    def _note_part(self, head: FrameHead, length: int) -> None:
        """Keep where the payload of a frame stands."""
        if not self._buffer.keeps_origins:
            return
        self._stretches += self._buffer.stretches(self._at + head.start, length)
        self._form = Form.MASKED if head.mask else self._form

    def _emit(self, size: int, text: bytes, wire_length: int) -> None:
        """Hand on the message in the first bytes, which is made of the parts in hand."""
        where: bytes | Joined = text
        if self._buffer.keeps_origins and self._is_compressed:
            where = Joined(text, self._buffer.stretches(0, size), Form.PACKED)
        elif self._buffer.keeps_origins:
            where = Joined(text, self._stretches, self._form)
        self._sink.message(self._buffer.latest(size), where, len(text), wire_length, ())

    def _finish(self) -> None:
        """Hand on a message whose last frame is here."""
        text: bytes | None = b"".join(self._parts)
        if self._is_compressed:
            text = self._unpack(text or b"")
        size, self._at = self._at, 0
        if text is None:
            verdict = STREAM_UNREAD
        elif scan_start_line(text.decode("latin-1")) is None:
            verdict = OTHER
        else:
            verdict = SIP
            self._sink.confirm()
            self._emit(size, text, len(text))
        self._begin_message()
        self._buffer.take(size, verdict)

    def _unpack(self, packed: bytes) -> bytes | None:
        """Unpack a message; None when it cannot be, or would be larger than the limit."""
        limit, piece = self._settings.max_message_bytes, self._buffer.latest(self._at)
        try:
            text = self._inflate.decompress(packed + _FLUSH, limit)
        except zlib.error as error:
            self._sink.note("websocket-deflate", piece, str(error))
            self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
            return None
        if self._inflate.unconsumed_tail:
            self._sink.limit("max_message_bytes", piece)
            self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
            return None
        if self._inflate.eof:
            self._inflate = zlib.decompressobj(-zlib.MAX_WBITS, zdict=text[-32_768:])
        return text
