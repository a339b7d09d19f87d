"""Which outputs are wanted, and writing them: several at once, each where it belongs."""

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from analyzer.check.model import CheckReport
from analyzer.errors import UsageError
from analyzer.frozen import frozen
from analyzer.render.destination import STDOUT, open_output
from analyzer.render.layout import Line

FORMATS = ("text", "json", "jsonl")


@frozen
class Outputs:
    """What is to be written."""

    language: str = "en"
    format: str = "text"
    """On standard output."""
    verbose: bool = False
    junit: str = ""
    """Path of the file; empty for none."""
    sarif: str = ""
    github: bool = False
    """Annotations, and a summary of the step."""
    step_summary: str = ""
    """File that GitHub shows as the summary."""


def write_outputs(report: CheckReport, wanted: Outputs) -> None:
    """Write a check; raises UsageError where a file cannot be written."""
    if wanted.junit:
        from analyzer.check.outputs.junit import junit_xml  # noqa: PLC0415 - seldom asked for

        _write_file(wanted.junit, junit_xml(report, wanted.language))
    if wanted.sarif:
        from analyzer.check.outputs.sarif import sarif_log  # noqa: PLC0415 - seldom asked for

        _write_file(wanted.sarif, sarif_log(report, wanted.language, open_only=wanted.github))
    with suppress(BrokenPipeError):
        if wanted.github:
            _tell_github(report, wanted)
        _write_stdout(report, wanted)


def _write_file(path: str, content: bytes) -> None:
    with open_output(path) as out:
        out.write(content)


def _write_stdout(report: CheckReport, wanted: Outputs) -> None:
    with open_output(STDOUT) as out:
        if wanted.format == "text":
            from analyzer.check.outputs.text import WIDTH, Page, check_lines  # noqa: PLC0415 - see above
            from analyzer.render.terminal import write_lines  # noqa: PLC0415 - see above

            def made(width: int | None) -> Iterator[Line]:
                return check_lines(report, Page(wanted.language, width or WIDTH, wanted.verbose))

            write_lines(made, out)
            return
        from analyzer.check.outputs.json_lines import check_json, check_jsonl  # noqa: PLC0415 - see above

        out.write((check_json if wanted.format == "json" else check_jsonl)(report))


def _tell_github(report: CheckReport, wanted: Outputs) -> None:
    """Print annotations, which a runner reads from both streams, where they do no harm."""
    from analyzer.check.outputs.github import annotations, step_summary  # noqa: PLC0415 - see above

    lines = "".join(f"{line}\n" for line in annotations(report, wanted.language))
    stream = sys.stdout if wanted.format == "text" else sys.stderr
    stream.write(lines)
    stream.flush()
    if wanted.step_summary:
        path = Path(wanted.step_summary)
        try:
            with path.open("a", encoding="utf-8", newline="\n") as out:
                out.write(step_summary(report, wanted.language))
        except OSError as error:
            raise UsageError(f"{path}: cannot be written: {error.strerror}") from None
