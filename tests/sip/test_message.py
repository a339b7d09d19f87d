"""Messages (analyzer.sip.message), by RFC 3261 §7, §8.1.1, §18.3."""

import pytest

from analyzer.anomaly_kinds import KINDS
from analyzer.sip.message import Head, parse_head

INVITE = (
    b"INVITE sip:bob@biloxi.example.com SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKnashds8, SIP/2.0/TCP b;branch=z9hG4bK2\r\n"
    b"Max-Forwards: 70\r\n"
    b"To: Bob <sip:bob@biloxi.example.com>\r\n"
    b'From: "Alice" <sip:alice@atlanta.example.com;tag=uri>;tag=1928301774\r\n'
    b"Call-ID: a84b4c76e66710@192.0.2.1\r\n"
    b"CSeq: 314159 INVITE\r\n"
    b"Contact: <sip:alice@192.0.2.1>\r\n"
    b"Content-Length: 4\r\n"
    b"\r\n"
)
"""After the INVITE of RFC 3261 §24.2."""


def head_of(data: bytes, *, cut: bool = False) -> Head:
    """Return the head of a message that is one."""
    head = parse_head(data, cut=cut)
    assert head is not None
    return head


def piece(data: bytes, span: tuple[int, int]) -> bytes:
    """Return the bytes of a span."""
    return data[span[0] : sum(span)]


def changed(old: bytes, new: bytes) -> bytes:
    """Return the INVITE with its body and one piece of it changed."""
    assert old in INVITE
    return INVITE.replace(old, new, 1) + b"body"


def test_request() -> None:
    """All fields of an ordinary request are found where they stand."""
    data = INVITE + b"body"
    head = head_of(data)
    assert (head.is_request, head.method, head.status, head.version) == (
        True, "INVITE", 0, "SIP/2.0",
    )  # fmt: skip
    assert piece(data, head.line) == b"sip:bob@biloxi.example.com"
    assert piece(data, head.call_id) == b"a84b4c76e66710@192.0.2.1"
    assert piece(data, head.sent_by) == b"192.0.2.1:5060"
    assert piece(data, head.branch) == b"z9hG4bKnashds8"
    assert piece(data, head.from_tag) == b"1928301774"
    assert head.to_tag == (0, 0)
    assert (head.cseq, head.cseq_method) == (314159, "INVITE")
    assert (head.start, head.head_len, head.body_len, head.content_length) == (0, len(INVITE), 4, 4)
    assert (head.anomalies, head.details) == ((), ())
    assert head.values("Max-Forwards") == ["70"]
    assert head.header("Expires") is None


def test_response() -> None:
    """The method of a response is that of its CSeq."""
    data = (
        b"SIP/2.0 603 Network Blocked\r\nv: SIP/2.0/UDP a;branch=z9hG4bKx\r\nf: <sip:a@b>;tag=1\r\n"
        b"t: <sip:c@d>;tag=2\r\ni: id\r\nCSeq: 1 INVITE\r\nl: 0\r\n\r\n"
    )
    head = head_of(data)
    assert (head.is_request, head.method, head.status) == (False, "INVITE", 603)
    assert piece(data, head.line) == b"Network Blocked"
    assert piece(data, head.to_tag) == b"2"
    assert head.anomalies == ()


@pytest.mark.parametrize(
    "data",
    [b"", b"\r\n\r\n", b"\0\0\0\0", b"\x80\x00" * 20, b"INVITE sip:alan@jasomi.com\r\nTo : a\r\n"],
)
def test_no_message(data: bytes) -> None:
    """Keep-alives, media and lines that are no start line are no message."""
    assert parse_head(data) is None


def test_blank_lines_before_the_start_line() -> None:
    """CRLF before the start line is passed over (§7.5); spans count from the datagram's start."""
    head = head_of(b"\r\n\r\n" + INVITE + b"body")
    assert (head.start, head.head_len, head.body_len) == (4, len(INVITE) + 4, 4)
    assert piece(b"\r\n\r\n" + INVITE, head.branch) == b"z9hG4bKnashds8"
    assert head.anomalies == ()


@pytest.mark.parametrize(
    ("old", "new", "body_len", "anomalies"),
    [
        (b"", b"", 4, ()),
        (b"Content-Length: 4\r\n", b"", 4, ()),
        (b"Length: 4", b"Length: 1", 1, ("bytes-after-message",)),
        (b"Length: 4", b"Length: 5", 4, ("content-length-mismatch",)),
        (b"Length: 4", b"Length: -4", 4, ("content-length-malformed",)),
        (b"Length: 4", b"Length: four", 4, ("content-length-malformed",)),
        (b"Length: 4", b"Length: " + b"9" * 5000, 4, ("content-length-mismatch",)),
        (b"Content-Length: 4", b"l: 4\r\nl: 04", 4, ("duplicate-header",)),
        (b"Content-Length: 4", b"l: 1\r\nl: 2", 4,
         ("content-length-conflict", "duplicate-header")),
    ],
)  # fmt: skip
def test_body(old: bytes, new: bytes, body_len: int, anomalies: tuple[str, ...]) -> None:
    """Content-Length bounds the body, as far as the datagram holds it (§18.3)."""
    head = head_of(changed(old, new))
    assert (head.body_len, head.anomalies) == (body_len, anomalies)


@pytest.mark.parametrize(
    ("old", "new", "anomalies"),
    [
        (b"Max-Forwards: 70\r\n", b"", ()),
        (b"Call-ID: a84b4c76e66710@192.0.2.1\r\n", b"", ("missing-header",)),
        (b"Call-ID: a84b4c76e66710@192.0.2.1", b"Call-ID:", ("call-id-malformed",)),
        (b"a84b4c76e66710", b"two words", ("call-id-malformed",)),
        (b"314159 INVITE", b"314159 BYE", ("cseq-method-mismatch",)),
        (b"314159 INVITE", b"INVITE", ("cseq-malformed",)),
        (b"314159 INVITE", b"2147483648 INVITE", ("cseq-out-of-range",)),
        (b"CSeq: 314159 INVITE\r\n", b"", ("missing-header",)),
        (b";tag=1928301774", b"", ("from-tag-missing",)),
        (b";tag=1928301774", b";tag=a b", ("address-malformed",)),
        (b'"Alice" <', b'"Alice <', ("unterminated-quote",)),
        (b"To: Bob", b"To: B\xff", ("address-malformed",)),
        (b";branch=z9hG4bKnashds8", b"", ("branch-missing",)),
        (b"z9hG4bKnashds8", b"z9hG4bK", ("branch-bare-cookie",)),
        (b"SIP/2.0/UDP 192", b"192", ("via-malformed",)),
        (b"Max-Forwards: 70", b"Max-Forwards: 300", ("number-out-of-range",)),
        (b"Max-Forwards: 70", b"Max-Forwards 70", ("header-malformed",)),
        (b"Max-Forwards: 70", b"Max-Forwards: 70\r\nmax-forwards: 69", ("duplicate-header",)),
        (b"70\r\n", b"70\n", ("bare-lf",)),
        (b"Contact: <sip:alice@192.0.2.1>", b"Contact: < sip:alice@192.0.2.1>",
         ("address-malformed",)),
    ],
)  # fmt: skip
def test_anomalies(old: bytes, new: bytes, anomalies: tuple[str, ...]) -> None:
    """Each fault is named, and nothing else is."""
    head = head_of(changed(old, new))
    assert head.anomalies == anomalies
    assert len(head.details) == len(anomalies)
    assert set(anomalies) <= set(KINDS)


def test_branch_is_not_read_from_a_faulty_hop_only() -> None:
    """A hop that is no Via still gives its branch."""
    data = changed(b"SIP/2.0/UDP 192", b"192")
    assert piece(data, head_of(data).branch) == b"z9hG4bKnashds8"


def test_details_hide_credentials() -> None:
    """What shows an anomaly never shows a digest response."""
    data = changed(b"Max-Forwards: 70", b'Author\x01ization: Digest response="6629fae4"')
    head = head_of(data)
    assert head.anomalies == ("header-malformed",)
    assert "6629fae4" not in head.details[0]


def test_message_cut_by_the_capture() -> None:
    """What the capture lacks is no fault of the sender, and half a line is not read."""
    at = INVITE.index(b"76e66710")
    head = head_of(INVITE[:at], cut=True)
    assert (head.anomalies, head.call_id, head.body_len) == (("message-cut",), (0, 0), 0)
    assert head_of(INVITE[:at]).anomalies == ("head-cut", "missing-header")
    assert head_of(INVITE + b"bo", cut=True).anomalies == ("message-cut",)
    assert head_of(INVITE[:20], cut=True).method == "INVITE"


def test_limits() -> None:
    """A head longer than the limit and one with too many lines are read up to it, and named."""
    long = parse_head(INVITE + b"body", max_head_bytes=120)
    assert long is not None
    assert long.anomalies == ("head-too-long", "missing-header")
    assert long.head_len == 120
    many = parse_head(INVITE + b"body", max_headers=5)
    assert many is not None
    assert many.anomalies == ("missing-header", "too-many-headers")
    assert (many.head_len, len(many.headers)) == (len(INVITE), 5)


def test_every_kind_is_explained_in_both_languages() -> None:
    """Each anomaly has words in English and Japanese and a severity."""
    for kind in KINDS.values():
        assert kind.severity in {"info", "notice", "data_loss", "error"}
        assert kind.en
        assert not kind.ja.isascii()
