"""Tables as a workbook, read back by openpyxl."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from analyzer.errors import UsageError
from analyzer.render import xlsx_tables
from analyzer.render.formats import OutputOptions
from analyzer.render.table_columns import NAMES, TIME, table_shapes
from analyzer.render.xlsx_tables import CHARACTERS, FORMAT
from analyzer.tables.trace import Trace
from flat_records import SAMPLES, flat_table, json_of_sample, opened, rows_as_declared
from hostile_tables import DIALOGUE, acts

openpyxl: Any = pytest.importorskip("openpyxl", reason="openpyxl reads workbooks back")
pytest.importorskip("xlsxwriter", reason="XlsxWriter is an extra")
TraceOf = Callable[[str], Trace]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CALL = "-> INVITE sip:bob@example.com SIP/2.0\n<- SIP/2.0 603 Decline\n"


def workbook(trace: Trace, *tables: str) -> Any:  # noqa: ANN401 - openpyxl has no types
    """Return tables as a workbook that was written and read."""
    out = io.BytesIO()
    FORMAT.render(trace, out, OutputOptions(tables=tables))
    return openpyxl.load_workbook(io.BytesIO(out.getvalue()))


def rows_of(sheet: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - openpyxl has no types
    """Return the rows of a sheet by the names in its header."""
    names, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


@pytest.mark.parametrize("sample", SAMPLES)
def test_cells_are_what_the_json_output_says(sample: str) -> None:
    """Each cell of each sample is the value of the JSON output: numbers as numbers, truth values as
    such, times as dates to the millisecond, texts with nothing but apostrophes added.
    """
    report = json_of_sample(sample)
    with opened(sample) as trace:
        book = workbook(trace, *NAMES)
        for name in NAMES:
            shape = table_shapes()[name]
            columns = [each.name for each in shape.columns]
            expected = rows_as_declared(flat_table(report, name), columns)
            for row, record in zip(rows_of(book[name]), expected, strict=True):
                for column in shape.columns:
                    cell, value = row[column.name], record[column.name]
                    if column.dtype == TIME and value is not None:
                        time = EPOCH + timedelta(microseconds=value / 1000)
                        assert abs(cell.replace(tzinfo=UTC) - time) < timedelta(milliseconds=1)
                    elif isinstance(value, str):
                        assert cell.replace("'", "") == value.replace("'", ""), column.name
                    else:
                        assert (cell, type(cell) is bool) == (value, type(value) is bool)


def test_sheets_are_ready_to_work_with(trace_of: TraceOf) -> None:
    """A sheet for each table; the header stays in sight and filters; columns are wide enough."""
    book = workbook(trace_of(CALL))
    assert book.sheetnames == [*NAMES, "columns"]
    sheet = book["calls"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == sheet.dimensions
    times = [cell for cell in sheet[1] if cell.value == "start_time"]
    assert sheet.column_dimensions[times[0].column_letter].width >= 23
    assert sheet.cell(2, times[0].column).number_format == "yyyy-mm-dd hh:mm:ss.000"


def test_an_empty_capture_gives_headers(trace_of: TraceOf) -> None:
    """Sheets of an empty capture have their header and no row."""
    book = workbook(trace_of(""))
    for name in NAMES:
        assert [each.value for each in book[name][1]] == [
            each.name for each in table_shapes()[name].columns
        ]
        assert book[name].max_row == 1


def test_hostile_texts_do_nothing(trace_of: TraceOf) -> None:
    """No cell is or begins a formula, or is a link; what XML cannot hold is escaped, and an escape
    of Excel's own (`_x0041_`) is the text that it was.
    """
    book = workbook(trace_of(DIALOGUE), *NAMES, "messages")
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            assert cell.data_type != "f"
            assert cell.hyperlink is None
            if isinstance(cell.value, str):
                assert not acts(cell.value)
                assert cell.value.isprintable()
    (call,) = rows_of(book["calls"])
    assert call["caller.display"] == "'=cmd|' /C calc'!A0"
    assert call["caller.user"] == "+81312345678"
    assert call["callee.display"] == "\\u202etxt.\\x1b[31mexe"
    # openpyxl leaves the escape of the underscore that Excel reads away
    server = call["user_agents.callee"].replace("_x005F_", "_")
    assert server.startswith("a;'=1+1\\x00\\x07_x0041_")


def test_too_many_rows_are_refused(trace_of: TraceOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says how many rows there are, how many a sheet takes, and what to do."""
    monkeypatch.setattr(xlsx_tables, "ROWS", 1)
    with pytest.raises(UsageError, match=r"calls: 2 rows, and a sheet .* takes 1: write --format"):
        workbook(trace_of(CALL + CALL.replace("\n", "\n   Call-ID: another\n")), "calls")


def test_limits_of_cells(trace_of: TraceOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers that Excel would round are text; a text that is too long says that it was cut."""
    shape = table_shapes()["registrations.contacts"]
    frame = pd.DataFrame(
        {"of_registration": [10**15], "uri": ["x" * 40_000], "expires_s": [10**14]}
    )
    frame = frame.astype({"expires_s": "Int64", "uri": "string"})
    monkeypatch.setattr(xlsx_tables, "chosen_frames", lambda *_: [(shape, frame)])
    (row,) = rows_of(workbook(trace_of("")).active)
    assert (row["of_registration"], row["expires_s"]) == (str(10**15), 10**14)
    assert len(row["uri"]) == CHARACTERS
    assert row["uri"].endswith("x… (40,000 characters)")


def test_the_same_input_gives_the_same_bytes(trace_of: TraceOf) -> None:
    """No time of writing is in the file."""
    trace, made = trace_of(CALL), []
    for _ in range(2):
        out = io.BytesIO()
        FORMAT.render(trace, out, OutputOptions())
        made.append(out.getvalue())
    assert made[0] == made[1]
