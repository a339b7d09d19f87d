"""A trace → JSON: one object, or JSON Lines, each record as soon as it is over.

Both are written piece by piece, so a report of any size needs little memory. UTF-8, lines end in a
line feed on every system, the same input gives the same bytes. `schema` says what is in them.
"""

from collections.abc import Generator, Mapping
from contextlib import closing
from functools import partial
from typing import BinaryIO

import orjson

from analyzer.aside import MANY, begin
from analyzer.render.formats import OutputFormat, OutputOptions
from analyzer.render.json_parts import SCHEMA, anomaly, capture, counts, coverage
from analyzer.render.json_records import (
    Section,
    calls_section,
    records_as_they_end,
    records_in_order,
    sections,
)
from analyzer.render.json_statistics import statistics
from analyzer.render.record_source import RecordSource
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace
from analyzer.version import VERSION

JsonOptions = OutputOptions
SEPARATOR = b",\n"


def write_jsonl(trace: Trace, out: BinaryIO, options: OutputOptions) -> None:
    """Write a trace as JSON Lines, each with its `type`."""
    source = RecordSource(trace, trace.rules, options.language)
    _line(out, "header", {"schema": SCHEMA, "version": VERSION})
    for info in trace.captures:
        _line(out, "capture", capture(info))
    made = sections(source, options.call, messages=options.messages, typed=True)
    measured = begin(partial(statistics, trace, trace.rules), aside=len(trace.messages) > MANY)
    with closing(records_as_they_end(made, b"\n")) as lines:
        out.writelines(lines)
    for each in trace.anomalies:
        _line(out, "anomaly", anomaly(each))
    _line(out, "statistics", measured())
    _line(out, "coverage", coverage(trace))
    _line(out, "counts", counts(trace))


def _line(out: BinaryIO, kind: str, values: Mapping[str, object]) -> None:
    out.write(orjson.dumps({"type": kind, **values}, option=orjson.OPT_APPEND_NEWLINE))


def write_json(trace: Trace, out: BinaryIO, options: OutputOptions) -> None:
    """Write a trace as one JSON object, each record on a line of its own."""
    source = RecordSource(trace, trace.rules, options.language)
    out.write(b"{")
    _member(out, "schema", SCHEMA)
    _member(out, "version", VERSION)
    _member(out, "captures", [capture(info) for info in trace.captures])
    _member(out, "counts", counts(trace))
    _member(out, "coverage", coverage(trace))
    for section in sections(source, options.call, messages=options.messages, typed=False):
        _records(out, section)
    _member(out, "anomalies", [anomaly(each) for each in trace.anomalies])
    out.write(b'"statistics":' + orjson.dumps(statistics(trace, trace.rules)) + b"}\n")


def write_calls(trace: Trace, rows: Int64, out: BinaryIO, language: str, *, in_lines: bool) -> None:
    """Write the records of some calls in that order: JSON Lines, or an object with `calls`."""
    section = calls_section(RecordSource(trace, trace.rules, language), rows, typed=in_lines)
    if in_lines:
        with closing(records_as_they_end([section], b"\n")) as lines:
            out.writelines(lines)
        return
    out.write(b"{")
    _member(out, "schema", SCHEMA)
    _member(out, "version", VERSION)
    out.write(b'"calls":[')
    _list(out, records_as_they_end([section], SEPARATOR))
    out.write(b"]}\n")


def _member(out: BinaryIO, name: str, value: object) -> None:
    out.write(b'"' + name.encode() + b'":' + orjson.dumps(value) + SEPARATOR)


def _records(out: BinaryIO, section: Section) -> None:
    out.write(b'"' + section.layout.section.encode() + b'":[')
    _list(out, records_in_order(section, SEPARATOR))
    out.write(b"]" + SEPARATOR)


def _list(out: BinaryIO, made: Generator[memoryview]) -> None:
    """Write records with the separator between them, which comes after each."""
    before = b"\n"
    with closing(made) as pieces:
        for records in pieces:
            out.write(before)
            out.write(records[: -len(SEPARATOR)])
            before = SEPARATOR


FORMAT = OutputFormat("json", ".json", write_json)
