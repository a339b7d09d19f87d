"""Columns of records → pandas DataFrames, whole columns at once, as `table_columns` declares them.

Numbers go from table to DataFrame as they are. Texts are written as JSON, all of a column, and read
back, both compiled: that is quick, and a text is the same as in the JSON output by construction.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from analyzer.render.call_records import call_records
from analyzer.render.finding_records import finding_records
from analyzer.render.message_records import message_records
from analyzer.render.record_columns import (
    Batch,
    Booleans,
    Durations,
    Endpoints,
    Frames,
    Integers,
    Lists,
    Tokens,
    Value,
)
from analyzer.render.record_shapes import TEXT, Key, Layout, ListOf
from analyzer.render.record_source import RecordSource
from analyzer.render.record_texts import WHOLE_FROM_MS
from analyzer.render.records import encode
from analyzer.render.registration_records import registration_records
from analyzer.render.subscription_records import subscription_records
from analyzer.render.table_columns import SEPARATOR, TableColumn, TableShape, owner_of
from analyzer.render.transaction_records import transaction_records
from analyzer.tables.schema import Bool, Float64, Int64
from analyzer.tables.vector import IntArray

if TYPE_CHECKING:
    import pandas as pd

RECORDS: Mapping[str, Callable[[RecordSource, IntArray], Batch]] = {
    "calls": call_records,
    "transactions": transaction_records,
    "subscriptions": subscription_records,
    "registrations": registration_records,
    "findings": finding_records,
    "messages": message_records,
}
"""What makes the records of each section."""
_TEXTS, _LISTS = (
    Layout("", "", "", (Key("column", ListOf(item)),)) for item in (TEXT, ListOf(TEXT))
)


def data_frame(source: RecordSource, shape: TableShape, rows: Int64) -> "pd.DataFrame":
    """Return some records as a DataFrame, or the lists in them that a table is made of."""
    import pandas as pd  # noqa: PLC0415 - takes longer to import than most captures to read

    batch = RECORDS[shape.layout.section](source, rows)
    if shape.key:
        batch = _items(batch, shape, rows)
    made = {each.name: _column(each, batch) for each in shape.columns}
    return pd.DataFrame(made, copy=False)


def _items(batch: Batch, shape: TableShape, rows: Int64) -> Batch:
    """Return the objects of a list of records, with the record each belongs to."""
    lists = batch.at(shape.key)
    if not isinstance(lists, Lists) or not isinstance(lists.items, Mapping):
        raise TypeError(lists)
    owner = Integers(np.repeat(rows, np.diff(lists.starts)))
    values = {owner_of(shape.layout): owner, **lists.items}
    return Batch(int(lists.starts[-1]), values, batch.sources)


def _column(column: TableColumn, batch: Batch) -> Any:  # noqa: ANN401 - an array of any dtype
    """Return the values of one column as an array of its dtype."""
    import pandas as pd  # noqa: PLC0415 - see above

    value = batch.at(*column.path)
    if isinstance(value, Mapping):
        raise TypeError(value)
    match column.dtype:
        case "category":
            return _categories(column, value, batch)
        case "string":
            return pd.array(_texts(column, value, batch), dtype="string")
        case "float64":
            return _floats(column, value, batch)
        case _:
            return _integers(column, *_numbers(column, value, batch))


def _integers(column: TableColumn, numbers: Int64, absent: Bool) -> Any:  # noqa: ANN401 - see above
    """Return integers as what the column is declared to hold."""
    import pandas as pd  # noqa: PLC0415 - see above

    match column.dtype:
        case "datetime64[ns, UTC]":
            times = numbers.view("datetime64[ns]").copy()
            times[absent] = np.datetime64("NaT")
            return pd.DatetimeIndex(times, tz="UTC")
        case "Int64":
            return pd.arrays.IntegerArray(numbers.copy(), absent)
        case "boolean":
            return pd.arrays.BooleanArray(numbers.astype(np.bool_), absent)
        case _:
            return numbers.astype(column.dtype)


def _numbers(column: TableColumn, value: Value, batch: Batch) -> tuple[Int64, Bool]:
    """Return integers, and where there is none."""
    match value:
        case Integers(values, absent):
            numbers = values.astype(np.int64)
            return numbers, np.zeros(len(numbers), np.bool_) if absent is None else (
                numbers == absent
            )
        case Booleans(values):
            return values.astype(np.int64), np.zeros(len(values), np.bool_)
        case Frames(captures, numbers):
            chosen = captures if column.part == "capture" else numbers
            return chosen.astype(np.int64), np.asarray(numbers < 1)
        case Endpoints(rows, table) if len(table):
            return table.port[np.maximum(rows, 0)].astype(np.int64), np.asarray(rows < 0)
        case _:
            found = _plain(column, value, batch)
            is_absent = np.array([each is None for each in found], np.bool_)
            return np.array([each or 0 for each in found], np.int64), is_absent


def _floats(column: TableColumn, value: Value, batch: Batch) -> Float64:
    """Return numbers, NaN where there is none."""
    match value:
        case Durations(durations_ns):
            return _milliseconds(durations_ns)
        case _:
            return np.array(_plain(column, value, batch), np.float64)


def _milliseconds(durations_ns: Int64) -> Float64:
    """Return durations as the JSON output rounds them."""
    microseconds = (durations_ns + 500) // 1_000
    rounded: Float64 = microseconds / 1_000
    is_long = microseconds >= WHOLE_FROM_MS * 1_000
    rounded[is_long] = (microseconds[is_long] + 500) // 1_000
    rounded[durations_ns < 0] = np.nan
    return rounded


def _categories(column: TableColumn, value: Value, batch: Batch) -> "pd.Categorical":
    import pandas as pd  # noqa: PLC0415 - see above

    dtype = pd.CategoricalDtype(list(column.words), ordered=column.ordered)
    if not isinstance(value, Tokens):
        return pd.Categorical(_plain(column, value, batch), dtype=dtype)
    used = np.unique(value.numbers[value.numbers >= 0])
    codes = np.full(len(value.pool.tokens) + 1, -1, np.int64)
    codes[used] = [
        column.words.index(orjson.loads(value.pool.tokens[each])) for each in used.tolist()
    ]
    return pd.Categorical.from_codes(codes[value.numbers], dtype=dtype)


def _texts(column: TableColumn, value: Value, batch: Batch) -> list[str | None]:
    found = _plain(column, value, batch)
    if column.is_list:
        return [_listed(each) if each else None for each in found]
    return [each if each is None or isinstance(each, str) else _json(each) for each in found]


def _listed(items: list[Any]) -> str:
    r"""Put items beside each other; a `|` in one, which no token or URI can hold, is `\x7c`."""
    return SEPARATOR.join(_item(each).replace("|", "\\x7c") for each in items)


def _item(item: object) -> str:
    return ":".join(map(str, item)) if isinstance(item, list) else str(item)


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _plain(column: TableColumn, value: Value, batch: Batch) -> list[Any]:
    """Return the values as the JSON output has them, or a part of them."""
    if isinstance(value, Endpoints) and column.part == "address":
        return _addresses(value)
    if isinstance(value, Tokens):
        tokens = [orjson.loads(each) for each in value.pool.tokens]
        found = [tokens[each] if each >= 0 else None for each in value.numbers.tolist()]
    else:
        ends = np.array([0, batch.count], np.int64)
        whole = Batch(1, {"column": Lists(ends, value)}, batch.sources)
        layout = _LISTS if isinstance(value, Lists) else _TEXTS
        found = orjson.loads(encode(layout, whole).data)["column"]
    return [each and each[column.part] for each in found] if column.part else found


def _addresses(value: Endpoints) -> list[str | None]:
    rows, which = np.unique(value.rows, return_inverse=True)
    names = [value.table.address(row) if row >= 0 else None for row in rows.tolist()]
    return [names[each] for each in which.tolist()]
