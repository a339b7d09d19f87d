"""Text in Markdown: a real renderer finds in it the text, and nothing else."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from analyzer.render.layout import visible
from analyzer.render.markdown_text import LONGEST, block, code, inline, table

RENDERER = MarkdownIt("gfm-like", {"html": True, "linkify": True})
PLAIN = {"text", "code_inline", "softbreak"}
"""Parts of a line that are nothing but text."""
FORGED = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!--", "&lt;b&gt;", "&#60;b>",
    "![x](http://evil.example/x.png)", "[x](javascript:alert(1))", "[x]: http://evil.example",
    "<http://evil.example>", "http://evil.example", "www.evil.example", "sip:a@evil.example",
    "alice@example.com", "@everyone", "a/b@everyone", "#12", "org/repo#12", "!12", "GH-12",
    "0123456789abcdef0123456789abcdef01234567", "*a*", "__a__", "~~a~~", "`a`", "``", "```", "~~~",
    "| a | b |", "|---|---|", "# a", "- a", "1. a", "1) a", "+ a", "> a", "===", "---", "- [ ] a",
    "[^1]", ":tada:", "$a$", "$`a`$", "/close", "\\", "\\`", "a\\|b", "\n", "\r\n\r\n", "\t",
    "    a", "\x1b[31m", "\x00", "\u202e", "\u2066", "\u200b", "\ufeff", "пример.рф", "例え",
    "。", "　", " ",
)  # fmt: skip  # a list to read
HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(FORGED),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
        st.text("`|\\<>[]()!@#*_~$ -+=.:/&0a", max_size=8),
    ),
    min_size=1,
    max_size=5,
).map("".join)


def parts(tokens: list[Token]) -> list[Token]:
    """Return the parts of the one paragraph or cell that tokens hold."""
    (line,) = (each for each in tokens if each.type == "inline" and each.content)
    return line.children or []


def shown(tokens: list[Token]) -> str:
    """Return the text that is seen."""
    return "".join(each.content for each in parts(tokens) if each.type in PLAIN)


def squeezed(text: str) -> str:
    """Leave out spaces: Markdown joins them."""
    return re.sub(r"[ \u00a0\u3000]+", "", text)


@pytest.mark.parametrize("write", [inline, code])
@given(text=HOSTILE)
def test_a_text_is_shown_and_does_nothing(write: Callable[[str], str], text: str) -> None:
    """A line of it is one paragraph of text and code that reads like it, controls escaped."""
    if not squeezed(visible(text)):
        assert write(text) in {"", "–"}
        return
    made = write(text)
    tokens = RENDERER.parse(made)
    assert [each.type for each in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {each.type for each in parts(tokens)} <= PLAIN
    assert squeezed(shown(tokens)) == squeezed(visible(text))


@given(text=HOSTILE)
def test_a_text_stays_in_its_cell(text: str) -> None:
    """A table with it has as many cells as before, and nothing but text in them."""
    tokens = RENDERER.parse("\n".join(table(["a", "b"], [[inline(text), "end"]], {1})))
    cells = [each for each in tokens if each.type == "inline"]
    assert [each.content for each in cells if each.content in {"a", "b", "end"}][-1] == "end"
    assert len(cells) == 4
    assert {part.type for each in cells for part in each.children or []} <= PLAIN
    text_shown = "".join(part.content for part in cells[2].children or [])
    assert squeezed(text_shown) == (squeezed(visible(text)) or "–")


@given(text=HOSTILE)
def test_a_text_may_stand_anywhere(text: str) -> None:
    """In a heading, behind a bold label, in a list in a list: each keeps its form."""
    made = f"# {inline('x')}\n\n- **a:** {inline(text)}\n  - {inline(text)}\n\n### {inline(text)}\n"
    tokens = RENDERER.parse(made)
    kinds = [each.type for each in tokens if each.type.endswith("_open")]
    expected = ["heading", "bullet_list", "list_item", "paragraph", "bullet_list", "list_item"]
    expected += ["paragraph", "heading"]
    assert kinds == [f"{each}_open" for each in expected]
    assert not any(each.type.startswith("html") for each in tokens)


@given(text=HOSTILE)
def test_mentions_and_references_are_only_in_code(text: str) -> None:
    """What GitHub and GitLab look for in text when it is rendered stands in code."""
    outside = "".join(
        each.content if each.type == "text" else " "
        for each in parts(RENDERER.parse(f"a {inline(text)}"))
    )
    assert not re.search(r"@\w|#\w|![0-9]|[$%~&]\w|://|www\.|GH-[0-9]|(^|\s)/\w", outside, re.ASCII)
    assert not re.search(r"(?<![0-9A-Za-z])[0-9a-f]{7,40}(?![0-9A-Za-z])", outside)
    assert not re.search(r":[a-z]+:", outside)


@given(lines=st.lists(HOSTILE, max_size=4))
def test_a_block_ends_where_it_shall(lines: list[str]) -> None:
    """Its content is the lines, and what follows is outside of it."""
    fence, after = RENDERER.parse("\n".join((*block(lines), "", "after")))[:2]
    assert (fence.type, after.type) == ("fence", "paragraph_open")
    assert fence.content == "".join(f"{visible(line)}\n" for line in lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Declined 4.2 s after the first 180 Ringing.",
            "Declined 4.2 s after the first 180 Ringing.",
        ),
        ("alice@example.com called bob: busy", "`alice@example.com` called bob: busy"),
        ("応答元は 192.0.2.2:5060 です。", "応答元は 192.0.2.2:5060 です。"),
        ("a -> b", r"a -\> b"),
        ("1. first", r"1\. first"),
        ("- first", r"\- first"),
        ("call #3, (see: [x])", r"call `#3`, (see: \[x\])"),
    ],
)
def test_ordinary_words_stay_readable(text: str, expected: str) -> None:
    """Only what might mean something is changed."""
    assert inline(text) == expected


def test_a_long_text_is_cut_and_says_so() -> None:
    """What is left out is counted."""
    assert code("x" * (LONGEST + 1500)).endswith("x … (+1,500)`")


def test_what_is_rendered_is_escaped() -> None:
    """The HTML of a script is its text."""
    html = RENDERER.render(inline("<script>alert(1)</script>"))
    assert "<script" not in html
    assert "<script>" in unescape(html)
