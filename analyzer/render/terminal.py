"""Report → text for a person in a hurry: what is there, why it ended so, what to do.

Lines are made one after another, so that a long report needs no memory. They are printed in colour
on a terminal and as plain UTF-8 elsewhere; the text is the same.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import tzinfo
from typing import BinaryIO

from analyzer.frozen import frozen, replace
from analyzer.i18n import Texts, load_texts
from analyzer.render.clock import Clock
from analyzer.render.finding_lines import finding_lines, proof_lines
from analyzer.render.formats import OutputFormat, OutputOptions
from analyzer.render.ladder_lines import ladder_lines
from analyzer.render.layout import Line, paragraph, visible
from analyzer.render.summary_lines import remark_lines, summary_lines
from analyzer.render.table_lines import call_table
from analyzer.report.build import ReportOptions, build_report
from analyzer.report.model import Report, Story
from analyzer.tables.trace import Trace

WIDTH = 80
"""Where there is no terminal."""
NARROWEST, WIDEST = 60, 110
"""Longer lines are hard to read."""
STYLES = {
    "": "",
    "heading": "bold",
    "label": "dim",
    "info": "green",
    "notice": "cyan",
    "warning": "bold yellow",
    "error": "bold red",
    "good": "green",
    "bad": "red",
}
"""Styles of segments, in the words of rich."""


@frozen
class TextOptions:
    """How the text is written."""

    language: str = "en"
    zone: tzinfo | None = None
    """Time zone; None is that of the system."""
    width: int = WIDTH
    brief: bool = False
    """Summary and findings only (`-q`)."""
    verbose: bool = False
    """Meanings, and all remarks (`-v`)."""
    shortened: bool = False
    """Long names in tables are cut to the width; who reads a pipe or a file gets them whole."""


def report_lines(report: Report, options: TextOptions) -> Iterator[Line]:
    """Yield the lines of a report."""
    texts, clock = load_texts(options.language), Clock(options.zone)
    yield from summary_lines(report, texts, clock, options.width)
    yield from _findings(report, texts, clock, options)
    if options.brief:
        return
    if report.calls:
        yield ()
        yield from call_table(report, texts, clock, options.width, shortened=options.shortened)
    if report.stories:
        yield from _stories(report, texts, options.width)
    yield from remark_lines(report, texts, options.width, everything=options.verbose)


def _findings(report: Report, texts: Texts, clock: Clock, options: TextOptions) -> Iterator[Line]:
    captures = len(report.captures)
    for block in report.findings:
        yield ()
        yield from finding_lines(
            block, texts, clock, width=options.width, captures=captures, meaning=options.verbose
        )
        if not options.brief:
            yield from proof_lines(block.proof, texts, options.width, captures)
    if report.kinds_left_out:
        yield ()
        more = texts.count("finding.kinds_left_out", report.kinds_left_out)
        yield from paragraph(f"… {more}", 0, options.width, "label")


def _stories(report: Report, texts: Texts, width: int) -> Iterator[Line]:
    for story in report.stories:
        yield ()
        yield from _story(story, texts, width, len(report.captures))
    if report.stories_left_out:
        yield ()
        more = texts.count("story.left_out", report.stories_left_out)
        yield from paragraph(f"… {more}", 0, width, "label")


def _story(story: Story, texts: Texts, width: int, captures: int) -> Iterator[Line]:
    call_id = texts("story.call_id", call_id=visible(story.call_id))
    yield (texts(f"story.{story.kind}", id=story.id), "heading"), (f"  {call_id}", "label")
    yield from paragraph(story.sentence, 2, width)
    if story.ladder:
        yield from ladder_lines(story.ladder, texts, width, captures)


def render(trace: Trace, out: BinaryIO, options: OutputOptions) -> None:
    """Write the report of a trace as text."""
    wanted = ReportOptions(
        options.language, call=options.call, messages=options.messages, zone=None
    )
    write_text(build_report(trace, wanted), out, TextOptions(options.language))


FORMAT = OutputFormat("text", ".txt", render)


def write_text(report: Report, out: BinaryIO, options: TextOptions) -> None:
    """Write a report: in colour and as wide as the window on a terminal, else plain and narrow."""

    def lines(width: int | None) -> Iterator[Line]:
        if width is None:
            return report_lines(report, options)
        return report_lines(report, replace(options, width=width, shortened=True))

    write_lines(lines, out)


def write_lines(made: Callable[[int | None], Iterable[Line]], out: BinaryIO) -> None:
    """Write lines made for a width, None where there is no terminal; in colour on a terminal."""
    if out is not sys.stdout.buffer or not sys.stdout.isatty():
        _write_plain(made(None), out)
        return
    from shutil import get_terminal_size  # noqa: PLC0415 - only a terminal needs it

    lines = made(min(max(get_terminal_size().columns, NARROWEST), WIDEST))
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        _write_plain(lines, out)
    else:
        _print_colored(lines)


def _write_plain(lines: Iterable[Line], out: BinaryIO) -> None:
    for line in lines:
        text = "".join(text for text, _ in line).rstrip()
        out.write(text.encode("utf-8", "backslashreplace") + b"\n")


def _print_colored(lines: Iterable[Line]) -> None:
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.text import Text  # noqa: PLC0415 - see above

    console = Console(markup=False, highlight=False, emoji=False, soft_wrap=True)
    for line in lines:
        console.print(Text.assemble(*((text, STYLES[style]) for text, style in line)))
