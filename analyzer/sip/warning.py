"""The Warning header (RFC 3261 §20.43): value lines → `Warning` values, never raising."""

import re
from collections.abc import Sequence

from analyzer.frozen import frozen

_VALUE = re.compile(
    r'\s*(?<!\d)(?P<code>\d{3})\s+(?P<agent>[^\s",]+)\s*'
    r'"(?P<text>(?:[^"\\]|\\.)*)"?\s*(?:,|$)',
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@frozen
class Warning:  # noqa: A001 - the header's own name; the module is never star-imported
    """One warning-value."""

    code: int
    agent: str
    """Host or pseudonym of who added it."""
    text: str


def parse_warnings(values: Sequence[str]) -> tuple[Warning, ...]:
    """Parse the Warning values of one message; what is malformed is left out."""
    return tuple(
        Warning(int(match["code"]), match["agent"], _ESCAPE.sub(r"\1", match["text"]))
        for value in values
        for match in _VALUE.finditer(value)
    )
