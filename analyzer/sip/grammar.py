"""Pieces that all header values are made of: tokens, quoted strings, lists, parameters.

RFC 3261 §25.1. Functions take a text and positions in it and give positions back, so that a value
is found in place; text is either decoded or Latin-1 (one character a byte). Nothing here raises.
"""

import re

from analyzer.frozen import frozen

Span = tuple[int, int]
"""Start and length of a piece of text; (0, 0) is absent."""

WHITE = " \t\r\n"
TOKEN = r"[A-Za-z0-9\-.!%*_+`'~]"  # noqa: S105 - a token of the grammar
INSIDE_QUOTES = r'[^"\\]*+(?:\\.[^"\\]*+)*'
"""What may stand between quotes. Here as elsewhere a repeated group gives back what it took, as
possessive groups match wrongly before Python 3.11.5 (gh-106052).
"""
QUOTED = rf'"{INSIDE_QUOTES}(?:"|\\?\Z)'
"""A quoted string; one without its end takes all that follows, so no text is scanned twice."""
VALUE = r'[^\s;,"<>]'
"""A character of a parameter's value: wider than token and host, as devices write base64 there."""

_TOKEN = re.compile(TOKEN + "+")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SEPARATORS = {
    each: re.compile(rf"{QUOTED}|<[^>]*+(?:>|\Z)|{re.escape(each)}", re.DOTALL) for each in ",;"
}
_PARAMETER = re.compile(
    rf'({TOKEN}++)(?:[ \t\r\n]*+=[ \t\r\n]*+({VALUE}++|"{INSIDE_QUOTES}"))?', re.DOTALL
)


@frozen
class Parameter:
    """A `;name=value` of a header or URI; `value` is None without `=`, quoted ones are unquoted."""

    name: str
    """In lower case: parameter names do not tell case apart (RFC 3261 §7.3.1)."""
    value: str | None
    span: Span = (0, 0)
    """Where the raw value stands in the text, quotes included."""


def is_token(text: str) -> bool:
    """Tell whether a text is one token."""
    return _TOKEN.fullmatch(text) is not None


def unfold(text: str) -> str:
    """Return a value on one line: each fold becomes a space (RFC 3261 §7.3.1)."""
    if "\n" in text:
        lines = (line.strip(WHITE) for line in text.split("\n"))
        return " ".join(line for line in lines if line)
    return text.strip(WHITE)


def unquote(text: str) -> str:
    """Return the content of a quoted string, escapes resolved; other text as it is."""
    if not text.startswith('"'):
        return text
    inner = text[1:-1] if len(text) > 1 and text.endswith('"') else text[1:]
    return _ESCAPE.sub(r"\1", inner)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the start and end of a piece without the white space around it."""
    while start < end and text[start] in WHITE:
        start += 1
    while end > start and text[end - 1] in WHITE:
        end -= 1
    return start, end


def split_list(text: str, separator: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return start and end of each piece between separators (`,` or `;`) that stand outside
    quotes and angle brackets, without white space around it; empty pieces are kept.
    """
    pieces = []
    for match in _SEPARATORS[separator].finditer(text, start, end):
        if match[0] == separator:
            pieces.append(trim(text, start, match.start()))
            start = match.end()
    pieces.append(trim(text, start, end))
    return pieces


def scan_parameters(text: str, start: int, end: int) -> tuple[tuple[Parameter, ...], bool]:
    """Return the parameters of a text that is empty or begins with `;`, and whether each of them
    follows the grammar; what can be read of the others is there too.
    """
    start, end = trim(text, start, end)
    if start == end:
        return (), True
    first, *pieces = split_list(text, ";", start, end)
    parameters = []
    sound = first[0] == first[1]
    for begin, stop in pieces:
        match = _PARAMETER.match(text, begin, stop)
        sound = sound and match is not None and match.end() == stop
        if match is None:
            continue
        value = match[2]
        span = (match.start(2), len(value)) if value is not None else (0, 0)
        parameters.append(
            Parameter(match[1].lower(), unquote(value) if value is not None else None, span)
        )
    return tuple(parameters), sound


def find_parameter(parameters: tuple[Parameter, ...], name: str) -> Parameter | None:
    """Return the first parameter of a name given in lower case."""
    for each in parameters:
        if each.name == name:
            return each
    return None


def parameter_value(parameters: tuple[Parameter, ...], name: str) -> str | None:
    """Return the value of the first parameter of that name, None when there is none."""
    found = find_parameter(parameters, name)
    return found.value if found else None
