"""Tables as an Excel workbook (Office Open XML), a sheet each, by XlsxWriter.

The header row stays in sight and filters. Times are UTC, as Excel keeps them, to the microsecond;
numbers of more than fifteen digits, which it would round, are text. What is text stays text: no
cell holds a formula or a link.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from analyzer.errors import UsageError
from analyzer.render.cell_texts import with_cell_texts
from analyzer.render.data_frames import chosen_frames
from analyzer.render.formats import OutputFormat, OutputOptions
from analyzer.render.layout import width_of
from analyzer.render.table_columns import TIME, TableColumn, TableShape
from analyzer.tables.trace import Trace

if TYPE_CHECKING:
    import pandas as pd
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

ROWS = 1_048_575
"""Of a sheet, its header left out."""
CHARACTERS = 32_767
"""Of a cell."""
LONGEST_NUMBER = 10**15
"""Below this a double keeps, and Excel shows, every digit."""
EPOCH_DAYS, DAY_NS = 25_569, 86_400 * 10**9
"""1970 in the days of Excel."""
TIME_FORMAT, TIME_WIDTH = "yyyy-mm-dd hh:mm:ss.000", 23
NARROWEST, WIDEST, MEASURED = 6, 60, 200
"""Widths of columns, and rows that are looked at for them."""

NO_TIME = np.iinfo(np.int64).min
Cell = str | float | bool | None


def render(trace: Trace, out: BinaryIO, options: OutputOptions) -> None:
    """Write the tables that are asked for."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - an extra

    with Workbook(out, {"constant_memory": True, "default_date_format": TIME_FORMAT}) as book:
        # the same input gives the same bytes
        book.set_properties({"created": datetime(1970, 1, 1, tzinfo=UTC)})
        heading = book.add_format({"bold": True, "bottom": 1})
        time = book.add_format({"num_format": TIME_FORMAT})
        for shape, frame in chosen_frames(trace, options):
            _write_sheet(book, shape, frame, heading, time)


def _write_sheet(
    book: "Workbook", shape: TableShape, frame: "pd.DataFrame", heading: "Format", time: "Format"
) -> None:
    if len(frame) > ROWS:
        raise UsageError(
            f"{shape.name}: {len(frame):,} rows, and a sheet of a workbook takes {ROWS:,}: "
            "write --format parquet or csv, or choose with --table or --call"
        )
    sheet = book.add_worksheet(shape.name)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(frame), len(shape.columns) - 1)
    plain = with_cell_texts(shape, frame)
    columns = [_cells(each, plain[each.name]) for each in shape.columns]
    for at, (column, values) in enumerate(zip(shape.columns, columns, strict=True)):
        sheet.set_column(at, at, _width(column, values))
        sheet.write_string(0, at, column.name, heading)
    formats = [time if each.dtype == TIME else None for each in shape.columns]
    for row, cells in enumerate(zip(*columns, strict=True), start=1):
        _write_row(sheet, row, cells, formats)


def _write_row(
    sheet: "Worksheet", row: int, cells: tuple[Cell, ...], formats: list["Format | None"]
) -> None:
    for at, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(row, at, cell)
        elif isinstance(cell, bool):
            sheet.write_boolean(row, at, cell)
        elif cell is not None:
            sheet.write_number(row, at, cell, formats[at])


def _cells(column: TableColumn, values: "pd.Series[Any]") -> list[Cell]:
    """Return the values of a column as a sheet takes them."""
    if column.dtype == TIME:
        return [_days(each) for each in values.to_numpy("datetime64[ns]").view(np.int64).tolist()]
    cells: list[Cell] = values.astype(object).where(values.notna(), None).tolist()
    if column.dtype in ("int64", "Int64"):
        return [
            str(each) if isinstance(each, int) and abs(each) >= LONGEST_NUMBER else each
            for each in cells
        ]
    return [_cut(each) if isinstance(each, str) else each for each in cells]


def _whole(number: Cell) -> Cell:
    is_long = isinstance(number, int) and abs(number) >= LONGEST_NUMBER
    return str(number) if is_long else number


def _days(time_ns: int) -> float | None:
    """Return a time as Excel counts, in days; None for the least number, which is no time."""
    if time_ns == NO_TIME:
        return None
    days, rest = divmod(time_ns, DAY_NS)
    return EPOCH_DAYS + days + rest / DAY_NS


def _cut(text: str) -> str:
    """Return as much of a text as a cell takes; one that is cut says so."""
    if len(text) <= CHARACTERS:
        return text
    note = f"… ({len(text):,} characters)"
    return text[: CHARACTERS - len(note)] + note


def _width(column: TableColumn, cells: list[Cell]) -> int:
    """Return a width in which the first values can be read, the button of the filter included."""
    if column.dtype == TIME:
        return TIME_WIDTH
    widths = (width_of(str(each)) for each in cells[:MEASURED] if each is not None)
    return min(max(len(column.name) + 3, NARROWEST, *widths), WIDEST)


FORMAT = OutputFormat("xlsx", ".xlsx", render)
