r"""Ladder → a sequence diagram in the language of Mermaid, which GitHub and GitLab draw.

What means anything to Mermaid in a text becomes an entity (`#59;`), and so does what could end the
block of Markdown that a diagram stands in.
"""

import re
from collections.abc import Iterator, Sequence

from analyzer.frozen import frozen
from analyzer.render.layout import shorten, visible
from analyzer.report.model import Arrow, Ladder

LONGEST_LABEL = 50
MOST_LINES = 4
"""Of a note."""

_MEANING = re.compile(r"[^A-Za-z0-9 .,:()/+=%\u00b7\u2026\u2192\u00d7\u2605-]")
"""What might mean something; letters of other scripts are looked at one by one."""
_MARKS = frozenset("\ufb02\u00b0\u00b6\u00df")
"""Mermaid keeps the place of an entity with these."""
_COMMENT = re.compile("%(?=%)")
_WRAP = re.compile(r"(\W*(?:no)?wrap):", re.IGNORECASE)
"""Mermaid takes this at the start of a text for an order."""
_WORD = re.compile(r"\b(e)(nd)\b", re.IGNORECASE)
"""The word that ends a part of a diagram."""


@frozen
class Note:
    """What stands across the lanes of a diagram."""

    after: int
    """Number of the arrow that it follows; -1 before all."""
    text: str
    """A line end in it stays one: Mermaid makes no room for a long line."""
    lanes: tuple[int, ...] = ()
    """Lanes that it spans; none for all of them."""


def sequence_diagram(ladder: Ladder, notes: Sequence[Note]) -> Iterator[str]:
    """Yield the lines of a diagram: lanes, then arrows and the notes that follow each."""
    yield "sequenceDiagram"
    for lane, name in enumerate(ladder.lanes):
        yield f"    participant p{lane} as {text_of(name, LONGEST_LABEL)}"
    for at, arrow in enumerate((None, *ladder.arrows), -1):
        if arrow is not None:
            yield _drawn(arrow, ladder.start_ns)
        for note in notes:
            if note.after == at:
                yield _note(note, len(ladder.lanes))


def text_of(text: str, longest: int) -> str:
    """Return a text that Mermaid shows as it is."""
    shown = _MEANING.sub(lambda match: _entity(match[0]), shorten(visible(text), longest))
    shown = _COMMENT.sub("#37;", shown)
    shown = _WORD.sub(lambda match: f"#{ord(match[1])};{match[2]}", shown)
    return _WRAP.sub(r"\1#58;", shown, count=1) if _WRAP.match(shown) else shown


def _entity(character: str) -> str:
    is_harmless = ord(character) > 0x7F and character not in _MARKS
    return character if is_harmless else f"#{ord(character)};"


def _drawn(arrow: Arrow, start_ns: int) -> str:
    repeats = f" ×{arrow.repeats + 1}" if arrow.repeats else ""
    label = text_of(arrow.label or "?", LONGEST_LABEL)
    line = "-->>" if arrow.label[:1].isdigit() else "->>"
    time = (arrow.time_ns - start_ns) / 10**9
    return f"    p{arrow.source}{line}p{arrow.destination}: {label}{repeats} · {time:.3f} s"


def _note(note: Note, lanes: int) -> str:
    spanned = note.lanes or range(lanes)
    ends = dict.fromkeys((min(spanned), max(spanned)))
    over = ",".join(f"p{lane}" for lane in ends)
    lines = (text_of(line, LONGEST_LABEL) for line in note.text.split("\n")[:MOST_LINES])
    return f"    Note over {over}: {'<br/>'.join(lines)}"
