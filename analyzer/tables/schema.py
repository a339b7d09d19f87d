"""Columnar tables: one declared class per table, one documented column per attribute.

A table is a set of equally long numpy arrays. Its class declares each column with `column()`: the
annotation gives the dtype, the text its meaning, unit and absent value. No other code may create a
column. Column suffixes say what an integer is: `_ns` time, `_row` row of another table, `_sym`
symbol, `_pos` and `_len` a span of capture bytes.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, NewType, Self, get_args

import numpy as np
import numpy.typing as npt

from analyzer.frozen import frozen

if TYPE_CHECKING:
    import pandas as pd

Bool = npt.NDArray[np.bool_]
Int8 = npt.NDArray[np.int8]
Int16 = npt.NDArray[np.int16]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
UInt8 = npt.NDArray[np.uint8]
UInt16 = npt.NDArray[np.uint16]
UInt32 = npt.NDArray[np.uint32]
UInt64 = npt.NDArray[np.uint64]
Float64 = npt.NDArray[np.float64]

MessageRow = NewType("MessageRow", int)
TransactionRow = NewType("TransactionRow", int)
DialogRow = NewType("DialogRow", int)
CallRow = NewType("CallRow", int)
SubscriptionRow = NewType("SubscriptionRow", int)
RegistrationRow = NewType("RegistrationRow", int)
FindingRow = NewType("FindingRow", int)
EndpointRow = NewType("EndpointRow", int)

ABSENT = -1
"""Row, time or duration that does not exist."""


@frozen
class Column:
    """A declared column."""

    name: str
    dtype: np.dtype[Any]
    doc: str


@frozen
class _Declaration:
    doc: str


def column(doc: str) -> Any:  # noqa: ANN401 - stands in the class body for an array of any dtype
    """Declare a column of a `Table`; the annotation gives its dtype."""
    return _Declaration(doc)


def _scalar_type(hint: Any) -> Any:  # noqa: ANN401 - types at run time
    """Return X of NDArray[X]: an alias of its own since numpy 2.5, before ndarray[…, dtype[X]]."""
    arguments = get_args(hint)
    return _scalar_type(arguments[-1]) if arguments else hint


class Table:
    """Equally long columns, declared by the subclass."""

    columns: ClassVar[tuple[Column, ...]] = ()

    def __init_subclass__(cls) -> None:
        """Collect the declared columns in the order of their declaration."""
        declared = {k: v for k, v in vars(cls).items() if isinstance(v, _Declaration)}
        hints = cls.__annotations__
        cls.columns = tuple(
            Column(name, np.dtype(_scalar_type(hints[name])), declaration.doc)
            for name, declaration in declared.items()
        )

    def __init__(self, **columns: npt.ArrayLike) -> None:
        """Take every declared column; raises TypeError for a missing or an unknown one."""
        names = {each.name for each in self.columns}
        if columns.keys() != names:
            message = f"{type(self).__name__}: wrong columns {sorted(columns.keys() ^ names)}"
            raise TypeError(message)
        lengths = set()
        for each in self.columns:
            array = np.asarray(columns[each.name], dtype=each.dtype)
            lengths.add(len(array))
            setattr(self, each.name, array)
        if len(lengths) != 1:
            message = f"{type(self).__name__}: columns of different lengths {sorted(lengths)}"
            raise TypeError(message)

    def __len__(self) -> int:
        """Count the rows."""
        return len(getattr(self, self.columns[0].name))

    @classmethod
    def zeros(cls, rows: int) -> Self:
        """Make a table of `rows` rows of zeros."""
        if rows == 0:
            return cls._without_rows()
        return cls(**{each.name: np.zeros(rows, each.dtype) for each in cls.columns})

    @classmethod
    @cache
    def _without_rows(cls) -> Self:
        return cls(**{each.name: np.zeros(0, each.dtype) for each in cls.columns})

    @classmethod
    def unfilled(cls, rows: int) -> Self:
        """Make a table of `rows` rows that are filled next: until then anything is in them."""
        return cls(**{each.name: np.empty(rows, each.dtype) for each in cls.columns})

    @classmethod
    def from_rows(cls, rows: Sequence[Sequence[int]]) -> Self:
        """Make a table from tuples in the order of the declared columns."""
        by_column: Iterable[Sequence[int]] = (
            zip(*rows, strict=True) if rows else [()] * len(cls.columns)
        )
        pairs = zip(cls.columns, by_column, strict=True)
        return cls(**{each.name: np.array(values, dtype=each.dtype) for each, values in pairs})

    @classmethod
    def concatenate(cls, parts: Sequence[Self]) -> Self:
        """Stack tables; one part is returned as it is, no part gives an empty table."""
        if len(parts) < 2:
            return parts[0] if parts else cls.zeros(0)
        return cls(
            **{
                each.name: np.concatenate([getattr(part, each.name) for part in parts])
                for each in cls.columns
            }
        )

    def take(self, rows: npt.NDArray[Any]) -> Self:
        """Pick rows by number or mask, in the order given."""
        return type(self)(**{each.name: getattr(self, each.name)[rows] for each in self.columns})

    def replace(self, **columns: npt.ArrayLike) -> Self:
        """Copy the table with some columns exchanged."""
        return type(self)(
            **{each.name: columns.get(each.name, getattr(self, each.name)) for each in self.columns}
        )

    def to_pandas(self) -> "pd.DataFrame":
        """Return the columns as a DataFrame, one row per row, dtypes as declared."""
        import pandas as pd  # noqa: PLC0415 - pandas takes longer to import than most captures to read

        return pd.DataFrame({each.name: getattr(self, each.name) for each in self.columns})
