"""Text on a page of fixed width: harmless characters, widths as a terminal shows them, wrapping.

Text from a capture is hostile: nothing that moves the cursor, changes colours or turns the
direction of writing may reach a terminal. `visible` is the only way a text gets onto a page.
"""

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from shutil import get_terminal_size

Segment = tuple[str, str]
"""Text and its style: empty, or one that `render.terminal` knows."""

Line = tuple[Segment, ...]

NARROWEST, WIDEST, WIDTH = 60, 110, 80
"""Of a page; the last one where no terminal says how wide it is."""

_LEADING = "、。，．・：；？！）］｝」』】〉》ーっゃゅょッャュョ々～…"
"""Characters that do not begin a line in Japanese."""
_LAST = r"(?:[:;,.!?)]+(?=\s|$))?"
"""Nor do these, where they end a word."""
_TRAILING = "（［｛「『【〈《"
"""Characters that do not end one."""
_FIRST_WIDE = "\u1100"
_WIDE = (
    "\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f"
    "\uff00-\uff60\uffe0-\uffe6\U0001f300-\U0001faff\U00020000-\U0003fffd"
)
_MEASURE = r"[0-9][0-9.,]*+ (?:ms|s|min|h|d)(?![A-Za-z])"
"""A number and its unit stay together."""
_SEPARATORS = frozenset("\u3000\u00a0")
"""Spaces that str.isprintable refuses though they only take room."""


def terminal_width() -> int:
    """Return how wide a page is to be on standard output."""
    if not sys.stdout.isatty():
        return WIDTH
    return min(max(get_terminal_size().columns, NARROWEST), WIDEST)


def visible(text: str) -> str:
    r"""Return a text with everything escaped (`\xNN`, `\uNNNN`) that is no visible character:
    controls, marks that turn the writing direction, invisible and unassigned ones.
    """
    if text.isprintable():
        return text
    return "".join(each if _is_visible(each) else _escape(each) for each in text)


def _is_visible(character: str) -> bool:
    return character.isprintable() or character in _SEPARATORS


def _escape(character: str) -> str:
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def width_of(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(_width_of_character(each) for each in text)


def _width_of_character(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Fill a text up to a width; a longer one stays as it is."""
    room = " " * max(0, width - width_of(text))
    return room + text if right else text + room


def shorten(text: str, width: int) -> str:
    """Cut a text to a width, with `…` where something is missing."""
    if width_of(text) <= width:
        return text
    kept = ""
    for character in text:
        if width_of(kept + character) > width - 1:
            break
        kept += character
    return kept + "…"


@cache
def _piece(*, wide: bool) -> re.Pattern[str]:
    """Return what finds the pieces of a text. Most texts have no wide characters, and the pattern
    for these takes long to compile.
    """
    words = rf"[{_WIDE}]|{_MEASURE}|[^\s{_WIDE}]+" if wide else rf"{_MEASURE}|\S+"
    return re.compile(rf"\s+|[{_TRAILING}]*(?:{words})[{_LEADING}]*{_LAST}|[{_TRAILING}]+")


def wrap(text: str, width: int) -> Iterator[str]:
    """Part a text into lines: at spaces, and between Japanese characters. What has neither, such as
    a long URI, stays whole, so that it can be searched for and copied.
    """
    line = ""
    for piece in _piece(wide=max(text, default="") >= _FIRST_WIDE).findall(text):
        if line and width_of(line + piece.rstrip()) > width:
            yield line.rstrip()
            line = piece.lstrip()
        else:
            line += piece
    if line.strip():
        yield line.rstrip()


def labelled(
    label: Segment, text: str, indent: int, label_width: int, width: int
) -> Iterator[Line]:
    """Yield a text as lines beside a label, which stands at the first of them."""
    margin = " " * indent
    hanging = "  " if text.startswith("- ") else ""
    room = max(20, width - indent - label_width - len(hanging))
    head, style = label
    for at, part in enumerate(wrap(visible(text.removeprefix("- ")), room)):
        bullet = "- " if hanging and at == 0 else hanging
        yield (margin, ""), (pad(head, label_width), style), (bullet + part, "")
        head = ""


def paragraph(text: str, indent: int, width: int, style: str = "") -> Iterator[Line]:
    """Yield a text as indented lines."""
    margin = " " * indent
    for part in wrap(visible(text), max(20, width - indent)):
        yield (margin, ""), (part, style)
