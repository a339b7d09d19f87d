"""Header lines of a message: names, raw values and where they stand (RFC 3261 §7.3.1).

Compact names, folded lines and white space before the colon are ordinary; bare line feeds and
lines without a colon are read and named.
"""

import re
from typing import NamedTuple

from analyzer.frozen import frozen
from analyzer.sip.grammar import TOKEN, WHITE, Span, trim, unfold
from analyzer.sip.registry import canonical_name, header_names

_CLEAN_LINE = re.compile(rf"({TOKEN}++)([ \t]*+:[ \t]*+)([^\r\n]*+)(?<![ \t])\r\n(?![ \t])")
"""What most lines look like."""
_LINE = re.compile(rf"({TOKEN}++)[ \t]*+:([^\n]*+(?:\n[ \t][^\n]*+)*)(?:\n|\Z)")
_ODD_LINE = re.compile(r"([^\n]*+(?:\n[ \t][^\n]*+)*)(?:\n|\Z)")
_EMPTY_LINE = re.compile(r"\n(\r?\n)")
_CANONICAL: dict[str, str] = {
    spelling: header.name
    for key, header in header_names().items()
    for spelling in (key, header.name)
}
"""Usual spellings of the registered names; others are looked up in lower case."""


class Header(NamedTuple):
    """One header line with its folds. A tuple, as there are a dozen of them in each message."""

    name: str
    """IANA spelling, compact form expanded; a name that is not registered as written."""
    written: str
    start: int
    """Where the raw value stands in the datagram, white space around it not counted."""
    raw: str
    """The value as Latin-1 text, one character a byte, folds included."""

    @property
    def span(self) -> Span:
        """Start and length of the raw value in the datagram."""
        return self.start, len(self.raw)

    @property
    def value(self) -> str:
        r"""The value on one line, decoded; bytes that are not UTF-8 become `\\xNN`."""
        return decode(unfold(self.raw))


@frozen
class HeaderLines:
    """All header lines of a head."""

    headers: tuple[Header, ...]
    end: int
    """Where the body begins; the end of the text when there is no empty line."""
    complete: bool
    """The empty line that ends the head was there."""
    faults: tuple[tuple[str, str], ...]
    """Kind of anomaly and what shows it."""


def decode(raw: str) -> str:
    """Return Latin-1 text (one character a byte) as the UTF-8 it stands for."""
    if raw.isascii():
        return raw
    return raw.encode("latin-1").decode("utf-8", "backslashreplace")


def scan_header_lines(text: str, start: int, *, limit: int, drop_partial: bool) -> HeaderLines:
    """Find the header lines from `start` to the empty line, at most `limit` of them; the last line
    is left out when `drop_partial` and nothing follows: even after its end a fold may have come.
    """
    clean = _clean_lines(text, start, limit)
    if clean:
        return clean
    headers: list[Header] = []
    faults: list[tuple[str, str]] = []
    pos = start
    size = len(text)
    while pos < size and text[pos] != "\n" and not text.startswith("\r\n", pos):
        if len(headers) >= limit:
            faults.append(("too-many-headers", f"more than {limit}"))
            return _past_limit(text, pos, headers, faults)
        match = _LINE.match(text, pos)
        line_end = match.end() if match else _odd_line_end(text, pos)
        may_go_on = drop_partial and line_end == size
        if match and not may_go_on:
            headers.append(_header(match))
        elif not may_go_on:
            if not faults:
                faults.append(("header-malformed", decode(text[pos:line_end].strip())))
            headers.extend(_odd_header(text, pos, line_end))
        pos = line_end
    complete = pos < size
    end = pos + (1 if text[pos] == "\n" else 2) if complete else size
    return HeaderLines(tuple(headers), end, complete, tuple(faults))


def _clean_lines(text: str, start: int, limit: int) -> HeaderLines | None:
    """Take an ordinary head at one go; None when not all of its lines are ordinary."""
    end = text.find("\r\n\r\n", start) + 2
    rows = _CLEAN_LINE.findall(text, start, end) if end > 1 else []
    if not rows or len(rows) > limit:
        return None
    canonical = _CANONICAL.get
    headers = []
    pos = start
    for written, colon, raw in rows:
        value_at = pos + len(written) + len(colon)
        name = canonical(written) or canonical_name(written)
        headers.append(Header(name, written, value_at, raw))
        pos = value_at + len(raw) + 2
    # The lines found are side by side only when nothing lies between them.
    return HeaderLines(tuple(headers), end + 2, complete=True, faults=()) if pos == end else None


def _header(match: re.Match[str]) -> Header:
    written, raw = match.groups()
    start = match.start(2)
    value = raw.lstrip(WHITE)
    start += len(raw) - len(value)
    value = value.rstrip(WHITE)
    name = _CANONICAL.get(written) or canonical_name(written)
    return Header(name, written, start if value else match.start(2), value)


def _odd_line_end(text: str, pos: int) -> int:
    match = _ODD_LINE.match(text, pos)
    return match.end() if match and match.end() > pos else len(text)


def _odd_header(text: str, pos: int, end: int) -> list[Header]:
    """Return what a line holds whose name is no token; nothing when it has no colon."""
    colon = text.find(":", pos, end)
    start, stop = trim(text, pos, max(pos, colon))
    if start == stop:
        return []
    written = text[start:stop]
    start, stop = trim(text, colon + 1, end)
    return [Header(written, written, start, text[start:stop])]


def _past_limit(
    text: str, pos: int, headers: list[Header], faults: list[tuple[str, str]]
) -> HeaderLines:
    match = _EMPTY_LINE.search(text, pos)
    end = match.end() if match else len(text)
    return HeaderLines(tuple(headers), end, match is not None, tuple(faults))
