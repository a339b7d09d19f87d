"""Start lines (analyzer.sip.start_line), by RFC 3261 §7.1, §7.2, §25.1 and RFC 4475 §3.1.2."""

import pytest

from analyzer.sip.start_line import scan_start_line

SPACE = ("start-line-space",)


@pytest.mark.parametrize(
    ("line", "method", "uri", "version", "faults"),
    [
        ("INVITE sip:bob@b.com SIP/2.0\r\n", "INVITE", "sip:bob@b.com", "SIP/2.0", ()),
        ("NEW+METHOD tel:+81 sip/2.0\r\n", "NEW+METHOD", "tel:+81", "sip/2.0", ()),
        ("OPTIONS sip:b SIP/2.0\n", "OPTIONS", "sip:b", "SIP/2.0", ()),
        ("OPTIONS sip:b SIP/2.0", "OPTIONS", "sip:b", "SIP/2.0", ()),
        ("\r\n\r\nOPTIONS sip:b SIP/2.0\r\n", "OPTIONS", "sip:b", "SIP/2.0", ()),
        ("INVITE  sip:b  SIP/2.0\r\n", "INVITE", "sip:b", "SIP/2.0", SPACE),
        ("INVITE sip:b SIP/2.0 \r\n", "INVITE", "sip:b", "SIP/2.0", SPACE),
        ("INVITE <sip:b> SIP/2.0\r\n", "INVITE", "sip:b", "SIP/2.0", ("request-uri-brackets",)),
        ("INVITE sip:b; lr SIP/2.0\r\n", "INVITE", "sip:b; lr", "SIP/2.0", ("request-uri-space",)),
        (
            "INVITE sip:b?a=b SIP/2.0\r\n",
            "INVITE",
            "sip:b?a=b",
            "SIP/2.0",
            ("request-uri-headers",),
        ),
        ("INVITE bob SIP/2.0\r\n", "INVITE", "bob", "SIP/2.0", ("request-uri-malformed",)),
        ("OPTIONS * SIP/2.0\r\n", "OPTIONS", "*", "SIP/2.0", ("request-uri-malformed",)),
        ("INVITE sip:b SIP/7.0\r\n", "INVITE", "sip:b", "SIP/7.0", ("version-unknown",)),
        ("INVITE sip:bo", "INVITE", "sip:bo", "", ()),
    ],
)
def test_request_line(
    line: str, method: str, uri: str, version: str, faults: tuple[str, ...]
) -> None:
    """A request line has a token, a URI and a version with one space between them."""
    found = scan_start_line(line)
    assert found is not None
    assert (found.method, found.status, found.version) == (method, 0, version)
    assert line[found.text[0] : sum(found.text)] == uri
    assert found.faults == faults
    assert (found.start, found.end) == (line.index(method), len(line))


@pytest.mark.parametrize(
    ("line", "status", "phrase", "faults"),
    [
        ("SIP/2.0 200 OK\r\n", 200, "OK", ()),
        ("sip/2.0 603 Network Blocked\r\n", 603, "Network Blocked", ()),
        ("SIP/2.0 100 \r\n", 100, "", ()),
        ("SIP/2.0 100\r\n", 100, "", SPACE),
        ("SIP/2.0 200 OK", 200, "OK", ()),
        ("SIP/2.0 200 two  words \n", 200, "two  words ", ()),
        ("SIP/2.0  200 OK\r\n", 200, "OK", SPACE),
        ("SIP/2.0 200OK\r\n", 200, "OK", SPACE),
        ("SIP/2.0 700 X\r\n", 700, "X", ("status-out-of-range",)),
        ("SIP/2.0 099 X\r\n", -1, "X", ("status-out-of-range",)),
        ("SIP/2.0 4294967301 X\r\n", -1, "X", ("status-out-of-range",)),
        ("SIP/3.0 200 OK\r\n", 200, "OK", ("version-unknown",)),
    ],
)
def test_status_line(line: str, status: int, phrase: str, faults: tuple[str, ...]) -> None:
    """A status line has a version, three digits and a phrase that may be empty."""
    found = scan_start_line(line)
    assert found is not None
    assert (found.method, found.status) == ("", status)
    assert line[found.text[0] : sum(found.text)] == phrase
    assert found.faults == faults


@pytest.mark.parametrize(
    "line",
    [
        "",
        "\r\n\r\n",
        "GET / HTTP/1.1\r\n",
        "DESCRIBE rtsp://example.com RTSP/1.0\r\n",
        "INVITE sip:alan@jasomi.com\r\nTo: x\r\n",
        "SIP/2.0 OK\r\n",
        "SIP/ 200 OK\r\n",
        "INV\0ITE sip:b SIP/2.0\r\n",
        "\x80\x00\x12\x34",
        "hello sip:b",
    ],
)
def test_other_lines(line: str) -> None:
    """Anything else begins no SIP message."""
    assert scan_start_line(line) is None
