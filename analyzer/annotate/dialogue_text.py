"""The notation of `annotate.dialogue` → blocks, one for each message as it is written."""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

GAP_NS = 10_000_000
"""Between messages where nothing else is written."""
COMPACT = {
    "v": "via",
    "f": "from",
    "t": "to",
    "i": "call-id",
    "l": "content-length",
    "c": "content-type",
}
UNITS_NS = {"ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}

_GAP = r"\+(?P<number>\d+(?:\.\d+)?)(?P<unit>ms|s|m|h)"
_NAME = r"[a-z][a-z0-9]*"
_ARROW = re.compile(
    rf"\s*(?:{_GAP}\s+)?(?P<left>{_NAME})?(?P<arrow>->|<-)(?P<right>{_NAME})?\s+(?P<start>\S.*)"
)
_PAUSE = re.compile(rf"\s*{_GAP}\s*")


@dataclass(slots=True)
class Block:
    """One message as written."""

    line: int
    gap_ns: int
    source: str
    destination: str
    forward: bool
    start: str
    name: str = ""
    """Of the dialogue."""
    headers: list[tuple[str, str]] = field(default_factory=list)
    left_out: set[str] = field(default_factory=set)
    indent: int = -1
    body: list[str] | None = None

    @property
    def method(self) -> str:
        """Method of a request, empty for a response."""
        return "" if self.start.upper().startswith("SIP/") else self.start.split()[0]

    def written(self, name: str) -> str | None:
        """Value of a header as written, None when it is not."""
        return next((value for key, value in self.headers if plain_name(key) == name), None)


def read_blocks(text: str) -> Iterator[Block]:
    """Go through the messages of a dialogue; raises ValueError with the line that is wrong."""
    block, pause_ns = None, 0
    for number, line in enumerate(textwrap.dedent(text).splitlines(), 1):
        if line.startswith("#"):
            continue
        if line.startswith("---"):
            raise ValueError(
                f"line {number}: wrapper {line[3:].strip()!r} is not known (none is yet)"
            )
        if pause := _PAUSE.fullmatch(line):
            pause_ns += _nanoseconds(pause)
        elif arrow := _ARROW.fullmatch(line):
            if block:
                yield block
            block, pause_ns = _open(number, arrow, pause_ns), 0
        elif block is not None:
            _add_line(block, number, line)
        elif line.strip():
            raise ValueError(
                f"line {number}: expected `->` or `<-` and a start line: {line.strip()!r}"
            )
    if block:
        yield block


def _open(number: int, arrow: re.Match[str], pause_ns: int) -> Block:
    left, right = arrow["left"] or "a", arrow["right"] or "b"
    forward = arrow["arrow"] == "->"
    source, destination = (left, right) if forward else (right, left)
    gap_ns = pause_ns + (_nanoseconds(arrow) if arrow["number"] else 0)
    written = bool(pause_ns or arrow["number"])
    return Block(
        number, gap_ns if written else GAP_NS, source, destination, forward, arrow["start"].rstrip()
    )


def _add_line(block: Block, number: int, line: str) -> None:
    text = line.strip()
    indent = len(line) - len(line.lstrip())
    if block.body is not None or not text:
        block.body = [*(block.body or []), line] if block.body is not None else []
    elif block.headers and indent > block.indent:
        name, value = block.headers[-1]
        block.headers[-1] = (name, f"{value}\r\n {text}")
    elif ":" in text:
        name, _, value = text.partition(":")
        block.headers.append((name, value.strip()))
        block.indent = indent
    elif text.startswith("-"):
        block.left_out.add(plain_name(text[1:]))
    else:
        raise ValueError(f"line {number}: expected a header, `-Name` or an arrow: {text!r}")


def _nanoseconds(match: re.Match[str]) -> int:
    return int(Decimal(match["number"]) * UNITS_NS[match["unit"]])


def plain_name(name: str) -> str:
    """Return a header name in lower case and in its long form."""
    lowered = name.strip().lower()
    return COMPACT.get(lowered, lowered)
