"""`when:` → the rows for which it holds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.annotate.conditions import as_number, holding
from analyzer.annotate.fields import UNKNOWN, Coded, Judged, Value, Values
from analyzer.annotate.rule import AnyOf, Comparison, Scalar, SettingReference, SettingValue
from analyzer.annotate.rule import When as Conditions


class Given(Judged):
    """Rows with stated values, for conditions without a capture."""

    def __init__(self, columns: dict[str, Values], settings: dict[str, SettingValue]) -> None:
        """Take the values of each field."""
        self.columns = columns
        self.settings = settings

    def values(self, name: str) -> Coded:
        """Return the stated values."""
        return Coded.of(self.columns[name])

    def presence(self, name: str) -> None:
        """Tell nothing but by values."""


VALUES: list[Value] = ["3600", "abc", None, UNKNOWN, 7, True, 2.5, "ABC"]


def rows_of(
    *when: Comparison | AnyOf, settings: dict[str, SettingValue] | None = None
) -> list[int]:
    """Return the rows of VALUES that fit."""
    conditions: Conditions = when
    judged = Given({"x": VALUES}, settings or {})
    return list(holding(conditions, judged, np.arange(len(VALUES))).tolist())


@pytest.mark.parametrize(
    ("operator", "wanted", "rows"),
    [
        ("is", ("abc",), [1]),
        ("is", (3600,), [0]),
        ("is", ("abc", 7), [1, 4]),
        ("is", (True,), [5]),
        ("not", ("abc",), [0, 2, 4, 5, 6, 7]),
        ("not", (3600, 7), [1, 2, 5, 6, 7]),
        ("gt", (7,), [0]),
        ("gte", (7,), [0, 4]),
        ("lt", (7,), [6]),
        ("lte", (2.5,), [6]),
        ("contains", ("b",), [1]),
        ("startswith", ("36",), [0]),
        ("endswith", ("00", "bc"), [0, 1]),
        ("iequals", ("aBc",), [1, 7]),
        ("matches", ("^[0-9]+$",), [0, 4]),
        ("exists", (True,), [0, 1, 4, 5, 6, 7]),
        ("exists", (False,), [2]),
    ],
)
def test_operators(operator: str, wanted: tuple[Scalar, ...], rows: list[int]) -> None:
    """Each operator fits these; what is unknown never fits, what is absent only not and exists."""
    assert rows_of(Comparison("x", operator, wanted)) == rows


def test_all_and_any() -> None:
    """All tests must hold; of `any` one must."""
    either = AnyOf(((Comparison("x", "is", ("abc",)),), (Comparison("x", "is", (7,)),)))
    assert rows_of(either) == [1, 4]
    assert rows_of(either, Comparison("x", "not", (7,))) == [1]
    assert rows_of() == list(range(len(VALUES)))


def test_settings() -> None:
    """A setting stands for its value, a list for any of its values."""
    reference = (SettingReference("limit"),)
    assert rows_of(Comparison("x", "gte", reference), settings={"limit": 8}) == [0]
    assert rows_of(Comparison("x", "is", reference), settings={"limit": ("abc", 7)}) == [1, 4]


@given(st.text(st.characters(categories=["Nd"])))
def test_numbers_in_texts(text: str) -> None:
    """A text is a number only in ASCII digits and when it fits 64 bits: nothing raises."""
    number = as_number(text)
    assert (number is None) == (not text or not text.isascii() or len(text) > 18)
