"""JSON Schemas: of a policy, made from what the reader accepts, and of `check --format json`."""

from collections.abc import Callable, Iterable, Mapping

import orjson

from analyzer.annotate.conditions import OPERATORS
from analyzer.annotate.items import Kind, load_kinds
from analyzer.check.outputs.json_lines import SCHEMA
from analyzer.check.outputs.totals import Totals
from analyzer.check.policy import LEVELS
from analyzer.check.read_expectation import FIELD_MEASURES, LIMIT_OPERATORS
from analyzer.check.read_policy import SEVERITIES

Json = dict[str, object]
DRAFT = "https://json-schema.org/draft/2020-12/schema"

_TEXT: Json = {"type": "string", "minLength": 1}
_TEXTS: Json = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]}
_SCALAR: Json = {"type": ["string", "number", "boolean"]}
_VALUE: Json = {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR, "minItems": 1}]}
_NUMBER: Json = {"type": "number"}
_NUMBERS: Json = {"anyOf": [_NUMBER, {"type": "array", "items": _NUMBER, "minItems": 1}]}
_SHARE: Json = {"anyOf": [_NUMBER, {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)? ?%$"}]}
_COUNT: Json = {"type": "integer", "minimum": 0}
_FLAG: Json = {"type": "boolean"}
_FRAME: Json = {"type": ["integer", "null"], "minimum": 1}
_MAYBE_COUNT: Json = {"type": ["integer", "null"], "minimum": 0}
_MAYBE_TEXT: Json = {"type": ["string", "null"], "minLength": 1}


def schema_text_of(name: str) -> str:
    """Return the schema of a `policy` or of a `check` as text."""
    made: Mapping[str, Callable[[], Json]] = {"policy": policy_schema, "check": check_schema}
    return orjson.dumps(made[name](), option=orjson.OPT_INDENT_2).decode() + "\n"


def policy_schema() -> Json:
    """Return the schema of a policy."""
    choice: Json = {
        "select": {"description": "Only these rules, cases or families count.", **_TEXTS},
        "ignore": {"description": "These rules, cases or families do not count.", **_TEXTS},
        "severity": {
            "description": "Rule or case, and how grave it is here.",
            "type": "object",
            "additionalProperties": {"enum": list(SEVERITIES)},
        },
        "fail_on": {"description": "Findings from this severity on fail.", "enum": list(LEVELS)},
    }
    match = {"description": "Pattern of paths, as nightly/*.pcap.", **_TEXT}
    definitions: Json = {
        "expectation": _expectation(),
        **{f"when_{kind.name}": _when(kind) for kind in load_kinds().values()},
    }
    properties: Json = {
        "leg_headers": {
            "description": "Headers by which back-to-back user agents name the other leg of a "
            "call, beside X-CID and X-Call-ID.",
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        },
        "settings": {
            "description": "Rule, and below it its thresholds.",
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": _VALUE},
        },
        "rules": {"description": "Directories of further rules, beside this file.", **_TEXTS},
        **choice,
        "captures": {
            "description": "What counts in some recordings; the later goes before the earlier.",
            "type": "array",
            "items": _object({"match": match, **choice}, ["match"]),
        },
        "expectations": {"type": "array", "items": {"$ref": "#/$defs/expectation"}},
    }
    return {
        "$schema": DRAFT,
        "title": "A policy of sipwhy check (sipwhy.yml)",
        **_object(properties, ()),
        "$defs": definitions,
    }


def _expectation() -> Json:
    kinds = load_kinds()
    operators = "|".join(LIMIT_OPERATORS)
    properties: Json = {
        "name": {"description": "What is expected, in a few words.", **_TEXT},
        "why": {"description": "Why it matters; shown when it is not met.", **_TEXT},
        "do": {"description": "What to do then.", **_TEXTS},
        "captures": {"description": "Patterns of the recordings it is for.", **_TEXTS},
        "settings": {"type": "object", "additionalProperties": _SCALAR},
        "may_be_empty": {"description": "Met where there is nothing to judge, too.", **_FLAG},
        "sequence": {"description": "Messages of each call: INVITE 18x* 200 ACK ...", **_TEXT},
        "of": {"type": "object"},
        "every": {"type": "object", "minProperties": 1},
        "count": _NUMBERS,
        "ratio": _SHARE,
        **{name: _kind(kind) for name, kind in kinds.items()},
    }
    measures = "|".join((*FIELD_MEASURES[:3], r"p[0-9]{1,2}(\.[0-9]{1,3})?"))
    patterns: Json = {
        rf"^count\|({operators})$": _NUMBERS,
        rf"^ratio\|({operators})$": _SHARE,
        rf"^({measures})\.[a-z_0-9.]+(\|({operators}))?$": _NUMBERS,
    }
    one_kind = [
        {
            "required": [name],
            "properties": {key: {"$ref": f"#/$defs/when_{name}"} for key in ("of", "every")},
        }
        for name in kinds
    ]
    whole = _object(properties, ["name"])
    return {**whole, "patternProperties": patterns, "oneOf": one_kind}


def _kind(kind: Kind) -> Json:
    return {"description": kind.meaning["en"], "$ref": f"#/$defs/when_{kind.name}"}


def _when(kind: Kind) -> Json:
    known = {
        name: {"description": each.meaning["en"], **_VALUE} for name, each in kind.fields().items()
    }
    again: Json = {"$ref": f"#/$defs/when_{kind.name}"}
    operators = "|".join(OPERATORS)
    return {
        "type": "object",
        "properties": {"any": {"type": "array", "items": again, "minItems": 1}, **known},
        "patternProperties": {rf"^[a-z_0-9.]+(\|({operators}))?$": True},
        "additionalProperties": False,
    }


def _object(properties: Json, required: Iterable[str]) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def check_schema() -> Json:
    """Return the schema of the JSON of a check: of the object, and of each of the JSON Lines."""
    parts = _parts()
    whole: Json = {
        **parts["header"],
        "recordings": _list(
            _open(
                {
                    **parts["recording"],
                    "findings": _list(_open(parts["finding"])),
                    "expectations": _list(_open(parts["expectation"])),
                    "gone": _list(_open(parts["gone"])),
                }
            )
        ),
        "unreadable": _list(_open(parts["unreadable"])),
        "summary": _open(parts["summary"]),
    }
    of_recording: Json = {"recording": _TEXT}
    lines = [
        _open(
            {
                "type": {"const": name},
                **(of_recording if name in ("finding", "expectation", "gone") else {}),
                **part,
            }
        )
        for name, part in parts.items()
    ]
    return {
        "$schema": DRAFT,
        "title": "Output of sipwhy check: --format json, and each line of --format jsonl",
        "if": {"required": ["type"]},
        "then": {"oneOf": lines},
        "else": _open(whole),
        "$defs": {"place": _open(_PLACE)},
    }


_PLACE: Json = {
    "capture": _TEXT,
    "frame": _FRAME,
    "call": _MAYBE_COUNT,
    "who": _MAYBE_TEXT,
    "call_id": _MAYBE_TEXT,
}


def _open(properties: Json) -> Json:
    """Return an object that has all these keys; later versions may add some."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def _parts() -> dict[str, Json]:
    place: Json = {"$ref": "#/$defs/place"}
    likely: Json = {"anyOf": [_open({"text": _TEXT, "confidence": _TEXT}), {"type": "null"}]}
    return {
        "header": {
            "schema": {"const": SCHEMA},
            "version": _TEXT,
            "policy": _MAYBE_TEXT,
            "baseline": _MAYBE_TEXT,
            "failed": _FLAG,
        },
        "recording": {
            "name": _TEXT,
            "captures": _list(_TEXT),
            "failed": _FLAG,
            "no_sip": _MAYBE_TEXT,
            "complete": {"description": "False when a file is cut or damaged.", **_FLAG},
            "packets": _COUNT,
            "sip_messages": _COUNT,
            "calls": _COUNT,
            "ignored": {"description": "Findings that the policy does not count.", **_COUNT},
        },
        "finding": {
            "rule": _TEXT,
            "case": _TEXT,
            "notes": _list(_TEXT),
            "severity": {"enum": list(SEVERITIES)},
            "fails": {"description": "It fails the check.", **_FLAG},
            "in_baseline": _FLAG,
            "relayed": _FLAG,
            "title": _TEXT,
            "message": {"type": "string"},
            "likely": likely,
            "next_steps": _list(_TEXT),
            "references": _list(_TEXT),
            "subject": {"description": "`call 3`, `subscription 0` …", **_TEXT},
            "place": place,
            "fingerprint": {"description": "The same in the next recording.", **_TEXT},
        },
        "expectation": {
            "name": _TEXT,
            "met": _FLAG,
            "found": {"description": "What was found and wanted, where not met.", **_list(_TEXT)},
            "why": _MAYBE_TEXT,
            "next_steps": _list(_TEXT),
            "places": _list(place),
            "more_places": _COUNT,
        },
        "gone": {"what": _TEXT, "count": _COUNT, "fingerprint": _TEXT},
        "unreadable": {"path": _TEXT, "why": _TEXT},
        "summary": dict.fromkeys(Totals.__match_args__, _COUNT),
    }
