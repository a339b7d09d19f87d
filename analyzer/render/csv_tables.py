r"""A table as CSV (RFC 4180): UTF-8, a comma between cells, text in quotes where it must be.

It begins with a byte order mark, without which Excel takes UTF-8 for something else; lines end in a
line feed. Times are ISO 8601 in UTC, `2026-03-02T09:12:00.080000000Z`; an absent value is an empty
cell.
"""

from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from analyzer.frozen import replace
from analyzer.render.cell_texts import with_cell_texts
from analyzer.render.data_frames import chosen_frames
from analyzer.render.formats import OutputFormat, OutputOptions
from analyzer.render.table_columns import NAMES, TIME, TableShape
from analyzer.tables.trace import Trace

if TYPE_CHECKING:
    import pandas as pd

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
CHUNK = 20_000
"""Rows that become text at a time."""


def render(trace: Trace, out: BinaryIO, options: OutputOptions) -> None:
    """Write the one table that is asked for."""
    wanted = replace(options, tables=options.tables[:1] or NAMES[:1])
    for shape, frame in chosen_frames(trace, wanted):
        write_csv(shape, frame, out)


def write_csv(shape: TableShape, frame: "pd.DataFrame", out: BinaryIO) -> None:
    """Write a table."""
    plain = _as_texts(shape, with_cell_texts(shape, frame))
    out.write(BYTE_ORDER_MARK)
    for first in range(0, max(len(plain), 1), CHUNK):
        rows = plain.iloc[first : first + CHUNK]
        text = rows.to_csv(index=False, header=first == 0, lineterminator="\n")
        out.write(text.encode())


def _as_texts(shape: TableShape, frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return a table with times and truth values as they are to be written."""
    plain = frame.copy(deep=False)
    for each in shape.columns:
        if each.dtype == TIME:
            times = frame[each.name].to_numpy("datetime64[ns]")
            texts = np.char.add(np.datetime_as_string(times), "Z").astype(object)
            texts[np.isnat(times)] = None
            plain[each.name] = texts
        elif each.dtype in ("bool", "boolean"):
            plain[each.name] = frame[each.name].map({True: "true", False: "false"})
    return plain


FORMAT = OutputFormat("csv", ".csv", render)
