"""Header lines (analyzer.sip.header_lines), by RFC 3261 §7.3."""

import pytest

from analyzer.sip.header_lines import HeaderLines, scan_header_lines


def scan(text: str, limit: int = 100, *, drop_partial: bool = False) -> HeaderLines:
    """Scan a text that is all header lines."""
    return scan_header_lines(text, 0, limit=limit, drop_partial=drop_partial)


def fields(lines: HeaderLines) -> list[tuple[str, str]]:
    """Return names and values."""
    return [(each.name, each.value) for each in lines.headers]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("To: a\r\n", [("To", "a")]),
        ("TO :\t a \r\n", [("To", "a")]),
        ("t:a\r\nf: b\r\ni: c\r\nx: d\r\n",
         [("To", "a"), ("From", "b"), ("Call-ID", "c"), ("Session-Expires", "d")]),
        ("cALL-iD: a:b\r\n", [("Call-ID", "a:b")]),
        ("X-Own: 1\r\nX-OWN: 2\r\n", [("X-Own", "1"), ("X-OWN", "2")]),
        ("Subject:\r\n a\r\n\tb\r\nTo: c\r\n", [("Subject", "a b"), ("To", "c")]),
        ("Subject: \r\nTo: c\r\n", [("Subject", ""), ("To", "c")]),
        ("Subject:\r\nTo: c\r\n", [("Subject", ""), ("To", "c")]),
        ("To: a\nFrom: b\n", [("To", "a"), ("From", "b")]),
        ("Subject: \xd0\xb4\xff\r\n", [("Subject", "д\\xff")]),
        ("Subject: a\0b\r\n", [("Subject", "a\0b")]),
    ],
)  # fmt: skip
def test_fields(text: str, expected: list[tuple[str, str]]) -> None:
    """Names of any case, compact names, folds, spaces before the colon, UTF-8 and NUL are read."""
    lines = scan(text + "\r\nbody: x\r\n")
    assert fields(lines) == expected
    assert (lines.complete, lines.end, lines.faults) == (True, len(text) + 2, ())
    for each in lines.headers:
        assert text[each.start : sum(each.span)] == each.raw


def test_lines_that_are_no_headers() -> None:
    """A line without a colon or with a name that is no token is named; the others are read."""
    lines = scan("Foobar roobar\r\nBad name: 1\r\n folded\r\n: 2\r\nTo: a\r\n\r\n")
    assert fields(lines) == [("Bad name", "1 folded"), ("To", "a")]
    assert lines.faults == (("header-malformed", "Foobar roobar"),)


def test_head_without_end() -> None:
    """A head that ends without an empty line is incomplete; its last line may be dropped."""
    assert fields(scan("To: a\r\nFrom: b")) == [("To", "a"), ("From", "b")]
    dropped = scan("To: a\r\nFrom: b", drop_partial=True)
    assert fields(dropped) == [("To", "a")]
    assert (dropped.complete, dropped.end) == (False, 14)
    assert fields(scan("To: a\r\nFrom: b\r\n", drop_partial=True)) == [("To", "a")]
    assert fields(scan("To: a\r\nFrom: b\r\n\r", drop_partial=True))[1:] == [("From", "b")]
    assert scan("").headers == ()


def test_empty_lines() -> None:
    """CRLF and bare LF end a head, alone or mixed."""
    assert scan("\r\nTo: a\r\n\r\n").end == 2
    assert scan("\n").end == 1
    assert scan("To: a\n\r\nbody").end == 8
    assert scan("To: a\r\n\nbody").end == 8


def test_limit() -> None:
    """More lines than the limit are passed over up to the body."""
    text = "X-A: 1\r\nX-B: 2\r\nX-C: 3\r\n\r\nbody"
    lines = scan(text, 2)
    assert fields(lines) == [("X-A", "1"), ("X-B", "2")]
    assert (lines.complete, lines.end) == (True, text.index("body"))
    assert lines.faults == (("too-many-headers", "more than 2"),)
    assert scan(text, 3).faults == ()
    assert not scan("X-A: 1\r\nX-B: 2\r\nX-C: 3", 2).complete
