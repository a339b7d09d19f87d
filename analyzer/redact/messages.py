"""A SIP message → edits that take the names out of it.

Everything is exchanged but what is known to name nobody: text that no part of the grammar accounts
for keeps its shape only. Works on Latin-1 text, one character a byte, and never raises.
"""

import re

from analyzer.redact.edits import Edit, Edited
from analyzer.redact.header_values import HeaderValues
from analyzer.redact.names import Names
from analyzer.redact.prose import names_in
from analyzer.redact.session_descriptions import SessionDescriptions
from analyzer.sip.grammar import WHITE, is_token, unfold
from analyzer.sip.header_lines import Header, scan_header_lines
from analyzer.sip.start_line import StartLine, scan_start_line

_MOST_HEADERS = 1 << 20
_BOUNDARY = re.compile(r";\s*boundary\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]{1,10}\Z")
_VERSION = re.compile(r"[Ss][Ii][Pp]/[0-9.]{1,8}\Z")
_LINE = re.compile(r"[^\r\n]+")
_LINE_END = re.compile(r"\r?\n|\Z")
_MOST_NESTED = 8
_WORDS = re.compile(r"[0-9]|[A-Za-z]|[\x80-\xff]+")
_FILLER = {"0": "0", "A": "X", "a": "x"}
_HEADERS_OF_PARTS = re.compile(r"[A-Za-z\-]+[ \t]*:[^\n]*\n")


class Messages:
    """Takes messages; one for each key."""

    def __init__(self, names: Names) -> None:
        """Take the pseudonyms."""
        self.names = names
        self.values = HeaderValues(names)
        self._descriptions = SessionDescriptions(self.values)

    def redact(self, data: bytes) -> Edited:
        """Return a message without names; `data` may lack its end. What does not begin as a message
        does loses all of its words.
        """
        text = data.decode("latin-1")
        edits = self._message(text, 0, _MOST_NESTED)
        made = [Edit(each.start, each.end, each.new) for each in edits]
        return Edited(data, made)

    def _message(self, text: str, base: int, depth: int) -> list[Edit]:
        """Return the edits of a message that stands at `base` of the whole."""
        line = scan_start_line(text)
        if line is None or depth == 0:
            return [_edit(base, 0, len(text), filler(text))]
        lines = scan_header_lines(text, line.end, limit=_MOST_HEADERS, drop_partial=False)
        self.values.prose.known = names_in(text[: lines.end])
        start = self._start_line(text, line)
        body_at = lines.end
        body = self._body(text[body_at:], lines.headers, depth)
        head = self._headers(text, line.end, body_at, lines.headers, _growth(body))
        found = [*start, *head, *(_moved(each, body_at) for each in body)]
        return [_moved(each, base) for each in found]

    def _start_line(self, text: str, line: StartLine) -> list[Edit]:
        at, size = line.text
        end = at + size
        take = self.values.values.uri if line.method else self.values.prose.take
        found = [_edit(0, at, end, take(text[at:end]))] if size else []
        rest = [(line.start, at), (end, line.end)] if size else [(line.start, line.end)]
        for begin, stop in rest:
            for word in re.finditer(r"[^\s]+", text[begin:stop]):
                is_known = word[0] == line.method or word[0].isdigit()
                kept = is_known or _VERSION.match(word[0]) or word[0] in "<>"
                if not kept:
                    place = (begin + word.start(), begin + word.end())
                    found.append(_edit(0, *place, self.names.word(word[0])))
        return sorted(found, key=lambda each: each.start)

    def _headers(
        self, text: str, at: int, end: int, headers: tuple[Header, ...], growth: int
    ) -> list[Edit]:
        found: list[Edit] = []
        for header in headers:
            written_at = text.find(header.written, at, end)
            if not is_token(header.written):
                # What stands before a colon and is no name of a header is accounted for by nobody.
                written_at = -1
            begin = header.start if written_at < 0 else written_at
            found += self._leftovers(text, at, begin)
            stop = header.start + len(header.raw)
            new = self._header(header, growth)
            if new != header.raw:
                found.append(_edit(0, header.start, stop, new))
            at = stop
        return found + self._leftovers(text, at, end)

    def _header(self, header: Header, growth: int) -> str:
        if header.name == "Content-Length" and _DIGITS.match(header.raw):
            return str(max(0, int(header.raw) + growth)) if growth else header.raw
        new = self.values.take(header.name, header.raw)
        return header.raw if new == unfold(header.raw) and "\n" in header.raw else new

    def _leftovers(self, text: str, at: int, end: int) -> list[Edit]:
        """Exchange what stands between headers and is more than white space."""
        return [
            _edit(0, at + each.start(), at + each.end(), self.values.values.opaque(each[0]))
            for each in _LINE.finditer(text[at:end])
            if each[0].strip(WHITE + ":")
        ]

    def _body(self, text: str, headers: tuple[Header, ...], depth: int) -> list[Edit]:
        if not text:
            return []
        kind = next((each.raw for each in headers if each.name == "Content-Type"), "")
        length = next((each.raw for each in headers if each.name == "Content-Length"), "")
        stop = min(len(text), int(length)) if _DIGITS.match(length) else len(text)
        found = self.body(text[:stop], unfold(kind), depth)
        if stop < len(text):
            found.append(_edit(0, stop, len(text), filler(text[stop:])))
        return found

    def body(self, text: str, kind: str, depth: int = _MOST_NESTED) -> list[Edit]:
        """Return the edits of a body of some Content-Type."""
        plain = kind.partition(";")[0].strip().lower()
        if text.lstrip().startswith("v=0") or plain == "application/sdp":
            return self._description(text)
        boundary = _BOUNDARY.search(kind) if plain.startswith("multipart/") else None
        if boundary and depth:
            return self._parts(text, boundary[1] or boundary[2], depth)
        if plain in {"message/sip", "message/sipfrag"} and depth:
            return self._fragment(text, depth)
        return [_edit(0, 0, len(text), filler(text))] if text else []

    def _description(self, text: str) -> list[Edit]:
        return [
            _edit(0, match.start(), match.end(), new)
            for match in _LINE.finditer(text)
            if (new := self._descriptions.line(match[0])) != match[0]
        ]

    def _fragment(self, text: str, depth: int) -> list[Edit]:
        """Take part of a message: it may lack the start line, or all but it (RFC 3420)."""
        if scan_start_line(text) is not None:
            known = self.values.prose.known
            found = self._message(text, 0, depth - 1)
            self.values.prose.known = known
            return found
        lines = scan_header_lines(text, 0, limit=_MOST_HEADERS, drop_partial=False)
        body = self._body(text[lines.end :], lines.headers, depth - 1)
        head = self._headers(text, 0, lines.end, lines.headers, _growth(body))
        return [*head, *(_moved(each, lines.end) for each in body)]

    def _parts(self, text: str, boundary: str, depth: int) -> list[Edit]:
        """Take a multipart body (RFC 2046 §5.1.1)."""
        mark = re.compile(rf"(?:\A|(?<=\n))--({re.escape(boundary)})(--)?[ \t]*(?:\r?\n|\Z)")
        new = self.values.values.value("boundary", boundary)
        found: list[Edit] = []
        at, is_open = 0, False
        for match in mark.finditer(text):
            found += self._part(text, at, match.start(), depth) if is_open else (
                _words(text, at, match.start())
            )  # fmt: skip  # read side by side
            found.append(_edit(0, match.start(1), match.end(1), new))
            at, is_open = match.end(), match[2] is None
        rest = self._part(text, at, len(text), depth) if is_open else _words(text, at, len(text))
        return found + rest

    def _part(self, text: str, start: int, end: int, depth: int) -> list[Edit]:
        part = text[start:end]
        lines = scan_header_lines(part, 0, limit=_MOST_HEADERS, drop_partial=False)
        if not lines.complete:
            return _words(text, start, end)
        # the line end before a boundary belongs to the boundary
        stop = len(part)
        while stop > lines.end and part[stop - 1] in "\r\n":
            stop -= 1
        body = self._body(part[lines.end : stop], lines.headers, depth - 1)
        head = self._headers(part, 0, lines.end, lines.headers, _growth(body))
        found = [*head, *(_moved(each, lines.end) for each in body)]
        return [_moved(each, start) for each in found]


def filler(text: str) -> str:
    """Return text of the same length in which every letter and digit is the same; bytes that are no
    text become zeros.
    """
    if any(each < " " and each not in "\r\n\t" for each in text):
        return "\0" * len(text)
    return re.sub(r"[^\s!-/:-@\[-`{-~]", _fill, text, flags=re.ASCII)


def _fill(match: re.Match[str]) -> str:
    return "0" if match[0].isdigit() and match[0].isascii() else "x"


def _words(text: str, start: int, end: int) -> list[Edit]:
    return [_edit(0, start, end, filler(text[start:end]))] if start < end else []


def _growth(edits: list[Edit]) -> int:
    return sum(len(each.new) - (each.end - each.start) for each in edits)


def _edit(base: int, start: int, end: int, new: str) -> Edit:
    return Edit(base + start, base + end, new.encode("latin-1", "replace"))


def _moved(edit: Edit, by: int) -> Edit:
    return Edit(edit.start + by, edit.end + by, edit.new) if by else edit
