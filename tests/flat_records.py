"""JSON records laid flat as the documentation of the tables says, by the shape of JSON alone."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any

from analyzer.pipeline import open_trace
from analyzer.tables.trace import Trace
from command import ROOT
from json_output import json_of

Flat = dict[str, Any]
SAMPLES = sorted(
    str(path.relative_to(ROOT))
    for pattern in ("*.pcap", "*.pcapng", "*.pcap.gz")
    for path in (ROOT / "samples").rglob(pattern)
)
NESTED = ("evidence",)
"""Objects whose keys differ from record to record stay JSON text."""


@contextmanager
def opened(sample: str) -> Iterator[Trace]:
    """Open a sample."""
    with open_trace([str(ROOT / sample)]) as trace:
        yield trace


@cache
def json_of_sample(sample: str) -> Mapping[str, Any]:
    """Return the JSON output of a sample, messages included."""
    with opened(sample) as trace:
        return json_of(trace, messages=True)


def flat_table(report: Mapping[str, Any], name: str) -> list[Flat]:
    """Return the rows of a table: records, or the objects of a list in them."""
    section, _, key = name.partition(".")
    if not key:
        return [flat(record) for record in report[section]]
    owner = f"of_{section.removesuffix('s')}"
    return [
        {owner: record["id"]} | flat(item) for record in report[section] for item in record[key]
    ]


def flat(record: Mapping[str, Any], before: str = "") -> Flat:
    """Lay a record flat."""
    made: Flat = {}
    for key, value in record.items():
        name = before + key
        if key.endswith("_ns"):
            plain = name.removesuffix("_ns")
            made[plain if plain.endswith("time") else f"{plain}_time"] = value
        elif key == "frame" or key.endswith("_frame"):
            capture, number = value or (None, None)
            made |= {f"{name}.capture": capture, f"{name}.number": number}
        elif key in NESTED and isinstance(value, dict):
            made[name] = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        elif isinstance(value, dict):
            made |= flat(value, f"{name}.")
        elif isinstance(value, list):
            made |= listed(name, value)
        else:
            made[name] = value
    return made


def listed(name: str, items: list[Any]) -> Flat:
    """Return a list of plain values as one text; objects have a table of their own."""
    if items and isinstance(items[0], dict):
        return {}
    texts = (":".join(map(str, each)) if isinstance(each, list) else str(each) for each in items)
    return {name: " | ".join(each.replace("|", "\\x7c") for each in texts) or None}


def iso(time_ns: int) -> str:
    """Return a time as CSV has it."""
    seconds, rest = divmod(time_ns, 10**9)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:09}Z"


def rows_as_declared(rows: list[Flat], columns: list[str]) -> list[Flat]:
    """Return rows with all columns; inside what is null, and beside an empty list of objects, there
    is nothing. Raises AssertionError for a key that has no column.
    """
    for row in rows:
        stray = {each for each in row.keys() - set(columns) if row[each] is not None}
        assert not stray
    return [{each: row.get(each) for each in columns} for row in rows]
