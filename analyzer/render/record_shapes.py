"""What JSON values may look like: the pieces that layouts are declared with."""

from collections.abc import Sequence
from enum import IntEnum

from analyzer.frozen import frozen

Schema = dict[str, object]


@frozen
class Leaf:
    """One JSON value whose inside the layout does not describe key by key."""

    schema: Schema


@frozen
class ListOf:
    """A JSON array of alike items."""

    item: "Shape"


@frozen
class ObjectOf:
    """A JSON object with these keys, always all of them."""

    keys: "tuple[Key, ...]"


Shape = Leaf | ListOf | ObjectOf


@frozen
class Key:
    """A key of a JSON object."""

    name: str
    shape: Shape
    doc: str = ""


@frozen
class Layout:
    """A type of record."""

    name: str
    """Its `type` in JSON Lines."""
    section: str
    """The key of the JSON report that lists the records."""
    doc: str
    keys: tuple[Key, ...]


def or_null(leaf: Leaf) -> Leaf:
    """Allow null, which says that the value is absent."""
    if "type" in leaf.schema:
        kind, rest = leaf.schema["type"], {k: v for k, v in leaf.schema.items() if k != "type"}
        if isinstance(values := rest.get("enum"), list):
            rest["enum"] = [*values, None]
        return Leaf({"type": [kind, "null"], **rest})
    return Leaf({"anyOf": [leaf.schema, {"type": "null"}]})


def one_of(values: Sequence[str]) -> Leaf:
    """Allow these texts only."""
    return Leaf({"type": "string", "enum": list(values)})


def words(names: type[IntEnum]) -> list[str]:
    """Return the names of an enumeration as the output spells them."""
    return [each.name.lower() for each in names]


COUNT = Leaf({"type": "integer", "minimum": 0})
ID = Leaf({"type": "integer", "minimum": 0})
INTEGER = Leaf({"type": "integer"})
NUMBER = Leaf({"type": "number"})
BOOLEAN = Leaf({"type": "boolean"})
TEXT = Leaf({"type": "string"})
FILLED_TEXT = Leaf({"type": "string", "minLength": 1})
STATUS = Leaf({"type": "integer", "minimum": 1})
DURATION = Leaf({"type": "number", "minimum": 0})
FRAME = Leaf({"$ref": "#/$defs/frame"})
ENDPOINT = Leaf({"$ref": "#/$defs/endpoint"})
MAYBE_ID = or_null(ID)
MAYBE_COUNT = or_null(COUNT)
MAYBE_TEXT = or_null(FILLED_TEXT)
MAYBE_STATUS = or_null(STATUS)
MAYBE_TIME = or_null(INTEGER)
MAYBE_DURATION = or_null(DURATION)
MAYBE_FRAME = or_null(FRAME)
MAYBE_ENDPOINT = or_null(ENDPOINT)
IDS = ListOf(ID)
