"""A trace → Markdown to paste into an issue: overview, findings, calls, diagrams of those with
findings.

It is kept below what GitHub takes as one comment. What does not fit is counted and said.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

import numpy as np

from analyzer.frozen import frozen
from analyzer.i18n import Texts, load_texts
from analyzer.measure.session_ratios import session_ratios
from analyzer.render.clock import Clock, now
from analyzer.render.formats import OutputFormat, OutputOptions
from analyzer.render.markdown_parts import (
    Part,
    Reader,
    call_rows,
    finding_part,
    remark_text,
    told_part,
)
from analyzer.render.markdown_text import inline, table
from analyzer.render.summary_lines import summary_rows
from analyzer.report.build import ReportOptions, build_report
from analyzer.report.calls import choose_calls, summarize_calls
from analyzer.report.durations import duration
from analyzer.report.model import Report
from analyzer.report.selection import Selection, select
from analyzer.report.series import delays
from analyzer.report.stories import Subject
from analyzer.report.told import subjects_to_tell, tell_whole
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace
from analyzer.version import VERSION

LONGEST = 60_000
"""Characters of a report: GitHub takes 65,536 as one comment, and who pastes it writes some too."""
FOR_FINDINGS = 0.5
"""Share of it that the findings may take."""
DRAWN = 50
"""Diagrams: more of them GitLab draws only when each is asked for."""
ROWS = 50
"""Calls of the table."""
REMARKS = 20
MISSES = 5
"""After so many subjects that did not fit no more are tried."""


@frozen
class _Source:
    """What all sections are made of."""

    trace: Trace
    report: Report
    chosen: Selection
    options: OutputOptions
    reader: Reader


@frozen
class _Section:
    """One subject, told."""

    start_ns: int
    parts: list[Part]


def write_markdown(trace: Trace, out: BinaryIO, options: OutputOptions) -> None:
    """Write the report of a trace as Markdown."""
    wanted = ReportOptions(options.language, call=options.call, zone=options.zone)
    report = build_report(trace, wanted)
    reader = Reader(
        load_texts(options.language, "page"),
        load_texts(options.language),
        load_texts(options.language, "calls"),
        Clock(options.zone),
        len(report.captures),
    )
    source = _Source(trace, report, select(trace, options.call), options, reader)
    text = "\n\n".join("\n".join(part) for part in _parts(source)) + "\n"
    out.write(text.encode("utf-8", "backslashreplace"))


def _parts(source: _Source) -> list[Part]:
    """Return the parts of the document: the diagrams take what room all others leave."""
    head, last = list(_overview(source)), list(_remarks(source))
    room = LONGEST - _size(head) - _size(last)
    findings = list(_findings(source, int(room * FOR_FINDINGS)))
    calls = list(_calls(source))
    told = list(_told(source, room - _size(findings) - _size(calls)))
    return [*head, *findings, *calls, *told, *last]


def _size(parts: Iterable[Part]) -> int:
    return sum(map(_length, parts))


def _length(part: Part) -> int:
    return sum(len(line) + 1 for line in part) + 1


def _overview(source: _Source) -> Iterator[Part]:
    texts, reader = source.reader.texts, source.reader
    yield [f"# {texts('title')}"]
    yield [inline(texts("made", version=VERSION, time=now(source.options.zone)))]
    yield [f"## {texts('overview')}"]
    rows: list[str] = []
    for label, text, _ in summary_rows(source.report, reader.words, reader.clock):
        rows.append(f"- **{inline(label)}:** {inline(text)}" if label else f"  - {inline(text)}")
    yield rows
    if measures := _measures(source.trace, source.chosen.calls, reader.texts, reader.words):
        yield [f"### {texts('document.measures')}"]
        heads = [texts(f"document.{key}") for key in ("measure", "median", "p95", "counted")]
        yield list(table(heads, measures, (1, 2, 3)))


def _measures(trace: Trace, calls: Int64, texts: Texts, words: Texts) -> list[Sequence[str]]:
    """Return the rows of the table of measures."""
    rows: list[Sequence[str]] = [
        (
            texts(f"plots.{each.name}"),
            duration(each.median_ns, words),
            duration(each.p95_ns, words),
            f"{each.total:,}",
        )
        for each in delays(trace, calls)
    ]
    name = "session_establishment_ratio"
    ratio = session_ratios(trace)[name]
    of = int(np.count_nonzero(ratio.of[calls]))
    if of:
        n = int(np.count_nonzero((ratio.counted & ratio.of)[calls]))
        share = texts("document.share", percent=f"{100 * n / of:.1f}")
        rows.append((texts(f"document.{name}"), share, "", f"{n:,} / {of:,}"))
    return rows


def _findings(source: _Source, room: int) -> Iterator[Part]:
    texts, report = source.reader.texts, source.report
    yield [f"## {texts('findings')}"]
    if not report.findings:
        yield [texts("no_findings")]
    shown = 0
    for block in report.findings:
        parts = list(finding_part(block, source.reader))
        room -= _size(parts)
        if room < 0:
            break
        yield from parts
        shown += 1
    left_out = report.kinds_left_out + len(report.findings) - shown
    if left_out:
        yield [texts.count("document.kinds_left_out", left_out)]


def _calls(source: _Source) -> Iterator[Part]:
    """Yield the table of calls: all, or those that matter most."""
    trace, texts, rows = source.trace, source.reader.texts, source.chosen.calls
    if len(rows) == 0:
        return
    shown = choose_calls(trace, rows, everything=False, most=ROWS, some=ROWS)
    yield [f"## {texts('calls')}"]
    yield list(call_rows(summarize_calls(trace, shown), source.reader))
    if len(shown) < len(rows):
        yield [texts("document.calls_left_out", shown=f"{len(shown):,}", all=f"{len(rows):,}")]


def _told(source: _Source, room: int) -> Iterator[Part]:
    """Yield what has findings, one by one in order of time, as much as there is room for."""
    texts, options = source.reader.texts, source.options
    subjects, total = subjects_to_tell(
        source.trace, source.chosen, _named_first(source.report), everything=bool(options.call)
    )
    if total == 0:
        return
    told = _that_fit(source, subjects[: min(options.pages, DRAWN)], room)
    heading = source.reader.words("story.title") if options.call else texts("document.told")
    yield [f"## {heading}"]
    for each in sorted(told, key=lambda each: each.start_ns):
        yield from each.parts
    if len(told) < total:
        why = "pages" if len(told) == options.pages else "left_out"
        shown, every = f"{len(told):,}", f"{total:,}"
        yield [texts(f"document.{why}", shown=shown, all=every, most=DRAWN, limit=f"{LONGEST:,}")]


def _named_first(report: Report) -> list[Subject]:
    """Return the calls and subscriptions that the findings give as examples."""
    firsts = [block.first for block in report.findings]
    calls = [("call", each.call) for each in firsts if each.call is not None]
    return calls + [
        ("subscription", each.subscription) for each in firsts if each.subscription is not None
    ]


def _that_fit(source: _Source, subjects: Iterable[Subject], room: int) -> list[_Section]:
    """Tell subjects as long as there is room."""
    found: list[_Section] = []
    misses = 0
    for subject in subjects:
        told = tell_whole(source.trace, subject, source.options.language)
        parts = list(told_part(told, source.reader))
        size = _size(parts)
        if size <= room:
            room -= size
            found.append(_Section(told.story.ladder.start_ns if told.story.ladder else 0, parts))
        else:
            misses += 1
        if misses == MISSES:
            break
    return found


def _remarks(source: _Source) -> Iterator[Part]:
    texts, report = source.reader.texts, source.report
    if not report.remarks:
        return
    yield [f"## {texts('remarks')}"]
    items = [f"- {inline(remark_text(each, source.reader))}" for each in report.remarks[:REMARKS]]
    more = len(report.remarks) - REMARKS
    yield (
        [*items, f"- {inline(source.reader.words.count('remarks.more', more))}"]
        if more > 0
        else items
    )


FORMAT = OutputFormat("markdown", ".md", write_markdown, reports=(".md", ".markdown"))
