"""Spans of the capture → what records show of them: addresses, numbers, codecs, header texts.

For many rows at once. The compiled twins (`_record_spans`) read what is plain in place and leave
the rest to the parsers of `analyzer.sip`, which say what everything means.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from analyzer.frozen import frozen
from analyzer.render.record_columns import Texts, TokenPool, Tokens
from analyzer.sip.address import Address
from analyzer.sip.headers import find_header, surely_lack, unfold
from analyzer.sip.numbers import parse_number
from analyzer.sip.registry import header_names
from analyzer.tables.schema import ABSENT, Bool, Int64
from analyzer.tables.spans import SpanStore
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray

try:
    from analyzer.render import _record_spans
except ImportError:  # no compiler where the package was installed
    COMPILED = False
else:
    COMPILED = True

_DISPLAY, _URI, _USER, _EXPIRES, _ODD, _WIDTH = 0, 2, 4, 6, 7, 8


@frozen
class Spans:
    """Pieces of the capture; length 0 or less is absent."""

    source: IntArray
    pos: Int64
    length: Int64

    def __len__(self) -> int:
        """Count the pieces."""
        return len(self.pos)

    def at(self, where: IntArray) -> "Spans":
        """Return some of them."""
        return Spans(self.source[where], self.pos[where], self.length[where])

    def where(self, known: Bool) -> "Spans":
        """Return them with those absent for which `known` is false."""
        return Spans(self.source, self.pos, np.where(known, self.length, 0))

    def raw(self, store: SpanStore) -> list[bytes]:
        """Copy them out; absent ones are empty."""
        columns = zip(self.source.tolist(), self.pos.tolist(), self.length.tolist(), strict=True)
        return [store.bytes_at(*span) if span[2] > 0 else b"" for span in columns]


@frozen
class Addresses:
    """The parts of many addresses, as texts, and their expires parameter; -1 absent."""

    uri: Texts
    display: Texts
    user: Texts
    expires_s: Int64


def headers_at(trace: Trace, rows: IntArray, *names: str) -> tuple[Spans, ...]:
    """Return the first value of several headers in each message; negative rows have none.

    The compiled twin goes through each head once; `sip.headers.find_header` says what it finds.
    """
    at = np.maximum(rows, 0) if len(trace.messages) else np.zeros(0, np.int64)
    source = np.ascontiguousarray(trace.messages.source[at])
    pos, size = trace.messages.pos[at], trace.messages.head_len[at].astype(np.int64)
    found = np.zeros((len(at), len(names), 2), np.int64)
    lacking = np.array([surely_lack(trace, at, name) for name in names])
    sought = np.flatnonzero(~lacking.all(axis=1))
    if COMPILED and len(at) and len(sought):
        forms = [_forms(names[number]) for number in sought.tolist()]
        head_len = np.where((rows >= 0) & ~lacking.all(axis=0), size, 0)
        parts = np.zeros((len(at), len(sought), 2), np.int64)
        _record_spans.find_headers(trace.spans.sources, source, pos, head_len, forms, parts)
        found[:, sought] = parts
    elif len(at):
        for number in sought.tolist():
            header = find_header(trace, at, names[number])
            found[:, number, 0], found[:, number, 1] = header.pos, header.len
    length = np.where((rows >= 0)[:, np.newaxis], np.maximum(found[:, :, 1], 0), 0)
    return tuple(
        Spans(source, found[:, number, 0], length[:, number]) for number in range(len(names))
    )


def header_at(trace: Trace, rows: IntArray, name: str) -> Spans:
    """Return the first value of a header in each message; negative rows have none."""
    return headers_at(trace, rows, name)[0]


def _forms(name: str) -> tuple[bytes, bytes]:
    """Return the long and the compact form of a header name in lower case."""
    known = header_names().get(name.lower())
    return name.lower().encode(), known.compact.lower().encode() if known else b""


def part_at(trace: Trace, rows: IntArray, name: str) -> Texts:
    """Return a text of each message by the name of its span columns; negative rows have none."""
    messages = trace.messages
    at = np.maximum(rows, 0)
    pos = messages.pos[at] + getattr(messages, name + "_pos")[at]
    length = np.where(rows >= 0, getattr(messages, name + "_len")[at], 0)
    return Texts(messages.source[at], pos, length)


def first_present(*choices: Spans) -> Spans:
    """Return for each row the first of several spans that is there."""
    best = choices[-1]
    for each in choices[-2::-1]:
        has = each.length > 0
        best = Spans(
            np.where(has, each.source, best.source),
            np.where(has, each.pos, best.pos),
            np.where(has, each.length, best.length),
        )
    return best


def header_texts(trace: Trace, spans: Spans) -> Texts:
    """Return header values as texts, folds as one space."""
    folded = with_byte(trace.spans, spans, b"\n")
    return with_texts(spans, folded, [unfold(raw) for raw in spans.at(folded).raw(trace.spans)])


def with_byte(store: SpanStore, spans: Spans, byte: bytes) -> IntArray:
    """Return which spans hold a byte."""
    if not COMPILED:
        return np.flatnonzero([byte in raw for raw in spans.raw(store)])
    found = np.zeros(len(spans), np.uint8)
    if len(found):
        _record_spans.has_byte(store.sources, *_columns(spans), byte[0], found)
    return np.flatnonzero(found)


def with_texts(spans: Spans, where: IntArray, texts: Sequence[str]) -> Texts:
    """Return texts of spans with those of some rows given; an empty text is absent."""
    if len(where) == 0:
        return Texts(spans.source, spans.pos, spans.length)
    pool = TokenPool()
    numbers = np.full(len(spans), ABSENT, np.int64)
    numbers[where] = [pool.number(text) if text else ABSENT for text in texts]
    length = spans.length.copy()
    length[where] = 0
    return Texts(spans.source, spans.pos, length, Tokens(numbers, pool))


def numbers_at(store: SpanStore, spans: Spans) -> Int64:
    """Return the number each span is, -1 when it is absent or no number."""
    if not COMPILED:
        return _parsed_numbers(spans.raw(store))
    numbers = np.full(len(spans), ABSENT, np.int64)
    if len(numbers):
        _record_spans.read_numbers(store.sources, *_columns(spans), numbers)
    is_odd = np.flatnonzero((numbers < 0) & (spans.length > 0))
    numbers[is_odd] = _parsed_numbers(spans.at(is_odd).raw(store))
    return numbers


def _parsed_numbers(texts: Sequence[bytes]) -> Int64:
    found = [parse_number(unfold(text).strip()) for text in texts]
    return np.array([ABSENT if each is None else each for each in found], np.int64)


def split_addresses(
    trace: Trace, spans: Spans, known: Mapping[int, Address] | None = None, *, is_list: bool = False
) -> Addresses:
    """Return the parts of each address, of a list those of its first; some may be known already."""
    read = first_address if is_list else one_address
    known = known or {}
    parts = np.zeros((len(spans), _WIDTH), np.int64)
    parts[:, _ODD] = 1
    if COMPILED and len(spans):
        _record_spans.split_addresses(trace.spans.sources, *_columns(spans), parts)
    parts[list(known), _ODD] = 1
    is_odd = parts[:, _ODD] != 0
    odd = np.flatnonzero(is_odd & (spans.length > 0))
    parsed = dict(zip(odd.tolist(), map(read, spans.at(odd).raw(trace.spans)), strict=True))
    parsed |= known
    where = np.array(list(parsed), np.int64)
    expires = np.where(is_odd, ABSENT, parts[:, _EXPIRES])
    expires[where] = [expires_of(each) for each in parsed.values()]
    display, uri, user = (
        Spans(spans.source, parts[:, at], np.where(is_odd, 0, parts[:, at + 1]))
        for at in (_DISPLAY, _URI, _USER)
    )
    return Addresses(
        with_texts(uri, where, [each.uri for each in parsed.values()]),
        with_texts(display, where, [each.display for each in parsed.values()]),
        with_texts(user, where, [each.uri_parts.plain_user for each in parsed.values()]),
        expires,
    )


def one_address(raw: bytes) -> Address:
    """Read a header value that is one address."""
    return Address.parse(unfold(raw))


def first_address(raw: bytes) -> Address:
    """Read the first address of a header value."""
    return (*Address.parse_list(unfold(raw)), Address.parse(""))[0]


def expires_of(address: Address) -> int:
    """Return the expires parameter of a Contact, -1 without one."""
    number = parse_number(address.parameter("expires") or "")
    return ABSENT if number is None else number


def codec_lines(store: SpanStore, spans: Spans) -> list[bytes | None]:
    """Return what names codecs in each body that begins like SDP, None for other bodies.

    `sip.sdp.codecs` gives the same for it as for the body; equal ones are many.
    """
    if COMPILED:
        return _record_spans.codec_lines(store.sources, *_columns(spans))
    bodies = spans.raw(store)
    return [body if body.startswith(b"v=0") else None for body in bodies]


def _columns(spans: Spans) -> tuple[IntArray, Int64, Int64]:
    return (
        np.ascontiguousarray(spans.source, np.int16),
        np.ascontiguousarray(spans.pos, np.int64),
        np.ascontiguousarray(spans.length, np.int64),
    )
