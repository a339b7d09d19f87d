"""Values of one key for a batch of records, as columns: what both record writers read.

A value holds one entry for each record of the batch. Numbers stay numbers and texts stay spans of
the capture until they are written.
"""

from collections.abc import Mapping
from threading import Lock

import numpy as np
import orjson

from analyzer.frozen import frozen
from analyzer.tables.endpoints import EndpointTable
from analyzer.tables.schema import Bool, Int64
from analyzer.tables.vector import Groups, IntArray


class TokenPool:
    """Distinct values as JSON text, each encoded once; threads may share it."""

    def __init__(self) -> None:
        """Start empty."""
        self.tokens: list[bytes] = []
        self._numbers: dict[object, int] = {}
        self._adding = Lock()

    def number(self, value: str | tuple[str, ...]) -> int:
        """Return the number of a text or of a list of texts."""
        known = self._numbers.get(value)
        return self._add(value) if known is None else known

    def _add(self, value: str | tuple[str, ...]) -> int:
        with self._adding:
            if value not in self._numbers:
                self.tokens.append(orjson.dumps(value))
                self._numbers[value] = len(self.tokens) - 1
            return self._numbers[value]

    def joined(self, other: "TokenPool") -> "TokenPool":
        """Return a pool with these values and, numbered after them, those of another."""
        pool = TokenPool()
        pool.tokens = self.tokens + other.tokens
        return pool


@frozen
class Integers:
    """Numbers; `absent` stands for null, where one is given."""

    values: IntArray
    absent: int | None = None


@frozen
class Booleans:
    """True or false."""

    values: Bool


@frozen
class Durations:
    """Nanoseconds, shown as milliseconds; negative is null."""

    values: Int64


@frozen
class Periods:
    """Nanoseconds as people say them, inside sentences only; negative is absent."""

    values: Int64
    units: tuple[str, str, str]
    """What follows hours, minutes and seconds."""


@frozen
class Tokens:
    """Entries of a pool; negative is null."""

    numbers: IntArray
    pool: TokenPool


@frozen
class Texts:
    """Spans of capture bytes; an empty one is null. Where a token is given, it stands instead."""

    source: IntArray
    pos: IntArray
    length: IntArray
    instead: Tokens | None = None


@frozen
class Endpoints:
    """Rows of the table of endpoints, shown as address and port; negative is null."""

    rows: IntArray
    table: EndpointTable


@frozen
class Addresses:
    """Rows of the table of endpoints, shown as address only; negative is null."""

    rows: IntArray
    table: EndpointTable


@frozen
class Frames:
    """Pairs of capture and frame number; a number below 1 is null."""

    captures: IntArray
    numbers: IntArray


@frozen
class Lists:
    """Lists: that of record i is the items `starts[i]` … `starts[i + 1]`."""

    starts: Int64
    items: "Value | Values"


@frozen
class Sentences:
    """Texts made from templates; `variants` numbers the template of each record."""

    variants: IntArray
    templates: "tuple[Template, ...]"
    unknown: str
    """Stands for what a template needs and the record lacks."""


@frozen
class Word:
    """Tokens written without their quotes, inside a string."""

    tokens: Tokens


@frozen
class Forms:
    """JSON text made of pieces; `variants` numbers the form of each record.

    Bytes are JSON text as they are; a value is written as by itself.
    """

    variants: IntArray
    forms: "tuple[Form, ...]"


Value = (
    Integers
    | Booleans
    | Durations
    | Periods
    | Tokens
    | Texts
    | Endpoints
    | Addresses
    | Frames
    | Lists
    | Sentences
    | Forms
)
Part = str | Value
Template = tuple[Part | tuple[Part, ...], ...]
"""Words and values; a tuple among them is left out when one of its values is absent."""
Form = tuple[bytes | Word | Value, ...]
Values = Mapping[str, "Value | Values"]


@frozen
class Members:
    """Rows that belong to other rows: which transactions have which findings, and the like."""

    groups: Groups

    def of(self, rows: IntArray) -> tuple[Int64, Int64]:
        """Return starts and members of the lists of some rows, one after the other."""
        first = self.groups.starts[rows]
        sizes = self.groups.starts[np.asarray(rows) + 1] - first
        starts = np.zeros(len(sizes) + 1, np.int64)
        np.cumsum(sizes, out=starts[1:])
        within = np.arange(int(starts[-1]), dtype=np.int64)
        within += np.repeat(first - starts[:-1], sizes)
        return starts, self.groups.order[within]


def single(value: Value, count: int) -> Lists:
    """Make lists of one item each."""
    return Lists(np.arange(count + 1, dtype=np.int64), value)


def at_most_one(texts: Texts) -> Lists:
    """Make lists of one text each, empty ones of absent texts."""
    present = texts.length > 0
    starts = np.zeros(len(present) + 1, np.int64)
    np.cumsum(present, out=starts[1:])
    return Lists(starts, Texts(texts.source[present], texts.pos[present], texts.length[present]))


@frozen
class Batch:
    """Values of the keys of one layout for some records."""

    count: int
    values: Values
    sources: tuple[memoryview, ...] = ()
    """What the spans of texts count in."""

    def at(self, *path: str) -> "Value | Values":
        """Return the values that a key leads to, or several, one inside the other."""
        found: Value | Values = self.values
        for key in path:
            if not isinstance(found, Mapping):
                raise TypeError(found)
            found = found[key]
        return found
