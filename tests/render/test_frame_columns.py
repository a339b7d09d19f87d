"""Columns of records as arrays: each kind of value, and what is seldom there."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analyzer.render.frame_columns import data_frame
from analyzer.render.record_columns import (
    Batch,
    Booleans,
    Durations,
    Forms,
    Integers,
    Lists,
    TokenPool,
    Tokens,
    Value,
    Values,
)
from analyzer.render.record_shapes import Layout
from analyzer.render.record_source import RecordSource
from analyzer.render.table_columns import TableColumn, TableShape
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]
LAYOUT = Layout("call", "calls", "", ())
Optional = partial(TableColumn, "key", unit="", meaning="", optional=True, path=("key",))


def column_of(
    monkeypatch: pytest.MonkeyPatch, trace: Trace, column: TableColumn, value: Value | Values
) -> "pd.Series[Any]":
    """Return a column that is made of a value."""
    batch = Batch(2, {"key": value}, ())
    monkeypatch.setattr("analyzer.render.frame_columns.RECORDS", {"calls": lambda *_: batch})
    shape = TableShape("calls", "", LAYOUT, (column,))
    made = data_frame(RecordSource(trace), shape, np.arange(2))[column.name]
    return pd.Series(made)


def test_durations_round_as_in_the_json_output(
    monkeypatch: pytest.MonkeyPatch, trace_of: TraceOf
) -> None:
    """Three decimals, half a microsecond up; 35 years and more have none; negative is absent."""
    column = Optional(dtype="float64")
    made = column_of(monkeypatch, trace_of(""), column, Durations(np.array([1_499, 1_500])))
    assert made.tolist() == [0.001, 0.002]
    years = Durations(np.array([(1 << 40) * 1_000_000 + 600_000, -1]))
    long, absent = column_of(monkeypatch, trace_of(""), column, years)
    assert (long, np.isnan(absent)) == ((1 << 40) + 1, True)


def test_values_that_are_json_text_become_what_is_declared(
    monkeypatch: pytest.MonkeyPatch, trace_of: TraceOf
) -> None:
    """A column is of its dtype whatever kind of value fills it."""
    forms = Forms(np.array([0, 1]), ((b"7",), (b"null",)))
    for dtype, expected in (("Int64", 7), ("float64", 7.0), ("boolean", True), ("string", "7")):
        column = Optional(dtype=dtype)
        made = column_of(monkeypatch, trace_of(""), column, forms)
        assert str(made.dtype) == dtype
        assert made[0] == expected
        assert pd.isna(made[1])
    words = Forms(np.array([0, 1]), ((b'"low"',), (b"null",)))
    column = Optional(dtype="category", words=("high", "low"))
    made = column_of(monkeypatch, trace_of(""), column, words)
    assert made.cat.categories.tolist() == ["high", "low"]
    assert made.tolist()[0] == "low"


def test_absent_times_and_numbers(monkeypatch: pytest.MonkeyPatch, trace_of: TraceOf) -> None:
    """The number that stands for null is NaT or <NA>; the same number elsewhere is itself."""
    time = Optional(dtype="datetime64[ns, UTC]")
    made = column_of(monkeypatch, trace_of(""), time, Integers(np.array([0, -5]), -5))
    assert made[0] == pd.Timestamp(0, tz="UTC")
    assert pd.isna(made[1])
    number = Optional(dtype="int64")
    assert column_of(monkeypatch, trace_of(""), number, Integers(np.array([0, -5]))).tolist() == [
        0,
        -5,
    ]


def test_lists_are_one_text(monkeypatch: pytest.MonkeyPatch, trace_of: TraceOf) -> None:
    """Values stand beside each other, a bar inside one is escaped; an empty list is absent."""
    pool = TokenPool()
    numbers = np.array([pool.number("a"), pool.number("b|c")])
    column = Optional(dtype="string", is_list=True)
    lists = Lists(np.array([0, 2, 2]), Tokens(numbers, pool))
    made = column_of(monkeypatch, trace_of(""), column, lists)
    assert made[0] == "a | b\\x7cc"
    assert pd.isna(made[1])


def test_what_does_not_fit_its_declaration_is_our_fault(
    monkeypatch: pytest.MonkeyPatch, trace_of: TraceOf
) -> None:
    """An object where a value should be, or a list of values where rows should be, raises."""
    column = Optional(dtype="bool")
    with pytest.raises(TypeError):
        column_of(monkeypatch, trace_of(""), column, {"inner": Booleans(np.zeros(2, np.bool_))})
    shape = TableShape("calls.key", "", LAYOUT, (column,), "key")
    with pytest.raises(TypeError):
        data_frame(RecordSource(trace_of("")), shape, np.arange(2))
