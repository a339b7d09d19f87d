"""Tables as Parquet, read back by pyarrow."""

import io
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from analyzer.render.data_frames import DataFrames
from analyzer.render.formats import OutputOptions
from analyzer.render.parquet_tables import FORMAT
from analyzer.render.table_columns import table_shapes
from analyzer.tables.trace import Trace
from flat_records import SAMPLES, flat_table, json_of_sample, opened, rows_as_declared
from hostile_tables import DIALOGUE

pq: Any = pytest.importorskip("pyarrow.parquet", reason="pyarrow is an extra")
TraceOf = Callable[[str], Trace]


def written(trace: Trace, table: str) -> io.BytesIO:
    """Return a table as Parquet."""
    out = io.BytesIO()
    FORMAT.render(trace, out, OutputOptions(tables=(table,)))
    return io.BytesIO(out.getvalue())


def as_json(value: Any) -> Any:  # noqa: ANN401 - any value
    """Return a value as JSON has it, times as ns."""
    return value.value if isinstance(value, pd.Timestamp) else value


@pytest.mark.parametrize("sample", SAMPLES)
def test_values_are_what_the_json_output_says(sample: str) -> None:
    """Each value of each sample is that of the JSON output; absent is null."""
    report = json_of_sample(sample)
    with opened(sample) as trace:
        for name, shape in table_shapes().items():
            found = pq.read_table(written(trace, name)).to_pylist()
            columns = [each.name for each in shape.columns]
            expected = rows_as_declared(flat_table(report, name), columns)
            assert [{k: as_json(v) for k, v in row.items()} for row in found] == expected, name


def test_pandas_gets_the_same_table_back(trace_of: TraceOf) -> None:
    """What is read is the DataFrame that was written; texts are as in the capture, as no program
    takes those of Parquet for formulas.
    """
    trace = trace_of(DIALOGUE)
    for name in ("calls", "transactions", "findings"):
        read = pd.read_parquet(written(trace, name))
        pd.testing.assert_frame_equal(read, DataFrames(trace)[name])


def test_an_empty_capture_gives_the_same_dtypes(trace_of: TraceOf) -> None:
    """Columns and dtypes without a row are those of any other capture."""
    empty = trace_of("")
    for name, shape in table_shapes().items():
        read = pd.read_parquet(written(empty, name))
        assert {k: str(v) for k, v in read.dtypes.items()} == {
            each.name: each.dtype for each in shape.columns
        }


def test_types_are_those_of_arrow(trace_of: TraceOf) -> None:
    """Times are timestamps in UTC to the nanosecond, absent numbers are null and no NaN."""
    table = pq.read_table(written(trace_of(DIALOGUE), "calls"))
    assert str(table.schema.field("start_time").type) == "timestamp[ns, tz=UTC]"
    assert str(table.schema.field("final_status").type) == "int64"
    assert table.column("talk_ms").null_count == 1
