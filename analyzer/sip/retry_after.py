"""Retry-After: when the called party or service is expected again (RFC 3261 §20.33)."""

import re

from analyzer.frozen import frozen
from analyzer.sip.grammar import Parameter, parameter_value, scan_parameters, unfold
from analyzer.sip.numbers import MAX_32_BIT, parse_number

_VALUE = re.compile(r"([0-9]++)[ \t]*+")
_COMMENT = re.compile(r"[^()\\]++|\\.|[()]", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@frozen
class RetryAfter:
    """A time to try again."""

    seconds: int | None
    """None when it is no number; 10**18 when it has more than 18 digits."""
    comment: str = ""
    duration_s: int | None = None
    """How long the called party is then reachable."""
    parameters: tuple[Parameter, ...] = ()
    faults: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "RetryAfter":
        """Read a Retry-After value."""
        text = unfold(text)
        match = _VALUE.match(text)
        if match is None:
            return cls(None, faults=("number-malformed",))
        seconds = parse_number(match[1]) or 0
        comment, end = _read_comment(text, match.end())
        parameters, sound = scan_parameters(text, end, len(text))
        faults: tuple[str, ...] = () if sound else ("number-malformed",)
        if seconds > MAX_32_BIT:
            faults += ("number-out-of-range",)
        duration = parse_number(parameter_value(parameters, "duration") or "")
        return cls(seconds, comment, duration, parameters, faults)


def _read_comment(text: str, start: int) -> tuple[str, int]:
    """Return a comment in parentheses, which may hold others, and where the text goes on."""
    if text[start : start + 1] != "(":
        return "", start
    depth = 0
    for match in _COMMENT.finditer(text, start):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if not depth:
            return _ESCAPE.sub(r"\1", text[start + 1 : match.start()]), match.end()
    return _ESCAPE.sub(r"\1", text[start + 1 :]), len(text)
