"""A page → text for a terminal, wrapped to its width."""

from collections.abc import Iterator

from analyzer.reference.page import Item, Page, Section, Table
from analyzer.render.layout import pad, visible, width_of, wrap

INDENT = "  "
LABEL = 22
"""Widest column of names; longer ones wrap."""
NARROWEST = 16
"""A narrower column reads badly: the cells then stand below each other."""


def text_of(page: Page, width: int) -> str:
    """Return a page as text."""
    lines = [visible(page.title), *_hanging(page.lead, "", "", width)]
    for section in page.sections:
        lines += ["", *_section(section, width, 0)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _section(section: Section, width: int, depth: int) -> Iterator[str]:
    margin = INDENT * depth
    heading = visible(section.heading)
    yield margin + heading
    if section.parts:
        yield margin + "-" * min(width_of(heading), width - len(margin))
    inner = margin + INDENT
    for text in section.texts:
        yield from _hanging(text, inner, inner, width)
    if section.table:
        yield from _table(section.table, inner, width)
    if section.table and section.items:
        yield ""
    if section.inline:
        yield from _hanging(", ".join(each.text for each in section.items), inner, inner, width)
    else:
        for item in section.items:
            yield from _item(item, inner, width)
    for part in section.parts:
        yield ""
        yield from _section(part, width, depth + 1)


def _item(item: Item, margin: str, width: int) -> Iterator[str]:
    text = f"{item.label}: {item.text}" if item.label else item.text
    yield from _hanging(text, f"{margin}- ", f"{margin}  ", width)
    for each in item.more:
        yield from _hanging(each, f"{margin}  - ", f"{margin}    ", width)


def _hanging(text: str, first: str, rest: str, width: int) -> Iterator[str]:
    margin = first
    for line in wrap(visible(text), max(20, width - len(first))):
        yield margin + line
        margin = rest


def _table(table: Table, margin: str, width: int) -> Iterator[str]:
    rows = ([table.columns] if table.columns else []) + list(table.rows)
    count = len(rows[0])
    first = min(LABEL, max(width_of(visible(row[0])) for row in rows)) + 2
    each = (width - len(margin) - first) // (count - 1) - 2
    if each < NARROWEST:
        yield from _stacked(table, margin, width)
        return
    for row in rows:
        widths = (first - 2, *[each] * (count - 1))
        cells = [list(wrap(visible(cell), size)) for cell, size in zip(row, widths, strict=True)]
        for line in range(max(map(len, cells))):
            parts = [cell[line] if line < len(cell) else "" for cell in cells]
            yield margin + "  ".join(map(pad, parts, widths))


def _stacked(table: Table, margin: str, width: int) -> Iterator[str]:
    for name, *cells in table.rows:
        yield margin + visible(name)
        for column, cell in zip(table.columns[1:], cells, strict=True):
            text = f"{column}: {cell}"
            yield from _hanging(text, margin + INDENT, margin + INDENT * 2, width)
