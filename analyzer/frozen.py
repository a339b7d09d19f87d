"""Frozen classes with declared fields: `dataclass(frozen=True, slots=True)`, quick to import.

The one of the standard library writes six methods for each class as source text and compiles them
whenever the program starts. For the classes that a small capture needs this took longer than
reading and explaining it. Here all classes share methods that go by the names of the fields.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, dataclass_transform

Made = TypeVar("Made")


@dataclass_transform(frozen_default=True)
def frozen(declared: type[Made]) -> type[Made]:
    """Make a class of the fields that it annotates: constructor, equality, hash and `repr`.

    A field may have a default, which has to be immutable: all objects share it. The fields of a
    frozen class that it is made from come first; they have no defaults.
    """
    own = tuple(declared.__annotations__)
    names = getattr(declared.__bases__[0], "__match_args__", ()) + own
    content = dict(vars(declared))
    defaults = {name: content.pop(name) for name in own if name in content}
    for slot in ("__dict__", "__weakref__"):
        content.pop(slot, None)
    content |= {"__qualname__": declared.__qualname__, "__slots__": own, "__match_args__": names}
    content |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
    kind: Any = type(declared)
    made = kind(declared.__name__, declared.__bases__, content)
    made.__init__ = _constructor(declared.__name__, names, defaults, made)
    made.__repr__ = _repr
    made.__eq__ = _equal
    made.__hash__ = _hash
    result: type[Made] = made
    return result


def replace(old: Made, **changes: object) -> Made:
    """Copy an object of a frozen class with some fields exchanged."""
    return type(old)(**(_values(old) | changes))


def _constructor(
    name: str, fields: tuple[str, ...], defaults: Mapping[str, object], made: type
) -> Callable[..., None]:
    puts = [getattr(made, field).__set__ for field in fields]
    count = len(fields)
    required = sum(field not in defaults for field in fields)
    # what to add to so many values
    rest = {at: tuple(defaults[each] for each in fields[at:]) for at in range(required, count)}

    def construct(self: object, *values: object, **named: object) -> None:
        if not named and len(values) in rest:
            values += rest[len(values)]
        elif named or len(values) != count:
            values = _in_order(name, fields, defaults, values, named)
        for put, value in zip(puts, values, strict=True):
            put(self, value)

    return construct


def _in_order(
    name: str,
    fields: tuple[str, ...],
    defaults: Mapping[str, object],
    values: Sequence[object],
    named: Mapping[str, object],
) -> tuple[object, ...]:
    """Return a value for each field; raises TypeError as a call of any function does."""
    given = {**defaults, **named}
    for field, value in zip(fields, values, strict=False):
        if field in named:
            raise TypeError(f"{name}: {field} is given twice")
        given[field] = value
    try:
        found = tuple([given[field] for field in fields])
    except KeyError as error:
        raise TypeError(f"{name}: {error.args[0]} is missing") from None
    if len(values) > len(fields) or len(given) > len(fields):
        raise TypeError(f"{name}: more is given than the fields {', '.join(fields)}")
    return found


def _values(made: Any) -> dict[str, object]:  # noqa: ANN401 - an object of any frozen class
    return {name: getattr(made, name) for name in made.__match_args__}


def _repr(self: object) -> str:
    fields = ", ".join(f"{name}={value!r}" for name, value in _values(self).items())
    return f"{type(self).__qualname__}({fields})"


def _equal(self: object, other: object) -> object:
    if type(other) is not type(self):
        return NotImplemented
    return _values(self) == _values(other)


def _hash(self: object) -> int:
    return hash(tuple(_values(self).values()))


def _refuse_to_set(self: object, name: str, _value: object) -> None:
    raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be set")


def _refuse_to_delete(self: object, name: str) -> None:
    raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be deleted")
