"""Text in the `->` and `<-` notation → SIP messages → a capture, for examples, tests and samples.

    -> INVITE sip:bob@example.com SIP/2.0      from a (192.0.2.1) to b (192.0.2.2)
       Subject: lunch                          a header; a deeper line goes on with it (folding)
    +4s <- SIP/2.0 180 Ringing                 4 s after the message before (ms, s, m, h)
    a->p INVITE …                              other parties, named at the arrow, join in; those
                                               called lan1, lan2 and so on have private addresses
    -> again INVITE                            the last such message once more, byte for byte
    <- copy 603                                the same, and the same IP packet: a capture's copy
    -> rtp 100                                 100 packets of media, 20 ms each: `dialogue_media`

Mandatory headers (RFC 3261 §8.1.1, §8.2.6) that are not written are filled in: a response copies
those of the request it answers, ACK and CANCEL those of their INVITE, a party that passes a request
on adds its Via. `-Name` leaves a header out. A tag written anywhere is the tag of its party
everywhere; BYE, INFO, NOTIFY, PRACK and UPDATE carry the To tag by themselves, other requests only
where it is written. An empty line starts a body; a line that begins with `#`, not indented, is a
remark.
"""

import re
import textwrap
from dataclasses import dataclass, field

from analyzer.annotate.dialogue_media import MediaSender, is_media
from analyzer.annotate.dialogue_pcap import Packet, write_pcap
from analyzer.annotate.dialogue_text import GAP_NS, Block, plain_name, read_blocks

START_NS = 1_700_000_000_000_000_000
CALLER, CALLEE = "sip:alice@example.com", "sip:bob@example.com"
MANDATORY = ("Via", "Max-Forwards", "From", "To", "Call-ID", "CSeq")
ALWAYS_IN_DIALOG = frozenset({"BYE", "INFO", "NOTIFY", "PRACK", "UPDATE"})
_TAG = re.compile(r";\s*tag\s*=\s*([^;,\s]+)", re.IGNORECASE)


@dataclass(slots=True)
class _Request:
    """A request that was sent, or must have been before the dialogue begins."""

    call_id: str
    method: str
    source: str
    destination: str
    forward: bool
    filled: dict[str, str]
    block: Block
    final: int = 0
    answered_to: str = ""


@dataclass(slots=True)
class _Dialogue:
    """What has been said so far."""

    tags: dict[tuple[str, str], str]
    """Call-ID and party → tag written for it."""
    name: str
    requests: list[_Request] = field(default_factory=list)
    addresses: dict[tuple[str, bool], str] = field(default_factory=dict)
    """Call-ID and side → From or To value without its tag."""
    peer_tags: dict[tuple[str, str], str] = field(default_factory=dict)
    """Call-ID and party → tag that party knows of the other end."""
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    branches: int = 0

    def fill(self, block: Block) -> dict[str, str]:
        """Return the mandatory headers of a message and remember what it tells."""
        return self._request(block) if block.method else self._response(block)

    def _request(self, block: Block) -> dict[str, str]:
        method, call_id = block.method, _call_id(block)
        invite = self._last(call_id, "INVITE", block.source, block.destination)
        parent = self._passed_on(block, call_id)
        if invite and (method == "CANCEL" or (method == "ACK" and invite.final >= 300)):
            filled = self._of_invite(invite, method)
        elif parent:
            filled = self._with_own_via(parent, block)
        else:
            filled = self._fresh(block, call_id, invite)
        _overwrite(filled, block)
        self._learn(call_id, block, filled)
        self.requests.append(
            _Request(call_id, method, block.source, block.destination, block.forward, filled, block)
        )
        return filled

    def _last(self, call_id: str, method: str, source: str, destination: str) -> _Request | None:
        return next(
            (
                each
                for each in reversed(self.requests)
                if (each.call_id, each.method, each.source, each.destination)
                == (call_id, method, source, destination)
            ),
            None,
        )

    def _passed_on(self, block: Block, call_id: str) -> _Request | None:
        """Return the request that a party received and now sends on."""
        return next(
            (
                each
                for each in reversed(self.requests)
                if (each.call_id, each.method, each.destination, each.forward)
                == (call_id, block.method, block.source, block.forward)
            ),
            None,
        )

    def _of_invite(self, invite: _Request, method: str) -> dict[str, str]:
        filled = dict(invite.filled)
        filled["Via"] = filled["Via"].split("\r\n")[0]
        filled["CSeq"] = f"{filled['CSeq'].split()[0]} {method}"
        if method == "ACK":
            filled["To"] = invite.answered_to
        return filled

    def _with_own_via(self, parent: _Request, block: Block) -> dict[str, str]:
        filled = dict(parent.filled)
        filled["Via"] = f"{self._via(block.source)}\r\nVia: {filled['Via']}"
        filled["Max-Forwards"] = str(_number(filled["Max-Forwards"], 71) - 1)
        named = {plain_name(name) for name, _ in block.headers} | block.left_out
        block.headers += [pair for pair in parent.block.headers if plain_name(pair[0]) not in named]
        block.body = parent.block.body if block.body is None else block.body
        return filled

    def _fresh(self, block: Block, call_id: str, invite: _Request | None) -> dict[str, str]:
        method = block.method
        number = self.numbers.get((call_id, block.source), 0) + 1
        if method == "ACK":
            number = _number(invite.filled["CSeq"], 1) if invite else max(1, number - 1)
        words = block.start.split()
        uri = words[1] if len(words) > 1 and block.forward and method != "REGISTER" else ""
        near, far = (CALLER, uri or CALLEE) if block.forward else (CALLEE, CALLER)
        far = near if method == "REGISTER" else far
        own = self.addresses.setdefault((call_id, block.forward), f"<{near}>")
        other = self.addresses.setdefault((call_id, not block.forward), f"<{far}>")
        to = (
            f"{other};tag={self._peer_tag(block, call_id)}" if method in ALWAYS_IN_DIALOG else other
        )
        return {
            "Via": self._via(block.source),
            "Max-Forwards": "70",
            "From": f"{own};tag={self._own_tag(block.source, call_id)}",
            "To": (invite.answered_to if invite and method == "ACK" else "") or to,
            "Call-ID": call_id,
            "CSeq": f"{number} {method}",
        }

    def _response(self, block: Block) -> dict[str, str]:
        request = self._answered(block)
        cseq = request.filled["CSeq"]
        status = int(match[0]) if (match := re.search(r"(?<=\s)\d+", block.start)) else 0
        filled = {name: value for name, value in request.filled.items() if name != "Max-Forwards"}
        if status != 100 and not _TAG.search(filled["To"]):
            received = self.peer_tags.get((request.call_id, f"{block.source} {status} {cseq}"))
            filled["To"] += f";tag={received or self._own_tag(block.source, request.call_id)}"
        _overwrite(filled, block)
        if tag := _TAG.search(filled["To"]):
            for key in (block.destination, f"{block.destination} {status} {cseq}"):
                self.peer_tags[request.call_id, key] = tag[1]
        if status >= 200 and not request.final:
            request.final, request.answered_to = status, filled["To"]
        return filled

    def _answered(self, block: Block) -> _Request:
        """Return the request a response answers: the one its CSeq names, else the newest one still
        open; an open CANCEL takes only a 2xx or 481.
        """
        written, call_id = (block.written("cseq") or "").split(), block.written("call-id")
        takes_cancel = re.match(r"\S+\s+(2|481)", block.start) is not None
        candidates = [
            each
            for each in reversed(self.requests)
            if (each.source, each.destination) == (block.destination, block.source)
            and each.method != "ACK"
            and (call_id is None or each.call_id == call_id)
            and (not written or each.filled["CSeq"].split() == written)
            and (written or takes_cancel or each.method != "CANCEL")
        ]
        opened = [each for each in candidates if not each.final]
        return (opened or candidates or [self._before_the_dialogue(block, written)])[0]

    def _before_the_dialogue(self, block: Block, cseq: list[str]) -> _Request:
        method = cseq[1] if len(cseq) == 2 else "INVITE"
        uri = CALLEE if not block.forward else CALLER
        asked = Block(
            block.line,
            0,
            block.destination,
            block.source,
            not block.forward,
            f"{method} {uri} SIP/2.0",
        )
        asked.name = block.name
        asked.headers = [
            pair for pair in block.headers if plain_name(pair[0]) in {"call-id", "cseq"}
        ]
        self._request(asked)
        return self.requests[-1]

    def _learn(self, call_id: str, block: Block, filled: dict[str, str]) -> None:
        if block.method not in {"ACK", "CANCEL"}:
            self.numbers[call_id, block.source] = _number(filled["CSeq"], 1)
        for name, side in (("From", block.forward), ("To", not block.forward)):
            self.addresses[call_id, side] = _TAG.sub("", filled[name])
        if tag := _TAG.search(filled["From"]):
            self.peer_tags[call_id, block.destination] = tag[1]

    def _via(self, party: str) -> str:
        self.branches += 1
        return f"SIP/2.0/UDP {address_of(party)}:5060;branch=z9hG4bK-{self.name}-{self.branches}"

    def _own_tag(self, party: str, call_id: str) -> str:
        return self.tags.get((call_id, party), f"{party}1")

    def _peer_tag(self, block: Block, call_id: str) -> str:
        known = self.peer_tags.get((call_id, block.source))
        return known or self._own_tag(block.destination, call_id)


def parse_dialogue(text: str, *, start_ns: int = START_NS, name: str = "dialogue") -> list[Packet]:
    """Return the packets of a dialogue in order; its name stands in Call-IDs and branches that are
    not written. Raises ValueError with the line that is wrong.
    """
    blocks = list(read_blocks(text))
    for block in blocks:
        block.name = name
    dialogue = _Dialogue(_written_tags([each for each in blocks if not is_media(each)]), name)
    media = MediaSender()
    packets: list[Packet] = []
    streamed: list[Packet] = []
    names: dict[str, str] = {}
    time_ns = start_ns
    for number, block in enumerate(blocks):
        time_ns += block.gap_ns if number or block.gap_ns != GAP_NS else 0
        ends = tuple(
            (names.setdefault(each, address_of(each)), 5060)
            for each in (block.source, block.destination)
        )
        if is_media(block):
            streamed += media.packets(block, (ends[0][0], ends[1][0]), time_ns)
            time_ns = max(time_ns, streamed[-1].time_ns) if streamed else time_ns
            continue
        if block.start.split()[0] in {"again", "copy"}:
            before = _said_before(block, packets, ends)
            identification = before.identification if block.start.startswith("copy") else number + 1
            payload = before.payload
        else:
            identification, payload = number + 1, _message(block, dialogue.fill(block))
            media.listen(block)
        packets.append(Packet(time_ns, ends[0], ends[1], payload, identification))
    return sorted([*packets, *streamed], key=lambda each: each.time_ns) if streamed else packets


def dialogue_capture(text: str) -> bytes:
    """Return the pcap file (Ethernet, IPv4, UDP) of a dialogue."""
    return write_pcap(parse_dialogue(text))


def address_of(party: str) -> str:
    """Return the address of a party of a dialogue: 192.0.2.1 for a, 192.0.2.2 for b and so on;
    lan1 is 10.0.0.1, lan2 is 10.0.0.2 and so on.
    """
    if party.startswith("lan") and party[3:].isdecimal():
        return f"10.0.0.{int(party[3:]) % 255}"
    number = ord(party[0]) - ord("a") + 1
    suffix = int(party[1:]) if party[1:].isdecimal() else 0
    return f"192.0.2.{(number + 26 * suffix - 1) % 254 + 1}"


def _number(text: str, otherwise: int) -> int:
    match = re.match(r"\d+", text)
    return int(match[0]) if match else otherwise


def _call_id(block: Block) -> str:
    return block.written("call-id") or f"{block.name}@example.com"


def _written_tags(blocks: list[Block]) -> dict[tuple[str, str], str]:
    tags: dict[tuple[str, str], str] = {}
    for block in blocks:
        asker, asked = (block.source, block.destination)
        if not block.method:
            asker, asked = asked, asker
        for name, party in (("from", asker), ("to", asked)):
            if tag := _TAG.search(block.written(name) or ""):
                tags.setdefault((_call_id(block), party), tag[1])
    return tags


def _overwrite(filled: dict[str, str], block: Block) -> None:
    for name, value in filled.items():
        filled[name] = block.written(plain_name(name)) or value


def _message(block: Block, filled: dict[str, str]) -> bytes:
    written = {plain_name(name) for name, _ in block.headers}
    body = _body(block)
    lines = [block.start]
    for name in MANDATORY:
        as_written = [
            f"{key}: {value}" for key, value in block.headers if plain_name(key) == plain_name(name)
        ]
        auto = [f"{name}: {filled[name]}"] if name in filled else []
        lines += [] if plain_name(name) in block.left_out else as_written or auto
    mandatory = {plain_name(name) for name in MANDATORY}
    lines += [f"{key}: {value}" for key, value in block.headers if plain_name(key) not in mandatory]
    if body.startswith("v=0") and "content-type" not in written | block.left_out:
        lines.append("Content-Type: application/sdp")
    if "content-length" not in written | block.left_out:
        lines.append(f"Content-Length: {len(body.encode())}")
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def _body(block: Block) -> str:
    lines = textwrap.dedent("\n".join(block.body or [])).strip("\n").rstrip().split("\n")
    return "".join(f"{line}\r\n" for line in lines) if lines != [""] else ""


def _said_before(block: Block, packets: list[Packet], ends: tuple[tuple[str, int], ...]) -> Packet:
    which = block.start.split()[1:]
    for packet in reversed(packets):
        words = packet.payload.split(b"\r\n", 1)[0].decode().split()
        said = words[1] if words[0].startswith("SIP/") else words[0]
        if (packet.source, packet.destination) == ends and which in ([], [said]):
            return packet
    raise ValueError(f"line {block.line}: nothing to repeat: {block.start!r}")
