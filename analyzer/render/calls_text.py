"""`sipwhy calls` as text: the table of calls, or calls whole."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import BinaryIO

from analyzer.annotate.fields import UNKNOWN, Value
from analyzer.frozen import frozen
from analyzer.i18n import Texts, load_texts
from analyzer.render.clock import Clock
from analyzer.render.layout import Line, paragraph
from analyzer.render.table_lines import MARK, call_lines
from analyzer.render.terminal import WIDTH, write_lines
from analyzer.render.whole_call_lines import whole_call_lines
from analyzer.report.calls import summarize_calls
from analyzer.report.whole_calls import whole_call
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace

SHOWN = ("id", "start", "caller", "callee", "outcome", "final_status", "ring_ms", "talk_ms")
"""Fields that the table has anyway."""
MOST_WHOLE = 10
"""Calls printed whole."""


@frozen
class CallsText:
    """How calls are written."""

    language: str
    zone: tzinfo | None
    detail: int = 0
    """Of the messages of whole calls: none, headers, all (`report.proof`)."""


def write_table(
    trace: Trace,
    rows: Int64,
    further: Mapping[str, Sequence[Value]],
    out: BinaryIO,
    style: CallsText,
) -> None:
    """Write the table of some calls, in that order, with further columns."""
    texts, own = load_texts(style.language), load_texts(style.language, "calls")
    calls = summarize_calls(trace, rows)
    columns = {name: [_said(each, own) for each in values] for name, values in further.items()}

    def lines(width: int | None) -> Iterator[Line]:
        if calls:
            yield from call_lines(calls, columns, texts, Clock(style.zone), width)
            yield ()
        if any(call.findings for call in calls):
            mark = texts("table.explained", mark=MARK)
            yield from paragraph(mark, 0, width or WIDTH, "label")
        yield ((_counted(trace, calls, own), "label"),)

    write_lines(lines, out)


def _counted(trace: Trace, calls: Sequence[object], texts: Texts) -> str:
    if len(calls) == len(trace.calls):
        return texts.count("counted_all", len(calls))
    return texts("counted", shown=f"{len(calls):,}", all=f"{len(trace.calls):,}")


def _said(value: Value, texts: Texts) -> str:
    if value is None or value is UNKNOWN:
        return ""
    if isinstance(value, bool):
        return texts("flag_true" if value else "flag_false")
    return f"{value:g}" if isinstance(value, float) and value < 10**6 else str(value)


def write_whole(trace: Trace, rows: Int64, out: BinaryIO, style: CallsText) -> None:
    """Write calls whole, the first of very many."""
    texts, shown = load_texts(style.language, "calls"), rows[:MOST_WHOLE].tolist()

    def lines(width: int | None) -> Iterator[Line]:
        for number, row in enumerate(shown):
            if number:
                yield ()
            call = whole_call(trace, row, style.language, style.detail)
            yield from whole_call_lines(call, style.language, width or WIDTH, len(trace.captures))
        if len(shown) < len(rows):
            yield ()
            more = f"… {texts.count('more', len(rows) - len(shown))}"
            yield from paragraph(more, 0, width or WIDTH, "label")

    write_lines(lines, out)
