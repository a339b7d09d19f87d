"""Messages → the m= lines of their session descriptions as columns, in bulk (RFC 8866).

Strict where `sdp.parse_media` is lenient: a line is a letter, `=` and its value. What names the
formats is parsed once for all m= lines that say the same.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address

import numpy as np

from analyzer.frozen import frozen
from analyzer.sip.headers import COMPILED, equal_spans, header_values
from analyzer.sip.sdp import DIRECTIONS, describe_media
from analyzer.tables.endpoints import address_halves
from analyzer.tables.media import MediaDescription, MediaFlag, MediaLineTable
from analyzer.tables.schema import Int64
from analyzer.tables.spans import SpanStore
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray

if COMPILED:
    from analyzer.sip import _spans

MOST_MEDIA = 64
"""m= lines read of one session description."""
_WIDTH = 12
_BATCH = 8_192
"""Messages read at a time."""
_MARKS = (
    (b"rtcp-mux", MediaFlag.RTCP_MUX, True),
    (b"ice-ufrag:", MediaFlag.ICE, False),
    (b"candidate:", MediaFlag.ICE, False),
    (b"crypto:", MediaFlag.CRYPTO, False),
    (b"fingerprint:", MediaFlag.FINGERPRINT, False),
)
"""Attribute, flag, and whether nothing may follow."""
_PORT = re.compile(rb"([0-9]{1,5})(?=[\x00-\x20/]|\Z)")
_IPV4 = re.compile(rb"([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})")
_THIRD_FIELD = re.compile(rb"(?:[^\x00-\x20]*+[\x00-\x20]*+){2}+([^\x00-\x20/]+)")
_BLANKS = re.compile(rb"[\x00-\x20]+")


@frozen
class MediaLines:
    """m= lines, and the descriptions that they have in common."""

    lines: MediaLineTable
    descriptions: tuple[MediaDescription, ...]


def read_media_lines(trace: Trace, rows: Int64) -> MediaLines:
    """Return the m= lines in the session descriptions of some messages; calls and parties are left
    open.
    """
    numbers: dict[bytes, int] = {}
    parts = []
    for begin in range(0, len(rows), _BATCH):
        batch = rows[begin : begin + _BATCH]
        out, texts = _read(trace, batch)
        out[:, 0] = batch[out[:, 0]]
        known = np.array([numbers.setdefault(each, len(numbers)) for each in texts], np.int64)
        out[:, 10] = known[out[:, 10]]
        _resolve(trace, out)
        parts.append(_table(out))
    lines = MediaLineTable.concatenate(parts)
    return MediaLines(lines, tuple(map(describe_media, numbers)))


def _table(out: Int64) -> MediaLineTable:
    """Return the columns of what was read, as narrow as they are kept."""
    return MediaLineTable(
        message_row=out[:, 0],
        index=out[:, 1],
        port=out[:, 2],
        version=out[:, 3],
        high=out[:, 5].astype(np.uint64),
        low=out[:, 4].astype(np.uint64),
        direction=out[:, 7],
        flags=out[:, 8],
        rtcp_port=out[:, 9],
        description=out[:, 10],
        call_row=np.full(len(out), -1),
        party=np.zeros(len(out)),
    )


def _read(trace: Trace, rows: Int64) -> tuple[Int64, list[bytes]]:
    """Return a row for each media, by message, and the texts that name formats, of which each row
    has the number in column 10; also of multipart bodies.
    """
    messages = trace.messages
    source = np.ascontiguousarray(messages.source[rows])
    pos = np.ascontiguousarray(messages.pos[rows] + messages.head_len[rows])
    length = np.ascontiguousarray(messages.body_len[rows].astype(np.int64))
    out, texts = _sections(trace, (source, pos, length))
    is_empty = length > 0
    is_empty[out[:, 0]] = False
    others = np.flatnonzero(is_empty)
    found = np.zeros(len(others), np.bool_)
    kinds = header_values(trace, rows[others], "Content-Type")
    for number, (at, kind) in enumerate(zip(others.tolist(), kinds, strict=True)):
        if kind and kind.lower().lstrip().startswith("multipart/"):
            body = trace.spans.bytes_at(int(source[at]), int(pos[at]), int(length[at]))
            begin = body.find(b"\nv=0") + 1
            end = body.find(b"\n--", begin)
            found[number] = begin > 0
            length[at] = (end if end >= 0 else len(body)) - begin
            pos[at] += begin
    if not found.any():
        return out, texts
    inside = others[found]
    more, more_texts = _sections(trace, (source[inside], pos[inside], length[inside]))
    more[:, 0] = inside[more[:, 0]]
    more[:, 10] += len(texts)
    every = np.concatenate([out, more])
    return every[np.argsort(every[:, 0], kind="stable")], [*texts, *more_texts]


def _sections(trace: Trace, bodies: tuple[IntArray, Int64, Int64]) -> tuple[Int64, list[bytes]]:
    """Return a row for each media, and the texts that name their formats: see `_read`."""
    source, pos, length = bodies
    if COMPILED and len(source):
        # memory that is never written costs nothing
        out = np.empty((MOST_MEDIA * len(source), _WIDTH), np.int64)
        room = int(np.maximum(length, 0).sum()) + 3 * MOST_MEDIA * len(source) + 1
        text = np.empty(room, np.uint8)
        count = _spans.find_media_lines(trace.spans.sources, source, pos, length, out, text)
        out = out[:count].copy()
        used = int(out[-1, 10] + out[-1, 11]) if count else 0
        raw = text[:used].tobytes()
        begin, size = out[:, 10].copy(), out[:, 11]
        store = SpanStore([memoryview(raw)])
        out[:, 10], firsts = equal_spans(store, np.zeros(count, np.int16), begin, size)
        ends = (begin + size)[firsts].tolist()
        pairs = zip(begin[firsts].tolist(), ends, strict=True)
        return out, [raw[each:end] for each, end in pairs]
    rows: list[list[int]] = []
    texts: list[bytes] = []
    for at, span in enumerate(zip(source.tolist(), pos.tolist(), length.tolist(), strict=True)):
        for row, text_of in sections_of(trace.spans.bytes_at(*span), span[1]):
            rows.append([at, *row])
            rows[-1][10] = len(texts)
            texts.append(text_of)
    return np.array(rows, np.int64).reshape(-1, _WIDTH), texts


class _Section:
    """What lines say of one media, or of all."""

    def __init__(self, above: "_Section | None" = None) -> None:
        self.pos: int = above.pos if above else 0
        self.length: int = above.length if above else 0
        self.inherited = self.pos
        self.direction: int = above.direction if above else 0
        self.flags: int = above.flags if above else 0
        self.rtcp_port: int = above.rtcp_port if above else -1
        self.port = -1
        self.text = b""

    def take(self, name: bytes, value: bytes, pos: int) -> None:
        """Take a line `c=` or `a=`, whose value stands at `pos`."""
        if name == b"c=":
            match = _THIRD_FIELD.match(value)
            if match and (not self.length or self.pos == self.inherited):
                self.pos, self.length = pos + match.start(1), match.end(1) - match.start(1)
        elif name == b"a=" and value.decode("latin-1") in DIRECTIONS:
            self.direction = 1 + DIRECTIONS.index(value.decode("latin-1"))
        elif name == b"a=" and value.startswith(b"rtcp:"):
            found = _PORT.match(value, 5)
            self.rtcp_port = _port(found)
        elif name == b"a=":
            for word, flag, is_whole in _MARKS:
                if value == word if is_whole else value.startswith(word):
                    self.flags |= flag


def _port(match: "re.Match[bytes] | None") -> int:
    return int(match[1]) if match and int(match[1]) <= 0xFFFF else -1


def sections_of(body: bytes, pos: int) -> Iterator[tuple[list[int], bytes]]:
    """Yield for each media of a session description the columns 1 to 11, and the text that names
    its formats: place of the m= line, port, IP version 4 or 0, IPv4 address, position and length of
    the address, direction, flags, RTCP port, and twice 0. The reference of the compiled twin.
    """
    if not body.startswith(b"v=0"):
        return
    session, at = _Section(), 0
    sections: list[_Section] = []
    for line in body.split(b"\n"):
        name, value = line[:2], line[2:].rstrip(bytes(range(33)))
        here = sections[-1] if sections else session
        if name == b"m=":
            if len(sections) == MOST_MEDIA:
                break
            sections.append(_media_section(session, value))
        elif name == b"a=" and sections and value.startswith(b"rtpmap:"):
            here.text += b"a=" + value + b"\n"
        else:
            here.take(name, value, at + 2)
        at += len(line) + 1
    for index, each in enumerate(sections):
        address = body[each.pos : each.pos + each.length]
        number = _ipv4(address)
        yield [
            index, each.port, 4 * (number >= 0), max(number, 0), pos + each.pos, each.length,
            each.direction or 1, each.flags, each.rtcp_port, 0, 0,
        ], each.text  # fmt: skip  # read side by side


def _media_section(session: _Section, value: bytes) -> _Section:
    """Begin the section of an m= line; its text is the line with port 0."""
    section = _Section(session)
    blank = _BLANKS.search(value)
    first = blank.end() if blank else len(value)
    section.port = _port(_PORT.match(value, first))
    after = _BLANKS.search(value, first)
    rest = value[after.end() :] if after else b""
    section.text = b"m=" + value[:first] + b"0 " + rest + b"\n"
    return section


def _ipv4(text: bytes) -> int:
    match = _IPV4.fullmatch(text)
    parts = [int(each) for each in match.groups()] if match else [256]
    return int.from_bytes(bytes(parts)) if max(parts) < 256 else -1


def _resolve(trace: Trace, out: Int64) -> None:
    """Set version and both halves of addresses that are not IPv4, in columns 3 to 5."""
    rows = np.flatnonzero((out[:, 3] == 0) & (out[:, 6] > 0))
    places = [tuple(each) for each in out[rows][:, [0, 5, 6]].tolist()]
    out[:, 5] = 0
    for row, (message, pos, length) in zip(rows.tolist(), places, strict=True):
        source = int(trace.messages.source[message])
        halves = _ipv6(trace.spans.bytes_at(source, pos, length))
        if halves is not None:
            out[row, 3] = 6
            out[row, [5, 4]] = np.array(halves, np.uint64).astype(np.int64)


@lru_cache(maxsize=4096)
def _ipv6(text: bytes) -> tuple[int, int] | None:
    try:
        return address_halves(int(IPv6Address(text.decode("latin-1"))))
    except (AddressValueError, ValueError):
        return None
