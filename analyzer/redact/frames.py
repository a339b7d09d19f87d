"""A frame with the headers that were decoded in it → the frame without names, its lengths and
checksums right.

What no decoder understands keeps its length and loses its content.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from analyzer.decode.cursor import Step
from analyzer.decode.verdicts import MEDIA, SIP
from analyzer.frozen import frozen
from analyzer.redact.headers import (
    EXPORTED_KEY,
    FRAGMENT_KEY,
    HEP_KEY,
    IPV4_KEY,
    IPV6_KEY,
    SCTP_KEY,
    TCP_KEY,
    UDP_KEY,
)
from analyzer.redact.media import blank_media
from analyzer.redact.messages import Messages
from analyzer.redact.mirrored import redact_exported_pdu, redact_hep
from analyzer.redact.packet import CannotRedactError, Layer, Packet
from analyzer.redact.transports import ALL_KINDS, control_message
from analyzer.tables.frames import FrameTable

_RECORDS: dict[tuple[int, int] | None, Callable[[bytes, Messages], bytes]] = {
    HEP_KEY: redact_hep,
    EXPORTED_KEY: redact_exported_pdu,
}
_KEEP_ALIVE = b"\r\n\0"


class Header(NamedTuple):
    """A header that a decoder read; places count from the start of the frame."""

    key: tuple[int, int]
    at: int
    end: int
    wire_end: int


@frozen
class Redacted:
    """A frame made anew."""

    data: bytes
    growth: int
    """Bytes by which it is longer on the wire."""
    is_lost: bool = False
    """It held something to read that could not be kept."""


class Carrier(Protocol):
    """Knows what becomes of payloads that are read together with other frames."""

    def segment(self, number: int, packet: Packet, layer: Layer, payload: bytes) -> bytes:
        """Return the payload of a TCP segment, and set its sequence numbers."""

    def fragment(self, number: int, packet: Packet, layer: Layer, payload: bytes) -> bytes | None:
        """Return the piece of a packet, and set its offset; None where the frame has none."""

    def chunks(self, number: int, packet: Packet, layer: Layer, payload: bytes) -> bytes:
        """Return the chunks of an SCTP packet."""


class Frames:
    """Makes frames anew."""

    def __init__(self, messages: Messages, carrier: Carrier) -> None:
        """Take what redacts messages, and what knows of other frames."""
        self._messages = messages
        self._addresses = messages.names.addresses
        self._carrier = carrier

    def redact(
        self, frame: bytes, headers: Sequence[Header], verdict: int, number: int
    ) -> Redacted:
        """Return a frame without names."""
        try:
            return self._redact(frame, headers, verdict, number, is_lost=False)
        except CannotRedactError:
            return self._redact(frame, headers, verdict, number, is_lost=True)

    def _redact(
        self, frame: bytes, headers: Sequence[Header], verdict: int, number: int, *, is_lost: bool
    ) -> Redacted:
        packet = Packet(bytearray(frame), [], self._addresses, frame)
        start = self._find_layers(packet, headers)
        last = packet.layers[-1] if packet.layers else None
        end = max(start, last.end if last else len(frame))
        payload = frame[start:end]
        for layer in packet.layers:
            ALL_KINDS[layer.key].hide(packet, layer)
        if is_lost:
            new = bytes(len(payload))
        else:
            rest = headers[len(packet.layers)].key if len(headers) > len(packet.layers) else None
            new = self._payload(packet, rest, payload, verdict, number)
        packet.growth = len(new) - len(payload)
        packet.data[start:] = new + bytes(len(frame) - end)
        for layer in packet.layers:
            layer.end += packet.growth
        for layer in reversed(packet.layers):
            ALL_KINDS[layer.key].finish(packet, layer)
        return Redacted(bytes(packet.data), packet.growth, is_lost or packet.is_lost)

    @staticmethod
    def _find_layers(packet: Packet, headers: Sequence[Header]) -> int:
        """Fill the layers of a packet; return where its payload begins."""
        for at, header in enumerate(headers):
            kind = ALL_KINDS.get(header.key)
            if kind is None:
                return header.at
            if at + 1 < len(headers):
                inner = headers[at + 1]
                end, wire_end, stop = inner.end, inner.wire_end, inner.at
            else:
                stop = header.at + _size_of(packet, header)
                end, wire_end = header.end, _content_end(packet, header)
                end = min(end, wire_end)
                if stop < header.at or stop > end:
                    return header.at
            layer = Layer(header.key, header.at, stop, end, is_cut=wire_end > end)
            packet.layers.append(layer)
        return packet.layers[-1].stop if packet.layers else 0

    def _payload(
        self,
        packet: Packet,
        rest: tuple[int, int] | None,
        payload: bytes,
        verdict: int,
        number: int,
    ) -> bytes:
        """Return what stands for the innermost payload; `rest` is the protocol of a header that is
        part of it.
        """
        if rest in _RECORDS:
            return _RECORDS[rest](payload, self._messages)
        if rest is not None or not packet.layers:
            return bytes(len(payload))
        layer = packet.layers[-1]
        if layer.key == UDP_KEY:
            return self._datagram(payload, verdict)
        if layer.key in {TCP_KEY, SCTP_KEY}:
            carrier = self._carrier
            take = carrier.segment if layer.key == TCP_KEY else carrier.chunks
            return take(number, packet, layer, payload)
        piece = None
        if layer.key in {IPV4_KEY, IPV6_KEY, FRAGMENT_KEY}:
            piece = self._carrier.fragment(number, packet, layer, payload)
            if piece is None:
                piece = control_message(packet, layer, len(payload))
        return bytes(len(payload)) if piece is None else piece

    def _datagram(self, payload: bytes, verdict: int) -> bytes:
        if verdict == SIP:
            return self._messages.redact(payload).data
        if verdict == MEDIA:
            return blank_media(payload)
        return payload if not payload.strip(_KEEP_ALIVE) else bytes(len(payload))


def _size_of(packet: Packet, header: Header) -> int:
    """Return the size of a header behind which nothing was decoded, -1 where it is not whole."""
    try:
        return ALL_KINDS[header.key].size(packet, header.at, header.end)
    except IndexError:
        return -1


def _content_end(packet: Packet, header: Header) -> int:
    """Return where on the wire ends what the last header carries, by its own length."""
    at = header.at
    length = 0
    if header.key == UDP_KEY:
        length = packet.u16(at + 4)
    elif header.key == IPV4_KEY:
        length = packet.u16(at + 2)
    elif header.key == IPV6_KEY and packet.u16(at + 4):
        length = packet.u16(at + 4) + 40
    return min(header.wire_end, at + length) if length else header.wire_end


def headers_of(frames: FrameTable, steps: list[Step]) -> Iterator[list[Header]]:
    """Yield the headers of each frame, outermost first."""
    found: list[list[Header]] = [[] for _ in range(len(frames))]
    for step in steps:
        rows = step.frame_row
        base = frames.pos[rows]
        spans = (np.asarray(each - base).tolist() for each in (step.at, step.end, step.wire_end))
        for row, at, end, wire_end in zip(rows.tolist(), *spans, strict=True):
            found[row].append(Header((step.space, step.number), at, end, wire_end))
    yield from found
