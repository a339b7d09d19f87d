"""Header values of many messages at once, compiled and by reference."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.sip import headers
from analyzer.sip.header_marks import header_marks
from analyzer.sip.headers import (
    all_header_values,
    find_header,
    header_values,
    new_endpoints,
    same_bytes,
    unfold,
)
from analyzer.tables.endpoints import EndpointInterner, EndpointTable
from analyzer.tables.messages import MessageTable
from analyzer.tables.spans import SpanStore
from analyzer.tables.trace import Trace
from sip_texts import messages

HEAD = (
    b"SIP/2.0 200 OK\r\nVia: a\r\nv : b \r\nvia:\r\n c\r\nViable: d\r\nSUBJECT:  x\r\n\ty\xff \r\n"
    b"To\r\nt:\r\nX-Via: e\r\nno colon\r\nReason : f\r\n\r\nVia: body\r\n"
)


@pytest.fixture(params=["compiled", "reference"])
def twin(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test with each of the twins."""
    if request.param == "reference":
        monkeypatch.setattr(headers, "COMPILED", False)
    elif not headers.COMPILED:
        pytest.skip("built without a compiler")
    return str(request.param)


def trace_with(heads: list[bytes]) -> Trace:
    """Return a trace whose messages are only heads, one after the other."""
    sizes = np.array([len(head) for head in heads], np.int64)
    rows = MessageTable.zeros(len(heads)).replace(
        pos=np.cumsum(sizes) - sizes,
        head_len=sizes,
        header_marks=[header_marks(head) for head in heads],
    )
    spans = SpanStore([memoryview(b"".join(heads))])
    return Trace([], spans, rows, EndpointTable.zeros(0))


def plain(head: bytes) -> Trace:
    """Return a trace of one message whose head ends at its empty line."""
    size = head.index(b"\r\n\r\n") + 4
    trace = trace_with([head])
    trace.messages = trace.messages.replace(head_len=[size])
    return trace


@pytest.mark.usefixtures("twin")
def test_private_headers() -> None:
    """A header line that begins with X- in any case counts; a value, a fold or `X` alone do not."""
    with_one = [b"SIP/2.0 200 OK\r\nx-a: 1\r\n\r\n", b"SIP/2.0 200 OK\r\nVia: a\nX-: \r\n\r\n"]
    without = [
        b"X-REQUEST sip:x-a SIP/2.0\r\nVia: X-a\r\n X-b: 1\r\n\r\n",
        b"SIP/2.0 200 OK\r\nXa-: 1\r\nX",
        b"",
    ]
    trace = trace_with([*with_one, *without])
    found = headers.has_private_header(trace, np.arange(5))
    assert found.tolist() == [True, True, False, False, False]


@pytest.mark.usefixtures("twin")
def test_values() -> None:
    """Long and compact names in any case, space before the colon, folds, empty and absent ones."""
    trace = plain(HEAD)
    row = np.array([0])
    assert header_values(trace, row, "Via") == ["a"]
    assert find_header(trace, row, "Via").count.tolist() == [3]
    assert all_header_values(trace, 0, "Via") == ["a", "b", "c"]
    assert header_values(trace, row, "Subject") == ["x y\\xff"]
    assert header_values(trace, row, "To") == [""]
    assert header_values(trace, row, "reason") == ["f"]
    absent = find_header(trace, row, "From")
    assert (absent.len.tolist(), absent.count.tolist()) == ([-1], [0])
    assert header_values(trace, row, "From") == [None]
    assert header_values(trace, np.zeros(0, np.int64), "Via") == []


@given(st.lists(messages(), min_size=1, max_size=4))
def test_twins_find_the_same(heads: list[bytes]) -> None:
    """On any heads the compiled search finds what the reference finds."""
    if not headers.COMPILED:
        pytest.skip("built without a compiler")
    trace = trace_with(heads)
    rows = np.arange(len(heads))
    for name in ("Via", "Subject", "Content-Length", "X.odd!%*_+`'~", "Call-ID"):
        compiled = find_header(trace, rows, name)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(headers, "COMPILED", False)
            reference = find_header(trace, rows, name)
        assert compiled.pos.tolist() == reference.pos.tolist()
        assert compiled.len.tolist() == reference.len.tolist()
        assert compiled.count.tolist() == reference.count.tolist()


@pytest.mark.usefixtures("twin")
def test_same_bytes() -> None:
    """Spans are equal by their bytes, across sources; absent ones equal each other."""
    spans = SpanStore([memoryview(b"abcabc"), memoryview(b"xxabc")])
    pairs = [
        ((0, 0, 3), (0, 3, 3), True),
        ((0, 0, 3), (1, 2, 3), True),
        ((0, 0, 3), (1, 1, 3), False),
        ((0, 0, 3), (0, 0, 2), False),
        ((0, 0, 0), (0, 0, -1), True),
        ((0, 0, 0), (0, 0, 1), False),
        ((0, 4, 3), (0, 4, 3), False),
        ((2, 0, 1), (2, 0, 1), False),
        ((0, -1, 1), (0, -1, 1), False),
        ((0, 2**62, 1), (0, 2**62, 1), False),
    ]
    columns = [np.array(column) for column in zip(*(a + b for a, b, _ in pairs), strict=True)]
    assert same_bytes(spans, *columns).tolist() == [expected for *_, expected in pairs]


def test_unfold() -> None:
    """A fold becomes one space (RFC 3261 §7.3.1); what is no UTF-8 is shown escaped."""
    assert unfold(b"a\r\n  b \r\n\tc\n d") == "a b c d"
    assert unfold("é".encode() + b"\xe9") == "é\\xe9"


ADDRESSES = st.tuples(
    st.sampled_from([0, 1, 2**64 - 1]),
    st.integers(0, 40),
    st.integers(0, 3),
    st.sampled_from([4, 6]),
)


@given(st.lists(st.lists(ADDRESSES, max_size=60), max_size=4))
def test_endpoints_are_numbered_as_the_reference_does(batches: list[list[tuple[int, ...]]]) -> None:
    """The compiled interner gives the rows and the table of its reference twin."""
    own, reference = new_endpoints(), EndpointInterner()
    for batch in batches:
        table = EndpointTable.from_rows(batch)
        columns = (table.high, table.low, table.port, table.version)
        assert own.intern(*columns).tolist() == reference.intern(*columns).tolist()
    for each in EndpointTable.columns:
        left, right = getattr(own.table(), each.name), getattr(reference.table(), each.name)
        assert left.tolist() == right.tolist()


def test_many_endpoints() -> None:
    """The compiled interner grows past its first room."""
    table = EndpointTable.zeros(50_000).replace(
        low=np.arange(50_000) % 30_000, version=np.full(50_000, 4)
    )
    endpoints = new_endpoints()
    rows = endpoints.intern(table.high, table.low, table.port, table.version)
    assert rows.tolist() == table.low.tolist()
    assert len(endpoints.table()) == 30_000
