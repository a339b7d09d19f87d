"""What conditions can be asked about besides the response that a rule judges: calls, responses,
requests, findings, subscriptions, registrations, anomalies; each kind with its fields.

A kind is declared in a module of `annotate/things`; they are found by themselves. A column of the
table of a kind is a field without being named anywhere: `setup_ns` is `setup_ms`. What is no column
is declared with `item_field`, in any of these modules.
"""

import pkgutil
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module

import numpy as np

from analyzer.annotate.conditions import Subject
from analyzer.annotate.fields import KINDS, UNKNOWN, Coded, Value, Values, header_of, is_header
from analyzer.annotate.rule import SettingValue, Text
from analyzer.frozen import frozen
from analyzer.sip.headers import distinct_header_values
from analyzer.tables.anomalies import Frame
from analyzer.tables.schema import Column, Int64, Table
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray

ItemFunction = Callable[[Trace], Values]
_NO_CHOICES: Mapping[str, Text] = {}
_NO_FIELD = ("_row", "_sym", "_pos", "_len", "_hash")
_MS = 1_000_000


def asked_elsewhere(_trace: Trace) -> Values:
    """Return nothing: the values of such a field are asked of the items by its name."""
    return ()


@frozen
class ItemField:
    """What may be asked about the items of one kind."""

    name: str
    kind: str
    """One of fields.KINDS."""
    meaning: Text
    values: ItemFunction
    choices: Mapping[str, Text] = _NO_CHOICES
    settings: tuple[str, ...] = ()


@frozen
class Items:
    """All items of a kind in a trace."""

    subject: Subject
    message_rows: Int64
    """Message to show for each, in MessageTable; -1 none."""
    call_rows: Int64
    """Row in CallTable; -1 none."""
    frames: tuple[Frame | None, ...] = ()
    """Frames to show where there are no messages."""

    def __len__(self) -> int:
        """Count the items."""
        return len(self.message_rows)


class Kind:
    """A kind of items."""

    def __init__(self, name: str, meaning: Text) -> None:
        """Take the name that a policy uses, and what it means."""
        self.name = name
        self.meaning = meaning

    def find(self, name: str) -> ItemField:
        """Return a field; raises KeyError."""
        return self.fields()[name]

    def names(self) -> Iterable[str]:
        """Return the names of the fields."""
        return list(self.fields())

    def fields(self) -> Mapping[str, ItemField]:
        """Return the fields by name, headers apart."""
        raise NotImplementedError

    def items(self, trace: Trace, settings: Mapping[str, SettingValue]) -> Items:
        """Return the items of a trace."""
        raise NotImplementedError


class Rows:
    """Rows of a table with the values of their fields once computed."""

    def __init__(self, trace: Trace, kind: Kind, settings: Mapping[str, SettingValue]) -> None:
        """Ask for the fields of a kind."""
        self.trace = trace
        self.settings = settings
        self._kind = kind
        self._values: dict[str, Coded] = {}

    def presence(self, name: str) -> Coded | None:
        """Return None: here values cost no more."""
        del name
        return None

    def values(self, name: str) -> Coded:
        """Return the values of a field."""
        if name not in self._values:
            found = self._kind.find(name).values(self.trace)
            self._values[name] = found if isinstance(found, Coded) else Coded.of(found)
        return self._values[name]


MessageRows = Callable[[Trace], IntArray]


class TableKind(Kind):
    """Rows of a table: its columns are fields, and so are headers of the messages it names."""

    def __init__(
        self,
        name: str,
        meaning: Text,
        table: type[Table],
        read: Callable[[Trace], Table],
        sides: Mapping[str, str],
    ) -> None:
        """Take the table, how to get it, and the columns of messages: of `request` and `response`
        whose headers are fields, and `shown`, where an item is.
        """
        super().__init__(name, meaning)
        self._table = table
        self._read = read
        self._sides = sides

    def find(self, name: str) -> ItemField:
        """Return a column, a declared field or a header; raises KeyError."""
        side, _, header = name.partition(".")
        if name in self.fields() or side not in self._sides or not is_header(header):
            return self.fields()[name]
        return self._header_field(name, side, header_of(header))

    def fields(self) -> Mapping[str, ItemField]:
        """Return the columns and the declared fields."""
        load_kinds()
        return {**_column_fields(self._table, self._read), **_DECLARED.get(self.name, {})}

    def items(self, trace: Trace, settings: Mapping[str, SettingValue]) -> Items:
        """Return all rows."""
        table = self._read(trace)
        shown: IntArray = getattr(table, self._sides["shown"])
        is_call = self.name == "calls"
        calls = np.arange(len(table)) if is_call else np.full(len(table), -1, np.int64)
        return Items(Rows(trace, self, settings), shown.astype(np.int64), calls)

    def _header_field(self, name: str, side: str, header: str) -> ItemField:
        def values(trace: Trace) -> Values:
            rows: IntArray = getattr(self._read(trace), self._sides[side])
            return _headers(trace, rows.astype(np.int64), header)

        return ItemField(name, "header", {"en": f"{header} header of the {side}."}, values)


def _headers(trace: Trace, rows: Int64, name: str) -> Coded:
    present = np.flatnonzero(rows >= 0)
    codes, values = distinct_header_values(trace, rows[present], name)
    every = np.full(len(rows), len(values), np.int64)
    every[present] = codes
    return Coded(every, [*values, UNKNOWN])


def _column_fields(table: type[Table], read: Callable[[Trace], Table]) -> dict[str, ItemField]:
    found = {}
    for column in table.columns:
        if column.name.endswith(_NO_FIELD) or "since 1970" in column.doc:
            continue
        made = _column_field(column, read)
        found[made.name] = made
    return found


def _column_field(column: Column, read: Callable[[Trace], Table]) -> ItemField:
    name = column.name
    meaning = {"en": column.doc.replace("; -1 absent", "").replace("; 0 none", "")}
    if column.dtype.kind == "b":
        return ItemField(
            name, "flag", meaning, lambda trace: getattr(read(trace), name).astype(bool).tolist()
        )
    if name.endswith("_ns"):
        return ItemField(
            f"{name[:-3]}_ms", "duration_ms", meaning, lambda trace: _ms(getattr(read(trace), name))
        )
    kind = "seconds" if name.endswith("_s") else "number"
    absent = 0 if name.endswith("status") else -1
    return ItemField(
        name, kind, meaning, lambda trace: _numbers(getattr(read(trace), name), absent)
    )


def _ms(column: IntArray) -> list[Value]:
    return [None if each < 0 else each / _MS for each in column.tolist()]


def _numbers(column: IntArray, absent: int) -> list[Value]:
    return [None if each <= absent and each <= 0 else each for each in column.tolist()]


_DECLARED: dict[str, dict[str, ItemField]] = {}
_KINDS: dict[str, Kind] = {}


def item_field(
    of: str, name: str, kind: str, *, en: str, ja: str, choices: Mapping[str, Text] = _NO_CHOICES
) -> Callable[[ItemFunction], ItemFunction]:
    """Declare the function below as a field of a kind of items; it goes before a column."""
    declared = _DECLARED.setdefault(of, {})
    if name in declared:
        raise ValueError(f"two fields of {of} are called {name}")
    if kind not in KINDS:
        raise ValueError(f"field {name}: no such kind {kind}")

    def declare(function: ItemFunction) -> ItemFunction:
        declared[name] = ItemField(name, kind, {"en": en, "ja": ja}, function, choices)
        return function

    return declare


def declare_kind(kind: Kind) -> Kind:
    """Add a kind; raises ValueError for a second one of the same name."""
    if kind.name in _KINDS:
        raise ValueError(f"two kinds of items are called {kind.name}")
    _KINDS[kind.name] = kind
    return kind


@cache
def load_kinds() -> Mapping[str, Kind]:
    """Return all kinds by name."""
    from analyzer.annotate import things  # noqa: PLC0415 - its modules import this one

    for module in sorted(each.name for each in pkgutil.iter_modules(things.__path__)):
        import_module(f"{things.__name__}.{module}")
    return dict(sorted(_KINDS.items()))
