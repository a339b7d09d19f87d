"""Calls → a table as wide as its content; where that is too wide names are cut, never numbers."""

from collections.abc import Iterator, Mapping, Sequence

from analyzer.i18n import Texts
from analyzer.render.clock import Clock
from analyzer.render.layout import Line, pad, paragraph, shorten, visible, width_of
from analyzer.report.durations import duration
from analyzer.report.model import CallSummary, Report
from analyzer.tables.calls import Outcome

NARROWEST = 8
"""Columns that a name keeps."""
RIGHT = ("id", "ring", "talk")
"""Columns of numbers."""
NAMES = ("caller", "callee")
COLUMNS = ("id", "start", *NAMES, "outcome", "ring", "talk", "findings")
GAP = "  "
MARK = "*"
"""Beside a call that a finding explains."""
STYLES = {
    Outcome.ANSWERED: "good",
    Outcome.INCOMPLETE: "label",
    Outcome.CANCELLED: "label",
    Outcome.BLOCKED: "warning",
}


def call_table(
    report: Report, texts: Texts, clock: Clock, width: int, *, shortened: bool
) -> Iterator[Line]:
    """Yield the call table of a report: heading, calls, and how many are left out."""
    yield ((texts("table.title"), "heading"),)
    room = width - 2 if shortened else None
    for line in call_lines(report.calls, {}, texts, clock, room):
        yield ("  ", ""), *line
    if any(call.findings for call in report.calls):
        yield from paragraph(texts("table.explained", mark=MARK), 2, width, "label")
    if len(report.calls) < report.calls_selected:
        shown, every = f"{len(report.calls):,}", f"{report.calls_selected:,}"
        yield from paragraph(
            f"… {texts('table.left_out', shown=shown, all=every)}", 2, width, "label"
        )


def call_lines(
    calls: Sequence[CallSummary],
    further: Mapping[str, Sequence[str]],
    texts: Texts,
    clock: Clock,
    room: int | None,
) -> Iterator[Line]:
    """Yield heads and rows of a table of calls, with further columns by their heads; names are
    shortened so that it fits into `room`, if there is one.
    """
    heads = {name: texts(f"table.{name}") for name in COLUMNS[:-1]}
    heads |= {name: visible(name) for name in further} | {"findings": ""}
    rows = [_cells(call, texts, clock) for call in calls]
    for name, values in further.items():
        for row, value in zip(rows, values, strict=True):
            row[name] = visible(value)
    used = [name for name in heads if name in NAMES or any(row[name] for row in rows)]
    widths = {name: max(width_of(row[name]) for row in [heads, *rows]) for name in used}
    if room is not None:
        _fit(widths, room)
    yield ((_line(heads, widths), "label"),)
    for call, row in zip(calls, rows, strict=True):
        yield ((_line(row, widths), STYLES.get(call.outcome, "")),)


def _cells(call: CallSummary, texts: Texts, clock: Clock) -> dict[str, str]:
    unknown = texts("unknown")
    outcome = texts(f"outcome.{call.outcome.name.lower()}")
    says_more = call.final_status and call.outcome != Outcome.ANSWERED
    return {
        "id": str(call.id),
        "start": clock.short(call.start_ns),
        "caller": visible(call.caller.short or unknown),
        "callee": visible(call.callee.short or unknown),
        "outcome": f"{outcome} {call.final_status}" if says_more else outcome,
        "ring": "" if call.ring_ns is None else duration(call.ring_ns, texts),
        "talk": "" if call.talk_ns is None else duration(call.talk_ns, texts),
        "findings": MARK if call.findings else "",
    }


def _fit(widths: dict[str, int], room: int) -> None:
    """Take from the wider name until the table fits."""
    while sum(widths.values()) + len(GAP) * (len(widths) - 1) > room:
        widest = max(NAMES, key=lambda name: widths[name])
        if widths[widest] <= NARROWEST:
            return
        widths[widest] -= 1


def _line(row: dict[str, str], widths: dict[str, int]) -> str:
    cells = (
        pad(shorten(row[name], size) if name in NAMES else row[name], size, right=name in RIGHT)
        for name, size in widths.items()
    )
    return GAP.join(cells).rstrip()
