"""SIP messages without names."""

import re

import pytest

from analyzer.redact.messages import Messages, filler
from analyzer.redact.names import Names
from analyzer.sip.message import parse_head
from redact.everything import BODY, EVERYTHING, SECRETS, left_of, message_with

_NAMES = Names(b"a key of thirty-two bytes, always")
_MESSAGES = Messages(_NAMES)


def test_no_name_is_left() -> None:
    """Of users, names, numbers, hosts, addresses, Call-IDs and credentials nothing is left."""
    assert left_of(SECRETS, EVERYTHING) == list(SECRETS)
    assert left_of(SECRETS, _MESSAGES.redact(EVERYTHING).data) == []


def test_what_names_nobody_stays() -> None:
    """What rules read stays to the letter: numbers, words of standards, phrases, media."""
    text = _MESSAGES.redact(EVERYTHING).data.decode()
    for kept in (
        "CSeq: 7 INVITE", "Max-Forwards: 70", "Handset/1.9", "cause=603", "location=TN",
        "v=analytics1", "stale=TRUE", "algorithm=MD5", 'qop="auth,auth-int"', "nc=00000001",
        "purpose=jwscard", "m=audio 49170 RTP/SAVP 0 8 101", "a=rtpmap:101 telephone-event/8000",
        "AES_CM_128_HMAC_SHA1_80 inline:", "|2^20|1:4", "a=sendrecv", "typ srflx raddr",
        "party=calling;privacy=off", "reason=user-busy", "index=1.1", "rport=5070",
        "https://", "3GPP-E-UTRAN-FDD", "remote=" + "0" * 32, "is not here, try",
    ):  # fmt: skip  # read side by side
        assert kept in text


def test_the_same_name_has_one_pseudonym_everywhere() -> None:
    """Call-IDs, tags and users are found again wherever they stand, also escaped in a URI."""
    text = _MESSAGES.redact(EVERYTHING).data.decode()
    call_id = re.search(r"\r\nCall-ID: (\S+)", text)
    assert call_id
    name, at, host = call_id[1].partition("@")
    assert at
    assert f"X-CID: {name}@{host}\r\n" in text
    assert f"Replaces: {name}@{host};to-tag=" in text
    assert f"?Replaces={name}%40{host}%3Bto-tag%3D" in text
    user = _NAMES.user("alice")
    assert f'username="{user}"' in text
    assert f"o={user} " in text
    assert text.count(f"sip:{user}@{_NAMES.host('wonder.net')}") >= 2


def test_the_reference_parser_reads_the_same() -> None:
    """Method, numbers, headers, body and faults are those of the original (RFC 3261 §7)."""
    before, after = parse_head(EVERYTHING), parse_head(_MESSAGES.redact(EVERYTHING).data)
    assert before is not None
    assert after is not None
    for name in ("method", "status", "cseq", "cseq_method", "version", "anomalies"):
        assert getattr(after, name) == getattr(before, name)
    assert [each.name for each in after.headers] == [each.name for each in before.headers]
    assert after.content_length == after.body_len > 0


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("SIP/2.0 603 Network Blocked", "SIP/2.0 603 Network Blocked"),
        ("SIP/2.0 404 User alice not found", None),
        ("SIP/2.0 302 Moved to sip:rabbit@wonder.net", None),
    ],
)
def test_reason_phrases(line: str, kept: str | None) -> None:
    """A reason phrase stays, but for names that stand in it."""
    first = _MESSAGES.redact(message_with(line)).data.split(b"\r\n")[0].decode()
    assert left_of(SECRETS, first.encode()) == []
    assert first == kept if kept else first.startswith(line[:16])


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", "Dear alice, call 5550123"),
        ("application/pidf+xml", '<presence entity="pres:alice@wonder.net"/>'),
        ("application/isup;version=itu-t92+", "\x01\x00alice\x00"),
        ("application/dtmf-relay", "Signal=5550123"),
    ],
)
def test_other_bodies(kind: str, body: str) -> None:
    """Of bodies that are not read nothing stays but their length."""
    found = _MESSAGES.redact(
        message_with("MESSAGE sip:bob@wonder.net SIP/2.0", "CSeq: 1 MESSAGE", body.encode(), kind)
    ).data
    assert left_of(SECRETS, found) == []
    assert len(found.partition(b"\r\n\r\n")[2]) == len(body)


def test_a_fragment_of_a_message_is_one_afterwards() -> None:
    """A transfer is followed by the sipfrag bodies of its NOTIFYs (RFC 3420, RFC 3515 §2.4.5)."""
    body = b"SIP/2.0 603 Decline\r\nContact: <sip:alice@203.0.113.9>\r\n"
    line = "NOTIFY sip:bob@wonder.net SIP/2.0"
    found = _MESSAGES.redact(message_with(line, "CSeq: 2 NOTIFY", body, "message/sipfrag")).data
    assert b"SIP/2.0 603 Decline\r\nContact: <sip:" in found
    assert left_of(SECRETS, found) == []


def test_bodies_in_parts() -> None:
    """Each part of a multipart body goes by its own type, and boundaries stay sound (RFC 2046)."""
    part = b"--alice-8a7b6c5d\r\nContent-Type: application/sdp\r\n\r\n" + BODY
    other = b"--alice-8a7b6c5d\r\nContent-Type: application/isup\r\n\r\n\x01\x02alice\r\n"
    body = part + other + b"--alice-8a7b6c5d--\r\n"
    kind = "multipart/mixed;boundary=alice-8a7b6c5d"
    message = message_with("INVITE sip:bob@wonder.net SIP/2.0", "CSeq: 3 INVITE", body, kind)
    found = _MESSAGES.redact(message).data
    assert left_of(SECRETS, found) == []
    boundary = re.search(rb"boundary=([^\r]+)", found)
    assert boundary
    assert found.count(b"--" + boundary[1]) == 3
    assert b"m=audio 49170 RTP/SAVP 0 8 101\r\n" in found


def test_content_length_follows() -> None:
    """Content-Length counts the new body; one that was wrong is as wrong as before."""
    right = _MESSAGES.redact(EVERYTHING).data
    _, _, body = right.partition(b"\r\n\r\n")
    assert b"Content-Length: %d\r\n" % len(body) in right
    size = len(EVERYTHING.partition(b"\r\n\r\n")[2])
    cut = EVERYTHING.replace(b"Content-Length: %d" % size, b"Content-Length: %d" % (size + 9))
    wrong = _MESSAGES.redact(cut).data
    assert b"Content-Length: %d\r\n" % (len(wrong.partition(b"\r\n\r\n")[2]) + 9) in wrong


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:300],
        lambda text: text.replace(b"From: ", b"alice the great "),
        lambda text: text.replace(b'"Alice Liddell" <', b'"Alice Liddell <'),
        lambda text: text.replace(b"Contact: <", b"Contact: alice, 203.0.113.9 <"),
        lambda text: text.replace(b"\r\n", b"\n"),
        lambda text: text.replace(b": ", b" :\r\n "),
        lambda text: text.replace(b"SIP/2.0\r\n", b"alice SIP/9.9\r\n", 1),
        lambda text: text.replace(b"CSeq: 7 INVITE", b"CSeq: 7 alice@203.0.113.9"),
        lambda text: text.replace(b";", b";alice;;"),
        lambda text: b"alice is no message, says 203.0.113.9\r\n" + text,
    ],
)  # fmt: skip  # read side by side
def test_damaged_messages(damage: "object") -> None:
    """What does not follow the grammar keeps its shape only."""
    assert callable(damage)
    assert left_of(SECRETS, _MESSAGES.redact(damage(EVERYTHING)).data) == []


def test_filler() -> None:
    """Of text its marks and line ends stay, of bytes that are none nothing."""
    assert filler("Tea for 2,\r\nalice!") == "xxx xxx 0,\r\nxxxxx!"
    assert filler("\x01\x00ab") == "\0\0\0\0"
