"""Layouts → the JSON Schema (2020-12) of the output, for the JSON object and for JSON Lines.

New keys may come with a later version, so objects allow others than those described; each key
described is always there.
"""

import orjson

from analyzer.render import json_parts
from analyzer.render.json_statistics import STATISTICS
from analyzer.render.record_layouts import LAYOUTS
from analyzer.render.record_shapes import (
    COUNT,
    FILLED_TEXT,
    Key,
    Leaf,
    ListOf,
    ObjectOf,
    Schema,
    Shape,
)

HEADER = ObjectOf(
    (
        Key("schema", Leaf({"const": json_parts.SCHEMA}), "Rises when a key changes its meaning."),
        Key("version", FILLED_TEXT, "Of the program."),
    )
)
FRAME_PAIR: Schema = {
    "description": "Index into captures, and the number of the frame in that file from 1, as "
    "Wireshark counts.",
    "type": "array",
    "prefixItems": [{"type": "integer", "minimum": 0}, {"type": "integer", "minimum": 1}],
    "items": False,
    "minItems": 2,
}
ENDPOINT_PAIR = ObjectOf((Key("address", FILLED_TEXT, "IP address."), Key("port", COUNT)))
PARTS = {
    "header": HEADER,
    "capture": json_parts.CAPTURE,
    "counts": json_parts.COUNTS,
    "coverage": json_parts.COVERAGE,
    "anomaly": json_parts.ANOMALY,
    "statistics": STATISTICS,
}
"""What is no record, by its `type` in JSON Lines."""


def schema() -> Schema:
    """Return the schema of the output: of the JSON object, and of each of the JSON Lines."""
    definitions: dict[str, Schema] = {
        "frame": FRAME_PAIR,
        "endpoint": of_shape(ENDPOINT_PAIR),
        "not_understood": of_shape(json_parts.NOT_UNDERSTOOD),
    }
    definitions |= {name: of_shape(shape) for name, shape in PARTS.items()}
    for layout in LAYOUTS:
        described = of_shape(ObjectOf(layout.keys))
        definitions[layout.name] = {"description": layout.doc, **described}
    kinds = [*PARTS, *(layout.name for layout in LAYOUTS)]
    definitions["report"] = _report()
    definitions["line"] = {"oneOf": [_line(kind) for kind in kinds]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:sipwhy:schema:" + json_parts.SCHEMA.partition("/")[2],
        "title": "Output of sipwhy: --format json, and each line of --format jsonl",
        "description": "UTF-8. Times end in _ns, integers, since 1970 UTC. Durations end in _ms, "
        "at most three decimals. Absent is null. Bytes of a capture that are not UTF-8 are \\xNN.",
        "if": {"required": ["type"]},
        "then": {"$ref": "#/$defs/line"},
        "else": {"$ref": "#/$defs/report"},
        "$defs": definitions,
    }


def schema_text() -> str:
    """Return the schema as `sipwhy schema` prints it."""
    return orjson.dumps(schema(), option=orjson.OPT_INDENT_2).decode() + "\n"


def of_shape(shape: Shape) -> Schema:
    """Return the schema of one shape."""
    if isinstance(shape, Leaf):
        return dict(shape.schema)
    if isinstance(shape, ListOf):
        return {"type": "array", "items": of_shape(shape.item)}
    properties = {key.name: _described(key) for key in shape.keys}
    return {"type": "object", "properties": properties, "required": list(properties)}


def _described(key: Key) -> Schema:
    return {"description": key.doc, **of_shape(key.shape)} if key.doc else of_shape(key.shape)


def _report() -> Schema:
    """Return the schema of the JSON object; `messages` are there only when asked for."""

    def several(name: str) -> Schema:
        return {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}

    properties: dict[str, Schema] = {key.name: _described(key) for key in HEADER.keys}
    properties["captures"] = several("capture")
    properties["counts"] = {"$ref": "#/$defs/counts"}
    properties["coverage"] = {"$ref": "#/$defs/coverage"}
    properties |= {layout.section: several(layout.name) for layout in LAYOUTS}
    properties["anomalies"] = several("anomaly")
    properties["statistics"] = {"$ref": "#/$defs/statistics"}
    required = [name for name in properties if name != "messages"]
    return {"type": "object", "properties": properties, "required": required}


def _line(kind: str) -> Schema:
    return {
        "type": "object",
        "properties": {"type": {"const": kind}},
        "required": ["type"],
        "$ref": f"#/$defs/{kind}",
    }
