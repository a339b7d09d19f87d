"""Texts in cells: nothing that a spreadsheet would calculate, nothing that cannot be seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.render.cell_texts import cell_text, cell_texts

FORMULAS = (
    "=1+1",
    '=cmd|" /C calc"!A0',
    "@SUM(1)",
    "+1-1",
    "-2+3",
    " =1+1",
    "\u3000=1+1",
    "\u00a0=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "﹦1",
    "﹢1",
    "﹣1",
    "﹫SUM(1)",
    "−1",
    '"=1+1',
    "'=1+1",
    "+81 3 1234",
    "+٣",
)
ACTING = "=+-@"


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_begins_with_an_apostrophe(text: str) -> None:
    """OWASP's list of what begins a formula, full-width and small forms, blanks before it."""
    assert cell_text(text) == f"'{text}"


@pytest.mark.parametrize("before", ["\t", "\r", "\n", "\x00", "\x1b", "\u202e", "\ufeff", "\x85"])
def test_what_cannot_be_seen_is_escaped(before: str) -> None:
    """Controls and marks of direction neither hide a formula nor act: they are shown by number."""
    made = cell_text(f"{before}=1+1")
    assert made.startswith("\\")
    assert made.isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "alice",
        "+81312345678",
        "+1",
        "sip:+81312345678@example.com;user=phone",
        "a=1",
        "山田 太郎",
        "10.0.0.1 | 10.0.0.2",
        "603 Decline (a-b)",
    ],
)
def test_ordinary_texts_stay(text: str) -> None:
    """Telephone numbers, URIs, names and reasons are as they were."""
    assert cell_text(text) == text


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a;=1+1", "a;'=1+1"),
        ("a; @SUM(1);b", "a;' @SUM(1);b"),
        ('a;"=1+1"', 'a;\'"=1+1"'),
        ("+1;-2", "'+1;'-2"),
    ],
)
def test_a_semicolon_begins_a_cell(text: str, made: str) -> None:
    """Where a list separator is `;`, a spreadsheet parts cells there."""
    assert cell_text(text) == made


def test_each_value_of_a_list_is_a_cell() -> None:
    """The values between ` | ` are made so one by one."""
    assert cell_texts("=1 | b | +81 | -2") == "'=1 | b | +81 | '-2"


@given(st.text())
def test_no_text_begins_a_formula(text: str) -> None:
    """Whatever comes: what begins a cell does not act, unless it is `+` and digits alone."""
    made = cell_text(text)
    assert made.replace("\u3000", " ").replace("\u00a0", " ").isprintable()
    for cell in [made, *made.split(";")[1:]]:
        begins = cell.lstrip().lstrip("\"'").lstrip()[:1]
        assert not begins or begins not in ACTING or cell.startswith("'") or made[1:].isdecimal()
