"""What payloads become that are read together with other frames: TCP segments, IP fragments, and
chunks of SCTP.

A first pass over the capture gathers them; the second, which makes the frames anew, asks here.
"""

from analyzer.capture.mapped import Capture
from analyzer.decode.datagrams import decode_frames, trace_frames
from analyzer.decode.protocols import LinkType
from analyzer.redact.frames import Frames, Redacted, headers_of
from analyzer.redact.headers import FRAGMENT_KEY, IPV4_KEY
from analyzer.redact.ip_fragments import IpFragments, Key
from analyzer.redact.messages import Messages
from analyzer.redact.packet import CannotRedactError, Layer, Packet
from analyzer.redact.sctp_chunks import SctpChunks
from analyzer.redact.tcp_streams import TcpStreams
from analyzer.redact.transports import addresses_in, ip_of
from analyzer.settings import Settings
from analyzer.sip.flows import Ends, ends_of, turned
from analyzer.tables.endpoints import address_halves
from analyzer.tables.frames import FrameTable

_ACKNOWLEDGES = 0x10
_IPV4_HEADER, _IPV6_HEADER = 20, 40
_TTL = 64
_LONGEST = 0xFFFF


class Carriage:
    """Knows what other frames hold; see `frames.Carrier`."""

    def __init__(self, capture: Capture, messages: Messages, settings: Settings) -> None:
        """Start without frames."""
        self._capture = capture
        self._settings = settings
        self._messages = messages
        self._streams = TcpStreams(capture.data, messages, settings)
        self._fragments = IpFragments(capture.data, self._redact_packet)
        self._chunks = SctpChunks(messages)
        self._ends: dict[int, Ends] = {}
        """Direction of the TCP segment or SCTP packet of a frame."""

    def gather(self, index: int) -> None:
        """Go through the capture, which is number `index` of the analysis."""
        for frames in self._capture.frames(index, self._settings.batch_frames):
            decoded = decode_frames(self._capture.data, frames, self._settings)
            self._streams.add(decoded.segments, frames.number)
            self._fragments.add(decoded.fragments, frames.number, frames.time_ns)
            sctp = decoded.sctp
            rows = zip(
                frames.number[sctp.frame_row].tolist(),
                sctp.pos.tolist(),
                sctp.length.tolist(),
                strict=True,
            )
            for ends, (number, pos, length) in zip(ends_of(sctp), rows, strict=True):
                self._chunks.add(ends, number, bytes(self._capture.data[pos : pos + length]))
        self._streams.finish()
        self._chunks.finish()
        self._fragments.finish()

    def segment(self, number: int, packet: Packet, layer: Layer, payload: bytes) -> bytes:
        """Return the payload of a TCP segment, and set its sequence numbers."""
        ends = _original_ends(packet, layer)
        stream = self._streams.stream_at(ends, number) if ends else None
        other = self._streams.stream_at(turned(ends), number) if ends else None
        at = layer.start
        if other is not None and packet.data[at + 13] & _ACKNOWLEDGES:
            acknowledged = other.place_of(packet.u32(at + 8))
            packet.put32(at + 8, packet.u32(at + 8) + other.moved(acknowledged) - acknowledged)
        if stream is None:
            return bytes(len(payload))
        place = stream.place_of(packet.u32(at + 4))
        packet.put32(at + 4, packet.u32(at + 4) + stream.moved(place) - place)
        return stream.payload(place, len(payload)) if payload else b""

    def fragment(self, number: int, packet: Packet, layer: Layer, payload: bytes) -> bytes | None:
        """Return the piece of a packet, and set its offset; None where the frame has none."""
        made = self._fragments.piece(number)
        if made is None:
            return None
        if made.is_lost and any(payload):
            packet.is_lost = True
        at = layer.start
        if layer.key == IPV4_KEY:
            packet.put16(at + 6, packet.u16(at + 6) & 0xE000 | made.offset // 8)
        elif layer.key == FRAGMENT_KEY:
            packet.put16(at + 2, packet.u16(at + 2) & 7 | made.offset)
        else:
            raise CannotRedactError
        return made.data

    def chunks(self, number: int, packet: Packet, layer: Layer, payload: bytes) -> bytes:
        """Return the chunks of an SCTP packet."""
        ends = _original_ends(packet, layer)
        return self._chunks.take(ends, number, payload) if ends else bytes(len(payload))

    def _redact_packet(self, key: Key, payload: bytes, wire_length: int) -> bytes:
        """Redact the payload of a packet that was in pieces, as if it had come in one."""
        header = _ip_header(key, wire_length)
        frame = header + payload
        frames = FrameTable(
            number=[0], time_ns=[0], pos=[0], captured=[len(frame)],
            original=[len(header) + wire_length], link_type=[int(LinkType.RAW)],
        )  # fmt: skip  # read side by side
        decoded, steps = trace_frames(memoryview(frame), frames, self._settings)
        (headers,) = headers_of(frames, steps)
        redactor = Frames(self._messages, self)
        made: Redacted = redactor.redact(frame, headers, int(decoded.verdicts[0]), 0)
        if made.is_lost:
            raise CannotRedactError
        return made.data[len(header) :]


def _ip_header(key: Key, length: int) -> bytes:
    version, source_high, source_low, destination_high, destination_low, _, protocol = key
    source, destination = source_high << 64 | source_low, destination_high << 64 | destination_low
    if version == 4:
        total = min(length + _IPV4_HEADER, _LONGEST).to_bytes(2, "big")
        head = b"\x45\0" + total + bytes(4) + bytes((_TTL, protocol, 0, 0))
        return head + source.to_bytes(4, "big") + destination.to_bytes(4, "big")
    head = b"\x60\0\0\0" + min(length, _LONGEST).to_bytes(2, "big") + bytes((protocol, _TTL))
    return head + source.to_bytes(16, "big") + destination.to_bytes(16, "big")


def _original_ends(packet: Packet, layer: Layer) -> Ends | None:
    """Return the direction of a transport header as the capture has it."""
    ip = ip_of(packet, layer)
    if ip is None:
        return None
    source, destination = (
        int.from_bytes(each, "big") for each in addresses_in(packet, ip, old=True)
    )
    return (
        *address_halves(source),
        packet.u16(layer.start),
        *address_halves(destination),
        packet.u16(layer.start + 2),
        4 if ip.key == IPV4_KEY else 6,
    )
