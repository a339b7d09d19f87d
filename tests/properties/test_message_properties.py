"""What holds for any message (analyzer.sip.message)."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from analyzer.anomaly_kinds import KINDS
from analyzer.sip.header_lines import scan_header_lines
from analyzer.sip.message import Head, parse_head

HEADERS = (
    ("Via", "v", "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKnashds8"),
    ("From", "f", '"Alice" <sip:alice@atlanta.example.com>;tag=1928301774'),
    ("To", "t", "Bob <sip:bob@biloxi.example.com> ;tag=a6c85cf"),
    ("Call-ID", "i", "a84b4c76e66710@192.0.2.1"),
    ("CSeq", "CSeq", "314159 INVITE"),
    ("Contact", "m", "<sip:alice@192.0.2.1> ;expires=60"),
    ("Subject", "s", "two words"),
    ("Max-Forwards", "Max-Forwards", "70"),
    ("Content-Length", "l", "4"),
)
CASES: tuple[Callable[[str], str], ...] = (str, str.lower, str.upper, str.swapcase)
START_LINES = ("INVITE sip:bob@biloxi.example.com SIP/2.0", "SIP/2.0 180 Ringing")


def fields_of(data: bytes, head: Head) -> tuple[object, ...]:
    """Return what a message says, wherever it stands in it."""
    spans = (head.line, head.call_id, head.sent_by, head.branch, head.from_tag, head.to_tag)
    body = data[head.head_len : head.head_len + head.body_len]
    return (
        head.method, head.status, head.cseq, head.cseq_method, head.content_length,
        *(data[start : start + length] for start, length in spans), body, head.anomalies,
    )  # fmt: skip


@st.composite
def written(draw: st.DrawFn, name: str, value: str) -> str:
    """Write a header line in one of the ways that mean the same (RFC 3261 §7.3.1)."""
    colon = draw(st.sampled_from([":", ": ", " :", "\t: ", ":\r\n ", ": \r\n\t"]))
    fold = draw(st.sampled_from([" ", "  ", "\r\n ", " \r\n\t "]))
    head, space, tail = value.partition(" ")
    end = draw(st.sampled_from(["", " ", "\t", "\r\n "]))
    return name + colon + head + (fold if space else "") + tail + end + "\r\n"


@st.composite
def messages(draw: st.DrawFn, start_line: str) -> bytes:
    """Write the message of HEADERS with its headers in any order, case, form and folding."""
    lines = []
    for name, compact, value in draw(st.permutations(HEADERS)):
        form = draw(st.sampled_from([name, compact]))
        change = draw(st.sampled_from(CASES))
        lines.append(draw(written(change(form), value)))
    return f"{start_line}\r\n{''.join(lines)}\r\nbody".encode()


@given(st.data(), st.sampled_from(START_LINES))
def test_way_of_writing_changes_nothing(data: st.DataObject, start_line: str) -> None:
    """Order, case, compact forms, white space and folds of headers do not change any field."""
    plain = start_line + "\r\n" + "".join(f"{n}: {v}\r\n" for n, _, v in HEADERS) + "\r\nbody"
    expected = parse_head(plain.encode())
    other = data.draw(messages(start_line))
    head = parse_head(other)
    assert expected is not None
    assert head is not None
    assert head.anomalies == ()
    assert fields_of(other, head) == fields_of(plain.encode(), expected)
    values = {each.name: each.value.split() for each in head.headers}
    assert values == {each.name: each.value.split() for each in expected.headers}


def check_bounds(data: bytes, head: Head) -> None:
    """Assert that all spans lie inside the datagram and all anomalies are known."""
    assert 0 <= head.start <= head.head_len <= len(data)
    assert 0 <= head.body_len <= len(data) - head.head_len
    spans = (head.line, head.call_id, head.sent_by, head.branch, head.from_tag, head.to_tag)
    for start, length in (*spans, *(each.span for each in head.headers)):
        assert 0 <= start <= start + length <= head.head_len
    assert set(head.anomalies) <= set(KINDS)
    assert list(head.anomalies) == sorted(set(head.anomalies))
    assert len(head.details) == len(head.anomalies)
    assert -1 <= head.cseq < 2**32
    assert -1 <= head.status <= 999
    for header in head.headers:
        assert data[header.start : sum(header.span)].decode("latin-1") == header.raw
        assert "\n" not in header.value


FRAGMENTS = [
    b"INVITE ", b"sip:a@b", b" SIP/2.0", b"SIP/2.0 200 OK", b"\r\n", b"\n", b"\r", b" ", b"\t",
    b"Via: SIP/2.0/UDP a;branch=z9hG4bK1", b"From: ", b"t: ", b"Call-ID:", b"CSeq: 1 INVITE",
    b"Content-Length: 5", b"l: 99", b"Contact: *", b"<", b">", b'"', b"\\", b";tag=1", b",", b":",
    b"\0", b"\xff\xc3\xa9", b'Warning: 399 a "b"', b"Retry-After: 1", b"Date: ", b"Expires: -1",
]  # fmt: skip


@given(
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.binary(max_size=4)), max_size=30),
    st.sampled_from([b"", b"INVITE sip:a@b SIP/2.0\r\n", b"SIP/2.0 200 OK\r\n"]),
    st.booleans(),
)
def test_any_bytes(pieces: list[bytes], begin: bytes, cut: bool) -> None:  # noqa: FBT001 - drawn
    """Any bytes give a message whose parts lie inside them, or none; nothing is raised."""
    data = begin + b"".join(pieces)
    head = parse_head(data, cut=cut, max_headers=8)
    assert head is not None or not begin
    if head is not None:
        check_bounds(data, head)


@given(messages(START_LINES[0]), st.data())
def test_cut_anywhere(message: bytes, data: st.DataObject) -> None:
    """A message cut at any byte gives only fields that the whole one has."""
    whole = parse_head(message)
    at = data.draw(st.integers(min_value=46, max_value=len(message)))
    head = parse_head(message[:at], cut=True)
    assert whole is not None
    assert head is not None
    check_bounds(message[:at], head)
    assert head.anomalies == ("message-cut",)
    for name in ("call_id", "branch", "from_tag", "to_tag", "sent_by"):
        assert getattr(head, name) in {(0, 0), getattr(whole, name)}


@given(messages(START_LINES[0]), st.data())
def test_damaged_bytes(message: bytes, data: st.DataObject) -> None:
    """A message with bytes overwritten raises nothing and keeps its spans inside."""
    damaged = bytearray(message)
    for _ in range(data.draw(st.integers(min_value=1, max_value=4))):
        at = data.draw(st.integers(min_value=0, max_value=len(message) - 1))
        damaged[at] = data.draw(st.integers(min_value=0, max_value=255))
    head = parse_head(bytes(damaged))
    if head is not None:
        check_bounds(bytes(damaged), head)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["To", "v", "X-a", "call-id", "l"]),
            st.sampled_from([":", ": ", " :", ":\t "]),
            st.text(alphabet='ab: ;"<\xe9\0', max_size=8),
            st.sampled_from(["\r\n", "\r\n", "\r\n", "\n", "\r\n x\r\n"]),
        ),
        max_size=6,
    )
)
def test_ordinary_lines_at_one_go(rows: list[tuple[str, str, str, str]]) -> None:
    """A head of ordinary lines is the same as one where a fold makes each be read by itself."""
    text = "".join(map("".join, rows)) + "\r\nbody"
    fold = "Subject: a\r\n b\r\n"
    quick = scan_header_lines(text, 0, limit=100, drop_partial=False)
    slow = scan_header_lines(fold + text, 0, limit=100, drop_partial=False)
    assert slow.headers[0].value == "a b"
    assert (quick.complete, quick.faults) == (slow.complete, slow.faults)
    assert quick.end == slow.end - len(fold)
    moved = [each._replace(start=each.start - len(fold)) for each in slow.headers[1:]]
    assert list(quick.headers) == moved
