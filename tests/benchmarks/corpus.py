"""Large captures for measuring: dialogues written once, sent many times with other identifiers.

Every identifier, address and port differs from call to call, as in real traffic; up to OVERLAP
dialogues are under way at a time. The truth about a capture is counted while it is written.
"""

import heapq
import struct
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple

from analyzer.annotate.dialogue import START_NS, parse_dialogue

OVERLAP = 50
RTP_GAP_NS = 20_000_000
LIKE = "00000000"
"""Stands in a template for the eight digits of a call's number."""

_SDP = """
      v=0
      o=- 1 1 IN IP4 192.0.2.1
      s=-
      c=IN IP4 192.0.2.1
      t=0 0
      m=audio 4000 RTP/AVP 0 8 101
      a=rtpmap:0 PCMU/8000
      a=rtpmap:8 PCMA/8000
      a=rtpmap:101 telephone-event/8000
"""
_COMMON = """
   Contact: <sip:u00000000@192.0.2.1>
   User-Agent: BenchPhone 3.1
   Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, SUBSCRIBE, NOTIFY, INFO
   Supported: replaces, timer, 100rel
   From: <sip:u00000000@example.com>;tag=f00000000
"""
_INVITE = (
    "-> INVITE sip:p00000000@example.net SIP/2.0"
    + _COMMON.rstrip("\n")
    + "\n   To: <sip:p00000000@example.net>\n"
    + _SDP
    + "+10ms <- SIP/2.0 100 Trying\n"
    "+0.3s <- SIP/2.0 180 Ringing\n   To: <sip:p00000000@example.net>;tag=t00000000\n"
)
_REGISTER = "-> REGISTER sip:example.com SIP/2.0" + _COMMON
ANSWERED = (
    _INVITE
    + "+3s <- SIP/2.0 200 OK\n   To: <sip:p00000000@example.net>;tag=t00000000\n"
    + "   Contact: <sip:p00000000@192.0.2.2>\n"
    + _SDP
    + "-> ACK sip:p00000000@192.0.2.2 SIP/2.0\n"
    "+6s -> BYE sip:p00000000@192.0.2.2 SIP/2.0\n   Max-Forwards: 69\n<- SIP/2.0 200 OK\n"
)
DECLINED = (
    _INVITE
    + "+4s <- SIP/2.0 603 Decline\n   Server: BenchPhone 3.1\n"
    + "-> ACK sip:p00000000@example.net SIP/2.0\n"
)
REGISTERED = (
    _REGISTER
    + "<- SIP/2.0 401 Unauthorized\n"
    + '   WWW-Authenticate: Digest realm="example.com", nonce="84f1c1ae"\n'
    + _REGISTER
    + '   Authorization: Digest username="u00000000", realm="example.com", nonce="84f1c1ae", '
    + 'uri="sip:example.com", response="6629fae49393a05397450978507c4ef1"\n'
    + "<- SIP/2.0 200 OK\n   Contact: <sip:u00000000@192.0.2.1>;expires=3600\n"
)
SUBSCRIBED = """
-> SUBSCRIBE sip:p00000000@example.net SIP/2.0
   Event: presence
   Expires: 3600
<- SIP/2.0 200 OK
   Expires: 3600
+9s -> SUBSCRIBE sip:p00000000@example.net SIP/2.0
   To: <sip:p00000000@example.net>;tag=t00000000
   Event: presence
   Suppress-If-Match: e00000000
   Expires: 3600
<- SIP/2.0 204 No Notification
   Expires: 3600
"""


def _relayed(status: str) -> str:
    """Return a call that two proxies relay, and its final response."""
    there = ("a->p", "p->q", "q->b")
    back = ("b->q", "q->p", "p->a")
    invite, rest = _INVITE.split("+10ms", 1)[0].partition("-> ")[2], f"SIP/2.0 {status}"
    to = "\n   To: <sip:p00000000@example.net>;tag=t00000000\n"
    steps = [f"{hop} {invite}" for hop in there]
    steps += [f"{'+0.3s ' if hop == back[0] else ''}{hop} SIP/2.0 180 Ringing{to}" for hop in back]
    contact = "   Contact: <sip:p00000000@192.0.2.2>\n" if status.startswith("200") else ""
    steps += [f"{'+4s ' if hop == back[0] else ''}{hop} {rest}{to}{contact}" for hop in back]
    steps += [f"{hop} ACK sip:p00000000@example.net SIP/2.0\n" for hop in there]
    if status.startswith("200"):
        bye = "BYE sip:p00000000@192.0.2.2 SIP/2.0\n"
        steps += [f"{'+6s ' if hop == there[0] else ''}{hop} {bye}" for hop in there]
        steps += [f"{hop} SIP/2.0 200 OK\n" for hop in back]
    return "".join(steps)


KINDS: dict[str, tuple[str, dict[str, int]]] = {
    "answered": (ANSWERED, {"calls": 1, "answered": 1}),
    "declined": (DECLINED, {"calls": 1, "declined": 1, "RSP603": 1}),
    "registered": (REGISTERED, {"registrations": 1}),
    "subscribed": (SUBSCRIBED, {"subscriptions": 1, "RSP204": 1}),
    "relayed": (_relayed("200 OK"), {"calls": 1, "answered": 1}),
    "relayed and declined": (_relayed("603 Decline"), {"calls": 1, "declined": 1, "RSP603": 3}),
}
MIXTURE = ("answered",) * 15 + ("registered",) * 3 + ("subscribed", "declined")
RELAYED = ("relayed",) * 15 + ("relayed and declined",)
"""Calls over three hops."""
PROXIES = 0xC0000210
"""Address before that of the first proxy, which all calls have in common."""

Step = tuple[int, tuple[int, int], bytes]
"""Nanoseconds since the step before, numbers of sender and receiver (0 the caller, 1 the callee,
then proxies), payload.
"""
Sent = tuple[int, tuple[int, int], bool, bytes]
"""Nanoseconds since the packet before, sender and receiver, whether it is SIP, payload."""
Carrier = Callable[[tuple[int, int], int, bytes], bytes]
"""Sender and receiver, port, payload → frame without its addresses."""


def _steps(kind: str) -> list[Step]:
    packets = parse_dialogue(KINDS[kind][0], name="c" + LIKE)
    times = [START_NS, *(packet.time_ns for packet in packets)]
    parties = {packets[0].source: 0}
    # who sends the first response is where the request ended
    callee = next(p.source for p in packets if p.payload.startswith(b"SIP/2.0"))
    parties.setdefault(callee, 1)
    for packet in packets:
        for party in (packet.source, packet.destination):
            parties.setdefault(party, len(parties))
    return [
        (
            packet.time_ns - before,
            (parties[packet.source], parties[packet.destination]),
            packet.payload,
        )
        for packet, before in zip(packets, times, strict=False)
    ]


def _call(steps: list[Step], number: int, rtp: int) -> Iterator[Sent]:
    like, digits = LIKE.encode(), b"%08d" % number
    for gap_ns, ends, payload in steps:
        if payload.startswith(b"BYE"):
            for sequence in range(rtp):
                head = struct.pack(">BBHII", 0x80, 0, sequence & 0xFFFF, sequence * 160, number)
                yield RTP_GAP_NS, (sequence % 2, 1 - sequence % 2), False, head + bytes(160)
        yield gap_ns, ends, True, payload.replace(like, digits)


def _ipv4(ends: tuple[int, int], port: int, segment: bytes) -> bytes:
    head = struct.pack(">BBHHHBBH", 0x45, 0, 28 + len(segment), 0, 0x4000, 64, 17, 0)
    head += struct.pack(">II", *ends)
    return b"\x08\0" + head + struct.pack(">HHHH", port, port, 8 + len(segment), 0) + segment


def _vlan(ends: tuple[int, int], port: int, segment: bytes) -> bytes:
    return b"\x81\0\0\x64" + _ipv4(ends, port, segment)


def _ipv6(ends: tuple[int, int], port: int, segment: bytes) -> bytes:
    prefix = b"\x20\x01\x0d\xb8" + bytes(8)
    addresses = b"".join(prefix + struct.pack(">I", end) for end in ends)
    head = struct.pack(">IHBB", 0x60000000, 8 + len(segment), 17, 64) + addresses
    return b"\x86\xdd" + head + struct.pack(">HHHH", port, port, 8 + len(segment), 0) + segment


CARRY: dict[str, Carrier] = {
    "udp": _ipv4,
    "vlan": _vlan,
    "ipv6": _ipv6,
}


class Pending(NamedTuple):
    """The next packet of a dialogue that is under way; `order` is different in each."""

    time_ns: int
    order: int
    number: int
    ends: tuple[int, int]
    is_sip: bool
    payload: bytes
    following: Iterator[Sent]


def write_corpus(
    path: Path,
    dialogues: int,
    *,
    carry: str = "udp",
    rtp: int = 0,
    mixture: Sequence[str] = MIXTURE,
) -> Counter[str]:
    """Write a pcap of so many dialogues and return the truth about it."""
    steps = {kind: _steps(kind) for kind in KINDS}
    truth: Counter[str] = Counter()
    order = count()
    under_way: list[Pending] = []

    def push(time_ns: int, number: int, following: Iterator[Sent]) -> None:
        for gap_ns, ends, is_sip, payload in following:
            due = time_ns + gap_ns
            heapq.heappush(
                under_way, Pending(due, next(order), number, ends, is_sip, payload, following)
            )
            return

    numbers, clock_ns = iter(range(dialogues)), START_NS
    with path.open("wb", buffering=1 << 20) as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 1))
        while True:
            for number in islice(numbers, OVERLAP - len(under_way)):
                kind = mixture[number % len(mixture)]
                truth.update(KINDS[kind][1])
                start_ns = clock_ns + number * 7919 % 1000 * 1_000_000
                push(start_ns, number, _call(steps[kind], number, rtp))
            if not under_way:
                return truth
            packet = heapq.heappop(under_way)
            clock_ns = packet.time_ns
            file.write(_record(packet, CARRY[carry]))
            truth.update(packets=1, sip_messages=int(packet.is_sip))
            push(clock_ns, packet.number, packet.following)


def _record(packet: Pending, carry: Carrier) -> bytes:
    port = 5060 if packet.is_sip else 16384 + packet.number % 16384 * 2
    parties = (0x0A000000 + packet.number, 0x0A800000 + packet.number)
    sender, receiver = (
        parties[each] if each < len(parties) else PROXIES + each for each in packet.ends
    )
    ends = (sender, receiver)
    frame = bytes(12) + carry(ends, port, packet.payload)
    seconds, rest = divmod(packet.time_ns, 10**9)
    return struct.pack("<IIII", seconds, rest // 1000, len(frame), len(frame)) + frame
