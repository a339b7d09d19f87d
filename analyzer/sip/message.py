"""One SIP message from its bytes: the reference parser, which says what every message is.

RFC 3261 §7, §8.1.1, §18.3, §25; what RFC 4475 calls invalid is an anomaly and its readable fields
are still there. `parse_head` never raises, whatever the bytes. Spans count from the first byte of
the datagram.
"""

import re

from analyzer.frozen import frozen
from analyzer.sip.address import scan_tagged
from analyzer.sip.auth import redact_credentials
from analyzer.sip.checks import CHECKS
from analyzer.sip.cseq import CSeq
from analyzer.sip.grammar import Span
from analyzer.sip.header_lines import Header, HeaderLines, decode, scan_header_lines
from analyzer.sip.numbers import parse_number
from analyzer.sip.start_line import StartLine, scan_start_line
from analyzer.sip.via import TopHop, scan_top

MANDATORY = ("Via", "From", "To", "Call-ID", "CSeq")
"""RFC 3261 §8.1.1; Max-Forwards is left out, as RFC 2543 had none."""
SINGLE = frozenset(
    ("Call-ID", "CSeq", "From", "To", "Max-Forwards", "Content-Length", "Content-Type")
)
"""Headers of which a second line makes a message ambiguous (RFC 4475 §3.3.8, §3.3.9)."""

_CALL_ID = re.compile(r"[^\x00-\x20\x7f]++")


@frozen
class Head:
    """Start line and headers of a message, and what they say about its body.

    A span is (start, length) from the first byte of the datagram; (0, 0) is absent.
    """

    start: int
    """Where the start line begins: after blank lines before it (RFC 3261 §7.5)."""
    is_request: bool
    method: str
    """Method of a request, CSeq method of a response; empty when unreadable."""
    status: int
    """0 for a request; -1 for a code that is no number from 100 to 999."""
    version: str
    line: Span
    """Request-URI or reason phrase."""
    headers: tuple[Header, ...]
    head_len: int
    """Bytes through the empty line, blank lines before the start line included."""
    body_len: int
    """Body bytes by RFC 3261 §18.3: at most what is there."""
    content_length: int
    """What Content-Length says; -1 when it is absent or unreadable."""
    call_id: Span
    sent_by: Span
    """Host and port of the topmost Via."""
    branch: Span
    """Branch of the topmost Via."""
    from_tag: Span
    to_tag: Span
    cseq: int
    """CSeq number; -1 when unreadable or above 2**32-1."""
    cseq_method: str
    anomalies: tuple[str, ...]
    """Kinds of `analyzer.anomaly_kinds`, sorted."""
    details: tuple[str, ...]
    """What shows each of the anomalies."""

    def header(self, name: str) -> Header | None:
        """Return the first header of that IANA name."""
        for each in self.headers:
            if each.name == name:
                return each
        return None

    def values(self, name: str) -> list[str]:
        """Return the values of all headers of that IANA name, decoded and on one line."""
        return [each.value for each in self.headers if each.name == name]


class _Faults(dict[str, str]):
    """Kind of anomaly → what first showed it."""

    def note(self, kind: str, detail: str) -> None:
        self.setdefault(kind, redact_credentials(detail)[:120])

    def note_value(self, kinds: tuple[str, ...], header: Header) -> None:
        for kind in kinds:
            self.note(kind, f"{header.name}: {header.value}")


def parse_head(
    data: bytes, *, cut: bool = False, max_head_bytes: int = 65_535, max_headers: int = 1_000
) -> Head | None:
    """Read the head of the message that a datagram holds; None when it holds none.

    `cut` says that the capture lacks the end of the datagram: a line that may be incomplete is then
    left out, and what is missing is no fault of the sender.
    """
    text = str(data[:max_head_bytes], "latin-1")
    line = scan_start_line(text)
    if line is None:
        return None
    unseen = len(data) > len(text)
    lines = scan_header_lines(text, line.end, limit=max_headers, drop_partial=cut or unseen)
    faults = _Faults()
    for kind, detail in lines.faults:
        faults.note(kind, detail)
    for kind in line.faults:
        faults.note(kind, decode(text[line.start : line.end].strip()))
    _note_head_end(text, lines, faults, cut=cut, unseen=unseen)
    first = _first_of_each(lines.headers, faults, may_lack=cut and not lines.complete)
    call_id = _call_id(first.get("Call-ID"), faults)
    hop = _top_hop(text, first.get("Via"), faults)
    from_tag = _tag(text, first.get("From"), faults)
    if first.get("From") and not from_tag[1] and "address-malformed" not in faults:
        faults.note_value(("from-tag-missing",), first["From"])
    to_tag = _tag(text, first.get("To"), faults)
    cseq = _cseq(line, first.get("CSeq"), faults)
    content_length = _content_length(lines.headers, first.get("Content-Length"), faults)
    body_len = _body_len(len(data) - lines.end, content_length, faults, cut=cut)
    kinds = tuple(sorted(faults))
    return Head(
        line.start,
        bool(line.method),
        line.method or cseq.method,
        line.status,
        line.version,
        line.text,
        lines.headers,
        lines.end,
        body_len,
        content_length,
        call_id,
        hop.sent_by,
        hop.branch,
        from_tag,
        to_tag,
        cseq.number,
        cseq.method,
        kinds,
        tuple(faults[kind] for kind in kinds),
    )


def _note_head_end(
    text: str, lines: HeaderLines, faults: _Faults, *, cut: bool, unseen: bool
) -> None:
    if cut:
        faults.note("message-cut", "")
    elif not lines.complete:
        kind = "head-too-long" if unseen else "head-cut"
        faults.note(kind, f"no empty line in {lines.end} bytes")
    bare = text.count("\n", 0, lines.end) - text.count("\r\n", 0, lines.end)
    if bare:
        faults.note("bare-lf", f"{bare} lines")


def _first_of_each(
    headers: tuple[Header, ...], faults: _Faults, *, may_lack: bool
) -> dict[str, Header]:
    """Return the first header of each name; check the values and that none lacks or repeats."""
    first: dict[str, Header] = {}
    repeated: list[str] = []
    for header in headers:
        name = header.name
        if name in CHECKS:
            kinds = CHECKS[name](header.raw)
            if kinds:
                faults.note_value(kinds, header)
        if name not in first:
            first[name] = header
        elif name in SINGLE:
            repeated.append(name)
    if repeated:
        faults.note("duplicate-header", ", ".join(dict.fromkeys(repeated)))
    missing = [name for name in MANDATORY if name not in first]
    if missing and not may_lack:
        faults.note("missing-header", ", ".join(missing))
    return first


def _call_id(header: Header | None, faults: _Faults) -> Span:
    if header is None:
        return 0, 0
    if not _CALL_ID.fullmatch(header.raw):
        faults.note_value(("call-id-malformed",), header)
    return header.span


def _top_hop(text: str, header: Header | None, faults: _Faults) -> TopHop:
    if header is None:
        return TopHop()
    hop = scan_top(text, header.start, header.start + len(header.raw))
    if hop.faults:
        faults.note_value(hop.faults, header)
    return hop


def _tag(text: str, header: Header | None, faults: _Faults) -> Span:
    if header is None:
        return 0, 0
    span, kinds = scan_tagged(text, header.start, header.start + len(header.raw))
    if kinds:
        faults.note_value(kinds, header)
    return span


def _cseq(line: StartLine, header: Header | None, faults: _Faults) -> CSeq:
    if header is None:
        return CSeq(-1, "")
    cseq = CSeq.parse(header.raw)
    if cseq.faults:
        faults.note_value(cseq.faults, header)
    if line.method and cseq.method and line.method != cseq.method:
        faults.note("cseq-method-mismatch", f"{line.method} with CSeq: {header.value[:100]}")
    return cseq


def _content_length(headers: tuple[Header, ...], header: Header | None, faults: _Faults) -> int:
    """Return what Content-Length says; -1 when nothing, nonsense, or two different things."""
    if header is None:
        return -1
    length = parse_number(header.raw)
    if length is None:
        faults.note_value(("content-length-malformed",), header)
        return -1
    if "duplicate-header" in faults:
        others = [each.raw for each in headers if each.name == "Content-Length"]
        if any(parse_number(each) != length for each in others):
            faults.note("content-length-conflict", ", ".join(each[:20] for each in others))
            return -1
    return length


def _body_len(rest: int, content_length: int, faults: _Faults, *, cut: bool) -> int:
    """Return how much of the rest of a datagram is body (RFC 3261 §18.3)."""
    if content_length < 0:
        return rest
    if content_length > rest:
        if not cut:
            detail = f"Content-Length: {content_length}, {rest} bytes there"
            faults.note("content-length-mismatch", detail)
        return rest
    if content_length < rest:
        faults.note("bytes-after-message", f"{rest - content_length} bytes")
    return content_length
