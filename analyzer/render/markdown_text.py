r"""Text → Markdown of GitHub and GitLab that shows it and does nothing else.

A backslash keeps markup from being read, but not what these sites make of text afterwards: links,
mentions (`@name`), references (`#12`, `!12`, commits), emoji, formulas, quick actions (`/close`).
None of it is looked for in code. So a word of anything but letters, plain numbers and hyphens
becomes code, which is what such words are here: URIs, addresses, header values.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from analyzer.render.layout import visible

LONGEST = 1_000
"""Characters of a text that are shown: a header may be as long as its message."""
NOTHING = "–"

_RUN = re.compile(r"[\x21-\x7e]+")
"""Printable ASCII without spaces; what is not ASCII means nothing in Markdown."""
_PARTS = re.compile(r"([(\[\"']*)(.*?)([.,:;!?)\]\"']*)")
"""Punctuation around a word, and the word."""
_PLAIN = re.compile(
    r"[A-Za-z0-9]+(?:[-'/][A-Za-z]+)*|[A-Z]\.[0-9]{1,4}"
    r"|[+]?[0-9]{1,6}(?:[.,:][0-9]{1,6})*|[0-9]{4}-[0-9]{2}-[0-9]{2}|->|[-+=%]"
)
"""Words, numbers, times and dates that stay as they are."""
_COMMIT = re.compile(r"[0-9A-Fa-f]{7,}")
"""Seven hexadecimal digits may name a commit."""
_MARKUP = re.compile(r"([\[\]>])")
_START = re.compile(r"([-+=]|[0-9]+[.)])(?=\s|$)")
"""What begins a list or a heading where it stands first."""
_BAR = r"\|"
_DOMAIN = re.compile(r"(?<=[^\W\x00-\x7f])\.(?=[^\W\x00-\x7f])")
"""A dot in a name that is not ASCII: some renderers take it for that of a host."""


def inline(text: str) -> str:
    """Return a text as part of a line, wherever it stands; a dash for one without characters: an
    empty item below a line would make a heading of it.
    """
    shown = _RUN.sub(lambda run: _word(run[0]), visible(_cut(text)).strip())
    shown = _DOMAIN.sub(r"\\.", shown) or NOTHING
    start = _START.match(shown)
    return f"{start[0][:-1]}\\{shown[start.end() - 1 :]}" if start else shown


def code(text: str) -> str:
    """Return a text as code; nothing for one without a visible character."""
    shown = visible(_cut(text))
    if not shown.strip():
        return ""
    fence = _fence(shown, 1)
    room = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{room}{shown}{room}{fence}"


def block(lines: Iterable[str], language: str = "text") -> Iterator[str]:
    """Yield lines as a block of code that none of them can end."""
    shown = [visible(_cut(line)) for line in lines]
    fence = _fence("\n".join(shown), 3)
    yield from (fence + language, *shown, fence)


def table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: Collection[int] = ()
) -> Iterator[str]:
    """Yield the lines of a table of what is Markdown already, some columns aligned right."""
    yield _row(heads)
    yield _row(["---:" if at in numbers else "---" for at in range(len(heads))])
    yield from map(_row, rows)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … (+{len(text) - LONGEST:,})"


def _fence(text: str, least: int) -> str:
    """Return more backticks than stand together anywhere in a text."""
    return "`" * max(least, 1 + max(map(len, re.findall("`+", text)), default=0))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(each.replace('|', _BAR) for each in cells)} |"


def _word(word: str) -> str:
    """Return one word: as it is, or the part of it that might mean something as code."""
    match = _PARTS.fullmatch(word)
    before, core, after = match.groups() if match else ("", word, "")
    if core and (_COMMIT.fullmatch(core) or not _PLAIN.fullmatch(core)):
        core = code(core)
    else:
        core = _escaped(core)
    return _escaped(before) + core + _escaped(after)


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)
