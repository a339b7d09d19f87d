"""Bytes of a stream in order → SIP messages (RFC 3261 §18.3, §7.5; RFC 5626 §3.5.1).

A message ends where its Content-Length says. Without one it has no body; when it says what type its
body is, the body goes on to the next start line. After a gap everything up to the next start line
that a header line follows is unread. Memory is bounded: see `Settings.max_message_bytes`.
"""

import re
from collections import deque
from typing import Protocol

from analyzer.decode.verdicts import OTHER, SIP, STREAM_UNREAD
from analyzer.settings import Settings
from analyzer.sip.pieces import Joined, Piece, Stretch
from analyzer.sip.start_line import scan_start_line
from analyzer.tables.messages import KNOWN_METHODS

_MAX_LINE = 8_192
"""Bytes of a first line, and what is kept of a line while a start line is looked for."""
_TOKEN = rb"[A-Za-z0-9\-.!%*_+`'~]"
_BLANK_LINES = re.compile(rb"(?:\r?\n)+")
_HEAD_END = re.compile(rb"\n\r?\n")
_CONTENT_LENGTH = re.compile(
    rb"\n(?:content-length|l)[ \t]*+:((?:[ \t]|\r?\n[ \t])*+([0-9]*+)[ \t]*+\r?\n)?", re.IGNORECASE
)
_CONTENT_TYPE = re.compile(rb"\n(?:content-type|c)[ \t]*+:", re.IGNORECASE)
_SIP_HEADER = re.compile(rb"\n(?:call-id|i|cseq)[ \t]*+:", re.IGNORECASE)
"""What HTTP does not have, whatever its first line says."""
_START = re.compile(
    rb"(?:\A|(?<=\n))(?:SIP/2\.0 [1-6][0-9][0-9][ \r][^\n]*+\n|%b++ [^\s<>]++ SIP/2\.0\r?\n)"
    rb"(?=[A-Za-z][A-Za-z-]*+[ \t]*+:)" % _TOKEN
)
_FIRST_WORD = re.compile(rb"(?:%b)[ \t]|[Ss][Ii][Pp]/" % "|".join(KNOWN_METHODS).encode())
_WORDS = tuple(word.encode() for word in (*KNOWN_METHODS, "SIP/"))


def begins_message(payload: bytes) -> bool:
    """Tell whether a payload begins with a head that only SIP has."""
    blank = _BLANK_LINES.match(payload)
    start = blank.end() if blank else 0
    line = scan_start_line(payload[start : start + _MAX_LINE].decode("latin-1"))
    end = _HEAD_END.search(payload, start)
    return line is not None and bool(
        _SIP_HEADER.search(payload, start, end.end() if end else len(payload))
    )


class Sink(Protocol):
    """Takes what a framer finds."""

    @property
    def keeps_origins(self) -> bool:
        """Whether it wants to know what messages were made of."""

    def message(
        self,
        piece: Piece,
        where: tuple[int, int] | bytes | Joined,
        length: int,
        wire_length: int,
        anomalies: tuple[tuple[str, str], ...],
    ) -> None:
        """Take a message: the piece that completes it, source and position or its bytes, its
        length here and on the wire, and what is odd about its carriage.
        """

    def done(self, piece: Piece) -> None:
        """Take a piece of which nothing is needed any more."""

    def note(self, kind: str, piece: Piece, detail: str) -> None:
        """Take an anomaly."""

    def limit(self, name: str, piece: Piece) -> None:
        """Take that a limit of the settings was hit."""

    def confirm(self) -> None:
        """Take that the connection does carry SIP."""

    def is_confirmed(self) -> bool:
        """Tell whether the connection does carry SIP."""


class StreamBuffer:
    """Bytes that wait for more, and the pieces that brought them."""

    def __init__(self, sink: Sink) -> None:
        """Start empty."""
        self.data = bytearray()
        self.keeps_origins = sink.keeps_origins
        self._sink = sink
        self._pieces: deque[tuple[int, int, Piece]] = deque()
        self._base = 0

    def append(self, piece: Piece, pos: int, chunk: bytes) -> None:
        """Add bytes that stand at a position of the piece's source."""
        start = self._base + len(self.data)
        self._pieces.append((start + len(chunk), pos - start, piece))
        self.data += chunk

    def take(self, count: int, verdict: int) -> None:
        """Remove bytes from the front and say what they are."""
        if count == 0:
            return
        self._base += count
        del self.data[:count]
        while self._pieces:
            end, _, piece = self._pieces[0]
            piece.mark(verdict)
            if end > self._base:
                break
            self._pieces.popleft()
            self._sink.done(piece)
            if end == self._base:
                break

    def first(self) -> Piece:
        """Return the piece that holds the byte at the front."""
        return self._pieces[0][2]

    def latest(self, count: int) -> Piece:
        """Return the piece that came last of those that hold the first bytes."""
        latest = self._pieces[0][2]
        for end, _, piece in self._pieces:
            latest = piece if piece.frame > latest.frame else latest
            if end >= self._base + count:
                break
        return latest

    def stretches(self, start: int, count: int) -> list[Stretch]:
        """Return which pieces brought some of the bytes."""
        found: list[Stretch] = []
        at = self._base + start
        last = at + count
        for end, shift, piece in self._pieces:
            if at < min(end, last):
                found.append(Stretch(piece, at + shift, min(end, last) - at))
                at = min(end, last)
        return found

    def locate(self, count: int) -> tuple[int, int] | bytes | Joined:
        """Return source and position of the first bytes, or a copy where they are not in one
        piece.
        """
        end, shift, piece = self._pieces[0]
        if end >= self._base + count:
            return piece.source, self._base + shift
        data = bytes(self.data[:count])
        return Joined(data, self.stretches(0, count)) if self.keeps_origins else data


class SipFramer:
    """Splits one direction of a connection into messages."""

    def __init__(self, sink: Sink, settings: Settings, *, lost: bool) -> None:
        """Start at a message boundary, or lost in the middle of something."""
        self._sink = sink
        self._settings = settings
        self._buffer = StreamBuffer(sink)
        self.gave_up = False
        """Whether it turned out that the connection carries no SIP."""
        self._lost = lost
        self._skip = 0
        self._need = 0
        self._scanned = 0
        self._started = False
        self._open_body = 0
        self._anomalies: tuple[tuple[str, str], ...] = ()

    @property
    def is_idle(self) -> bool:
        """Whether it stands at a message boundary with nothing in hand."""
        return not (self._lost or self._skip or self._buffer.data)

    @property
    def held(self) -> int:
        """Bytes in hand."""
        return len(self._buffer.data)

    def feed(self, piece: Piece, pos: int, chunk: bytes) -> None:
        """Take the next bytes."""
        self._buffer.append(piece, pos, chunk)
        while self._buffer.data and self._step():
            pass

    def gap(self, count: int) -> bool:
        """Take that bytes are missing; tell whether more than a body lacks them."""
        held = len(self._buffer.data)
        if self._started:
            need = self._need
            self._emit(held, need or held + count)
            self._lost = not need or held + count > need
            self._skip = 0 if self._lost else need - held - count
            return self._lost
        if self._skip >= count:
            self._skip -= count
            return False
        self._skip = 0
        is_unread = self._lost and self._sink.is_confirmed()
        self._buffer.take(held, STREAM_UNREAD if is_unread else OTHER)
        self._lost = True
        return True

    def end(self, *, cut: bool) -> None:
        """Take that no more comes; `cut` says that the sender may have sent more."""
        held = len(self._buffer.data)
        if self._started:
            missing = cut and not self._open_body
            self._emit(held, max(self._need, held + 1) if missing else held)
        elif held:
            is_blank = not bytes(self._buffer.data).strip(b"\r\n")
            is_sip = self._sink.is_confirmed() and not is_blank
            self._buffer.take(held, STREAM_UNREAD if is_sip else OTHER)
        self._lost = False
        self._skip = 0

    def let_go(self) -> None:
        """Give up what is in hand: there is too much of it."""
        self.end(cut=True)
        self._lost = True

    def _step(self) -> bool:
        """Go on as far as the bytes tell; False when more are needed."""
        data = self._buffer.data
        if self._skip:
            count = min(self._skip, len(data))
            self._skip -= count
            self._buffer.take(count, SIP)
            return True
        if self._lost:
            return self._find_start()
        if self._started:
            return self._go_on()
        blank = _BLANK_LINES.match(data)
        if blank:
            self._buffer.take(blank.end(), OTHER)
            return True
        return data != b"\r" and self._read_start()

    def _read_start(self) -> bool:
        data = self._buffer.data
        end = data.find(b"\n", 0, _MAX_LINE) + 1
        if not end:
            if len(data) < _MAX_LINE and self._may_start():
                return False
            return self._lose()
        line = scan_start_line(data[:end].decode("latin-1"))
        if line is None:
            return self._lose()
        self._started = True
        self._scanned = end - 1
        return True

    def _may_start(self) -> bool:
        """Tell whether a first line without its end may become a start line."""
        data = self._buffer.data
        if self._sink.is_confirmed() or _FIRST_WORD.match(data):
            return True
        return any(word.startswith(bytes(data).upper()) for word in _WORDS)

    def _lose(self) -> bool:
        """Give up what stands at a boundary and is no message."""
        self._lost = True
        if self._sink.is_confirmed():
            shown = (
                bytes(self._buffer.data[:40]).decode("latin-1").encode("unicode_escape").decode()
            )
            self._sink.note("stream-garbage", self._buffer.first(), shown)
            return True
        self.gave_up = True
        return False

    def _go_on(self) -> bool:
        """Complete the head or the body of a message."""
        data = self._buffer.data
        if self._need:
            return self._read_body()
        if self._open_body:
            return self._read_open_body()
        limit = self._settings.max_head_bytes
        found = _HEAD_END.search(data, max(0, self._scanned - 2), limit)
        if found is None:
            self._scanned = len(data)
            if len(data) <= limit:
                return False
            self._emit(limit + 1, limit + 1)
            self._lost = True
            return True
        head = bytes(data[: found.end()])
        if not self._sink.is_confirmed() and not _SIP_HEADER.search(head):
            self._started = False
            return self._lose()
        self._plan(head)
        return True

    def _plan(self, head: bytes) -> None:
        """Find out where the message ends."""
        self._sink.confirm()
        head_len = len(head)
        length = _CONTENT_LENGTH.search(head)
        if length and length[2]:
            self._need = head_len + int(length[2][:18])
            return
        if not length:
            self._anomalies = (("content-length-missing", ""),)
        if _CONTENT_TYPE.search(head):
            self._open_body = self._scanned = head_len
        else:
            self._need = head_len

    def _read_body(self) -> bool:
        held, limit = len(self._buffer.data), self._settings.max_message_bytes
        if held >= self._need and self._need <= limit:
            self._emit(self._need, self._need)
            return True
        if self._need <= limit or held < limit:
            return False
        rest = self._need - limit
        self._sink.limit("max_message_bytes", self._buffer.first())
        self._emit(limit, self._need)
        self._skip = rest
        return True

    def _read_open_body(self) -> bool:
        data, limit = self._buffer.data, self._settings.max_message_bytes
        found = _START.search(data, max(self._open_body, self._scanned - _MAX_LINE))
        self._scanned = len(data)
        if found:
            self._emit(found.start(), found.start())
            return True
        if len(data) < limit:
            return False
        self._sink.limit("max_message_bytes", self._buffer.first())
        self._emit(limit, limit + 1)
        self._lost = True
        return True

    def _emit(self, count: int, wire_length: int) -> None:
        piece, where = self._buffer.latest(count), self._buffer.locate(count)
        self._sink.message(piece, where, count, wire_length, self._anomalies)
        self._buffer.take(count, SIP)
        self._started = False
        self._need = self._open_body = self._scanned = 0
        self._anomalies = ()

    def _find_start(self) -> bool:
        """Skip to the next start line; keep what may still become one."""
        data = self._buffer.data
        found = _START.search(data)
        if found:
            self._buffer.take(found.start(), STREAM_UNREAD)
            self._lost = False
            return True
        last = data.rfind(b"\n")
        kept = data.rfind(b"\n", 0, last) + 1 if last > 0 else 0
        if len(data) - kept > 2 * _MAX_LINE:
            kept = len(data)
        self._buffer.take(kept, STREAM_UNREAD if self._sink.is_confirmed() else OTHER)
        return False
