"""SDP bodies: media, codecs, addresses and directions (RFC 8866, RFC 3264, RFC 3551 §6).

Only what a summary of a call needs; a damaged body gives what can be read of it.
"""

from collections.abc import Iterator

from analyzer.frozen import frozen
from analyzer.sip.numbers import parse_number
from analyzer.tables.media import Format, MediaDescription

STATIC_PAYLOADS = {
    0: "PCMU", 3: "GSM", 4: "G723", 5: "DVI4", 6: "DVI4", 7: "LPC", 8: "PCMA", 9: "G722",
    10: "L16", 11: "L16", 12: "QCELP", 13: "CN", 14: "MPA", 15: "G728", 16: "DVI4", 17: "DVI4",
    18: "G729", 25: "CelB", 26: "JPEG", 28: "nv", 31: "H261", 32: "MPV", 33: "MP2T", 34: "H263",
}  # fmt: skip
"""Names of the payload types that need no rtpmap (RFC 3551 tables 4 and 5)."""
STATIC_CLOCK_RATES = {10: 44_100, 11: 44_100, 6: 16_000, 16: 11_025, 17: 22_050, 14: 90_000}
"""Clock rates of audio other than 8000 Hz; those of video are 90000 (RFC 3551 tables 4 and 5)."""
_FIRST_VIDEO = 25
DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
_LINES_READ = 2_000
"""Lines of a body that are read; no session description needs more."""


@frozen
class Media:
    """One m= line with what belongs to it."""

    kind: str
    """`audio`, `video`, `image`, `message` …"""
    port: int
    """0 says that the stream is refused or ended; -1 when it is unreadable."""
    protocol: str
    """`RTP/AVP`, `RTP/SAVPF`, `udptl` …"""
    codecs: tuple[str, ...]
    """In the order of the m= line, each name once."""
    address: str
    """Of its own c= line, else the session's; empty without either."""
    direction: str
    """One of DIRECTIONS: its own, else the session's, else sendrecv."""
    bundle_only: bool = False
    """Its port is 0 as it is offered on that of another m= line (RFC 8843 §6)."""


def parse_media(body: bytes) -> tuple[Media, ...]:
    """Return the media of a session description in their order."""
    session = _Section("")
    sections = [session]
    for name, value in _lines(body):
        if name == "m":
            sections.append(_Section(value))
        else:
            sections[-1].take(name, value)
    return tuple(section.media(session) for section in sections[1:])


def codecs(body: bytes) -> tuple[str, ...]:
    """Return the codec names of all media in their order, each once; none of a stream that is
    refused or ended (RFC 3264 §6, §8.2).
    """
    meant = [each for each in parse_media(body) if each.port or each.bundle_only]
    return tuple(dict.fromkeys(name for each in meant for name in each.codecs))


def describe_media(section: bytes) -> MediaDescription:
    """Return what an m= line with its rtpmap lines says of formats."""
    found = [_Section("")]
    for name, value in _lines(section):
        if name == "m":
            found.append(_Section(value))
        else:
            found[-1].take(name, value)
    return found[min(1, len(found) - 1)].description()


class _Section:
    """The lines from one m= line to the next."""

    def __init__(self, value: str) -> None:
        self.value = value
        self.address = ""
        self.direction = ""
        self.bundle_only = False
        self.names: dict[str, str] = {}
        self.clock_rates: dict[str, int] = {}

    def take(self, name: str, value: str) -> None:
        """Keep what a line of the section says."""
        if name == "c" and not self.address:
            # c=IN IP4 address[/ttl[/count]]
            fields = value.split()
            self.address = fields[2].partition("/")[0] if len(fields) > 2 else ""
        elif name == "a" and value in DIRECTIONS:
            self.direction = value
        elif name == "a" and value == "bundle-only":
            self.bundle_only = True
        elif name == "a" and value.startswith("rtpmap:"):
            number, _, encoding = value[7:].strip().partition(" ")
            if encoding.strip():
                encoded, _, rate = encoding.strip().partition("/")
                self.names.setdefault(number, encoded)
                hertz = parse_number(rate.partition("/")[0].strip())
                self.clock_rates.setdefault(number, hertz or 0)

    def media(self, session: "_Section") -> Media:
        """Return the media that the section describes."""
        fields = self.value.split()
        kind, port, protocol = (*fields[:3], "", "", "")[:3]
        number = parse_number(port.partition("/")[0])
        return Media(
            kind,
            -1 if number is None else number,
            protocol,
            tuple(dict.fromkeys(self._codec(each) for each in fields[3:])),
            self.address or session.address,
            self.direction or session.direction or "sendrecv",
            self.bundle_only,
        )

    def description(self) -> MediaDescription:
        """Return the formats with their clock rates."""
        fields = self.value.split()
        formats = [Format(each, self._codec(each), self._rate(each)) for each in fields[3:]]
        return MediaDescription(
            fields[0] if fields else "", fields[2] if len(fields) > 2 else "", tuple(formats)
        )

    def _rate(self, payload: str) -> int:
        known = self.clock_rates.get(payload)
        number = parse_number(payload)
        if known is not None or number not in STATIC_PAYLOADS:
            return known or 0
        return STATIC_CLOCK_RATES.get(number, 90_000 if number >= _FIRST_VIDEO else 8_000)

    def _codec(self, payload: str) -> str:
        number = parse_number(payload)
        if number is None:
            return payload
        return self.names.get(payload) or STATIC_PAYLOADS.get(number, payload)


def _lines(body: bytes) -> Iterator[tuple[str, str]]:
    for line in body.split(b"\n", _LINES_READ)[:_LINES_READ]:
        text = line.strip().decode("utf-8", "backslashreplace")
        name, equals, value = text.partition("=")
        if equals and len(name.strip()) == 1:
            yield name.strip(), value.strip()
