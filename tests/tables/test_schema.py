"""Tables are what their declaration says."""

import numpy as np
import pytest

from analyzer.tables.schema import Int16, Int64, Table, column


class Sample(Table):
    """Two columns."""

    time_ns: Int64 = column("Time, ns.")
    status: Int16 = column("Status; 0 absent.")


def test_a_declaration_gives_dtype_and_meaning() -> None:
    """Columns keep the order, dtype and text of their declaration."""
    assert [(each.name, each.dtype, each.doc) for each in Sample.columns] == [
        ("time_ns", np.dtype(np.int64), "Time, ns."),
        ("status", np.dtype(np.int16), "Status; 0 absent."),
    ]


def test_rows_can_be_taken_replaced_and_stacked() -> None:
    """`take`, `replace` and `concatenate` give new tables and leave the old one alone."""
    table = Sample.from_rows([(10, 100), (20, 200)])
    stacked = Sample.concatenate([table.take(np.array([1])), table.replace(status=[1, 2])])
    assert stacked.time_ns.tolist() == [20, 10, 20]
    assert stacked.status.tolist() == [200, 1, 2]
    assert table.status.tolist() == [100, 200]
    assert len(Sample.concatenate([])) == 0


def test_to_pandas_keeps_names_and_dtypes() -> None:
    """The DataFrame has the declared columns with their dtypes."""
    frame = Sample.from_rows([(10, 100)]).to_pandas()
    assert frame.dtypes.to_dict() == {"time_ns": np.dtype(np.int64), "status": np.dtype(np.int16)}
    assert frame.to_dict("records") == [{"time_ns": 10, "status": 100}]


def test_a_table_takes_exactly_its_columns() -> None:
    """A missing, an unknown or a shorter column is a programming error."""
    with pytest.raises(TypeError, match="wrong columns"):
        Sample(time_ns=[1])
    with pytest.raises(TypeError, match="different lengths"):
        Sample(time_ns=[1, 2], status=[1])
