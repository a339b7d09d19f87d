"""Puts messages into TCP, WebSocket, SCTP and IP fragments, byte by byte as the standards say."""

import zlib
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path
from struct import pack

from analyzer import frozen, pipeline
from analyzer.annotate.dialogue import parse_dialogue
from analyzer.annotate.dialogue_pcap import Packet
from analyzer.capture.formats import open_capture
from analyzer.pipeline import open_trace
from analyzer.settings import Settings
from analyzer.tables.origins import Form
from analyzer.tables.trace import Trace
from capture_files import pcap_header, pcap_record
from provenance import check_provenance

FIN, SYN, RST, PUSH, ACK = 1, 2, 4, 8, 16
Address = tuple[str, int]
CLIENT, SERVER = ("192.0.2.1", 5060), ("192.0.2.2", 5060)

DIALOGUE = """
    -> INVITE sip:bob@example.com SIP/2.0
       Content-Type: application/sdp

       v=0
       o=a 1 1 IN IP4 192.0.2.1
    <- SIP/2.0 180 Ringing
    +4s <- SIP/2.0 603 Decline
    -> ACK sip:bob@example.com SIP/2.0
    +1s -> SUBSCRIBE sip:pres@example.com SIP/2.0
       Suppress-If-Match: dx200xyz
    <- SIP/2.0 204 No Notification
       Expires: 3600
    +1s -> OPTIONS sip:bob@example.com SIP/2.0
    <- SIP/2.0 200 OK
"""


@dataclass(frozen=True)
class Segment:
    """A TCP segment."""

    time_ns: int
    source: Address
    destination: Address
    sequence: int
    payload: bytes = b""
    flags: int = ACK | PUSH
    ident: int = 1

    def packet(self) -> bytes:
        """Return it in an IP packet (RFC 9293 §3.1)."""
        ports = pack(">HH", self.source[1], self.destination[1])
        header = ports + pack(
            ">IIBBHHH", self.sequence & 0xFFFFFFFF, 1, 0x50, self.flags, 0xFFFF, 0, 0
        )
        return ip(self.source[0], self.destination[0], 6, header + self.payload, ident=self.ident)


def ip(
    source: str, destination: str, protocol: int, payload: bytes, *, ident: int = 1, place: int = 0
) -> bytes:
    """Return an IPv4 packet, or for IPv6 addresses an IPv6 one; `place` is the fragment field of
    IPv4 (RFC 791 §3.1).
    """
    ends = ip_address(source).packed + ip_address(destination).packed
    if len(ends) == 32:
        if place:
            more = place >> 13 & 1
            payload = pack(">BBHI", protocol, 0, (place & 0x1FFF) << 3 | more, ident) + payload
            protocol = 44
        return pack(">IHBB", 0x60000000, len(payload), protocol, 64) + ends + payload
    head = pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), ident & 0xFFFF, place, 64, protocol, 0)
    return head + ends + payload


def messages_of(dialogue: str = DIALOGUE) -> list[Packet]:
    """Return the messages of a dialogue."""
    return parse_dialogue(dialogue)


def stream(
    packets: Iterable[Packet], cuts: Iterable[int] = (), *, first: int = 1, opened: bool = True
) -> list[Segment]:
    """Return the segments of a connection that carries messages: each message one segment, or two
    where a cut falls into it; `cuts` count the bytes of all messages. `first` is the initial
    sequence number of both sides.
    """
    packets, cuts = list(packets), sorted(set(cuts))
    if not packets:
        return []
    segments, following, sent = [], {}, 0
    for each in packets:
        for source, destination in (
            (each.source, each.destination),
            (each.destination, each.source),
        ):
            if source not in following:
                following[source] = first + 1
                if opened:
                    flags = SYN if source == packets[0].source else SYN | ACK
                    segments.append(
                        Segment(packets[0].time_ns - 1000, source, destination, first, b"", flags)
                    )
    for each in packets:
        bounds = [0, *(cut - sent for cut in cuts if sent < cut < sent + len(each.payload))]
        bounds.append(len(each.payload))
        sent += len(each.payload)
        for start, end in pairwise(bounds):
            part = each.payload[start:end]
            segments.append(
                Segment(
                    each.time_ns,
                    each.source,
                    each.destination,
                    following[each.source],
                    part,
                    ident=len(segments) + 1,
                )
            )
            following[each.source] += len(part)
    return segments


def later(segments: Sequence[Segment], gap_ns: int = 1000) -> list[Segment]:
    """Give segments times that grow in the order in which they stand."""
    found, time_ns = [], 0
    for each in segments:
        time_ns = max(time_ns + gap_ns, each.time_ns)
        found.append(replace(each, time_ns=time_ns))
    return found


def capture(packets: Iterable[tuple[int, bytes]], *, snap_len: int = 262_144) -> bytes:
    """Return a pcap file of IP packets with their times; raw IP, so that there is no padding."""
    parts = [pcap_header(link=101)]
    for time_ns, packet in packets:
        seconds, rest = divmod(time_ns, 10**9)
        parts.append(pcap_record(packet[:snap_len], (seconds, rest // 1000), original=len(packet)))
    return b"".join(parts)


def in_tcp(segments: Iterable[Segment], *, snap_len: int = 262_144) -> bytes:
    """Return a capture of segments."""
    return capture(((each.time_ns, each.packet()) for each in segments), snap_len=snap_len)


def in_udp(packets: Iterable[Packet]) -> bytes:
    """Return a capture of the messages as datagrams."""
    return capture(
        (
            each.time_ns,
            ip(
                each.source[0],
                each.destination[0],
                17,
                pack(">HHHH", each.source[1], each.destination[1], 8 + len(each.payload), 0)
                + each.payload,
            ),
        )
        for each in packets
    )


def websocket_frame(
    payload: bytes, *, opcode: int = 1, final: bool = True, mask: bytes = b"", packed: bool = False
) -> bytes:
    """Return a frame (RFC 6455 §5.2)."""
    first = (0x80 if final else 0) | (0x40 if packed else 0) | opcode
    size, bit = len(payload), 0x80 if mask else 0
    if size < 126:
        head = bytes([first, bit | size])
    elif size < 65_536:
        head = bytes([first, bit | 126]) + pack(">H", size)
    else:
        head = bytes([first, bit | 127]) + pack(">Q", size)
    masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload)) if mask else payload
    return head + mask + masked


class Deflater:
    """Compresses messages as RFC 7692 §7.2.1 says."""

    def __init__(self, *, takeover: bool) -> None:
        """Keep the window from message to message, or not."""
        self._takeover = takeover
        self._compressor = zlib.compressobj(wbits=-15)

    def pack(self, text: bytes) -> bytes:
        """Compress a message."""
        if not self._takeover:
            self._compressor = zlib.compressobj(wbits=-15)
        packed = self._compressor.compress(text) + self._compressor.flush(zlib.Z_SYNC_FLUSH)
        return packed.removesuffix(b"\x00\x00\xff\xff")


Seen = list[tuple[bytes, str, str]]


def messages_in(trace: Trace) -> Seen:
    """Return each message of a trace with the addresses it went between."""
    rows = range(len(trace.messages))
    ends = [
        [trace.endpoints.address(row) for row in column.tolist()]
        for column in (trace.messages.source_row, trace.messages.destination_row)
    ]
    return [(trace.message_bytes(row), ends[0][row], ends[1][row]) for row in rows]


def sent(packets: Iterable[Packet]) -> Seen:
    """Return the same of the messages that were sent."""
    return [(each.payload, each.source[0], each.destination[0]) for each in packets]


@dataclass
class Reading:
    """What a capture was read as."""

    messages: Seen
    frames: list[int]
    transports: set[int]
    transactions: list[tuple[int, ...]]
    findings: list[tuple[int, ...]]
    anomalies: dict[str, tuple[int, str]]
    hidden: dict[str, int]
    sip: int
    other: int
    packets: int
    limits: dict[str, int]
    forms: set[Form]


def read(
    path: Path, data: bytes, settings: Settings | None = None, *, explained: bool = True
) -> Reading:
    """Run a capture through the pipeline, to the findings or only to the transactions; every packet
    must be counted once, and the bytes of each message must be where they are said to come from.
    """
    path.write_bytes(data)
    settings = frozen.replace(settings or Settings(), origins=True)
    with ExitStack() as opened:
        if explained:
            trace = opened.enter_context(open_trace([str(path)], settings))
        else:
            captured = opened.enter_context(open_capture(str(path), settings))
            trace = pipeline.read([captured], settings)
            opened.callback(trace.spans.close)
        forms = check_provenance(trace, data)
        coverage, links = trace.coverage, trace.transactions
        hidden = {kind: count for kind, (count, _) in coverage.not_understood.items()}
        assert coverage.packets == (
            coverage.sip + coverage.media + coverage.other + sum(hidden.values())
        )
        frames = trace.messages.frame.tolist()
        assert frames == sorted(frames)
        return Reading(
            messages_in(trace),
            frames,
            set(trace.messages.transport.tolist()),
            sorted(
                zip(
                    links.method_sym.tolist(),
                    links.final_status.tolist(),
                    links.state.tolist(),
                    links.request_retransmissions.tolist(),
                    strict=True,
                )
            ),
            sorted(zip(trace.findings.rule.tolist(), trace.findings.case.tolist(), strict=True)),
            {each.kind: (each.count, each.detail) for each in trace.anomalies},
            hidden,
            coverage.sip,
            coverage.other,
            coverage.packets,
            dict(coverage.limits_hit),
            forms,
        )


def datagram(packet: Packet) -> bytes:
    """Return a message as a UDP datagram, without IP (RFC 768)."""
    size = 8 + len(packet.payload)
    return pack(">HHHH", packet.source[1], packet.destination[1], size, 0) + packet.payload


def fragments(
    source: str, destination: str, protocol: int, payload: bytes, sizes: Sequence[int], ident: int
) -> list[bytes]:
    """Return IP packets that carry a payload in pieces of so many units of 8 bytes each."""
    pieces, start = [], 0
    for size in sizes:
        if start + 8 * size >= len(payload):
            break
        pieces.append((start, payload[start : start + 8 * size], 0x2000))
        start += 8 * size
    pieces.append((start, payload[start:], 0))
    if len(pieces) == 1:
        return [ip(source, destination, protocol, payload, ident=ident)]
    return [
        ip(source, destination, protocol, piece, ident=ident, place=more | at // 8)
        for at, piece, more in pieces
    ]


def data_chunk(
    tsn: int, payload: bytes, *, begins: bool = True, ends: bool = True, stream_id: int = 1
) -> bytes:
    """Return a DATA chunk (RFC 9260 §3.3.1)."""
    flags = 2 * begins + ends
    head = pack(">BBHIHHI", 0, flags, 16 + len(payload), tsn & 0xFFFFFFFF, stream_id, 0, 0)
    return head + payload + bytes(-len(payload) % 4)


def i_data_chunk(
    tsn: int, message: int, number: int, payload: bytes, *, begins: bool, ends: bool
) -> bytes:
    """Return an I-DATA chunk (RFC 8260 §2.1)."""
    flags = 2 * begins + ends
    last = 0 if begins else number
    head = pack(">BBHIHHII", 64, flags, 20 + len(payload), tsn & 0xFFFFFFFF, 1, 0, message, last)
    return head + payload + bytes(-len(payload) % 4)


def sctp(source: Address, destination: Address, chunks: Iterable[bytes]) -> bytes:
    """Return an SCTP packet in IP (RFC 9260 §3)."""
    head = pack(">HHII", source[1], destination[1], 7, 0)
    return ip(source[0], destination[0], 132, head + b"".join(chunks))
