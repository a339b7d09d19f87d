"""A page → Markdown. Text is escaped: no rule can put markup or a link on the page."""

import re
from collections.abc import Iterator

from analyzer.reference.page import Item, Page, Section, Table
from analyzer.render.layout import visible

_MARKUP = re.compile(r"([\\`*_\[\]<>#|~&])")
_STARTS = re.compile(r"^([-+=]|[0-9]+[.)])")
"""What begins a list, a line or a heading where it stands first."""


def markdown_of(page: Page) -> str:
    """Return a page as Markdown."""
    lines = [f"# {_escaped(page.title)}", *(["", _escaped(page.lead)] if page.lead else [])]
    for section in page.sections:
        lines += _section(section, 2)
    return "\n".join(lines) + "\n"


def _section(section: Section, level: int) -> Iterator[str]:
    yield ""
    yield f"{'#' * min(level, 6)} {_escaped(section.heading)}"
    for text in section.texts:
        yield ""
        yield _escaped(text)
    if section.table:
        yield ""
        yield from _table(section.table)
    if section.items:
        yield ""
    if section.inline:
        yield ", ".join(_escaped(each.text) for each in section.items)
    else:
        for item in section.items:
            yield from _item(item)
    for part in section.parts:
        yield from _section(part, level + 1)


def _item(item: Item) -> Iterator[str]:
    label = f"**{_escaped(item.label)}**: " if item.label else ""
    yield f"- {label}{_escaped(item.text)}"
    yield from (f"  - {_escaped(each)}" for each in item.more)


def _table(table: Table) -> Iterator[str]:
    count = len(table.rows[0])
    columns = table.columns or ("",) * count
    for row in (columns, ("---",) * count, *table.rows):
        cells = row if row[0] == "---" else map(_escaped, row)
        yield f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    return _STARTS.sub(_escape_start, _MARKUP.sub(r"\\\1", visible(text)))


def _escape_start(match: re.Match[str]) -> str:
    start = match[0]
    return f"{start[:-1]}\\{start[-1]}"
