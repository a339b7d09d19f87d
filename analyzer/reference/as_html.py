"""A page → one HTML file that needs nothing else: style inside, no script, every text escaped."""

import re

from analyzer.reference.page import Page, Section
from analyzer.render.layout import visible


def html_of(page: Page, contents: str = "") -> str:
    """Return a page as HTML; with a heading for it, a table of contents stands first."""
    from jinja2 import Environment, PackageLoader  # noqa: PLC0415 - only this format needs it

    environment = Environment(
        loader=PackageLoader("analyzer.reference", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"visible": visible, "anchor": anchor}
    return environment.get_template("page.html.jinja").render(page=page, contents=contents)


def anchor(section: Section) -> str:
    """Return the name under which a section can be linked to."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", section.id)
