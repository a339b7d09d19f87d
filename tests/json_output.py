"""The JSON output of a trace as Python objects, held to its schema each time it is made."""

import io
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from analyzer.render import schema
from analyzer.render.formats import OutputOptions
from analyzer.render.json_report import write_json, write_jsonl
from analyzer.render.record_layouts import LAYOUTS
from analyzer.tables.trace import Trace

Report = dict[str, Any]


def json_of(
    trace: Trace, *, language: str = "en", call: str = "", messages: bool = False
) -> Report:
    """Return the JSON object of a trace; JSON Lines of the same trace must say the same."""
    options = OutputOptions(language, call, messages)
    whole, lines = io.BytesIO(), io.BytesIO()
    write_json(trace, whole, options)
    write_jsonl(trace, lines, options)
    report: Report = json.loads(whole.getvalue())
    validate(report)
    same = gathered(lines.getvalue())
    assert same | {"messages": same.get("messages", [])} == report | {
        "messages": report.get("messages", [])
    }
    return report


def validate(report: Mapping[str, object]) -> None:
    """Hold a JSON object to the schema, and to having no other keys."""
    validator().validate(report)
    strict_validator().validate(report)


def gathered(text: bytes) -> dict[str, Any]:
    """Put JSON Lines together as the JSON object has them, records by id."""
    assert text.endswith(b"\n")
    report: dict[str, Any] = {"captures": [], "anomalies": []}
    report |= {layout.section: [] for layout in LAYOUTS if layout.section != "messages"}
    places = {layout.name: layout.section for layout in LAYOUTS}
    places |= {"capture": "captures", "anomaly": "anomalies"}
    for line in text.decode().removesuffix("\n").split("\n"):
        values = json.loads(line)
        validator().validate(values)
        kind = values.pop("type")
        if kind in places:
            report.setdefault(places[kind], []).append(values)
        elif kind == "header":
            report |= values
        else:
            report[kind] = values
    for layout in LAYOUTS:
        report.get(layout.section, []).sort(key=lambda each: each["id"])
    return report


@cache
def validator() -> Draft202012Validator:
    """Return a validator of what `sipwhy schema` prints."""
    public = json.loads(schema.schema_text())
    Draft202012Validator.check_schema(public)
    return Draft202012Validator(public)


@cache
def strict_validator() -> Draft202012Validator:
    """Return one that allows no keys but those described."""
    whole = json.loads(schema.schema_text())
    _forbid_others(whole)
    return Draft202012Validator({"$ref": "#/$defs/report", "$defs": whole["$defs"]})


def _forbid_others(node: object) -> None:
    if isinstance(node, dict):
        if "properties" in node and "additionalProperties" not in node:
            node["additionalProperties"] = False
        for each in node.values():
            _forbid_others(each)
    elif isinstance(node, list):
        for each in node:
            _forbid_others(each)
