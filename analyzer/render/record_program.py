"""Layout and columns → the program that the compiled writer (`_records`) runs for each record.

A program is a list of operations: fixed text, a value, or a body of operations that a list repeats,
a sentence chooses or an absent value leaves out. All columns are contiguous int64.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import orjson

from analyzer.render.record_columns import (
    Addresses,
    Booleans,
    Durations,
    Endpoints,
    Forms,
    Frames,
    Integers,
    Lists,
    Part,
    Periods,
    Sentences,
    Texts,
    Tokens,
    Value,
    Values,
    Word,
)
from analyzer.render.record_shapes import Layout, Leaf, ListOf, ObjectOf, Shape
from analyzer.tables.endpoints import EndpointTable
from analyzer.tables.schema import Int64
from analyzer.tables.vector import IntArray

LONGEST_PREFIX = 32


class Code:
    """What an operation writes; `_records.pyx` has the same numbers. No enumeration: each batch of
    records asks for thousands of them, and a member of one takes long to find.
    """

    LITERAL: Final = 0
    INTEGER: Final = 1
    BOOLEAN: Final = 2
    DURATION: Final = 3
    PERIOD: Final = 4
    TOKEN: Final = 5
    TEXT: Final = 6
    ENDPOINT: Final = 7
    ADDRESS: Final = 8
    FRAME: Final = 9
    LIST: Final = 10
    SENTENCE: Final = 11
    BODY: Final = 12
    OPTIONAL: Final = 13
    NUMBER: Final = 14
    WORD: Final = 15
    CHOICE: Final = 16


class Operation(NamedTuple):
    """One step of a program."""

    code: int
    columns: tuple[Int64, ...] = ()
    literal: bytes = b""
    """Text to write, or what stands for an absent value of a sentence."""
    tokens: tuple[bytes, ...] | list[bytes] = ()
    absent: int = -1
    body: int = 0
    """Operations after this one that belong to it."""
    prefix: bytes = b""
    """Fixed text before it, at most LONGEST_PREFIX bytes."""


def program(layout: Layout, values: Values, *, typed: bool) -> list[Operation]:
    """Return the operations that write one record of a layout."""
    first = f'{{"type":"{layout.name}",' if typed else "{"
    return _prefixed(_merged(_object(ObjectOf(layout.keys), values, first)))


def _object(shape: ObjectOf, values: Values, first: str = "{") -> list[Operation]:
    made = []
    for key in shape.keys:
        made.append(_literal(f'{first}"{key.name}":'))
        made += _shaped(key.shape, values[key.name])
        first = ","
    return [*made, _literal("}")]


def _shaped(shape: Shape, value: Value | Values) -> list[Operation]:
    match shape, value:
        case ObjectOf() as inner, Mapping() as values:
            return _object(inner, values)
        case ListOf(item), Lists(starts, items):
            body = _prefixed(_merged(_shaped(item, items)))
            return [Operation(Code.LIST, (_column(starts),), body=len(body)), *body]
        case Leaf(), Sentences() as sentences:
            return _sentences(sentences)
        case Leaf(), Forms() as forms:
            return _forms(forms)
        case Leaf(), _ if not isinstance(value, Mapping):
            return [_leaf(value)]
    raise TypeError(value)


def _leaf(value: Value) -> Operation:  # noqa: PLR0911 - one for each kind
    match value:
        case Integers(values, absent):
            if absent is None:
                return Operation(Code.NUMBER, (_column(values),))
            return Operation(Code.INTEGER, (_column(values),), absent=absent)
        case Booleans(values):
            return Operation(Code.BOOLEAN, (_column(values),))
        case Durations(values):
            return Operation(Code.DURATION, (_column(values),))
        case Periods(values, units):
            tokens = tuple(orjson.dumps(unit) for unit in units)
            return Operation(Code.PERIOD, (_column(values),), tokens=tokens)
        case Tokens(numbers, pool):
            return Operation(Code.TOKEN, (_column(numbers),), tokens=pool.tokens)
        case _:
            return _place(value)


def _place(value: Value) -> Operation:
    match value:
        case Texts(source, pos, length, instead):
            spans = (_column(source), _column(pos), _column(length))
            if instead is None:
                return Operation(Code.TEXT, spans)
            columns = (*spans, _column(instead.numbers))
            return Operation(Code.TEXT, columns, tokens=instead.pool.tokens)
        case Endpoints(rows, table):
            return Operation(Code.ENDPOINT, _endpoint_columns(rows, table))
        case Addresses(rows, table):
            return Operation(Code.ADDRESS, _endpoint_columns(rows, table))
        case Frames(captures, numbers):
            return Operation(Code.FRAME, (_column(captures), _column(numbers)))
        case _:
            raise TypeError(value)


def _sentences(value: Sentences) -> list[Operation]:
    bodies: list[Operation] = []
    for template in value.templates:
        body: list[Operation] = []
        for part in template:
            if isinstance(part, tuple):
                pieces = _merged([_piece(each) for each in part])
                body += [Operation(Code.OPTIONAL, body=len(pieces)), *pieces]
            else:
                body.append(_piece(part))
        body = _merged(body)
        bodies += [Operation(Code.BODY, body=len(body)), *body]
    unknown = orjson.dumps(value.unknown)[1:-1]
    head = Operation(Code.SENTENCE, (_column(value.variants),), literal=unknown, body=len(bodies))
    return [head, *bodies]


def _forms(value: Forms) -> list[Operation]:
    bodies: list[Operation] = []
    for form in value.forms:
        body = _prefixed(_merged([_form_part(part) for part in form]))
        bodies += [Operation(Code.BODY, body=len(body)), *body]
    return [Operation(Code.CHOICE, (_column(value.variants),), body=len(bodies)), *bodies]


def _form_part(part: bytes | Word | Value) -> Operation:
    if isinstance(part, bytes):
        return Operation(Code.LITERAL, literal=part)
    if isinstance(part, Word):
        tokens = part.tokens
        return Operation(Code.WORD, (_column(tokens.numbers),), tokens=tokens.pool.tokens)
    return _leaf(part)


def _piece(part: Part) -> Operation:
    return _said(part) if isinstance(part, str) else _leaf(part)


@lru_cache(maxsize=4_096)
def _said(text: str) -> Operation:
    return Operation(Code.LITERAL, literal=orjson.dumps(text)[1:-1])


@lru_cache(maxsize=4_096)
def _literal(text: str) -> Operation:
    return Operation(Code.LITERAL, literal=text.encode())


def _merged(operations: list[Operation]) -> list[Operation]:
    """Join fixed texts that follow each other; bodies stay as they are."""
    merged: list[Operation] = []
    at, grows = 0, False
    while at < len(operations):
        each = operations[at]
        end = at + 1 + each.body
        if grows and each.code == Code.LITERAL:
            merged[-1] = merged[-1]._replace(literal=merged[-1].literal + each.literal)
        else:
            merged += operations[at:end]
        grows, at = each.code == Code.LITERAL, end
    return merged


def _prefixed(operations: list[Operation]) -> list[Operation]:
    """Let operations write the fixed text before them, where it is short; bodies stay."""
    made: list[Operation] = []
    prefix, at = b"", 0
    while at < len(operations):
        each = operations[at]
        end = at + 1 + each.body
        if prefix and each.code != Code.LITERAL:
            made.pop()
            each = each._replace(prefix=prefix)
        made += [each, *operations[at + 1 : end]]
        is_short = each.code == Code.LITERAL and len(each.literal) <= LONGEST_PREFIX
        prefix, at = each.literal if is_short else b"", end
    return made


def _endpoint_columns(rows: IntArray, table: EndpointTable) -> tuple[Int64, ...]:
    """Return the columns of the endpoints of some rows: version, address, port."""
    at = np.maximum(rows, 0)
    if len(table) == 0:
        none = np.zeros(len(rows), np.int64)
        return none, none, none, none
    version = np.where(rows >= 0, table.version[at], 0)
    return (
        _column(version),
        _column(table.high[at].view(np.int64)),
        _column(table.low[at].view(np.int64)),
        _column(table.port[at]),
    )


def _column(values: IntArray) -> Int64:
    return np.ascontiguousarray(values, dtype=np.int64)
