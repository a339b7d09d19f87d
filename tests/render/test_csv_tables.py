"""Tables as CSV, read back by the csv module and by pandas."""

import csv
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analyzer.render.csv_tables import FORMAT, write_csv
from analyzer.render.formats import OutputOptions
from analyzer.render.table_columns import table_shapes
from analyzer.tables.trace import Trace
from flat_records import SAMPLES, flat_table, iso, json_of_sample, opened, rows_as_declared
from hostile_tables import DIALOGUE, acts

TraceOf = Callable[[str], Trace]
TABLES = ("calls", "transactions", "subscriptions", "registrations", "findings")


def written(trace: Trace, table: str) -> bytes:
    """Return a table as CSV."""
    out = io.BytesIO()
    FORMAT.render(trace, out, OutputOptions(tables=(table,)))
    return out.getvalue()


def cells(data: bytes) -> list[dict[str, str]]:
    """Read CSV as a standard reader does, the byte order mark skipped."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def expected_cell(column: str, value: object) -> str:
    """Return what the documentation says a cell holds for a JSON value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    is_time = column == "time" or column.endswith("_time")
    return iso(value) if is_time and isinstance(value, int) else str(value)


@pytest.mark.parametrize("sample", SAMPLES)
def test_cells_are_what_the_json_output_says(sample: str) -> None:
    """Each cell of each sample is the value of the JSON output; only apostrophes are added."""
    report = json_of_sample(sample)
    with opened(sample) as trace:
        for table in TABLES:
            found = cells(written(trace, table))
            columns = [each.name for each in table_shapes()[table].columns]
            for row, record in zip(
                found, rows_as_declared(flat_table(report, table), columns), strict=True
            ):
                for column, value in record.items():
                    cell = row[column]
                    if column.endswith("_ms") and value is not None:
                        assert float(cell) == value
                    else:
                        wanted = expected_cell(column, value)
                        assert cell.replace("'", "") == wanted.replace("'", ""), column


def test_pandas_reads_it_without_options(trace_of: TraceOf) -> None:
    """Names, numbers and absent values come back; the byte order mark is no part of a name."""
    trace = trace_of("-> INVITE sip:b@h SIP/2.0\n+4s <- SIP/2.0 180 Ringing\n<- SIP/2.0 603 No\n")
    frame = pd.read_csv(io.BytesIO(written(trace, "calls")), parse_dates=["start_time"])
    assert frame.columns[0] == "id"
    (call,) = frame.to_dict("records")
    assert (call["final_status"], call["post_dial_delay_ms"]) == (603, 4000)
    assert np.isnan(call["setup_ms"])
    assert call["start_time"].tzinfo is not None


def test_an_empty_capture_gives_the_header(trace_of: TraceOf) -> None:
    """The columns are those of any other capture, after the byte order mark; one line."""
    data = written(trace_of(""), "calls")
    assert data.startswith(b"\xef\xbb\xbfid,call_ids,caller.uri,")
    assert data.count(b"\n") == 1
    assert b"\r" not in data


def test_hostile_texts_do_nothing(trace_of: TraceOf) -> None:
    """No cell begins a formula, holds a control or turns the direction; numbers stay readable."""
    trace = trace_of(DIALOGUE)
    for table in (*TABLES, "messages"):
        for row in cells(written(trace, table)):
            for cell in row.values():
                assert not acts(cell)
                assert cell.isprintable()
    (call,) = cells(written(trace, "calls"))
    assert call["caller.display"] == "'=cmd|' /C calc'!A0"
    assert call["caller.user"] == "+81312345678"
    assert call["callee.display"] == "\\u202etxt.\\x1b[31mexe"
    assert call["call_ids"] == "'@SUM(1+1)*cmd"
    assert call["user_agents.callee"].startswith("a;'=1+1\\x00\\x07")


def test_big_numbers_keep_all_digits() -> None:
    """The greatest 64-bit number is written digit by digit."""
    shape = table_shapes()["calls.rtcp"]
    row: dict[str, Any] = {each.name: None for each in shape.columns}
    frame = pd.DataFrame([row]).astype({"jitter": "Int64"})
    frame["jitter"] = pd.array([2**63 - 1], dtype="Int64")
    out = io.BytesIO()
    write_csv(shape, frame, out)
    assert cells(out.getvalue())[0]["jitter"] == "9223372036854775807"
