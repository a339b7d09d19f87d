"""Header values of many messages at once, as spans of the capture (RFC 3261 §7.3).

A span is (source, pos, len) as in `SpanStore`. Each function has a compiled twin in `_spans.pyx`
and a reference in Python here, which says what it means; `COMPILED` tells which is in use.
"""

import os
import re
from collections.abc import Sequence
from functools import cache

import numpy as np

from analyzer.frozen import frozen
from analyzer.sip.header_marks import header_bit
from analyzer.sip.registry import canonical_name, header_names
from analyzer.sip.siphash import siphash
from analyzer.tables.endpoints import EndpointInterner, EndpointTable
from analyzer.tables.schema import Bool, Int16, Int32, Int64, UInt8, UInt16, UInt64
from analyzer.tables.spans import SpanStore
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, number_groups

try:
    from analyzer.sip import _spans
except ImportError:  # no compiler where the package was installed
    COMPILED = False
else:
    COMPILED = True

_MANY = 256
"""Values from which on it pays to look for equal ones."""
_WHITE = b" \t\r\n"
_PRIVATE = re.compile(rb"\n[Xx]-")
_BRANCH = re.compile(r";\s*branch\s*=\s*([^\s;,]+)", re.IGNORECASE)
_FOLD = re.compile(rb"[ \t]*\r*\n[ \t]+")


@frozen
class HeaderSpans:
    """One header of many messages, parallel to the rows asked for."""

    source: Int16
    pos: Int64
    """Start of the first value in its source."""
    len: Int32
    """Its length without white space around it, folds included; -1 when the header is absent."""
    count: Int32
    """Header lines with this name."""


def same_bytes(  # noqa: PLR0913, PLR0917 - two spans in three columns each
    spans: SpanStore,
    a_source: IntArray,
    a_pos: IntArray,
    a_len: IntArray,
    b_source: IntArray,
    b_pos: IntArray,
    b_len: IntArray,
) -> Bool:
    """Tell pair by pair whether two spans hold the same bytes; absent ones equal each other."""
    a = _Spans.of(a_source, a_pos, a_len)
    b = _Spans.of(b_source, b_pos, b_len)
    if not COMPILED:
        pairs = zip(a.texts(spans), b.texts(spans), strict=True)
        return np.array([one is not None and one == other for one, other in pairs], np.bool_)
    same = np.zeros(len(a.pos), np.uint8)
    if len(same):
        _spans.same_bytes(spans.sources, a.source, a.pos, a.length, b.source, b.pos, b.length, same)
    return same.view(np.bool_)


def differ_from_leader(trace: Trace, names: Sequence[str], leaders: Int64) -> Bool:
    """Tell which messages have a text, by the name of its span columns, unlike their leader."""
    messages = trace.messages
    texts = tuple(
        (getattr(messages, name + "_pos"), getattr(messages, name + "_len")) for name in names
    )
    if COMPILED:
        differs = np.zeros(len(messages), np.uint8)
        _spans.differ_from_leader(
            trace.spans.sources, messages.source, messages.pos, texts, leaders, differs
        )
        return differs.view(np.bool_)
    differing = np.zeros(len(messages), np.bool_)
    for pos, length in texts:
        own = (messages.source, messages.pos + pos, length)
        differing |= ~same_bytes(trace.spans, *own, *(column[leaders] for column in own))
    return differing


def hash_spans(
    spans: SpanStore, source: IntArray, pos: IntArray, length: IntArray, key: bytes
) -> UInt64:
    """Return the keyed hash of each span; 0 where it is absent."""
    given = _Spans.of(source, pos, length)
    if not COMPILED:
        texts = given.texts(spans)
        return np.array([siphash(key, text) if text else 0 for text in texts], np.uint64)
    hashes = np.zeros(len(given.pos), np.uint64)
    if len(hashes):
        _spans.hash_spans(spans.sources, given.source, given.pos, given.length, key, hashes)
    return hashes


def hash_texts(texts: Sequence[str], key: bytes) -> UInt64:
    """Return the keyed hash of each text, the one that `hash_spans` gives for its UTF-8 bytes."""
    raw = [each.encode() for each in texts]
    length = np.array([len(each) for each in raw], np.int64)
    store = SpanStore([memoryview(b"".join(raw))])
    return hash_spans(store, np.zeros(len(raw), np.int16), np.cumsum(length) - length, length, key)


@frozen
class _Spans:
    source: Int16
    pos: Int64
    length: Int64

    @classmethod
    def of(cls, source: IntArray, pos: IntArray, length: IntArray) -> "_Spans":
        return cls(
            np.ascontiguousarray(source, np.int16),
            np.ascontiguousarray(pos, np.int64),
            np.ascontiguousarray(length, np.int64),
        )

    def texts(self, spans: SpanStore) -> list[bytes | None]:
        """Copy the spans out: empty where absent, None where not inside the source."""
        found: list[bytes | None] = []
        columns = zip(self.source.tolist(), self.pos.tolist(), self.length.tolist(), strict=True)
        for source, pos, length in columns:
            if length <= 0:
                found.append(b"")
            elif not 0 <= source < len(spans.sources) or pos < 0:
                found.append(None)
            else:
                text = spans.bytes_at(source, pos, length)
                found.append(text if len(text) == length else None)
        return found


def find_header(trace: Trace, rows: IntArray, name: str) -> HeaderSpans:
    """Find the first value of header `name` (as IANA prints it) in each message of `rows`."""
    messages = trace.messages
    found = HeaderSpans(
        messages.source[rows],
        messages.pos[rows],
        np.full(len(rows), -1, np.int32),
        np.zeros(len(rows), np.int32),
    )
    at = np.flatnonzero(messages.header_marks[rows] & _bits_of(name))
    if len(at) == len(rows):
        _search(trace, rows, name, found)
    elif len(at):
        some = HeaderSpans(found.source[at], found.pos[at], found.len[at], found.count[at])
        _search(trace, rows[at], name, some)
        found.pos[at], found.len[at], found.count[at] = some.pos, some.len, some.count
    return found


def _search(trace: Trace, rows: IntArray, name: str, found: HeaderSpans) -> None:
    """Fill in what the heads of `rows` say of a header."""
    messages = trace.messages
    source, pos = found.source, found.pos.copy()
    head_len = np.ascontiguousarray(messages.head_len[rows])
    long, compact = _names(name)
    if COMPILED:
        _spans.find_header(
            trace.spans.sources, source, pos, head_len, long, compact,
            found.pos, found.len, found.count,
        )  # fmt: skip
        return
    for at, row in enumerate(zip(source.tolist(), pos.tolist(), head_len.tolist(), strict=True)):
        values = _value_spans(trace.spans.bytes_at(*row), name)
        found.count[at] = len(values)
        if values:
            found.pos[at] += values[0][0]
            found.len[at] = values[0][1]


@cache
def _bits_of(*names: str) -> np.uint64:
    """Return the marks of headers, compact forms included."""
    spelled = {each for name in names for each in _names(name) if each}
    return np.uint64(sum({1 << header_bit(each) for each in spelled}))


def surely_lack(trace: Trace, rows: IntArray, name: str) -> Bool:
    """Tell which messages have no header `name` by their marks alone, without a look at their
    heads; one whose mark another header has too may lack it all the same.
    """
    lacks: Bool = (trace.messages.header_marks[rows] & _bits_of(name)) == 0
    return lacks


def has_private_header(trace: Trace, rows: IntArray) -> Bool:
    """Tell which messages of `rows` have a header whose name begins with `X-`."""
    messages = trace.messages
    source = np.ascontiguousarray(messages.source[rows])
    pos = np.ascontiguousarray(messages.pos[rows])
    head_len = np.ascontiguousarray(messages.head_len[rows])
    if COMPILED:
        marks = np.zeros(len(pos), np.uint8)
        if len(pos):
            _spans.mark_private(trace.spans.sources, source, pos, head_len, marks)
        return marks.view(np.bool_)
    heads = zip(source.tolist(), pos.tolist(), head_len.tolist(), strict=True)
    found = [_PRIVATE.search(trace.spans.bytes_at(*head)) is not None for head in heads]
    return np.array(found, np.bool_)


def which_headers(trace: Trace, rows: IntArray, names: Sequence[str]) -> UInt64:
    """Return for each message of `rows` a number whose bit k tells whether it has header
    `names[k]`, in its long form, in one pass over its head.
    """
    messages = trace.messages
    marks = np.zeros(len(rows), np.uint64)
    at = np.flatnonzero(messages.header_marks[rows] & _bits_of(*names))
    if COMPILED and len(at):
        likely, found = rows[at], np.zeros(len(at), np.uint64)
        source = np.ascontiguousarray(messages.source[likely])
        pos = np.ascontiguousarray(messages.pos[likely])
        head_len = np.ascontiguousarray(messages.head_len[likely])
        lowered = [name.lower().encode() for name in names]
        _spans.mark_headers(trace.spans.sources, source, pos, head_len, lowered, found)
        marks[at] = found
    if COMPILED:
        return marks
    for bit, name in enumerate(names):
        is_there = find_header(trace, rows, name).count > 0
        marks |= is_there.astype(np.uint64) << np.uint64(bit)
    return marks


def _names(name: str) -> tuple[bytes, bytes]:
    """Return the long and the compact form of a header name in lower case, b"" without one."""
    known = header_names().get(name.lower())
    if known is None:
        return name.lower().encode(), b""
    return known.name.lower().encode(), known.compact.lower().encode()


@cache
def _lines_of(name: str) -> re.Pattern[bytes]:
    """Return what finds the header lines of a name, its compact form included, and their values
    with folds; `named_lines` says what it means.
    """
    long, compact = _names(canonical_name(name))
    named = b"|".join(re.escape(each) for each in sorted({long, compact or long}))
    return re.compile(rb"\n(?:" + named + rb")[ \t]*+:((?:[^\n]*+\n[ \t])*+[^\n]*+)", re.IGNORECASE)


def _value_spans(head: bytes, name: str) -> list[tuple[int, int]]:
    """Return start and length of the value of each header line of a name."""
    values = []
    for match in _lines_of(name).finditer(head):
        value = head[match.start(1) : match.end(1) + 1]  # with its line end
        start = match.start(1) + len(value) - len(value.lstrip(_WHITE))
        values.append((start, len(value.strip(_WHITE))))
    return values


def unfold(value: bytes) -> str:
    r"""Return a header value as text: folds become one space, bytes not UTF-8 become `\xNN`."""
    if b"\n " in value or b"\n\t" in value:
        value = _FOLD.sub(b" ", value)
    return value.decode("utf-8", "backslashreplace")


def header_values(trace: Trace, rows: IntArray, name: str) -> list[str | None]:
    """Return the first value of header `name` in each message of `rows`, None where absent."""
    numbers, texts = distinct_header_values(trace, rows, name)
    return [texts[number] for number in numbers.tolist()]


def distinct_header_values(
    trace: Trace, rows: IntArray, name: str
) -> tuple[IntArray, list[str | None]]:
    """Return texts, None among them for absent values, and for each message of `rows` the index of
    the first value of header `name`. Equal values share a text where that pays.
    """
    return distinct_texts(trace.spans, find_header(trace, rows, name))


def distinct_texts(spans: SpanStore, found: HeaderSpans) -> tuple[IntArray, list[str | None]]:
    """Return the texts of spans, None among them for absent ones, and for each span the index of
    its text. Equal ones share a text where that pays.
    """
    if not (found.len >= 0).any():
        return np.zeros(len(found.len), np.int32), [None]
    numbers, firsts = equal_spans(spans, found.source, found.pos, found.len)
    own = (found.source[firsts], found.pos[firsts], found.len[firsts])
    return numbers, texts_at(spans, *own)


def texts_at(
    spans: SpanStore, source: IntArray, pos: IntArray, length: IntArray
) -> list[str | None]:
    """Return spans as `unfold` shows them; None where they are absent (a negative length)."""
    given = _Spans.of(source, pos, length)
    texts: list[str | None] = [None] * len(given.pos)
    odd = list(range(len(texts)))
    if COMPILED and odd:
        odd = []
        columns = (given.source, given.pos, given.length)
        texts = _spans.plain_texts(spans.sources, *columns, odd)
    for at in odd:
        if given.length[at] >= 0:
            span = (int(given.source[at]), int(given.pos[at]), int(given.length[at]))
            texts[at] = unfold(spans.bytes_at(*span))
    return texts


def equal_spans(
    spans: SpanStore, source: IntArray, pos: IntArray, length: IntArray
) -> tuple[IntArray, Int64]:
    """Give equal values one number where they are few enough to pay, else each its own; return the
    numbers, and the first row of each.
    """
    each = np.arange(len(pos))
    if len(each) < _MANY:
        return each, each
    key = os.urandom(16)
    hashes = hash_spans(spans, source, pos, length, key)
    hashes += (length == 0).astype(np.uint64)
    numbers, firsts = number_groups(hashes)
    own = (source, pos, length)
    if (
        2 * len(firsts) > len(each)
        or not same_bytes(spans, *own, *(column[firsts[numbers]] for column in own)).all()
    ):
        return each, each
    return numbers, firsts


def all_header_values(trace: Trace, row: int, name: str) -> list[str]:
    """Return the value of every header line `name` of one message, in order."""
    messages = trace.messages
    if not messages.header_marks[row] & _bits_of(name):
        return []
    head = trace.spans.bytes_at(
        int(messages.source[row]), int(messages.pos[row]), int(messages.head_len[row])
    )
    return [unfold(head[start : start + length]) for start, length in _value_spans(head, name)]


class CompiledEndpointInterner:
    """Numbers endpoints in order of appearance; `EndpointInterner` says what it means."""

    def __init__(self) -> None:
        """Start without endpoints; the seed keeps collisions from being prepared."""
        self._interner = _spans.EndpointInterner(int.from_bytes(os.urandom(8)))

    def intern(self, high: UInt64, low: UInt64, port: UInt16, version: UInt8) -> Int32:
        """Return the row of each endpoint given by parallel columns."""
        rows = np.zeros(len(high), np.int32)
        if len(rows):
            self._interner.fill(high, low, port, version, rows)
        return rows

    def table(self) -> EndpointTable:
        """Return all endpoints numbered so far."""
        table = EndpointTable.zeros(len(self._interner))
        if len(table):
            self._interner.copy_to(table.high, table.low, table.port, table.version)
        return table


def new_endpoints() -> EndpointInterner | CompiledEndpointInterner:
    """Return an interner of endpoints, the compiled one where there is one."""
    return CompiledEndpointInterner() if COMPILED else EndpointInterner()


def branches_in(trace: Trace, row: int) -> list[str]:
    """Return the branches of the Via values of a message, the topmost first."""
    values = all_header_values(trace, row, "Via")
    return [branch for value in values for branch in _BRANCH.findall(value)]
