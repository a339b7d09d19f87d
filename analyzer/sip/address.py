"""Addresses of From, To, Contact, Route and their like: name-addr and addr-spec (RFC 3261 §20.10).

`scan_address` finds the parts in place, `Address.parse` gives them as values. Faults are kinds of
`analyzer.anomaly_kinds`; the readable parts of a faulty address are still there.
"""

import re

from analyzer.frozen import frozen
from analyzer.sip.grammar import (
    INSIDE_QUOTES,
    QUOTED,
    TOKEN,
    VALUE,
    WHITE,
    Parameter,
    Span,
    parameter_value,
    scan_parameters,
    split_list,
    trim,
    unfold,
    unquote,
)
from analyzer.sip.uri import Uri, has_headers, has_scheme

MALFORMED = "address-malformed"
UNTERMINATED = "unterminated-quote"

_PARAMETERS = rf"(?:[ \t]?;{TOKEN}++(?:={VALUE}++)?)*"
_SCHEME = r"[A-Za-z][A-Za-z0-9+.\-]*+:"
CLEAN_NAME_ADDR = (
    rf'(?:"[^"\\\r\n]*+"[ \t]?|(?:{TOKEN}++[ \t]?)*)<{_SCHEME}[^<>"\s]++>{_PARAMETERS}'
)
CLEAN_ADDR_SPEC = rf'{_SCHEME}[^<>",?;\s]++{_PARAMETERS}'
_CLEAN = re.compile(rf"(?:{CLEAN_NAME_ADDR}|{CLEAN_ADDR_SPEC})\Z")
"""What most addresses look like: no fault in it, and quicker to see than to scan."""
_CLEAN_TAG = re.compile(rf";[Tt][Aa][Gg]=({VALUE}++)")

_QUOTED = re.compile(QUOTED, re.DOTALL)
_QUOTE_ENDS = re.compile(rf'"{INSIDE_QUOTES}"\Z', re.DOTALL)
_BRACKET = re.compile(rf"{QUOTED}|<", re.DOTALL)
_TOKENS = re.compile(rf"{TOKEN[:-1]} \t\r\n]*+\Z")


@frozen
class AddressSpans:
    """Where the parts of an address stand in its text."""

    display: Span
    uri: Span
    parameters: tuple[Parameter, ...]
    faults: tuple[str, ...]


@frozen
class Address:
    """An address with its display name ("" without one), URI and header parameters."""

    display: str
    uri: str
    """As written, without the angle brackets."""
    parameters: tuple[Parameter, ...] = ()
    faults: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read one address; a value that is none gives what can be read of it."""
        text = unfold(text)
        spans = scan_address(text, 0, len(text))
        display = text[spans.display[0] : sum(spans.display)]
        uri = text[spans.uri[0] : sum(spans.uri)]
        return cls(unquote(display), uri, spans.parameters, spans.faults)

    @classmethod
    def parse_list(cls, text: str) -> tuple["Address", ...]:
        """Read a comma list of addresses (Contact, Route, P-Asserted-Identity …)."""
        pieces = split_list(text, ",", 0, len(text))
        return tuple(cls.parse(text[start:end]) for start, end in pieces if start < end)

    @property
    def uri_parts(self) -> Uri:
        """The URI in its parts."""
        return Uri.parse(self.uri)

    @property
    def tag(self) -> str | None:
        """The tag that makes it one end of a dialog."""
        return self.parameter("tag")

    def parameter(self, name: str) -> str | None:
        """Return the value of a header parameter; None when it is absent or has none."""
        return parameter_value(self.parameters, name)


def without_parameters(value: str) -> str:
    """Cut header parameters off, where that is safe: a tag differs from dialog to dialog, and what
    is left is often seen again.
    """
    unquoted = value.rfind('"') + 1
    closing = value.find(">", unquoted)
    if closing >= 0 and (not unquoted or "<" in value[unquoted:closing]):
        return value[: closing + 1]
    return value if unquoted else value.partition(";")[0]


def scan_address(text: str, start: int, end: int) -> AddressSpans:
    """Find the parts of one address."""
    start, end = trim(text, start, end)
    faults: set[str] = set()
    opening = _find_bracket(text, start, end, faults)
    if opening < 0:
        return _scan_addr_spec(text, start, end, faults)
    display = trim(text, start, opening)
    if not _is_display(text[display[0] : display[1]]):
        faults.add(MALFORMED)
    closing = text.find(">", opening, end)
    if closing < 0:
        faults.add(MALFORMED)
        closing = end
    uri = trim(text, opening + 1, closing)
    if uri != (opening + 1, closing) or not _is_uri(text[uri[0] : uri[1]]):
        faults.add(MALFORMED)
    parameters, sound = scan_parameters(text, min(closing + 1, end), end)
    if not sound:
        faults.add(MALFORMED)
    return _spans(display, uri, parameters, faults)


def _find_bracket(text: str, start: int, end: int, faults: set[str]) -> int:
    """Return where the URI's `<` stands, -1 when there is none."""
    for match in _BRACKET.finditer(text, start, end):
        if match[0] == "<":
            return match.start()
        if not _QUOTE_ENDS.match(match[0]):
            faults.add(UNTERMINATED)
            return text.find("<", match.start(), end)
    return -1


def _scan_addr_spec(text: str, start: int, end: int, faults: set[str]) -> AddressSpans:
    """Without angle brackets all parameters are the header's, and the URI has no `?`, `,` or `;`
    (RFC 3261 §20).
    """
    semicolon = text.find(";", start, end)
    stop = end if semicolon < 0 else semicolon
    uri = trim(text, start, stop)
    found = text[uri[0] : uri[1]]
    if not _is_uri(found) or "," in found or has_headers(found):
        faults.add(MALFORMED)
    parameters, sound = scan_parameters(text, stop, end)
    if not sound:
        faults.add(MALFORMED)
    return _spans((0, 0), uri, parameters, faults)


def _spans(
    display: tuple[int, int],
    uri: tuple[int, int],
    parameters: tuple[Parameter, ...],
    faults: set[str],
) -> AddressSpans:
    # A quote without its end already explains the rest.
    named = {UNTERMINATED} if UNTERMINATED in faults else faults
    return AddressSpans(
        (display[0], display[1] - display[0]),
        (uri[0], uri[1] - uri[0]),
        parameters,
        tuple(sorted(named)),
    )


def _is_display(text: str) -> bool:
    return bool(_QUOTE_ENDS.match(text) or _TOKENS.match(text))


def _is_uri(text: str) -> bool:
    return has_scheme(text) and not any(each in text for each in WHITE + '<>"')


def scan_tagged(text: str, start: int, end: int) -> tuple[Span, tuple[str, ...]]:
    """Return where the tag of a From or To value stands, and the faults of the value."""
    if _CLEAN.match(text, start, end):
        # Parameters inside angle brackets are the URI's.
        match = _CLEAN_TAG.search(text, max(start, text.rfind(">", start, end)), end)
        return ((match.start(1), match.end(1) - match.start(1)) if match else (0, 0)), ()
    spans = scan_address(text, start, end)
    tags = (each.span for each in spans.parameters if each.name == "tag" and each.span[1])
    return next(tags, (0, 0)), spans.faults
