"""Columns of any width → one key column."""

import numpy as np

from analyzer.tables.schema import Table, UInt64
from analyzer.tables.vector import IntArray, keys_of


def key_columns(table: Table, *names: str, more: tuple[IntArray, ...] = ()) -> UInt64:
    """Return a number for each row, equal where the columns, and some `more`, are."""
    columns = (*(getattr(table, name) for name in names), *more)
    return keys_of(
        *(each if each.dtype == np.uint64 else each.astype(np.int64) for each in columns)
    )
