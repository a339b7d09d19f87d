"""Reports, calls and stories → small pieces of HTML for notebooks: escaped, with nothing to load.

Their words are those that the command prints; a call has its ladder as a drawing.
"""

from collections.abc import Iterable
from datetime import UTC
from html import escape

from analyzer.frozen import replace
from analyzer.in_notebooks import show_in_notebooks
from analyzer.render.clock import Clock
from analyzer.render.ladder_svg import ladder_svg
from analyzer.render.layout import Line, visible
from analyzer.render.terminal import TextOptions, report_lines
from analyzer.render.whole_call_lines import whole_call_lines
from analyzer.report.model import CallSummary, Ladder, Report, Story
from analyzer.report.whole_calls import WholeCall

WIDTH = 100
"""Columns of text."""
FINDINGS, CALLS = 5, 20
"""Of a report."""
STYLES = {
    "heading": "font-weight:bold",
    "label": "opacity:0.65",
    "info": "color:#2a8a3e",
    "notice": "color:#0077aa",
    "warning": "color:#b07d00;font-weight:bold",
    "error": "color:#c62828;font-weight:bold",
    "good": "color:#2a8a3e",
    "bad": "color:#c62828",
}


def install() -> None:
    """Let notebooks show what this module writes."""
    show_in_notebooks(
        {
            Report: report_html,
            CallSummary: call_html,
            Story: story_html,
            Ladder: ladder_svg,
            WholeCall: whole_call_html,
        }
    )


def report_html(report: Report) -> str:
    """Return what a report says first: the summary, the first findings, the first calls."""
    left_out = max(0, len(report.findings) - FINDINGS)
    short = replace(
        report,
        findings=report.findings[:FINDINGS],
        kinds_left_out=report.kinds_left_out + left_out,
        calls=report.calls[:CALLS],
        stories=(),
        stories_left_out=0,
    )
    options = TextOptions(report.language, report.zone, WIDTH, shortened=True)
    return text_html(report_lines(short, options))


def call_html(call: CallSummary) -> str:
    """Return a row of the call table as a table of its own."""
    cells = {
        "id": call.id,
        "start": f"{Clock(UTC).full(call.start_ns)} UTC",
        "caller": call.caller.short,
        "callee": call.callee.short,
        "outcome": call.outcome.name.lower(),
        "final_status": call.final_status,
        "ring": _seconds(call.ring_ns),
        "talk": _seconds(call.talk_ns),
        "findings": call.findings,
    }
    heads = "".join(f"<th>{name}</th>" for name in cells)
    values = "".join(f"<td>{_cell(value)}</td>" for value in cells.values())
    return f"<table><tr>{heads}</tr><tr>{values}</tr></table>"


def _seconds(duration_ns: int | None) -> str | None:
    return None if duration_ns is None else f"{duration_ns / 10**9:.3f} s"


def _cell(value: object) -> str:
    return "" if value is None else escape(visible(str(value)))


def story_html(story: Story) -> str:
    """Return a sentence and its ladder."""
    sentence = escape(visible(story.sentence))
    return f"<div><p>{sentence}</p>{ladder_svg(story.ladder) if story.ladder else ''}</div>"


def whole_call_html(call: WholeCall) -> str:
    """Return all that the command tells of a call, with its ladder drawn."""
    ladder = call.story.ladder
    told = replace(call, story=replace(call.story, ladder=None))
    files = 1 + any(arrow.frame[0] for arrow in ladder.arrows) if ladder else 1
    text = text_html(whole_call_lines(told, call.language, WIDTH, files))
    return f"<div>{text}{ladder_svg(ladder) if ladder else ''}</div>"


def text_html(lines: Iterable[Line]) -> str:
    """Return lines of text as the terminal has them."""
    shown = "\n".join("".join(_segment(*segment) for segment in line) for line in lines)
    return f'<pre style="line-height:1.3">{shown}</pre>'


def _segment(text: str, style: str) -> str:
    css = STYLES.get(style)
    return f'<span style="{css}">{escape(text)}</span>' if css else escape(text)
