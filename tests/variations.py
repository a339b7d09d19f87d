"""The same SIP traffic, written or captured otherwise: functions from packets to packets.

A `Variation` takes packets and gives others that mean the same; variations compose with `chain`.
Those that change how a message is written work on `Parts` through `rewrite`. What is left to chance
is decided by a `Choose`, which hypothesis draws or a test fixes.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from ipaddress import IPv4Address

from analyzer.annotate.dialogue_pcap import Packet as DialoguePacket

Choose = Callable[[int], int]
"""Takes how many there are, at least one, and returns the number of one of them."""
Endpoint = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Packet:
    """A datagram on the wire."""

    time_ns: int
    source: Endpoint
    destination: Endpoint
    payload: bytes
    identification: int
    """Of IPv4; 0 where there is none."""
    vlan: int = 0
    """IEEE 802.1Q tag, 0 without."""


Packets = Sequence[Packet]
Variation = Callable[[Packets], Packets]


@dataclass(frozen=True, slots=True)
class Parts:
    """A message taken apart: names and values as written, folds included."""

    start: str
    headers: tuple[tuple[str, str], ...]
    body: str


Rewriting = Callable[[Parts], Parts]

COMPACT = {
    "accept-contact": "a", "referred-by": "b", "content-type": "c", "request-disposition": "d",
    "content-encoding": "e", "from": "f", "call-id": "i", "reject-contact": "j", "supported": "k",
    "content-length": "l", "contact": "m", "event": "o", "refer-to": "r", "subject": "s",
    "to": "t", "allow-events": "u", "via": "v", "session-expires": "x", "identity": "y",
}  # fmt: skip
"""Long → compact form (RFC 3261 §7.3.3 and the RFCs that define the headers)."""
_LONG = {short: long for long, short in COMPACT.items()}

SPACED = frozenset(
    {"via", "from", "to", "contact", "reason", "call-info", "event", "subscription-state",
     "retry-after", "replaces", "join", "session-expires", "refer-to", "route", "record-route"}
)  # fmt: skip
"""Headers whose grammar has SEMI, EQUAL and COMMA, with SWS on both sides (RFC 3261 §25.1)."""
LISTS = frozenset({"via", "contact", "reason", "call-info", "warning", "route", "record-route"})
"""Headers of the form `value *(COMMA value)`: rows and commas are equivalent (§7.3.1)."""

_PIECES = re.compile(r'"(?:[^"\\]|\\.)*"|<[^>]*>|\([^)]*\)|[^"<(]+', re.DOTALL)
"""Quoted strings, URIs in angles and comments, in which separators are text; and the rest."""


def as_packets(packets: Iterable[DialoguePacket]) -> Packets:
    """Take over the packets of a dialogue."""
    return [
        Packet(each.time_ns, each.source, each.destination, each.payload, each.identification)
        for each in packets
    ]


def chain(*variations: Variation) -> Variation:
    """Return the variation that applies some, one after the other."""
    return lambda packets: reduce(lambda so_far, each: each(so_far), variations, packets)


def rewrite(change: Rewriting) -> Variation:
    """Return the variation that writes each message otherwise; packets with one payload, copies
    and retransmissions, keep one payload.
    """

    def vary(packets: Packets) -> Packets:
        written: dict[bytes, bytes] = {}
        for each in packets:
            if each.payload not in written:
                written[each.payload] = join(change(split(each.payload)))
        return [replace(each, payload=written[each.payload]) for each in packets]

    return vary


def split(payload: bytes) -> Parts:
    """Take a message apart."""
    head, _, body = payload.decode().partition("\r\n\r\n")
    start, *lines = re.split(r"\r\n(?![ \t])", head)
    pairs = [line.split(":", 1) for line in lines]
    return Parts(start, tuple((name, value.lstrip(" ")) for name, value in pairs), body)


def join(parts: Parts) -> bytes:
    """Put a message together."""
    lines = [parts.start, *(f"{name}: {value}" for name, value in parts.headers)]
    return ("\r\n".join(lines) + "\r\n\r\n" + parts.body).encode()


def long_name(name: str) -> str:
    """Return a header name in lower case and in its long form."""
    lowered = name.strip().lower()
    return _LONG.get(lowered, lowered)


def reordered(choose: Choose) -> Rewriting:
    """Change the order of headers with different names (RFC 3261 §7.3.1: it is not significant)."""

    def change(parts: Parts) -> Parts:
        rest, headers = list(parts.headers), []
        while rest:
            wanted = long_name(rest[choose(len(rest))][0])
            first = next(at for at, (name, _) in enumerate(rest) if long_name(name) == wanted)
            headers.append(rest.pop(first))
        return replace(parts, headers=tuple(headers))

    return change


def renamed(choose: Choose) -> Rewriting:
    """Write header names in other cases and forms (§7.3.1, §7.3.3)."""
    cases: tuple[Callable[[str], str], ...] = (str, str.lower, str.upper, str.swapcase)

    def rename(name: str) -> str:
        forms = [name, COMPACT.get(long_name(name), name)]
        return cases[choose(len(cases))](forms[choose(2)])

    def change(parts: Parts) -> Parts:
        return replace(parts, headers=tuple((rename(name), v) for name, v in parts.headers))

    return change


def spaced(choose: Choose) -> Rewriting:
    """Fold values and put blanks around separators, where the grammar has LWS or SWS (§25.1)."""
    blanks = ("", " ", "\t", "  ", "\r\n ", " \r\n\t ")
    colons = ("", " ", "\t", " \t")

    def blank() -> str:
        return blanks[choose(len(blanks))]

    def between(match: re.Match[str]) -> str:
        return (
            f"{blank()}{match[0].strip()}{blank()}"
            if match[0].strip()
            else blanks[1 + choose(len(blanks) - 1)]
        )

    def space(name: str, value: str) -> str:
        if long_name(name) not in SPACED:
            # one blank of free text may become a fold, which is one blank
            return re.sub(" ", lambda _: (" ", "\r\n ")[choose(2)], value)
        pieces = _PIECES.findall(value)
        return "".join(
            each if each[0] in '"<(' else re.sub(r"\s*[;=,]\s*|\s+", between, each)
            for each in pieces
        )

    def change(parts: Parts) -> Parts:
        headers = tuple(
            (f"{name}{colons[choose(len(colons))]}", f"{blank()}{space(name, value)}{blank()}")
            for name, value in parts.headers
        )
        return replace(parts, headers=headers)

    return change


def values_of(value: str) -> list[str]:
    """Split a list at its commas, but not at those in quoted strings and angles."""
    found = [""]
    for piece in _PIECES.findall(value):
        first, *others = [piece] if piece[0] in '"<(' else piece.split(",")
        found[-1] += first
        found += others
    return [each.strip() for each in found]


def regrouped(choose: Choose) -> Rewriting:
    """Write lists with commas or in rows, or both (§7.3.1)."""

    def change(parts: Parts) -> Parts:
        headers: list[tuple[str, str]] = []
        for name, value in parts.headers:
            long = long_name(name)
            rows = [at for at, (other, _) in enumerate(headers) if long_name(other) == long]
            for each in values_of(value) if long in LISTS else [value]:
                if rows and long in LISTS and choose(2):
                    headers[rows[-1]] = (name, f"{headers[rows[-1]][1]}, {each}")
                else:
                    rows.append(len(headers))
                    headers.append((name, each))
        return replace(parts, headers=tuple(headers))

    return change


NAMING_CALL_IDS = frozenset(
    {"call-id", "replaces", "join", "target-dialog", "in-reply-to", "same-call", "x-cid"}
)
"""Headers whose values begin with a Call-ID."""


def stranger(mark: str) -> Variation:
    """Make of some traffic other traffic that has nothing to do with it: other Call-IDs, branches,
    tags, entity-tags and users.
    """

    def change(parts: Parts) -> Parts:
        headers = tuple(
            (name, _marked(long_name(name), value, mark)) for name, value in parts.headers
        )
        start = re.sub(r"(sips?:)(?=[^ ]*@)", rf"\g<1>{mark}", parts.start)
        return replace(parts, start=start, headers=headers)

    return rewrite(change)


def _marked(name: str, value: str, mark: str) -> str:
    if name in NAMING_CALL_IDS:
        value = mark + value
    if name == "session-id":
        return re.sub(r"(?i)[0-9a-f]{32}", lambda match: _other_uuid(match[0], mark), value)
    value = re.sub(r"(icid-value\s*=\s*\"?)", rf"\g<1>{mark}", value)
    if name in {"sip-etag", "suppress-if-match"}:
        return ", ".join(each if each == "*" else mark + each for each in value.split(", "))
    value = re.sub(r"(;\s*branch\s*=\s*(?:z9hG4bK)?)", rf"\g<1>{mark}", value)
    value = re.sub(r"(;\s*(?:to-|from-)?tag\s*=\s*)", rf"\g<1>{mark}", value)
    return re.sub(r"(sips?:)(?=[^>\s]*@)", rf"\g<1>{mark}", value)


def _other_uuid(uuid: str, mark: str) -> str:
    """Return a UUID that is another one for another mark; that of nobody stays (RFC 7989 §5)."""
    if not uuid.strip("0"):
        return uuid
    return f"{int(uuid, 16) ^ int.from_bytes(mark.encode()):032x}"


def moved(place: Callable[[Endpoint], Endpoint], *, in_text: bool = False) -> Variation:
    """Send everything between other addresses and ports; in the texts of headers too, or not, as
    behind a NAT.
    """

    def vary(packets: Packets) -> Packets:
        ends = {end for each in packets for end in (each.source, each.destination)}
        new = {end: place(end) for end in ends}
        texts = {address: new[address, port][0] for address, port in ends} if in_text else {}
        at = rewrite(lambda parts: _readdressed(parts, texts))
        return [
            replace(each, source=new[each.source], destination=new[each.destination])
            for each in at(packets)
        ]

    return vary


def _readdressed(parts: Parts, texts: Mapping[str, str]) -> Parts:
    if not texts:
        return parts
    pattern = re.compile("|".join(rf"{re.escape(each)}(?![\d.])" for each in texts))

    def other(match: re.Match[str]) -> str:
        address = texts[match[0]]
        return f"[{address}]" if ":" in address else address

    headers = tuple((name, pattern.sub(other, value)) for name, value in parts.headers)
    return replace(parts, start=pattern.sub(other, parts.start), headers=headers)


def to_ipv6(end: Endpoint) -> Endpoint:
    """Return an IPv6 address for an IPv4 one."""
    return f"2001:db8::{IPv4Address(end[0]).packed[3]:x}:1", end[1]


def to_other_ports(end: Endpoint) -> Endpoint:
    """Return another address, and a port of its own for each party."""
    last = IPv4Address(end[0]).packed[3]
    return f"198.51.100.{last}", 20_000 + last


def sent_again(number: int, later_ns: int) -> Variation:
    """Send one packet again: the same bytes in a new packet."""

    def vary(packets: Packets) -> Packets:
        again = replace(
            packets[number],
            time_ns=packets[number].time_ns + later_ns,
            identification=(50_000 + number) if packets[number].identification else 0,
        )
        return merged(packets, [again])

    return vary


def copied(number: int, later_ns: int, vlan: int = 0) -> Variation:
    """Capture one packet twice, the second time perhaps with a tag of IEEE 802.1Q."""

    def vary(packets: Packets) -> Packets:
        seen = replace(packets[number], time_ns=packets[number].time_ns + later_ns, vlan=vlan)
        return merged(packets, [seen])

    return vary


def until(time_ns: int) -> Variation:
    """Let the capture go on to some time at least, with a packet that is not of SIP."""
    ends = (("203.0.113.250", 40_000), ("203.0.113.251", 40_002))

    def vary(packets: Packets) -> Packets:
        last = max(each.time_ns for each in packets)
        return [*packets, Packet(max(time_ns, last), *ends, b"\x80\0" + bytes(20), 1)]

    return vary


def merged(*streams: Packets) -> Packets:
    """Put packets in the order of their times; those of one time keep their order."""
    return sorted((each for stream in streams for each in stream), key=lambda each: each.time_ns)


def shuffled(choose: Choose, one: Packets, other: Packets) -> Packets:
    """Put two streams into one capture in any order that leaves each as it is, whatever the times
    say.
    """
    rest, result = [list(one), list(other)], []
    while any(rest):
        own = [each for each in rest if each]
        result.append(own[choose(len(own))].pop(0))
    return result
