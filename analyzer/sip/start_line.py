"""The first line: request line or status line (RFC 3261 §7.1, §7.2), also when it is a bit off.

Anything else is no SIP message. A wrong number of spaces, a Request-URI in angle brackets or with
spaces, and unknown versions are read and named (RFC 4475 §3.1.2.7-10, §3.1.2.16).
"""

import re

from analyzer.frozen import frozen
from analyzer.sip.grammar import TOKEN, Span, trim
from analyzer.sip.numbers import parse_number
from analyzer.sip.registry import request_methods
from analyzer.sip.uri import has_headers, has_scheme

_BLANK_LINES = re.compile(r"(?:\r?\n)*")
_CLEAN_REQUEST = re.compile(rf"({TOKEN}++) ([^\s<>\"]++) (SIP/2\.0)\r?\n")
_REQUEST = re.compile(
    rf"({TOKEN}++)([ \t]++)([^\n]*[^ \t\r\n])([ \t]++)"
    r"([Ss][Ii][Pp]/[0-9][^\s]*+)([ \t]*+)\r?(?:\n|\Z)"
)
_CUT_REQUEST = re.compile(rf"({TOKEN}++) ((?:sips?|tel|urn):[^\n]*)\Z", re.IGNORECASE)
_STATUS = re.compile(
    r"([Ss][Ii][Pp]/[0-9][^\s]*+)([ \t]++)([0-9]++)(?![0-9])([ \t]?)([^\n]*)(?:\n|\Z)"
)


@frozen
class StartLine:
    """A request line (`method`) or a status line (`method` is empty)."""

    start: int
    """Where it begins: after blank lines that came before it."""
    end: int
    """Where the next line begins."""
    method: str
    status: int
    """0 for a request, -1 for a code of other than three digits or below 100."""
    version: str
    text: Span
    """Request-URI, without angle brackets around it; or reason phrase."""
    faults: tuple[str, ...]


def scan_start_line(text: str) -> StartLine | None:
    """Find the parts of the first line that is not blank; None when it is no start line."""
    start = 0
    if text[:1] in ("\r", "\n"):
        match = _BLANK_LINES.match(text)
        start = match.end() if match else 0
    clean = _CLEAN_REQUEST.match(text, start)
    if clean:
        span = (clean.start(2), clean.end(2) - clean.start(2))
        return StartLine(start, clean.end(), clean[1], 0, clean[3], span, _uri_faults(clean[2]))
    if text[start : start + 4].upper() == "SIP/":
        return _scan_status(text, start)
    return _scan_request(text, start)


def _scan_status(text: str, start: int) -> StartLine | None:
    match = _STATUS.match(text, start)
    if match is None:
        return None
    code = parse_number(match[3]) or 0
    end = match.end(5)
    if text[match.start(5) : end].endswith("\r"):
        end -= 1
    span = (match.start(5), max(0, end - match.start(5)))
    faults = _version_faults(match[1])
    if len(match[3]) != 3 or not 100 <= code <= 699:
        faults += ("status-out-of-range",)
    if len(match[2]) != 1 or not match[4]:
        faults += ("start-line-space",)
    status = code if len(match[3]) == 3 and code >= 100 else -1
    return StartLine(start, match.end(), "", status, match[1], span, faults)


def _scan_request(text: str, start: int) -> StartLine | None:
    match = _REQUEST.match(text, start)
    if match is None:
        return _scan_cut_request(text, start)
    faults = _version_faults(match[5])
    if len(match[2]) != 1 or len(match[4]) != 1 or match[6]:
        faults += ("start-line-space",)
    begin, stop = match.span(3)
    if match[3].startswith("<") and match[3].endswith(">"):
        faults += ("request-uri-brackets",)
        begin, stop = trim(text, begin + 1, stop - 1)
    span = (begin, stop - begin)
    faults += _uri_faults(text[begin:stop])
    return StartLine(start, match.end(), match[1], 0, match[5], span, faults)


def _scan_cut_request(text: str, start: int) -> StartLine | None:
    """Read a first line without its end, which may still be the beginning of a request."""
    match = _CUT_REQUEST.match(text, start)
    if match is None or match[1] not in request_methods():
        return None
    span = (match.start(2), match.end(2) - match.start(2))
    return StartLine(start, len(text), match[1], 0, "", span, ())


def _version_faults(version: str) -> tuple[str, ...]:
    return () if version.upper() == "SIP/2.0" else ("version-unknown",)


def _uri_faults(uri: str) -> tuple[str, ...]:
    if " " in uri or "\t" in uri:
        return ("request-uri-space",)
    if "?" in uri and has_headers(uri):
        return ("request-uri-headers",)
    return () if has_scheme(uri) else ("request-uri-malformed",)
