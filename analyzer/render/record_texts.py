r"""Batches of columns as plain objects: what the reference writer hands to orjson.

Bytes of a capture that are no UTF-8 become `\xNN`; durations have at most three decimals.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import orjson

from analyzer.render.record_columns import (
    Addresses,
    Booleans,
    Durations,
    Endpoints,
    Form,
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
from analyzer.render.record_shapes import Leaf, ListOf, ObjectOf, Shape

WHOLE_FROM_MS = 1 << 40
"""Durations of 35 years and more have no decimals: a double could not hold them."""

Sources = tuple[memoryview, ...]


def milliseconds(duration_ns: int) -> int | float | None:
    """Return a duration in milliseconds with at most three decimals; None when negative."""
    if duration_ns < 0:
        return None
    microseconds = (duration_ns + 500) // 1_000
    if microseconds >= WHOLE_FROM_MS * 1_000:
        return (microseconds + 500) // 1_000
    return microseconds / 1_000 if microseconds % 1_000 else microseconds // 1_000


def period(duration_ns: int, units: tuple[str, str, str]) -> str | None:
    """Return a duration as people say it: tenths of seconds below a minute, then whole seconds."""
    if duration_ns < 0:
        return None
    hour, minute, second = units
    tenths = (duration_ns + 50_000_000) // 100_000_000
    if tenths < 600:
        return f"{tenths // 10}.{tenths % 10}{second}"
    minutes, seconds = divmod((duration_ns + 500_000_000) // 1_000_000_000, 60)
    hours, minutes = divmod(minutes, 60)
    begin = f"{hours}{hour}" if hours else ""
    return f"{begin}{minutes}{minute}{seconds}{second}"


def records(
    shape: ObjectOf, values: Values, count: int, sources: Sources
) -> list[dict[str, object]]:
    """Return the records of a batch as dictionaries."""
    names = [key.name for key in shape.keys]
    columns = [_shaped(key.shape, values[key.name], count, sources) for key in shape.keys]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _shaped(shape: Shape, value: Value | Values, count: int, sources: Sources) -> Sequence[object]:
    match shape, value:
        case ObjectOf() as inner, Mapping() as values:
            return records(inner, values, count, sources)
        case ListOf(item), Lists(starts, items):
            bounds = starts[: count + 1].tolist()
            made = _shaped(item, items, bounds[-1], sources)
            return [made[begin:end] for begin, end in pairwise(bounds)]
        case Leaf(), _ if not isinstance(value, Mapping | Lists):
            return column(value, sources)[:count]
    raise TypeError(value)


def column(value: Value, sources: Sources) -> list[object]:  # noqa: PLR0911 - one for each kind
    """Return the values of all records; None where they are absent."""
    match value:
        case Integers(values, absent):
            return [None if each == absent else each for each in values.tolist()]
        case Booleans(values):
            return [bool(each) for each in values.tolist()]
        case Durations(values):
            return [milliseconds(each) for each in values.tolist()]
        case Periods(values, units):
            return [period(each, units) for each in values.tolist()]
        case Tokens():
            return _tokens(value)
        case Texts():
            return _texts(value, sources)
        case Sentences():
            return _sentences(value, sources)
        case Forms():
            return _forms(value, sources)
        case _:
            return _places(value)


def _places(value: Value) -> list[object]:
    match value:
        case Frames(captures, numbers):
            pairs = zip(captures.tolist(), numbers.tolist(), strict=True)
            return [[capture, number] if number > 0 else None for capture, number in pairs]
        case Endpoints(rows, table):
            ports = table.port.tolist()
            return [
                {"address": table.address(row), "port": ports[row]} if row >= 0 else None
                for row in rows.tolist()
            ]
        case Addresses(rows, table):
            return [table.address(row) if row >= 0 else None for row in rows.tolist()]
        case _:
            raise TypeError(value)


def _tokens(value: Tokens) -> list[object]:
    numbers = value.numbers.tolist()
    known = {each: orjson.loads(value.pool.tokens[each]) for each in set(numbers) if each >= 0}
    return [known.get(each) for each in numbers]


def _texts(value: Texts, sources: Sources) -> list[object]:
    spans = zip(value.source.tolist(), value.pos.tolist(), value.length.tolist(), strict=True)
    texts: list[object] = [_text(sources, *span) for span in spans]
    if value.instead is None:
        return texts
    return [
        text if token is None else token
        for text, token in zip(texts, _tokens(value.instead), strict=True)
    ]


def _text(sources: Sources, source: int, pos: int, length: int) -> str | None:
    if length <= 0:
        return None
    raw = bytes(sources[source][pos : pos + length])
    return raw.decode("utf-8", "backslashreplace") or None


def _sentences(value: Sentences, sources: Sources) -> list[object]:
    count = len(value.variants)
    templates = [
        [_said(part, count, sources, value.unknown) for part in template]
        for template in value.templates
    ]
    return [
        "".join(part[row] for part in templates[variant])
        for row, variant in enumerate(value.variants.tolist())
    ]


def _said(
    part: Part | tuple[Part, ...], count: int, sources: Sources, unknown: str
) -> Sequence[str]:
    """Return what a part of a template says for each record."""
    if isinstance(part, tuple):
        pieces = [_pieces(each, count, sources) for each in part]
        rows = zip(*pieces, strict=True) if pieces else [()] * count
        return ["" if None in row else "".join(map(str, row)) for row in rows]
    return [unknown if each is None else str(each) for each in _pieces(part, count, sources)]


def _pieces(part: Part, count: int, sources: Sources) -> Sequence[object]:
    return [part] * count if isinstance(part, str) else column(part, sources)


def _forms(value: Forms, sources: Sources) -> list[object]:
    count = len(value.variants)
    forms = [_form(form, count, sources) for form in value.forms]
    return [
        orjson.loads(b"".join(part[row] for part in forms[variant]))
        for row, variant in enumerate(value.variants.tolist())
    ]


def _form(form: Form, count: int, sources: Sources) -> list[Sequence[bytes]]:
    return [_json(part, count, sources) for part in form]


def _json(part: bytes | Word | Value, count: int, sources: Sources) -> Sequence[bytes]:
    if isinstance(part, bytes):
        return [part] * count
    if isinstance(part, Word):
        tokens = part.tokens.pool.tokens
        return [tokens[each][1:-1] if each >= 0 else b"" for each in part.tokens.numbers.tolist()]
    return [orjson.dumps(each) for each in column(part, sources)]
