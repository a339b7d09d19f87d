"""What is read in place for many spans is what the parsers of SIP read one by one."""

import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.render import record_spans
from analyzer.render.record_columns import Texts
from analyzer.render.record_spans import (
    Spans,
    codec_lines,
    first_present,
    header_texts,
    headers_at,
    numbers_at,
    split_addresses,
    with_byte,
)
from analyzer.render.record_texts import column
from analyzer.sip.address import Address
from analyzer.sip.header_marks import header_marks
from analyzer.sip.headers import all_header_values, unfold
from analyzer.sip.numbers import parse_number
from analyzer.sip.sdp import codecs
from analyzer.tables.endpoints import EndpointTable
from analyzer.tables.messages import MessageTable
from analyzer.tables.spans import SpanStore
from analyzer.tables.trace import Trace

needs_compiler = pytest.mark.skipif(not record_spans.COMPILED, reason="built without a compiler")

PIECES = st.sampled_from(
    [
        b"sip:", b"SIPS:", b"tel:", b"http:", b"<", b">", b'"', b"\\", b";", b",", b"=", b"?", b"@",
        b":", b" ", b"\t", b"\r\n ", b"alice", b"Bob", b"%40", b"+1555", b"192.0.2.1", b"[::1]",
        b";expires=60", b";Expires = 7", b";expires=", b";expires=99999999999999999999", b";tag=x",
        b";transport=udp", b'"A \\" B"', b"*", "漢".encode(), b"\xff", b"\0", b"user=phone",
    ]
)  # fmt: skip
PLAIN = st.builds(
    lambda display, uri, parameters: f"{display}<{uri}>{parameters}".encode(),
    st.sampled_from(["", '"Alice, B." ', '""', "Alice Smith ", "é", '"漢字" ']),
    st.sampled_from(
        ["sip:a@h", "sip:h", "sips:a:pw@h:5061;x=y", "tel:+1;ext=2", "urn:x", "sip:a%20@h"]
    ),
    st.sampled_from(["", ";tag=1", ";expires=60;q=0.5", ";q=1;EXPIRES=0", ' ;tag="x"']),
)
ADDRESSES = st.one_of(PLAIN, st.lists(PIECES, max_size=8).map(b"".join), st.binary(max_size=12))


def trace_with(messages: list[bytes]) -> Trace:
    """Make a trace of messages that lie one after the other."""
    data = b"".join(messages)
    table = MessageTable.zeros(len(messages))
    sizes = [len(each) for each in messages]
    table.head_len[:] = sizes
    table.pos[:] = np.cumsum([0, *sizes[:-1]])[: len(messages)]
    table.header_marks[:] = [header_marks(each) for each in messages]
    return Trace([], SpanStore([memoryview(data)]), table, EndpointTable.zeros(0))


def spans_of(values: list[bytes]) -> tuple[Trace, Spans]:
    """Make spans of values that lie one after the other."""
    trace = trace_with(values)
    messages = trace.messages
    return trace, Spans(messages.source, messages.pos, messages.head_len.astype(np.int64))


def shown(texts: Texts, trace: Trace) -> list[object]:
    """Return texts as a reader of the output gets them."""
    return column(texts, trace.spans.sources)


@given(values=st.lists(ADDRESSES, min_size=1, max_size=4))
def test_addresses_are_those_of_the_parser(values: list[bytes]) -> None:
    """Display name, URI, user and expires of any text are what the address parser says."""
    values = [value.strip(b" \t\r\n") for value in values]
    trace, spans = spans_of(values)
    found = split_addresses(trace, spans)
    parsed = [Address.parse(unfold(value)) for value in values]
    assert shown(found.uri, trace) == [each.uri or None for each in parsed]
    assert shown(found.display, trace) == [each.display or None for each in parsed]
    users = [each.uri_parts.plain_user or None for each in parsed]
    assert shown(found.user, trace) == users
    expires = [parse_number(each.parameter("expires") or "") for each in parsed]
    assert found.expires_s.tolist() == [-1 if each is None else each for each in expires]


def test_first_of_a_list() -> None:
    """Of a comma list the first address counts; commas inside quotes and brackets do not divide."""
    values = [b"<sip:a@h>, <tel:+1>", b'"A, B" <sip:c,d@h>', b"*"]
    trace, spans = spans_of(values)
    found = split_addresses(trace, spans, is_list=True)
    assert shown(found.uri, trace) == ["sip:a@h", "sip:c,d@h", "*"]


@given(
    values=st.lists(
        st.one_of(
            st.text(string.digits, max_size=22).map(str.encode),
            st.sampled_from([b"", b" 7", b"-1", b"+1", b"1.5", b"7\r\n 8", b"0x10", b"\xd9\xa3"]),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_numbers_are_those_of_the_parser(values: list[bytes]) -> None:
    """Decimal digits are a number, anything else is none; very long ones stand for much."""
    trace, spans = spans_of(values)
    expected = [parse_number(unfold(value).strip()) for value in values]
    assert numbers_at(trace.spans, spans).tolist() == [
        -1 if each is None else each for each in expected
    ]


LINES = st.sampled_from(
    [
        b"v=0", b"o=- 1 1 IN IP4 192.0.2.1", b"s=-", b"c=IN IP4 192.0.2.1", b"t=0 0",
        b"m=audio 49170 RTP/AVP 0 8 101", b"m=audio 0 RTP/AVP 18", b"m=audio 0/2 RTP/AVP 9",
        b"m=audio 00 RTP/AVP 15", b"a=bundle-only", b"m=video 5004/2 RTP/AVP 96",
        b"m=audio  1 RTP/AVP 0", b"m= audio 1 RTP/AVP 3", b"m=image 9 udptl t38", b"m=", b"m=x",
        b"m=audio\t5 RTP/AVP 0 9", b"a=rtpmap:96 H264/90000", b"a=rtpmap:101 telephone-event/8000",
        b"a= rtpmap:96 VP8/90000", b"a=sendrecv", b" m=audio 1 RTP/AVP 4", b"a = rtpmap:0 X/1",
        b"", b"junk", b"a=rtpmap:0 ", b"m=audio 1 RTP/AVP \xff", b"a=rtpmap:8 \xe6\xbc\xa2/8000",
    ]
)  # fmt: skip


@given(lines=st.lists(LINES, max_size=8), end=st.sampled_from([b"\r\n", b"\n", b"\r\r\n"]))
def test_codec_lines_name_the_same_codecs(lines: list[bytes], end: bytes) -> None:
    """What is kept of a session description names the codecs of the whole."""
    body = b"v=0" + end + end.join(lines)
    trace, spans = spans_of([body])
    kept = codec_lines(trace.spans, spans)[0]
    assert kept is not None
    assert codecs(kept) == codecs(body)


def test_port_makes_no_difference() -> None:
    """Two offers that differ in ports and addresses only are kept as one text."""
    offers = [
        b"v=0\r\nc=IN IP4 192.0.2.%d\r\nm=audio %d RTP/AVP 0\r\n" % (each, each) for each in (1, 22)
    ]
    trace, spans = spans_of(offers)
    kept = codec_lines(trace.spans, spans)
    if record_spans.COMPILED:
        assert kept[0] == kept[1]


HEADER_LINES = st.sampled_from(
    [
        b"From: <sip:a@h>", b"f: <sip:b@h>", b"FROM : c", b"From", b"from:", b" folded",
        b"\tfolded: x", b"Fromage: x", b"Expires:\r\n 60", b"expires: 7 ", b"X: From: y", b": z",
        b"Server: s", b"", b"\x00", b"User-Agent:u",
    ]
)  # fmt: skip


@given(
    heads=st.lists(st.lists(HEADER_LINES, max_size=8), min_size=1, max_size=3),
    end=st.sampled_from([b"\r\n", b"\n"]),
)
def test_headers_found_in_one_pass(heads: list[list[bytes]], end: bytes) -> None:
    """The first value of each header in any head is what reading that head line by line gives."""
    messages = [end.join([b"INVITE sip:h SIP/2.0", *lines, b"", b""]) for lines in heads]
    trace = trace_with(messages)
    rows = np.arange(len(messages))
    names = ("From", "Expires", "User-Agent")
    for name, spans in zip(names, headers_at(trace, rows, *names), strict=True):
        for row in rows.tolist():
            values = all_header_values(trace, row, name)
            assert [unfold(spans.raw(trace.spans)[row])] == (values[:1] or [""])


def test_missing_messages_have_no_headers() -> None:
    """A negative row has no header, and rows without any message are no fault."""
    trace = trace_with([b"INVITE sip:h SIP/2.0\r\nFrom: a\r\n\r\n"])
    found = headers_at(trace, np.array([-1, 0]), "From", "To")
    assert [spans.raw(trace.spans) for spans in found] == [[b"", b"a"], [b"", b""]]
    assert len(headers_at(trace, np.zeros(0, np.int64), "From")[0]) == 0


def test_folds_are_one_space() -> None:
    """A folded value is shown on one line (RFC 3261 §7.3.1)."""
    trace, spans = spans_of([b"a\r\n  b", b"c"])
    assert with_byte(trace.spans, spans, b"\n").tolist() == [0]
    assert shown(header_texts(trace, spans), trace) == ["a b", "c"]


def test_first_present_takes_the_first_that_is_there() -> None:
    """Of several spans the first that is not empty stands."""
    trace, spans = spans_of([b"", b"x", b"y"])
    best = first_present(spans.at(np.array([0, 1])), spans.at(np.array([2, 2])))
    assert best.raw(trace.spans) == [b"y", b"x"]


@needs_compiler
def test_spans_outside_their_source_are_left_alone() -> None:
    """A span that leaves its source is never read in place."""
    trace, _ = spans_of([b"<sip:a@h>"])
    outside = Spans(np.array([0, 7]), np.array([5, 0]), np.array([9, 3]))
    assert with_byte(trace.spans, outside, b"@").tolist() == [0, 1]
