"""Challenges and credentials: the values of WWW-Authenticate, Proxy-Authenticate, Authorization and
Proxy-Authorization (RFC 3261 §20.44, §22; RFC 7616, RFC 8760).

Nothing here keeps the response of a digest. Nothing raises: what cannot be read is absent.
"""

import re
from collections.abc import Sequence

from analyzer.frozen import frozen
from analyzer.sip.grammar import QUOTED, TOKEN, unquote

_PARAMETER = re.compile(
    rf"(?<!{TOKEN})"
    rf'(?:({TOKEN}++)[ \t\r\n]*+=[ \t\r\n]*+({QUOTED}|[^\s",]++)'
    rf"|({TOKEN}++)(?=[ \t\r\n]++{TOKEN}))",
    re.DOTALL,
)
"""A parameter, or the scheme before the first: a list holds several of both in one line."""
_SCHEME = re.compile(rf"\s*({TOKEN}++)")
_KEPT = frozenset({"realm", "nonce", "algorithm", "stale", "username", "qop"})


@frozen
class Authentication:
    """One challenge, or the credentials for one."""

    scheme: str
    """As written; Digest nearly always."""
    parameters: tuple[tuple[str, str], ...] = ()
    """Names in lower case with values unquoted; only those that give no secret away."""

    def parameter(self, name: str) -> str | None:
        """Return the value of a parameter, None without it."""
        return next((value for each, value in self.parameters if each == name), None)

    @property
    def is_digest(self) -> bool:
        """Whether the scheme is Digest."""
        return self.scheme.lower() == "digest"

    @property
    def algorithm(self) -> str | None:
        """Algorithm of a digest: MD5 where none is named (RFC 7616 §3.3); None for others."""
        return (self.parameter("algorithm") or "MD5") if self.is_digest else None

    @property
    def is_stale(self) -> bool:
        """Whether only the nonce was too old: user and password were right."""
        return (self.parameter("stale") or "").lower() == "true"


def parse_authentication(values: Sequence[str]) -> tuple[Authentication, ...]:
    """Read the header lines of one message, each with one value or, as RFC 7235 has it, more."""
    return tuple(each for value in values for each in _parse(value))


def _parse(value: str) -> list[Authentication]:
    first = _SCHEME.match(value)
    if first is None:
        return []
    found = [(first[1], list[tuple[str, str]]())]
    for match in _PARAMETER.finditer(value, first.end()):
        if match[3]:
            found.append((match[3], []))
        elif match[1].lower() in _KEPT:
            found[-1][1].append((match[1].lower(), unquote(match[2])))
    return [Authentication(scheme, tuple(parameters)) for scheme, parameters in found]
