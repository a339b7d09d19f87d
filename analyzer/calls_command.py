"""What `sipwhy calls` does: captures → the table of calls, filtered and sorted, or calls whole."""

from datetime import tzinfo
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from analyzer.analysis import (
    DONE,
    NO_SIP,
    TABLE_FORMATS,
    WRONG_INPUT,
    ReadingOptions,
    analysis_settings,
    complain,
    complain_of_all,
    hidden_call,
    no_sip,
    open_captures,
    reader_may_leave,
    tell_notices,
)
from analyzer.annotate.conditions import holding
from analyzer.annotate.items import load_kinds
from analyzer.annotate.rule import AnyOf, When
from analyzer.annotate.where import field_to_sort_by, in_order, read_where, shown_values
from analyzer.errors import UsageError
from analyzer.frozen import frozen, replace
from analyzer.i18n import load_texts
from analyzer.render.destination import open_output

if TYPE_CHECKING:
    from analyzer.tables.schema import Int64
    from analyzer.tables.trace import Trace


@frozen
class CallsOptions(ReadingOptions):
    """Parameters of `calls`."""

    where: tuple[str, ...]
    sort: str
    format: str
    output: str
    zone: tzinfo | None
    verbose: int


def run_calls(options: CallsOptions) -> int:
    """Write the calls asked for and return the exit status."""
    kind = load_kinds()["calls"]
    where = read_where(options.where, kind)
    order = field_to_sort_by(options.sort, kind) if options.sort else None
    texts = load_texts(options.language)
    if options.format in TABLE_FORMATS:
        from analyzer.table_files import need_modules, refuse_terminal  # noqa: PLC0415 - only for tables

        need_modules(options.format)
        refuse_terminal(options.format, options.output)
    settings = analysis_settings(options)
    options = replace(options, call=hidden_call(options.call, settings))
    with (
        open_output(options.output) as out,
        open_captures(options.paths, settings, texts, quiet=options.quiet) as trace,
    ):
        complain_of_all(trace.problems)
        if not options.quiet:
            tell_notices(trace, texts)
        rows = _selected(trace, options)
        items = kind.items(trace, {})
        rows = holding(where, items.subject, rows)
        if order:
            rows = in_order(items, rows, order[0], descending=order[1])
        fields = _named(where, order)
        with reader_may_leave():
            if options.format == "text":
                _write_text(trace, rows, out, options, fields)
            elif options.format in TABLE_FORMATS:
                _write_table(trace, rows, out, options)
            else:
                _write_json(trace, rows, out, options)
        if len(trace.messages) == 0:
            complain(no_sip(trace, texts))
        if trace.problems:
            return WRONG_INPUT
        return DONE if len(trace.messages) else NO_SIP


def _selected(trace: "Trace", options: CallsOptions) -> "Int64":
    """Return the calls that --call picks; raises UsageError where there is none."""
    from analyzer.report.selection import select  # noqa: PLC0415 - its own imports are long

    rows = select(trace, options.call).calls
    if options.call and len(trace.messages) and not len(rows):
        raise UsageError(load_texts(options.language, "calls")("no_call", part=options.call))
    return rows


def _named(where: When, order: tuple[str, bool] | None) -> list[str]:
    """Return the fields that were asked about, each once."""
    names = [test.field for test in where if not isinstance(test, AnyOf)]
    return list(dict.fromkeys([*names, *(order[:1] if order else ())]))


def _write_text(
    trace: "Trace", rows: "Int64", out: BinaryIO, options: CallsOptions, fields: list[str]
) -> None:
    from analyzer.render.calls_text import SHOWN, CallsText, write_table, write_whole  # noqa: PLC0415 - only for text
    from analyzer.report.proof import MESSAGES  # noqa: PLC0415 - see above

    style = CallsText(options.language, options.zone, min(options.verbose, MESSAGES))
    if options.call or options.verbose:
        write_whole(trace, rows, out, style)
        return
    items = load_kinds()["calls"].items(trace, {})
    further = shown_values(items, rows, [name for name in fields if name not in SHOWN])
    write_table(trace, rows, further, out, style)


def _write_json(trace: "Trace", rows: "Int64", out: BinaryIO, options: CallsOptions) -> None:
    from analyzer.render.json_report import write_calls  # noqa: PLC0415 - only for JSON

    in_lines = options.format == "jsonl"
    write_calls(trace, np.asarray(rows), out, options.language, in_lines=in_lines)


def _write_table(trace: "Trace", rows: "Int64", out: BinaryIO, options: CallsOptions) -> None:
    from analyzer.render.formats import OutputOptions, find_output_format  # noqa: PLC0415 - only for tables

    wanted = OutputOptions(options.language, tables=("calls",), rows=np.asarray(rows))
    find_output_format(options.format).render(trace, out, wanted)
