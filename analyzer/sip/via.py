"""Via: the hops a request took, the topmost first (RFC 3261 §20.42, RFC 3581)."""

import re

from analyzer.frozen import frozen
from analyzer.sip.branch import COOKIE
from analyzer.sip.grammar import (
    TOKEN,
    VALUE,
    Parameter,
    Span,
    parameter_value,
    scan_parameters,
    split_list,
    trim,
)

MALFORMED = "via-malformed"

_PROTOCOL = rf"({TOKEN}++)\s*+/\s*+({TOKEN}++)\s*+/\s*+({TOKEN}++)"
_HOST = r"\[[^\]\s;,]*+\]|[^\s:;,\[\]\"<>]++"
_HOP = re.compile(rf"{_PROTOCOL}\s++({_HOST})(?:\s*+:\s*+([0-9]{{1,5}}))?\s*+(?=;|\Z)")
_LOOSE_HOP = re.compile(r"(?:[^\s/;,]++\s*+/\s*+[^\s/;,]++\s*+/\s*+[^\s;,]++\s++)?([^\s;,]++)")
_CLEAN_TOP = re.compile(
    rf"SIP/2\.0/[A-Za-z0-9\-]++ ((?:[A-Za-z0-9.\-_]++|\[[0-9A-Fa-f:.]++\])(?::[0-9]{{1,4}})?)"
    rf"((?:[ ]?;{TOKEN}++(?:={VALUE}++)?)*)(?=[ \t]*+(?:,|\Z))"
)
"""What most topmost hops look like: no fault in it, and quicker to see than to scan."""
_CLEAN_BRANCH = re.compile(rf";[Bb][Rr][Aa][Nn][Cc][Hh]=({VALUE}++)")


@frozen
class Via:
    """One hop."""

    version: str
    """`SIP/2.0`, white space removed."""
    transport: str
    """As written: UDP, TCP, TLS, SCTP, WS …"""
    host: str
    port: int | None
    parameters: tuple[Parameter, ...] = ()
    faults: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Via":
        """Read one hop; a value that is none gives what can be read of it."""
        start, end = trim(text, 0, len(text))
        match = _HOP.match(text, start, end)
        if match is None:
            loose = _LOOSE_HOP.match(text, start, end)
            return cls("", "", loose[1] if loose else "", None, (), (MALFORMED,))
        parameters, sound = scan_parameters(text, match.end(), end)
        port = int(match[5]) if match[5] else None
        sound = sound and (port is None or port <= 65_535)
        version = f"{match[1]}/{match[2]}"
        return cls(version, match[3], match[4], port, parameters, () if sound else (MALFORMED,))

    @classmethod
    def parse_list(cls, text: str) -> tuple["Via", ...]:
        """Read the hops of one header row."""
        pieces = split_list(text, ",", 0, len(text))
        return tuple(cls.parse(text[start:end]) for start, end in pieces if start < end)

    @property
    def branch(self) -> str | None:
        """The transaction this hop is part of."""
        return parameter_value(self.parameters, "branch")

    @property
    def received(self) -> str | None:
        """The address the next hop saw."""
        return parameter_value(self.parameters, "received")

    @property
    def rport(self) -> str | None:
        """The port the next hop saw (RFC 3581)."""
        return parameter_value(self.parameters, "rport")


@frozen
class TopHop:
    """Where the parts of a topmost Via stand in its text."""

    sent_by: Span = (0, 0)
    branch: Span = (0, 0)
    faults: tuple[str, ...] = ()


def scan_top(text: str, start: int, end: int) -> TopHop:
    """Find the parts of the first hop in a row."""
    clean = _CLEAN_TOP.match(text, start, end)
    if clean:
        branch = _CLEAN_BRANCH.search(text, clean.start(2), clean.end(2))
        span = (branch.start(1), branch.end(1) - branch.start(1)) if branch else (0, 0)
        sent_by = (clean.start(1), clean.end(1) - clean.start(1))
        return TopHop(sent_by, span, _branch_faults(text, span))
    start, end = split_list(text, ",", start, end)[0]
    match = _HOP.match(text, start, end)
    if match is None:
        return _scan_loose(text, start, end)
    parameters, sound = scan_parameters(text, match.end(), end)
    spans = (each.span for each in parameters if each.name == "branch" and each.span[1])
    branch_span = next(spans, (0, 0))
    sound = sound and int(match[5] or 0) <= 65_535
    sent_by_end = match.end(5) if match[5] else match.end(4)
    return TopHop(
        (match.start(4), sent_by_end - match.start(4)),
        branch_span,
        _branch_faults(text, branch_span) + (() if sound else (MALFORMED,)),
    )


def _scan_loose(text: str, start: int, end: int) -> TopHop:
    loose = _LOOSE_HOP.match(text, start, end)
    sent_by = (loose.start(1), loose.end(1) - loose.start(1)) if loose else (0, 0)
    semicolon = text.find(";", start, end)
    parameters, _ = scan_parameters(text, semicolon if semicolon >= 0 else end, end)
    spans = (each.span for each in parameters if each.name == "branch" and each.span[1])
    return TopHop(sent_by, next(spans, (0, 0)), (MALFORMED,))


def _branch_faults(text: str, branch: Span) -> tuple[str, ...]:
    if not branch[1]:
        return ("branch-missing",)
    if branch[1] == len(COOKIE) and text[branch[0] : sum(branch)].lower() == COOKIE.lower():
        return ("branch-bare-cookie",)
    return ()
