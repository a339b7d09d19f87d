"""`when:` → the rows for which it holds.

A test compares the value of a field with wanted ones, any of which may fit (`not`: none). A field
that is UNKNOWN fits no test; one that is known to be absent fits only `not` and `exists: false`. A
wanted number also fits a header whose text is that number.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np

from analyzer.annotate.fields import UNKNOWN, Coded, Value
from analyzer.annotate.patterns import compiled
from analyzer.annotate.rule import AnyOf, Comparison, Scalar, SettingReference, SettingValue, When
from analyzer.tables.schema import Int64
from analyzer.tables.vector import distinct

_DIGITS = 18
"""Longest text taken for a number: every such number fits 64 bits."""

ORDERINGS: Mapping[str, Callable[[float, float], bool]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
TEXT_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "contains": lambda text, wanted: wanted in text,
    "startswith": str.startswith,
    "endswith": str.endswith,
    "iequals": lambda text, wanted: text.casefold() == wanted.casefold(),
    "matches": lambda text, wanted: compiled(wanted).search(text) is not None,
}
OPERATORS = ("is", "not", *ORDERINGS, *TEXT_TESTS, "exists")
"""What may follow `|` in a condition; `is` is what a field without operator means."""


class Subject(Protocol):
    """Rows with values of fields: `Judged`, or whatever else conditions are asked about."""

    @property
    def settings(self) -> Mapping[str, SettingValue]:
        """Return what `$name` stands for."""

    def values(self, name: str) -> Coded:
        """Return the values of a field."""

    def presence(self, name: str) -> Coded | None:
        """Return values of a field of which only the absence tells anything, None where they cost
        as much as the values.
        """


def holding(when: When, judged: Subject, rows: Int64) -> Int64:
    """Return those of the rows for which all tests hold."""
    for each in when:
        if len(rows) == 0:
            break
        rows = (
            _any_holding(each, judged, rows)
            if isinstance(each, AnyOf)
            else _fit(each, judged, rows)
        )
    return rows


def _any_holding(any_of: AnyOf, judged: Subject, rows: Int64) -> Int64:
    found = [holding(each, judged, rows) for each in any_of.alternatives]
    return distinct(np.concatenate(found)) if found else rows[:0]


def _fit(test: Comparison, judged: Subject, rows: Int64) -> Int64:
    fits = fit_of(test, judged.settings)
    presence = judged.presence(test.field) if test.operator == "exists" else None
    column = (judged.values(test.field) if presence is None else presence).used(rows)
    fit = [value is not UNKNOWN and fits(value) for value in column.values]
    if all(fit):
        return rows
    return rows[np.array(fit, np.bool_)[column.codes]] if any(fit) else rows[:0]


def fit_of(test: Comparison, settings: Mapping[str, SettingValue]) -> Callable[[Value], bool]:
    """Return what tells whether a value that is not UNKNOWN fits a test."""
    return _fits(test.operator, resolve(test.wanted, settings))


def resolve(
    wanted: Sequence[Scalar | SettingReference], settings: Mapping[str, SettingValue]
) -> tuple[Scalar, ...]:
    """Return the wanted values with the settings put in; a setting with a list gives several."""
    found: list[Scalar] = []
    for each in wanted:
        value = settings[each.name] if isinstance(each, SettingReference) else each
        found.extend(value if isinstance(value, tuple) else (value,))
    return tuple(found)


def _fits(name: str, wanted: tuple[Scalar, ...]) -> Callable[[Value], bool]:
    if name == "exists":
        return lambda value: (value is not None) == wanted[0]
    if name == "is":
        return _membership(wanted)
    if name == "not":
        is_one = _membership(wanted)
        return lambda value: not is_one(value)
    if name in ORDERINGS:
        ordered = ORDERINGS[name]
        limits = [float(each) for each in wanted]
        return lambda value: _in_order(ordered, value, limits)
    tells = TEXT_TESTS[name]
    return lambda value: value is not None and any(tells(str(value), str(each)) for each in wanted)


def _membership(wanted: tuple[Scalar, ...]) -> Callable[[Value], bool]:
    """Return what tells whether a value equals one of those wanted."""
    known = frozenset(wanted)
    if all(isinstance(each, str) for each in wanted):
        return known.__contains__
    if all(isinstance(each, int | float) and not isinstance(each, bool) for each in wanted):
        return lambda value: as_number(value) in known
    return lambda value: any(_equal(value, each) for each in wanted)


def _in_order(
    ordered: Callable[[float, float], bool], value: Value, limits: Sequence[float]
) -> bool:
    number = as_number(value)
    return number is not None and any(ordered(number, limit) for limit in limits)


def _equal(value: Value, wanted: Scalar) -> bool:
    if isinstance(wanted, bool) or isinstance(value, bool):
        return value is wanted
    if isinstance(wanted, int | float):
        return as_number(value) == wanted
    return value == wanted


def as_number(value: Value) -> float | None:
    """Return a number, or the number that a header's text is; None for any other text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    if isinstance(value, str) and len(value) <= _DIGITS and value.isascii() and value.isdigit():
        return int(value)
    return None
