"""A page of reference as plain data: what is said, whatever the format."""

from analyzer.frozen import frozen


@frozen
class Item:
    """A point of a list."""

    text: str
    label: str = ""
    """Stands before the text, set off from it."""
    more: tuple[str, ...] = ()
    """Points below it."""


@frozen
class Table:
    """Rows of equal length; the first cell of each names it."""

    columns: tuple[str, ...]
    """Empty for a table of two columns that need no heading."""
    rows: tuple[tuple[str, ...], ...]


@frozen
class Section:
    """A heading and what stands below it, in this order."""

    id: str
    """The same in every language."""
    heading: str
    texts: tuple[str, ...] = ()
    table: Table | None = None
    items: tuple[Item, ...] = ()
    parts: tuple["Section", ...] = ()
    inline: bool = False
    """The items are short: they may stand on one line."""


@frozen
class Page:
    """What is said of one subject."""

    kind: str
    """`code`, `method`, `header` …; `comparison`, `rules`."""
    key: str
    """The subject as `sipwhy explain` takes it."""
    title: str
    language: str
    sections: tuple[Section, ...]
    lead: str = ""
    """Stands below the title."""


def without_empty(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Leave out sections that say nothing."""
    return tuple(
        each
        for each in sections
        if each.texts or each.items or each.parts or (each.table and each.table.rows)
    )
