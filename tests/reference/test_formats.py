"""A page in each format: all of it, and nothing of it taken for markup."""

import json
import re
from html.parser import HTMLParser

import pytest

from analyzer.reference.commands import compare, explain
from analyzer.reference.page import Item, Page, Section, Table
from analyzer.reference.write import FORMATS, written
from analyzer.render.layout import width_of

HOSTILE = "<script>alert(1)</script> [x](http://example.com) **b** `c` | \x1b[31m \u202e &amp;"
PAGE = Page(
    "code",
    "603",
    HOSTILE,
    "en",
    (
        Section("one", HOSTILE, (HOSTILE,), Table(("", HOSTILE), (("a", HOSTILE),))),
        Section("two", "Two", items=(Item(HOSTILE, HOSTILE, (HOSTILE,)),)),
        Section("three", "Three", items=(Item("- RFC 1"), Item("RFC 2")), inline=True),
        Section("four", "Four", parts=(Section('a"b', "Inner", ("# text",)),)),
    ),
    HOSTILE,
)


class Tags(HTMLParser):
    """Collects the tags, the ids, the links and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name in ("href", "src") and value]

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


@pytest.mark.parametrize("form", FORMATS)
def test_hostile_text_is_only_text(form: str) -> None:
    """No format lets a text act: no controls anywhere, no tags in HTML, no markup in Markdown."""
    text = written(PAGE, form, 80, "Contents")
    if form != "json":
        assert "\x1b" not in text
        assert "\u202e" not in text
    if form == "html":
        page = Tags()
        page.feed(text)
        assert "script" not in page.tags
        assert "a" not in page.tags or page.links == ["#four-a-b"]
        assert page.text.count("<script>alert(1)</script>") == 10
    if form == "markdown":
        assert not re.search(r"(?<!\\)[\[\]`]", text)
        assert not re.search(r"(?<!\\)<script", text)
        assert "\\*\\*b\\*\\*" in text
        assert "\\# text" in text
    if form == "json":
        assert json.loads(text)["title"] == HOSTILE


def test_html_needs_nothing_else() -> None:
    """No script, no link out of the page, ids once, for light and dark and for small screens."""
    text = written(compare(("204", "603"), "ja"), "html", 80)
    page = Tags()
    page.feed(text)
    assert not {"script", "img", "link", "iframe"} & set(page.tags)
    assert all(each.startswith("#") for each in page.links)
    assert len(page.ids) == len(set(page.ids))
    assert '<html lang="ja">' in text
    assert "prefers-color-scheme: dark" in text
    assert 'name="viewport"' in text
    assert "default-src 'none'" in text
    assert "どちらをいつ使うか" in page.text


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("width", [60, 80, 110])
def test_text_keeps_its_width(language: str, width: int) -> None:
    """Lines of a page of three codes end within the width; only what cannot be parted is longer."""
    text = written(compare(("486", "600", "603"), language), "text", width)
    assert [line for line in text.splitlines() if width_of(line) > width] == []
    assert not re.search(r"\n\n\n", text)


def test_many_codes_stand_below_each_other() -> None:
    """Columns that would be too narrow become lines."""
    text = written(compare(("480", "486", "487", "600", "603"), "en"), "text", 60)
    assert "    486 Busy Here: other destinations may still take it" in text


def test_json_has_ids_that_no_language_changes() -> None:
    """The same sections, rows and items in both languages."""

    def shape(data: object) -> object:
        if isinstance(data, dict):
            return {
                key: value if key in ("id", "kind", "key") else shape(value)
                for key, value in data.items()
            }
        return [shape(each) for each in data] if isinstance(data, list) else None

    english, japanese = (
        json.loads(written(explain("603", language), "json", 80)) for language in ("en", "ja")
    )
    assert shape(english) == shape(japanese)
    assert [each["id"] for each in english["sections"]] == [
        "meaning",
        "appears",
        "resolve",
        "misconceptions",
        "facts",
        "neighbours",
        "references",
    ]
    assert (english["kind"], english["key"], english["language"]) == ("code", "603", "en")


def test_markdown_is_a_document() -> None:
    """Headings by depth, a table with its rule, references on one line."""
    lines = written(compare(("204", "603"), "en"), "markdown", 80).splitlines()
    assert lines[0] == "# 204 No Notification and 603 Decline compared"
    assert "### When this code appears" in lines
    at = lines.index("| Trait | 204 No Notification | 603 Decline |")
    assert lines[at + 1] == "| --- | --- | --- |"
    assert lines[-1].startswith("RFC 5839 §7.1, ")
