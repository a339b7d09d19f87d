"""WebSocket, one direction → edits: the messages in its frames without names (RFC 6455, RFC 7118).

What was compressed is sent plain, which RFC 7692 §6 lets every message be; frames and masks stay.
"""

import re
import zlib

from analyzer.redact.edits import Edit, Edited, zeros
from analyzer.redact.messages import Messages, filler
from analyzer.sip.start_line import scan_start_line
from analyzer.sip.websocket import (
    CLOSE,
    CONTINUATION,
    FIN,
    FrameHead,
    read_frame_head,
    unmask,
)

_HTTP = re.compile(rb"(?:GET |HTTP/1\.1 )")
_HEADER = re.compile(rb"([A-Za-z0-9\-]+)([ \t]*:[ \t]*)([^\r\n]*)")
_REQUEST = re.compile(rb"GET ([^\r\n]*) HTTP/1\.1")
_KEPT_HEADERS = frozenset(
    (
        "upgrade", "connection", "sec-websocket-protocol", "sec-websocket-version",
        "sec-websocket-extensions", "content-length",
    )
)  # fmt: skip  # read side by side
_PLAIN = re.compile(rb"[A-Za-z0-9\-,;= _.]{0,120}\Z")
_FLUSH = b"\x00\x00\xff\xff"
_LIMIT = 1 << 20
_SIZE_16, _SIZE_64 = 126, 127

_Frame = tuple[int, FrameHead, bytes]
"""Where a frame stands, its header, and its payload without mask."""


class WebSocketFrames:
    """Takes the stretches of one direction."""

    def __init__(self, messages: Messages) -> None:
        """Start before the handshake, or in the middle."""
        self._messages = messages
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)

    def take(self, data: bytes, before: int) -> list[Edit]:
        """Return the edits of a stretch."""
        del before
        edits: list[Edit] = []
        at = 0
        if _HTTP.match(data):
            at = data.find(b"\r\n\r\n") + 4
            if at < 4:
                return zeros(0, len(data))
            edits += self._handshake(data[:at])
        waiting: list[_Frame] = []
        while (head := read_frame_head(data, at)) and at + head.end <= len(data):
            payload = unmask(data[at + head.start : at + head.end], head.mask)
            if head.opcode >= CLOSE or head.opcode < 0:
                edits.append(_control(data, at, head, payload))
            else:
                waiting = [*waiting, (at, head, payload)] if head.opcode == CONTINUATION else [
                    (at, head, payload)
                ]  # fmt: skip  # read side by side
                if head.is_final:
                    edits += self._message(data, waiting)
                    waiting = []
            at += head.end
        edits += [_frame(data, at, head, bytes(len(payload))) for at, head, payload in waiting]
        edits.sort(key=lambda each: each.start)
        return edits + zeros(at, len(data))

    def _message(self, data: bytes, frames: list[_Frame]) -> list[Edit]:
        """Return the edits of the frames of one message."""
        packed = b"".join(payload for _, _, payload in frames)
        is_compressed = frames[0][1].is_compressed
        text = self._unpack(packed) if is_compressed else packed
        made = self._redacted(text)
        edits, taken = [], 0
        for number, (at, head, payload) in enumerate(frames):
            is_last = number == len(frames) - 1
            start = made.place(taken)
            taken += 0 if is_compressed else len(payload)
            stop = len(made.data) if is_last else made.place(taken)
            edits.append(_frame(data, at, head, made.data[start:stop]))
        return edits

    def _redacted(self, text: bytes) -> Edited:
        if scan_start_line(text.decode("latin-1")) is not None:
            return self._messages.redact(text)
        blank = filler(text.decode("latin-1")).encode("latin-1")
        return Edited(text, [Edit(0, len(text), blank)] if text.strip(b"\r\n") else [])

    def _unpack(self, packed: bytes) -> bytes:
        try:
            text = self._inflate.decompress(packed + _FLUSH, _LIMIT)
        except zlib.error:
            self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
            return bytes(len(packed))
        if self._inflate.eof or self._inflate.unconsumed_tail:
            self._inflate = zlib.decompressobj(-zlib.MAX_WBITS, zdict=text[-32_768:])
        return text

    def _handshake(self, head: bytes) -> list[Edit]:
        """Return the edits of the request or response that opens the connection."""
        edits: list[Edit] = []
        request = _REQUEST.match(head)
        if request:
            new = self._messages.values.values.opaque(request[1].decode("latin-1"))
            edits.append(Edit(request.start(1), request.end(1), new.encode("latin-1", "replace")))
        at = head.find(b"\r\n")
        if not request:
            edits.append(Edit(13, at, filler(head[13:at].decode("latin-1")).encode("latin-1")))
        for line in re.finditer(rb"[^\r\n]+", head[at:]):
            match = _HEADER.fullmatch(line[0])
            start, stop = at + line.start(), at + line.end()
            if match is None:
                edits += zeros(start, stop)
            elif match[1].decode().lower() not in _KEPT_HEADERS or not _PLAIN.match(match[3]):
                new = self._http_value(match[1].decode().lower(), match[3].decode("latin-1"))
                edits.append(Edit(stop - len(match[3]), stop, new.encode("latin-1", "replace")))
        return edits

    def _http_value(self, name: str, value: str) -> str:
        if name == "host":
            return self._messages.names.host_port(value)
        values = self._messages.values.values
        return values.uri(value) if name == "origin" else values.opaque(value)


def _control(data: bytes, at: int, head: FrameHead, payload: bytes) -> Edit:
    kept = payload[:2] if head.opcode == CLOSE else b""
    return _frame(data, at, head, kept + bytes(len(payload) - len(kept)))


def _frame(data: bytes, at: int, head: FrameHead, payload: bytes) -> Edit:
    """Return the edit that puts another payload into a frame."""
    first = data[at] & (FIN | 0x0F)
    size = len(payload)
    mask_bit = 0x80 if head.mask else 0
    if size < _SIZE_16:
        length = bytes((mask_bit | size,))
    elif size <= 0xFFFF:
        length = bytes((mask_bit | _SIZE_16,)) + size.to_bytes(2, "big")
    else:
        length = bytes((mask_bit | _SIZE_64,)) + size.to_bytes(8, "big")
    new = bytes((first,)) + length + head.mask + unmask(payload, head.mask)
    return Edit(at, at + head.end, new)
