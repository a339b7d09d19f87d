"""The JSON Schema of a rule file, made from what the reader accepts: editors complete from it.

`python -m analyzer.annotate.rule_schema` prints it; `rules/schema.json` is its output.
"""

import json
import sys
from collections.abc import Iterable

from analyzer.annotate.conditions import OPERATORS
from analyzer.annotate.fields import fields
from analyzer.annotate.read_rule import (
    CASE_KEYS,
    EXAMPLE_KEYS,
    LANGUAGES,
    MISCONCEPTION_KEYS,
    REQUIRED_RULE_KEYS,
    RULE_KEYS,
    SCOPES,
    SEVERITIES,
    VARIANT_KEYS,
)
from analyzer.annotate.rule import CONFIDENCES
from analyzer.annotate.rule_files import FAMILIES

Json = dict[str, object]

_TEXT: Json = {"type": "string", "minLength": 1}
_TEXTS: Json = {"type": "array", "items": _TEXT}
_SCALAR: Json = {"type": ["string", "number", "boolean"]}
_VALUE: Json = {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR, "minItems": 1}]}


def rule_schema() -> Json:
    """Return the schema."""
    definitions: dict[str, Json] = {
        "text": _object(dict.fromkeys(LANGUAGES, _TEXT), ["en"]),
        "texts": _object(dict.fromkeys(LANGUAGES, _TEXTS), ["en"]),
        "likely": _object(
            {"confidence": {"enum": list(CONFIDENCES)}, **dict.fromkeys(LANGUAGES, _TEXT)},
            ["confidence", "en"],
        ),
        "when": _when(),
        "severity": {"enum": list(SEVERITIES)},
    }
    parts = _parts()
    definitions["variant"] = _object({key: parts[key] for key in VARIANT_KEYS}, ["when"])
    definitions["case"] = _object({key: parts[key] for key in CASE_KEYS}, ["id", "message"])
    definitions["misconception"] = _object(
        {"claim": _ref("text"), "truth": _ref("text"), "references": _TEXTS}, MISCONCEPTION_KEYS
    )
    definitions["example"] = _object(
        {key: _EXAMPLE[key] for key in EXAMPLE_KEYS}, ["name", "dialogue", "findings"]
    )
    top = _object({key: parts[key] for key in RULE_KEYS}, REQUIRED_RULE_KEYS)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A rule of sipwhy",
        **top,
        "$defs": definitions,
    }


def _parts() -> dict[str, Json]:
    cases: Json = {"type": "array", "items": _ref("case")}
    setting = _object({"default": _VALUE, "meaning": _ref("text")}, ["default", "meaning"])
    return {
        "id": _TEXT,
        "name": _TEXT,
        "since": _TEXT,
        "scope": {"enum": list(SCOPES)},
        "severity": _ref("severity"),
        "tags": _TEXTS,
        "references": _TEXTS,
        "title": _ref("text"),
        "meaning": _ref("text"),
        "seen": _ref("texts"),
        "resolve": _ref("texts"),
        "misconceptions": {"type": "array", "items": _ref("misconception")},
        "settings": {"type": "object", "additionalProperties": setting},
        "when": _ref("when"),
        "cases": {**cases, "minItems": 1},
        "notes": cases,
        "examples": {"type": "array", "items": _ref("example")},
        "message": _ref("text"),
        "likely": _ref("likely"),
        "next_steps": _ref("texts"),
        "evidence": _TEXTS,
        "variants": {"type": "array", "items": _ref("variant")},
    }


_EXAMPLE: dict[str, Json] = {
    "name": _TEXT,
    "dialogue": _TEXT,
    "findings": {"anyOf": [_TEXTS, {"type": "array", "items": _TEXTS}]},
    "settings": {"type": "object", "additionalProperties": _VALUE},
}


def _when() -> Json:
    operators = "|".join(OPERATORS)
    known = {name: {"description": each.meaning["en"], **_VALUE} for name, each in fields().items()}
    alternatives = {"type": "array", "items": _ref("when"), "minItems": 1}
    return {
        "type": "object",
        "properties": {"any": alternatives, **known},
        "patternProperties": {rf"^[a-z_0-9.]+(\|({operators}))?$": True},
        "additionalProperties": False,
    }


def _object(properties: dict[str, Json], required: Iterable[str]) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _ref(name: str) -> Json:
    return {"$ref": f"#/$defs/{name}"}


def schema_text() -> str:
    """Return the schema as the text of `rules/schema.json`; family names are in its comment."""
    schema = rule_schema()
    schema["$comment"] = ", ".join(f"{name}: {folder}/" for name, folder in FAMILIES.items())
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
