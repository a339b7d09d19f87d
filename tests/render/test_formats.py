"""The registry of output formats."""

import io
from collections.abc import Callable

import pytest

from analyzer.errors import UsageError
from analyzer.render.formats import (
    OutputOptions,
    find_output_format,
    find_report_format,
    output_formats,
)
from analyzer.tables.trace import Trace


def test_formats_are_found_by_name(trace_of: Callable[[str], Trace]) -> None:
    """JSON and JSON Lines are found, and each writes what its name says."""
    formats = output_formats()
    assert {"json", "jsonl"} <= set(formats)
    trace = trace_of("-> OPTIONS sip:b@h SIP/2.0")
    for name, first in (("json", b'{"schema"'), ("jsonl", b'{"type":"header"')):
        out = io.BytesIO()
        formats[name].render(trace, out, OutputOptions())
        assert out.getvalue().startswith(first)
        assert formats[name].suffix == f".{name}"


def test_a_format_is_found_by_its_name() -> None:
    """Each is the one of the registry; a name that nobody has raises."""
    assert all(find_output_format(name) is made for name, made in output_formats().items())
    with pytest.raises(KeyError):
        find_output_format("smoke signals")


def test_a_report_is_written_as_its_name_ends() -> None:
    """HTML and Markdown are found by the ends of names, however they are spelt."""
    for name, path in (("html", "a.HTM"), ("html", "b.html"), ("markdown", "c.md")):
        assert find_report_format(path).name == name
    with pytest.raises(UsageError, match=r"ends in \.md or \.html"):
        find_report_format("report.docx")
