"""Numbers, durations, names and endpoints as columns of field values, each value made once."""

from collections.abc import Sequence

import numpy as np

from analyzer.annotate.facts.forks import endpoint_text
from analyzer.annotate.fields import Coded, Value
from analyzer.tables.schema import ABSENT, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, distinct

_NS_PER_MS = 1_000_000


def numbers(column: IntArray) -> Coded:
    """Return whole numbers; a negative one is absent."""
    different = distinct(column)
    values = [each if each >= 0 else None for each in different.tolist()]
    return Coded(np.searchsorted(different, column), values)


def durations(spent_ns: Int64) -> Coded:
    """Return durations in milliseconds; a negative one is absent."""
    different = distinct(spent_ns)
    values = [round(each / _NS_PER_MS, 3) if each >= 0 else None for each in different.tolist()]
    return Coded(np.searchsorted(different, spent_ns), values)


def names(codes: IntArray, known: Sequence[Value]) -> Coded:
    """Return the name of each code; a negative one is absent."""
    chosen = codes.astype(np.int64)
    return Coded(np.where(chosen < 0, len(known), chosen), [*known, None])


def endpoints(trace: Trace, rows: IntArray) -> Coded:
    """Return address and port of rows of EndpointTable; a negative one is absent."""
    different = distinct(rows)
    values = [endpoint_text(trace, each) if each >= 0 else None for each in different.tolist()]
    return Coded(np.searchsorted(different, rows), values)


def spread(count: int, rows: Int64, values: IntArray) -> Int64:
    """Return a column that has values in some rows and ABSENT in the others."""
    column = np.full(count, ABSENT, np.int64)
    column[rows] = values
    return column
