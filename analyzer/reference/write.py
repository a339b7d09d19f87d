"""A page in a format: text, markdown, html, json."""

from importlib import import_module

from analyzer.reference.page import Page

FORMATS = ("text", "markdown", "html", "json")


def written(page: Page, form: str, width: int, contents: str = "") -> str:
    """Return a page in a format; `contents` is the heading of a table of contents, where the format
    has one.
    """
    # each is imported when it is asked for
    module = import_module(f"analyzer.reference.as_{form}")
    if form == "text":
        done: str = module.text_of(page, width)
    elif form == "html":
        done = module.html_of(page, contents)
    else:
        done = getattr(module, f"{form}_of")(page)
    return done
