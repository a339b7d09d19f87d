"""The bytes of one direction of a connection → edits that take the names out.

Messages are found as the reader of streams finds them; of what is between them only line ends stay.
"""

import re
from typing import Protocol

from analyzer.redact.edits import Edit, zeros
from analyzer.redact.messages import Messages
from analyzer.redact.mirrored import redact_hep
from analyzer.redact.tls_records import TlsRecords
from analyzer.redact.websocket_frames import WebSocketFrames
from analyzer.settings import Settings
from analyzer.sip.framing import SipFramer
from analyzer.sip.pieces import Piece
from analyzer.sip.stream_start import Start

_KEEP_ALIVE = b"\r\n"
_NO_LINE_END = re.compile(rb"[^\r\n]")
_HEP_MAGIC = b"HEP3"


class StreamTexts(Protocol):
    """Takes the stretches of one direction in order, each without a gap in it."""

    def take(self, data: bytes, before: int) -> list[Edit]:
        """Return the edits of a stretch before which `before` bytes are missing."""


def texts_of(kind: Start, messages: Messages, *, lost: bool) -> StreamTexts:
    """Return what takes the stretches of a direction; `lost` where its beginning is missing."""
    if kind is Start.SIP:
        return _SipTexts(messages, lost=lost)
    if kind in {Start.WEBSOCKET_HANDSHAKE, Start.WEBSOCKET_FRAME}:
        return WebSocketFrames(messages)
    return _HepTexts(messages) if kind is Start.HEP else TlsRecords()


class _Found:
    """Takes messages from the framer, as places in the stretch."""

    keeps_origins = False
    """A stretch is one piece: what brought a message is known."""

    def __init__(self) -> None:
        self.places: list[tuple[int, int]] = []

    def message(
        self,
        piece: Piece,
        where: object,
        length: int,
        wire_length: int,
        anomalies: tuple[tuple[str, str], ...],
    ) -> None:
        del piece, wire_length, anomalies
        # A stretch is one piece, so a message always has a place in it.
        if isinstance(where, tuple) and len(where) == 2:
            self.places.append((int(where[1]), length))

    def done(self, piece: Piece) -> None:
        """Ignore it."""

    def note(self, kind: str, piece: Piece, detail: str) -> None:
        """Ignore it."""

    def limit(self, name: str, piece: Piece) -> None:
        """Ignore it."""

    def confirm(self) -> None:
        """Ignore it."""

    def is_confirmed(self) -> bool:
        """Say yes: all streams that come here are known to carry SIP."""
        return True


class _SipTexts:
    def __init__(self, messages: Messages, *, lost: bool) -> None:
        self._messages = messages
        self._found = _Found()
        self._framer = SipFramer(self._found, Settings(), lost=lost)
        self._is_first = True

    def take(self, data: bytes, before: int) -> list[Edit]:
        """Return the edits of messages, and of what is between them."""
        if before and not self._is_first:
            self._framer.gap(before)
        self._is_first = False
        self._found.places.clear()
        piece = Piece(0, 0, -1, -1, 0, len(data), len(data))
        self._framer.feed(piece, 0, data)
        # What is not whole before the end or a gap has its place all the same.
        held = self._framer.held
        places = list(self._found.places)
        if held:
            places.append((len(data) - held, held))
        edits: list[Edit] = []
        at = 0
        for start, length in places:
            edits += blanked(data, at, start)
            part = self._messages.redact(data[start : start + length])
            edits += [Edit(start + each.start, start + each.end, each.new) for each in part.edits]
            at = start + length
        return edits + blanked(data, at, len(data))


def blanked(data: bytes, start: int, end: int) -> list[Edit]:
    """Return the edit that leaves nothing but line ends, behind which a message may begin."""
    if start >= end or not data[start:end].strip(_KEEP_ALIVE):
        return []
    return [Edit(start, end, _NO_LINE_END.sub(b"x", data[start:end]))]


class _HepTexts:
    def __init__(self, messages: Messages) -> None:
        self._messages = messages

    def take(self, data: bytes, before: int) -> list[Edit]:
        """Return the edits of records of HEP version 3."""
        del before
        edits: list[Edit] = []
        at = 0
        while True:
            start = data.find(_HEP_MAGIC, at)
            if start < 0:
                break
            size = int.from_bytes(data[start + 4 : start + 6], "big")
            if size < 6 or start + size > len(data):
                edits += zeros(at, start + len(_HEP_MAGIC))
                at = start + len(_HEP_MAGIC)
                continue
            edits += zeros(at, start)
            at = start + size
            edits.append(Edit(start, at, redact_hep(data[start:at], self._messages)))
        return edits + zeros(at, len(data))
