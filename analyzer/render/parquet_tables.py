"""A table as Parquet, by pyarrow: numbers, times and texts as in the DataFrame, absent is null."""

import io
from typing import BinaryIO

from analyzer.frozen import replace
from analyzer.render.data_frames import chosen_frames
from analyzer.render.formats import OutputFormat, OutputOptions
from analyzer.render.table_columns import NAMES
from analyzer.tables.trace import Trace


def render(trace: Trace, out: BinaryIO, options: OutputOptions) -> None:
    """Write the one table that is asked for."""
    wanted = replace(options, tables=options.tables[:1] or NAMES[:1])
    for _shape, frame in chosen_frames(trace, wanted):
        # its writer closes what it writes to
        file = io.BytesIO()
        frame.to_parquet(file, engine="pyarrow", index=False)
        out.write(file.getbuffer())


FORMAT = OutputFormat("parquet", ".parquet", render)
