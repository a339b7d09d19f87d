"""The compiled record writer equals the reference, whatever the columns hold."""

import ipaddress
import json
from collections.abc import Callable
from random import Random

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.render import records
from analyzer.render.record_columns import (
    Addresses,
    Batch,
    Booleans,
    Durations,
    Endpoints,
    Form,
    Forms,
    Frames,
    Integers,
    Lists,
    Part,
    Periods,
    Sentences,
    Template,
    Texts,
    TokenPool,
    Tokens,
    Value,
    Values,
    Word,
)
from analyzer.render.record_shapes import Key, Layout, Leaf, ListOf, ObjectOf, Shape
from analyzer.tables.endpoints import EndpointTable
from analyzer.tables.schema import Int64

ANY = Leaf({})
INT64 = st.integers(-(2**63), 2**63 - 1)
UNITS = (" h ", " min ", ' "s"')
needs_compiler = pytest.mark.skipif(not records.COMPILED, reason="built without a compiler")

HOSTILE = st.lists(
    st.one_of(
        st.binary(max_size=8),
        st.text(max_size=8).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.sampled_from(
            [b'"', b"\\", b"\0", b"\x1f\x7f", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"]
        ),
        st.sampled_from([b"\xe2\x82", b"\xf0\x9f\x98", "\u2028é漢😀".encode()]),
    ),
    max_size=6,
).map(b"".join)


def numbers(draw: st.DrawFn, elements: st.SearchStrategy[int], count: int) -> Int64:
    """Draw a column."""
    values = draw(st.lists(elements, min_size=count, max_size=count))
    return np.array(values, dtype=np.int64)


def texts(draw: st.DrawFn, count: int, source: bytes) -> Texts:
    """Draw spans of a source, some absent, some replaced by tokens."""
    size = len(source)
    pos = numbers(draw, st.integers(0, size), count)
    length = np.minimum(numbers(draw, st.integers(-1, 9), count), size - pos)
    instead = None
    if draw(st.booleans()):
        pool = TokenPool()
        pool.number(draw(st.text(min_size=1, max_size=5)))
        instead = Tokens(numbers(draw, st.integers(-1, 0), count), pool)
    return Texts(np.zeros(count, np.int16), pos, length, instead)


def endpoints() -> EndpointTable:
    """Make addresses that RFC 5952 writes in each of its ways."""
    six = [
        "::",
        "::1",
        "1::",
        "2001:db8::1:0:0:1",
        "1:0:2:0:3:0:4:0",
        "::ffff:192.0.2.1",
        "fe80::a",
    ]
    rows = [(0, int(ipaddress.IPv4Address("192.0.2.255")), 5060, 4), (0, 0, 0, 4)]
    rows += [
        (n >> 64, n & (2**64 - 1), 65535, 6) for n in map(int, map(ipaddress.IPv6Address, six))
    ]
    return EndpointTable.from_rows(rows)


def value(draw: st.DrawFn, count: int, source: bytes) -> Value:
    """Draw the values of one key."""
    table = endpoints()
    pool = TokenPool()
    pool.number(draw(st.text(max_size=5)))
    pool.number(("a", "b"))
    rows = st.integers(-1, len(table) - 1)
    makers: tuple[Callable[[], Value], ...] = (
        lambda: Integers(numbers(draw, INT64, count), draw(st.sampled_from([None, -1, 0]))),
        lambda: Booleans(numbers(draw, st.integers(0, 1), count) == 1),
        lambda: Durations(numbers(draw, INT64, count)),
        lambda: Tokens(numbers(draw, st.integers(-1, 1), count), pool),
        lambda: texts(draw, count, source),
        lambda: Endpoints(numbers(draw, rows, count), table),
        lambda: Addresses(numbers(draw, rows, count), table),
        lambda: Frames(
            numbers(draw, st.integers(0, 9), count), numbers(draw, st.integers(0, 2**40), count)
        ),
        lambda: sentences(draw, count, source),
        lambda: forms(draw, count, source),
    )
    return draw(st.sampled_from(makers))()


def sentences(draw: st.DrawFn, count: int, source: bytes) -> Sentences:
    """Draw templates with words, values and parts that may be left out."""

    def part() -> Part:
        parts: tuple[Part, ...] = (
            draw(st.text(max_size=4)),
            Periods(numbers(draw, INT64, count), UNITS),
            Integers(numbers(draw, INT64, count), 0),
            texts(draw, count, source),
        )
        return draw(st.sampled_from(parts))

    templates: list[Template] = [
        ("{", part(), (part(), part()), "}", part()),
        ((part(),), part()),
        (),
    ]
    variants = numbers(draw, st.integers(0, len(templates) - 1), count)
    return Sentences(variants, tuple(templates), draw(st.text(max_size=3)))


def forms(draw: st.DrawFn, count: int, source: bytes) -> Forms:
    """Draw JSON text with values in it, alone and inside strings."""
    pool = TokenPool()
    pool.number(draw(st.text(max_size=5)))
    word = Word(Tokens(numbers(draw, st.integers(-1, 0), count), pool))
    integers = Integers(numbers(draw, INT64, count))
    made: list[Form] = [
        (b'{"a":', texts(draw, count, source), b',"b":"', word, b'-"}'),
        (b'["a text that is too long to be a prefix"', b",", integers, b"]"),
        (b"null",),
    ]
    return Forms(numbers(draw, st.integers(0, len(made) - 1), count), tuple(made))


@st.composite
def batches(draw: st.DrawFn) -> tuple[Layout, Batch]:
    """Draw a layout with nested lists and objects, and records for it."""
    source = draw(HOSTILE)
    count = draw(st.integers(0, 4))

    def pair(depth: int, size: int) -> tuple[Shape, Value | Values]:
        kind = draw(st.integers(0, 5 if depth else 3))
        if kind == 4:
            names = ("first", "second")
            made = [pair(depth - 1, size) for _ in names]
            keys = tuple(Key(n, each[0]) for n, each in zip(names, made, strict=True))
            return ObjectOf(keys), {n: each[1] for n, each in zip(names, made, strict=True)}
        if kind == 5:
            sizes = numbers(draw, st.integers(0, 3), size)
            starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
            shape, items = pair(depth - 1, int(starts[-1]))
            return ListOf(shape), Lists(starts, items)
        return ANY, value(draw, size, source)

    made = [pair(2, count) for _ in range(draw(st.integers(1, 5)))]
    keys = tuple(Key(f"key{n}", shape) for n, (shape, _) in enumerate(made))
    values = {f"key{n}": each for n, (_, each) in enumerate(made)}
    return Layout("thing", "things", "", keys), Batch(count, values, (memoryview(source),))


@needs_compiler
@given(drawn=batches(), typed=st.booleans())
def test_writers_are_equal(drawn: tuple[Layout, Batch], *, typed: bool) -> None:
    """Both writers give the same bytes for any values, and the bytes are JSON."""
    compiled = records.encode(*drawn, typed=typed)
    reference = records.encode_reference(*drawn, typed=typed)
    assert compiled.data == reference.data
    assert compiled.ends.tolist() == reference.ends.tolist()
    begin = 0
    for end in compiled.ends.tolist():
        first = next(iter(json.loads(bytes(compiled.data)[begin:end])))
        assert first == ("type" if typed else "key0")
        begin = end


@given(raw=HOSTILE)
def test_capture_text_reads_back(raw: bytes) -> None:
    """A JSON reader gets the text of a span back, with bytes that are no UTF-8 as escapes."""
    layout = Layout("thing", "things", "", (Key("text", ANY),))
    span = Texts(np.zeros(1, np.int16), np.zeros(1, np.int64), np.array([len(raw)]))
    encoded = records.encode(layout, Batch(1, {"text": span}, (memoryview(raw),)))
    expected = raw.decode("utf-8", "backslashreplace") or None
    assert json.loads(bytes(encoded.data)) == {"text": expected}
    assert orjson.loads(bytes(encoded.data)) == {"text": expected}


@needs_compiler
@given(
    texts=st.lists(st.lists(st.binary(max_size=5), max_size=5), min_size=1, max_size=4),
    order=st.randoms(use_true_random=False),
    separator=st.sampled_from([b"\n", b",\n"]),
)
def test_joins_are_equal(texts: list[list[bytes]], order: Random, separator: bytes) -> None:
    """Both joins put each batch's records in their order, whatever the order among batches."""
    which = [part for part, each in enumerate(texts) for _ in each]
    order.shuffle(which)
    parts = [records.from_records(each) for each in texts]
    column = np.array(which, dtype=np.uint8)
    joined = bytes(records.join(parts, column, separator, bytearray()))
    assert joined == records.join_reference(parts, column, separator)
    left = [list(each) for each in texts]
    assert joined == b"".join(left[part].pop(0) + separator for part in which)


@needs_compiler
def test_prepared_records_are_joined_as_written_ones() -> None:
    """Records that are written where they are joined give what joining written ones gives, also in
    a buffer that was used before.
    """
    layout = Layout("thing", "things", "", (Key("n", ANY),))
    prepared = records.Prepared(
        layout, Batch(3, {"n": Integers(np.array([1, 22, 333]))}), typed=True
    )
    others = records.from_records([b"[]", b'"%s"' % (b"x" * 5_000)])
    which, buffer = np.array([1, 0, 0, 1, 0], np.uint8), bytearray()
    expected = records.join_reference([prepared, others], which, b"\n")
    for _ in range(2):
        joined = records.join([prepared, others], which, b"\n", buffer)
        assert bytes(joined) == expected
        joined.release()


@needs_compiler
@pytest.mark.parametrize("which", [[0, 0], [1]])
def test_no_records_beyond_the_last(which: list[int]) -> None:
    """More records than a part has, or of a part that is not there, are a fault, no memory read."""
    with pytest.raises(ValueError, match=r"more records|no such part"):
        records.join([records.from_records([b"1"])], np.array(which, np.uint8), b"", bytearray())


def test_spans_outside_their_source_are_cut() -> None:
    """A span that leaves its source gives what is inside it, never other memory."""
    layout = Layout("thing", "things", "", (Key("text", ANY),))
    span = Texts(np.zeros(3, np.int16), np.array([2, 5, 4]), np.array([9, 3, -1]))
    batch = Batch(3, {"text": span}, (memoryview(b"abcd"),))
    encoded = records.encode(layout, batch)
    assert encoded.data == b'{"text":"cd"}{"text":null}{"text":null}'
    assert encoded.data == records.encode_reference(layout, batch).data


def test_reference_works_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extension the same functions give the reference's bytes."""
    monkeypatch.setattr(records, "COMPILED", False)
    layout = Layout("thing", "things", "", (Key("n", ANY),))
    encoded = records.encode(layout, Batch(2, {"n": Integers(np.array([1, 2]))}), typed=True)
    joined = records.join([encoded], np.zeros(2, np.uint8), b"\n", bytearray())
    assert bytes(joined) == b'{"type":"thing","n":1}\n{"type":"thing","n":2}\n'


@needs_compiler
@pytest.mark.parametrize(
    "value",
    [
        Integers(np.array([1])),
        Frames(np.array([1, 2]), np.array([1])),
        Texts(np.zeros(2, np.int16), np.zeros(2), np.zeros(3)),
    ],
)
def test_columns_that_are_too_short_are_refused(value: Value) -> None:
    """A column without an entry for each record is our fault, and never read past its end."""
    layout = Layout("thing", "things", "", (Key("value", ANY),))
    with pytest.raises(ValueError, match="column"):
        records.encode(layout, Batch(2, {"value": value}, (memoryview(b""),)))


@needs_compiler
def test_lists_that_are_too_short_are_refused() -> None:
    """The same holds for the items of lists."""
    layout = Layout("thing", "things", "", (Key("list", ListOf(ANY)),))
    lists = Lists(np.array([0, 3]), Integers(np.array([1, 2])))
    with pytest.raises(ValueError, match="column"):
        records.encode(layout, Batch(1, {"list": lists}))
