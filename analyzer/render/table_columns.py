"""Layouts → the columns of tables for analysts, declared once for DataFrames, CSV, XLSX, Parquet.

Each record is a row. Its keys keep the names of the JSON output, with these rules:
objects become columns with a dot (`caller.user`), a frame `.capture` and `.number`, an endpoint
`.address` and `.port`; times (`start_ns`) become real times (`start_time`); a list of values is one
text with ` | ` between them; a list of objects is a table of its own (`calls.streams`).
"""

from collections.abc import Iterator, Mapping
from functools import cache

from analyzer.frozen import frozen, replace
from analyzer.render.record_layouts import (
    CALL,
    FINDING,
    MESSAGE,
    REGISTRATION,
    SEVERITY,
    SUBSCRIPTION,
    TRANSACTION,
)
from analyzer.render.record_shapes import (
    COUNT,
    ENDPOINT,
    FILLED_TEXT,
    FRAME,
    ID,
    Key,
    Layout,
    Leaf,
    ListOf,
    ObjectOf,
    Schema,
    Shape,
)

SEPARATOR = " | "
"""Between the values of a list."""
TIME = "datetime64[ns, UTC]"
ABSENT = {
    "int64": "",
    "Int64": "<NA>",
    "float64": "NaN",
    "bool": "",
    "boolean": "<NA>",
    "string": "<NA>",
    "category": "NaN",
    TIME: "NaT",
}
"""What stands for an absent value in a DataFrame, by dtype; files have nothing there."""
_UNITS = {"_ms": "ms", "_s": "s"}
_PARTS = {
    id(FRAME.schema): (
        Key("capture", COUNT, "Index into the captures."),
        Key("number", COUNT, "Number of the frame in its file, from 1."),
    ),
    id(ENDPOINT.schema): (
        Key("address", FILLED_TEXT, "IP address."),
        Key("port", COUNT, "Port."),
    ),
}


@frozen
class TableColumn:
    """A column of a table."""

    name: str
    dtype: str
    """Of the column in a DataFrame."""
    unit: str
    meaning: str
    optional: bool
    """Some rows may have no value."""
    path: tuple[str, ...]
    """The keys that lead to it in a record."""
    part: str = ""
    """What of the value there: of a frame, an endpoint or another object."""
    words: tuple[str, ...] = ()
    """All values there can be, where they are few."""
    ordered: bool = False
    """The words are in order, the lowest first."""
    is_list: bool = False
    """Several values, with SEPARATOR between them."""

    @property
    def absent(self) -> str:
        """Return what stands for an absent value in a DataFrame; empty when there is always one."""
        return ABSENT[self.dtype] if self.optional else ""


@frozen
class TableShape:
    """A table."""

    name: str
    doc: str
    layout: Layout
    columns: tuple[TableColumn, ...]
    key: str = ""
    """The list of objects that the rows are, where they are no records themselves."""


MAIN = (CALL, TRANSACTION, SUBSCRIPTION, REGISTRATION, FINDING)
"""Records that files hold when no table is named."""
NAMES = tuple(layout.section for layout in MAIN)
"""Their tables."""


@cache
def table_shapes() -> Mapping[str, TableShape]:
    """Return the tables by name: those of records, then those of the lists in them."""
    layouts = (*MAIN, MESSAGE)
    made = [
        TableShape(each.section, each.doc, each, tuple(_columns(each.keys))) for each in layouts
    ]
    made += [_inner(layout, key, shape) for layout, key, shape in _lists(layouts)]
    return {each.name: each for each in made}


def _lists(layouts: tuple[Layout, ...]) -> Iterator[tuple[Layout, Key, ObjectOf]]:
    """Go through the lists of objects."""
    for layout in layouts:
        for key in layout.keys:
            if isinstance(key.shape, ListOf) and isinstance(key.shape.item, ObjectOf):
                yield layout, key, key.shape.item


def _inner(layout: Layout, key: Key, shape: ObjectOf) -> TableShape:
    owner = Key(owner_of(layout), ID, f"Id of the {layout.name}.")
    columns = tuple(_columns((owner, *shape.keys)))
    return TableShape(f"{layout.section}.{key.name}", key.doc, layout, columns, key.name)


def owner_of(layout: Layout) -> str:
    """Return the column that says which record a row of a list in it belongs to."""
    return f"of_{layout.name}"


def _columns(keys: tuple[Key, ...], path: tuple[str, ...] = ()) -> Iterator[TableColumn]:
    for key in keys:
        at = (*path, key.name)
        if isinstance(key.shape, ObjectOf):
            inner = tuple(replace(each, doc=_joined(key.doc, each.doc)) for each in key.shape.keys)
            yield from _columns(inner, at)
        elif isinstance(key.shape, Leaf):
            yield from _leaf_columns(key, key.shape, at)
        elif isinstance(key.shape.item, Leaf):
            yield _text_column(key, at, is_list=True)


def _leaf_columns(key: Key, leaf: Leaf, path: tuple[str, ...]) -> Iterator[TableColumn]:
    parts = _parts(leaf)
    for each in parts:
        inner = replace(key, doc=_joined(key.doc, each.doc))
        made = _leaf_column(inner, _leaf(each.shape), path, optional=_is_optional(leaf.schema))
        yield replace(made, name=f"{made.name}.{each.name}", part=each.name)
    if not parts:
        yield _leaf_column(key, leaf, path)


def _parts(leaf: Leaf) -> tuple[Key, ...]:
    """Return what a frame, an endpoint or an object that no layout describes is made of."""
    choices = leaf.schema.get("anyOf")
    schema: Schema = choices[0] if isinstance(choices, list) else leaf.schema
    named = _PARTS.get(id(schema))
    properties = schema.get("properties")
    if named is None and isinstance(properties, dict):
        return tuple(Key(name, Leaf(inner)) for name, inner in properties.items())
    return named or ()


def _leaf_column(
    key: Key, leaf: Leaf, path: tuple[str, ...], *, optional: bool = False
) -> TableColumn:
    types, name = _types(leaf.schema), ".".join(path)
    optional = optional or "null" in types
    number = TableColumn(name, "int64", _unit(key.name), key.doc, optional, path)
    if "enum" in leaf.schema:
        return _category(number, leaf)
    if "boolean" in types:
        return replace(number, dtype="boolean" if optional else "bool")
    if "number" in types:
        return replace(number, dtype="float64")
    if "integer" not in types:
        return _text_column(key, path, is_list="array" in types, optional=optional)
    if name.endswith("_ns"):
        doc = key.doc.replace(", ns since 1970 UTC", "")
        return replace(number, name=_time_name(name), dtype=TIME, meaning=doc)
    return replace(number, dtype="Int64" if optional else "int64")


def _category(column: TableColumn, leaf: Leaf) -> TableColumn:
    values = leaf.schema["enum"]
    words = tuple(each for each in values if each) if isinstance(values, list) else ()
    return replace(column, dtype="category", words=words, ordered=leaf is SEVERITY)


def _text_column(
    key: Key, path: tuple[str, ...], *, is_list: bool, optional: bool = True
) -> TableColumn:
    """Return a column of texts; an empty list is absent too."""
    optional = optional or is_list
    return TableColumn(".".join(path), "string", "", key.doc, optional, path, is_list=is_list)


def _types(schema: Schema) -> tuple[str, ...]:
    kind = schema.get("type", "string" if "enum" in schema else "object")
    return tuple(kind) if isinstance(kind, list) else (str(kind),)


def _is_optional(schema: Schema) -> bool:
    return "anyOf" in schema or "null" in _types(schema)


def _leaf(shape: Shape) -> Leaf:
    if not isinstance(shape, Leaf):
        raise TypeError(shape)
    return shape


def _unit(name: str) -> str:
    return next((unit for end, unit in _UNITS.items() if name.endswith(end)), "")


def _time_name(name: str) -> str:
    """Return the name of a real time: `start_ns` is `start_time`, `time_ns` is `time`."""
    plain = name.removesuffix("_ns")
    return plain if plain.endswith("time") else f"{plain}_time"


def _joined(*docs: str) -> str:
    return " ".join(each for each in docs if each)


DICTIONARY = TableShape(
    "columns",
    "What is in the columns of all tables.",
    Layout("column", "columns", "", ()),
    tuple(
        TableColumn(name, "string", "", meaning, optional, (name,), is_list=name == "values")
        for name, meaning, optional in (
            ("table", "Name of the table.", False),
            ("column", "Name of the column.", False),
            ("dtype", "Of the column in a DataFrame.", False),
            ("unit", "Of its numbers.", True),
            ("absent", "What stands for an absent value in a DataFrame.", True),
            ("meaning", "What it says.", True),
            ("values", "All values there can be, where they are few.", True),
        )
    ),
)
"""A table about the tables."""
