"""What the reference writer makes of single values."""

import numpy as np
import pytest

from analyzer.render.record_columns import Integers, Lists
from analyzer.render.record_shapes import Key, Leaf, ListOf, ObjectOf
from analyzer.render.record_texts import milliseconds, period, records


@pytest.mark.parametrize(
    ("nanoseconds", "expected"),
    [
        (-1, None),
        (0, 0),
        (499, 0),
        (500, 0.001),
        (1_234_567, 1.235),
        (1_500_000, 1.5),
        (999_999_500, 1000),
        (2**63 - 1, 9223372036855),
    ],
)
def test_milliseconds(nanoseconds: int, expected: float | None) -> None:
    """Durations have at most three decimals, rounded half up, none when they are very long."""
    assert milliseconds(nanoseconds) == expected


@pytest.mark.parametrize(
    ("nanoseconds", "expected"),
    [
        (-1, None),
        (0, "0.0 s"),
        (3_249_999_999, "3.2 s"),
        (59_949_999_999, "59.9 s"),
        (59_950_000_000, "1 min 0 s"),
        (3_599_499_999_999, "59 min 59 s"),
        (3_661_000_000_000, "1 h 1 min 1 s"),
    ],
)
def test_period(nanoseconds: int, expected: str | None) -> None:
    """Durations in sentences have tenths of a second up to a minute, then whole seconds."""
    assert period(nanoseconds, (" h ", " min ", " s")) == expected


def test_nested_shapes() -> None:
    """Lists and objects come out as the layout nests them."""
    shape = ObjectOf((Key("list", ListOf(ObjectOf((Key("n", Leaf({})),)))),))
    values = {"list": Lists(np.array([0, 2, 2]), {"n": Integers(np.array([1, 2]), 2)})}
    assert records(shape, values, 2, ()) == [{"list": [{"n": 1}, {"n": None}]}, {"list": []}]


def test_layout_and_columns_must_fit() -> None:
    """A list where the layout has none is our fault and says so."""
    shape = ObjectOf((Key("n", Leaf({})),))
    values = {"n": Lists(np.array([0, 0]), Integers(np.zeros(0, np.int64)))}
    with pytest.raises(TypeError):
        records(shape, values, 1, ())
