"""Conditions and an order given on the command line: `ring_ms|gt=10000`, `-ring_ms`.

Fields and operators are those of policies (`items.Kind`); a list of values, any of which may fit,
is written `outcome=[declined, busy]`.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from analyzer.annotate.conditions import ORDERINGS, TEXT_TESTS, as_number
from analyzer.annotate.faults import Path, did_you_mean
from analyzer.annotate.fields import UNKNOWN, Value
from analyzer.annotate.items import Items, Kind
from analyzer.annotate.read_conditions import Conditions
from analyzer.annotate.rule import Scalar, When
from analyzer.errors import UsageError
from analyzer.tables.schema import Int64

NUMBERS = ("number", "duration_ms", "seconds", "time_ns")
"""Kinds of fields whose values are written as numbers."""
PREFIX = "call."
"""Rules name fields of calls with it."""


def read_where(written: Sequence[str], kind: Kind) -> When:
    """Return conditions that all have to hold; raises UsageError, naming every fault."""
    faults: list[str] = []
    tests: When = ()
    for each in written:
        left, sign, right = each.partition("=")
        key = left.strip().removeprefix(PREFIX)
        if not sign or not key:
            faults.append(f"--where {each}: expected FIELD=VALUE or FIELD|OPERATOR=VALUE")
            continue

        def note(path: Path, what: str, *, at_key: bool = False, each: str = each) -> None:
            del path, at_key  # one condition is one line
            faults.append(f"--where {each}: {what}")

        data = {key: _value(key, right.strip(), kind)}
        tests += Conditions(note, {}, kind).read(data, ())
    if faults:
        raise UsageError("\n".join(faults))
    return tests


def _value(key: str, text: str, kind: Kind) -> Scalar | list[Scalar]:
    """Return what a value means: what is no number where one belongs stays a text, which is then
    found at fault.
    """
    if text.startswith("[") and text.endswith("]"):
        return [_scalar(key, each.strip(), kind) for each in text[1:-1].split(",") if each.strip()]
    return _scalar(key, text, kind)


def _scalar(key: str, text: str, kind: Kind) -> Scalar:
    name, _, operator = key.partition("|")
    try:
        field_kind = kind.find(name).kind
    except KeyError:
        return text
    if operator == "exists" or (field_kind == "flag" and not operator):
        return {"true": True, "false": False}.get(text.lower(), text)
    if operator in TEXT_TESTS or (field_kind not in NUMBERS and operator not in ORDERINGS):
        return text
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return text


def field_to_sort_by(written: str, kind: Kind) -> tuple[str, bool]:
    """Return the field of `FIELD` or `-FIELD`, and whether the greatest come first."""
    name = written.removeprefix("-").removeprefix(PREFIX)
    try:
        kind.find(name)
    except KeyError:
        hint = did_you_mean(name, kind.names())
        raise UsageError(f'--sort {written}: unknown field "{name}"{hint}') from None
    return name, written.startswith("-")


def in_order(items: Items, rows: Int64, name: str, *, descending: bool) -> Int64:
    """Return rows by the values of a field, numbers before texts; those without one come last."""
    column = items.subject.values(name).used(rows)
    keys = [_sort_key(each) for each in column.values]
    ranked = {key: rank for rank, key in enumerate(sorted({key for key in keys if key}))}
    last = len(ranked)
    ranks = np.array([ranked[key] if key else last for key in keys] or [0], np.int64)
    if descending:
        ranks = np.where(ranks < last, last - 1 - ranks, last)
    order: Int64 = np.argsort(ranks[column.codes], kind="stable")
    return rows[order]


def _sort_key(value: Value) -> tuple[int, float, str] | None:
    if value is None or value is UNKNOWN:
        return None
    if isinstance(value, bool):
        return 0, float(value), ""
    number = as_number(value)
    return (1, 0.0, str(value).casefold()) if number is None else (0, float(number), "")


def shown_values(items: Items, rows: Int64, names: Sequence[str]) -> Mapping[str, list[Value]]:
    """Return the values of some fields, to be printed."""
    return {name: list(items.subject.values(name).used(rows)) for name in names}
