"""Response codes side by side."""

import pytest

from analyzer.errors import UsageError
from analyzer.reference.commands import compare
from analyzer.reference.page import Page

HEADINGS = ["説明", "このコードが表示される場合", "解決方法", "よくある誤解"]


def ids(page: Page) -> list[str]:
    """Return the ids of the sections."""
    return [each.id for each in page.sections]


def test_the_japanese_page_of_204_and_603() -> None:
    """The headings that engineers know for each code, then the differences."""
    page = compare(("204", "603"), "ja")
    assert ids(page) == ["204", "603", "differences", "use", "references"]
    for code in page.sections[:2]:
        assert [part.heading for part in code.parts] == HEADINGS
    assert [each.heading for each in page.sections[2:4]] == ["主な違い", "どちらをいつ使うか"]


def test_only_differences_are_in_the_table() -> None:
    """Traits that are equal are left out; 486 and 600 differ in class, proxies and cause."""
    table = compare(("486", "600"), "en").sections[2].table
    assert table is not None
    assert table.columns == ("Trait", "486 Busy Here", "600 Busy Everywhere")
    names = [row[0] for row in table.rows]
    assert "Afterwards" in names
    assert "Final response" not in names
    assert all(len(set(row[1:])) > 1 for row in table.rows)


def test_any_two_codes() -> None:
    """Codes that nobody confuses have no words of their own, but all facts and when to use each."""
    page = compare(("100", "699"), "en")
    assert ids(page)[:4] == ["100", "699", "differences", "use"]
    page = compare(("423", "580", "busy"), "en")
    assert ids(page)[:3] == ["423", "580", "486"]
    use = page.sections[-2] if page.sections[-1].id == "references" else page.sections[-1]
    assert [each.label for each in use.items] == [
        "423 Interval Too Brief",
        "580 Precondition Failure",
        "486 Busy Here",
    ]


def test_pairs_of_several_codes_are_all_told() -> None:
    """Of three codes each pair that has words is told, once in each section."""
    page = compare(("603", "607", "608"), "en")
    (differences,) = (each for each in page.sections if each.id == "differences")
    assert [each.label for each in differences.items] == ["603 / 607", "603 / 608", "607 / 608"]


@pytest.mark.parametrize(
    "codes",
    [
        ("603",),
        ("603", "RSP603"),
        ("603", "INVITE"),
        ("603", "x"),
        tuple(map(str, range(400, 409))),
    ],
)
def test_fewer_or_more_than_can_be_compared(codes: tuple[str, ...]) -> None:
    """One code, the same code twice, what is no code, and too many are the user's mistake."""
    with pytest.raises(UsageError):
        compare(codes, "en")
