"""The fields a rule may name: a registry, and the transactions judged, whose values are computed
when a condition or a text first asks for them.

A field function takes `Judged` and returns one value per row, as a list or, where few are
different, as `Coded`. None is a thing that is known to be absent; UNKNOWN one that the capture does
not show (a header of a request that is missing), which no condition ever fits. `request.x` and
`response.x` are the header x, `-` written as `_`.
"""

import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from importlib import import_module
from typing import Final, TypeVar, overload

import numpy as np

from analyzer.annotate import facts
from analyzer.annotate.rule import SettingValue, Text
from analyzer.frozen import frozen
from analyzer.sip.headers import distinct_header_values, find_header
from analyzer.sip.registry import canonical_name, header_names
from analyzer.tables.schema import Bool, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray


class Unknown(Enum):
    """The type of UNKNOWN."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN
"""A value that the capture does not show."""

Value = str | int | float | bool | Unknown | None
Kept = TypeVar("Kept")

KINDS = ("text", "number", "duration_ms", "seconds", "time_ns", "flag", "header")
"""`seconds` are whole ones, as SIP headers give them; `time_ns` is a time, in ns since 1970 UTC."""
SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "authentication-info", "proxy-authentication-info"}
)
"""Headers that carry digest responses: no rule may show them."""


class Coded(Sequence[Value]):
    """A column of values of which many are equal: what is done with them is done once for each."""

    __slots__ = ("codes", "values")

    def __init__(self, codes: IntArray, values: Sequence[Value]) -> None:
        """Take the different values, and for each row the index of its value."""
        self.codes = codes
        self.values = values

    @classmethod
    def of(cls, values: Sequence[Value]) -> "Coded":
        """Return the column of a plain list, its values numbered."""
        # True and 1 are one key: no field has both
        numbers: dict[Value, int] = {}
        codes = [numbers.setdefault(value, len(numbers)) for value in values]
        return cls(np.array(codes, np.int64), list(numbers))

    @classmethod
    def constant(cls, value: Value, count: int) -> "Coded":
        """Return the same value for all rows."""
        return cls(np.zeros(count, np.int64), [value])

    @classmethod
    def flags(cls, mask: Bool, known: Bool | None = None) -> "Coded":
        """Return true or false for each row, UNKNOWN where it is not known."""
        codes = mask.astype(np.int64)
        if known is not None:
            codes[~known] = 2
        return cls(codes, (False, True, UNKNOWN))

    @overload
    def __getitem__(self, row: int) -> Value: ...
    @overload
    def __getitem__(self, row: slice) -> "Coded": ...
    def __getitem__(self, row: int | slice) -> "Value | Coded":
        """Return the value of a row, or the column of some."""
        if isinstance(row, slice):
            return Coded(self.codes[row], self.values)
        return self.values[int(self.codes[row])]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.codes)

    def __iter__(self) -> Iterator[Value]:
        """Yield the value of each row."""
        values = self.values
        return (values[code] for code in self.codes.tolist())

    def used(self, rows: Int64) -> "Coded":
        """Return the column of some rows, with no more values than these have."""
        codes = self.codes[rows]
        if len(self.values) <= len(rows):
            return Coded(codes, self.values)
        numbers = np.flatnonzero(np.bincount(codes, minlength=len(self.values)))
        renumbered = np.zeros(len(self.values), np.int64)
        renumbered[numbers] = np.arange(len(numbers))
        return Coded(renumbered[codes], [self.values[number] for number in numbers.tolist()])


Values = Sequence[Value]


class Judged:
    """Transactions with the message judged in each, and their field values once computed."""

    def __init__(
        self,
        trace: Trace,
        transaction_rows: IntArray,
        message_rows: IntArray,
        settings: Mapping[str, SettingValue],
        scope: str = "transaction",
    ) -> None:
        """Take parallel rows of TransactionTable and MessageTable; the scope of a rule says whether
        the message judged is a response of the transaction or its request.
        """
        self.trace = trace
        self.transaction_rows: Int64 = np.asarray(transaction_rows, np.int64)
        self.message_rows: Int64 = np.asarray(message_rows, np.int64)
        self.settings = settings
        self.scope = scope
        self._values: dict[str, Coded] = {}
        self._kept: dict[object, object] = {}

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.message_rows)

    @property
    def request_rows(self) -> Int64:
        """Row of each request in MessageTable; -1 when the capture lacks it."""
        return self.trace.transactions.request_row[self.transaction_rows].astype(np.int64)

    @property
    def response_rows(self) -> Int64:
        """Row of each response judged; of a request judged by itself its first final response, -1
        without one.
        """
        if self.scope == "request":
            return self.trace.transactions.final_row[self.transaction_rows].astype(np.int64)
        return self.message_rows

    def values(self, name: str) -> Coded:
        """Return the values of a field."""
        if name not in self._values:
            values = find_field(name).values(self)
            self._values[name] = values if isinstance(values, Coded) else Coded.of(values)
        return self._values[name]

    def presence(self, name: str) -> Coded | None:
        """Return true for each row that has the header a field stands for, None where it has not;
        None for any other field. It costs less than the texts.
        """
        side, _, written = name.partition(".")
        if name in self._values or name in fields() or side not in {"request", "response"}:
            return None
        rows = self.request_rows if side == "request" else self.response_rows
        present = np.flatnonzero(rows >= 0)
        codes = np.full(len(rows), 2, np.int64)
        codes[present] = find_header(self.trace, rows[present], header_of(written)).len >= 0
        return Coded(codes, (None, True, UNKNOWN))

    def decide(self, cases: Coded) -> None:
        """Let notes ask which case was found: the values of the field `case`."""
        self._values["case"] = cases

    def kept(self, compute: Callable[["Judged"], Kept]) -> Kept:
        """Return what a function makes of these rows; it is called once."""
        if compute not in self._kept:
            self._kept[compute] = compute(self)
        return self._kept[compute]  # type: ignore[return-value]  # keyed by what made it

    def headers(self, rows: IntArray, name: str) -> Coded:
        """Return the first value of a header for message rows; UNKNOWN for row -1."""
        rows = np.asarray(rows, np.int64)
        present = np.flatnonzero(rows >= 0)
        codes, values = distinct_header_values(self.trace, rows[present], name)
        if len(present) == len(rows):
            return Coded(codes, values)
        every = np.full(len(rows), len(values), np.int64)
        every[present] = codes
        return Coded(every, [*values, UNKNOWN])


FieldFunction = Callable[[Judged], Values]


@frozen
class Field:
    """What a rule may ask about a transaction and its response."""

    name: str
    kind: str
    """One of KINDS."""
    meaning: Text
    values: FieldFunction
    choices: Mapping[str, Text]
    """Value → words for it, for a text with few values; empty for any other field."""
    settings: tuple[str, ...]
    """Settings of the rule that the function reads."""

    @property
    def scope(self) -> str:
        """Return the table whose rows it belongs to."""
        return "transaction"


_FIELDS: dict[str, Field] = {}
_NO_CHOICES: dict[str, Text] = {}


def field(
    name: str,
    kind: str,
    *,
    en: str,
    ja: str,
    choices: Mapping[str, Text] = _NO_CHOICES,
    settings: tuple[str, ...] = (),
) -> Callable[[FieldFunction], FieldFunction]:
    """Declare the function below as a field."""
    if name in _FIELDS:
        raise ValueError(f"two fields are called {name}")
    if kind not in KINDS:
        raise ValueError(f"field {name}: no such kind {kind}")

    def declare(function: FieldFunction) -> FieldFunction:
        _FIELDS[name] = Field(name, kind, {"en": en, "ja": ja}, function, choices, settings)
        return function

    return declare


@cache
def fields() -> Mapping[str, Field]:
    """Return all declared fields, in the order of their names."""
    for module in sorted(each.name for each in pkgutil.iter_modules(facts.__path__)):
        import_module(f"{facts.__name__}.{module}")
    return dict(sorted(_FIELDS.items()))


@cache
def find_field(name: str) -> Field:
    """Return a declared field or the header field of that name; raises KeyError for neither."""
    known = fields().get(name)
    if known is not None:
        return known
    side, _, header = name.partition(".")
    if side not in ("request", "response") or not is_header(header):
        raise KeyError(name)
    return _header_field(name, side, header_of(header))


def header_of(written: str) -> str:
    """Return the header that a field names: `retry_after` is Retry-After."""
    plain = written.replace("_", "-")
    known = canonical_name(plain) if len(plain) > 1 else plain
    return known if known != plain else "-".join(part.capitalize() for part in plain.split("-"))


def is_header(written: str) -> bool:
    """Tell whether a field may name this header: registered or private (X-…), and no secret."""
    plain = written.replace("_", "-")
    if plain in SECRET_HEADERS or plain != plain.lower():
        return False
    return plain.startswith("x-") or (len(plain) > 1 and plain in header_names())


def field_names() -> list[str]:
    """Return every name a rule may use, private headers apart, for suggestions."""
    headers = sorted(name.replace("-", "_") for name in header_names() if len(name) > 1)
    open_ones = [each for each in headers if is_header(each)]
    return [*fields(), *(f"{side}.{h}" for side in ("request", "response") for h in open_ones)]


def _header_field(name: str, side: str, header: str) -> Field:
    def values(judged: Judged) -> Values:
        rows = judged.request_rows if side == "request" else judged.response_rows
        return judged.headers(rows, header)

    meaning = {
        "en": f"{header} header of the {side}.",
        "ja": f"{'リクエスト' if side == 'request' else '応答'}の {header} ヘッダー。",
    }
    return Field(name, "header", meaning, values, _NO_CHOICES, ())
