"""Pages: hostile characters, widths, wrapping."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.render.layout import labelled, pad, shorten, visible, width_of, wrap


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 東京 \u3000.", "plain é 東京 \u3000."),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("a\r\nb\tc\x00\x7f", "a\\x0d\\x0ab\\x09c\\x00\\x7f"),
        ("\x9b2J", "\\x9b2J"),
        ("\u202egnp.exe\u2066", "\\u202egnp.exe\\u2066"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("\u2028\U000e0041", "\\u2028\\U000e0041"),
        ("\ud800", "\\ud800"),
    ],
)
def test_what_could_act_on_a_terminal_is_escaped(text: str, shown: str) -> None:
    """Escape sequences, direction marks, invisible characters and line ends become text."""
    assert visible(text) == shown


@given(st.text())
def test_nothing_but_visible_characters_is_left(text: str) -> None:
    """No control, format, surrogate, unassigned character or line separator comes through."""
    kept = {unicodedata.category(each) for each in visible(text)}
    assert not kept & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("拒否", 4), ("ｱｲ", 2), ("e\u0301", 1), ("（a）", 5), ("", 0)]
)
def test_widths_are_those_of_a_terminal(text: str, columns: int) -> None:
    """Wide and full-width characters take two columns, combining marks none (UAX #11)."""
    assert width_of(text) == columns


def test_padding_and_shortening_count_columns() -> None:
    """A shortened text never takes more room than asked for, a padded one exactly that."""
    assert pad("拒否", 6) == "拒否  "
    assert pad("7", 3, right=True) == "  7"
    assert pad("long", 2) == "long"
    assert shorten("拒否されました", 6) == "拒否…"
    assert shorten("short", 5) == "short"


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("see sip:somebody@example.com now", 10, ["see", "sip:somebody@example.com", "now"]),
        ("rang for 4.2 s and ended", 12, ["rang for", "4.2 s and", "ended"]),
        ("呼が拒否されました。", 8, ["呼が拒否", "されまし", "た。"]),
        ("呼が拒否、だ", 8, ["呼が拒", "否、だ"]),
        ("", 5, []),
        ("   ", 5, []),
    ],
)
def test_lines_break_at_spaces_and_between_japanese_characters(
    text: str, width: int, lines: list[str]
) -> None:
    """Words, numbers with their unit and URIs stay whole; no line begins with a full stop."""
    assert list(wrap(text, width)) == lines


@given(st.text(alphabet="ab 呼、。（", max_size=60), st.integers(4, 30))
def test_wrapping_loses_nothing(text: str, width: int) -> None:
    """The lines hold all that is no space, in the same order."""
    assert "".join("".join(wrap(text, width)).split()) == "".join(text.split())


def test_a_list_item_hangs() -> None:
    """What follows the first line of `- …` stands under its text, beside the label."""
    lines = list(labelled(("Do", "label"), "- alpha beta gamma delta epsilon", 1, 4, 25))
    assert ["".join(text for text, _ in line) for line in lines] == [
        " Do  - alpha beta gamma",
        "       delta epsilon",
    ]
