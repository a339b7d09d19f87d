"""A trace → one HTML file that stands alone: overview, findings, calls with ladders and messages.

It asks nothing of a network, works under a strict content security policy (its script and style are
named by their hashes) and needs no font, picture or library. Text from the capture gets into it by
Jinja2's autoescape, or as JSON that the script only ever shows as text.
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import orjson
from markupsafe import Markup

from analyzer.i18n import Texts, load_texts
from analyzer.render.clock import Clock, now
from analyzer.render.finding_lines import ROWS, finding_facts
from analyzer.render.formats import OutputFormat, OutputOptions
from analyzer.render.json_statistics import statistics
from analyzer.render.ladder_lines import frame_name
from analyzer.render.layout import visible
from analyzer.render.page_data import Chunk, Subject, chunks, subjects_of
from analyzer.render.page_plots import Plot, delay_plot, outcome_plot, time_plot
from analyzer.render.record_source import RecordSource
from analyzer.render.record_texts import milliseconds
from analyzer.render.summary_lines import summary_rows
from analyzer.report.build import ReportOptions, build_report
from analyzer.report.calls import findings_per_call
from analyzer.report.durations import duration
from analyzer.report.model import FindingBlock, Ladder, Remark, Report
from analyzer.report.parties import naming_messages_of_calls
from analyzer.report.proof import RESTS_ON
from analyzer.report.remarks import words_of
from analyzer.report.selection import select
from analyzer.report.series import calls_over_time, delays
from analyzer.sip.address_spans import distinct_addresses
from analyzer.sip.registry import header_names
from analyzer.tables.calls import Outcome
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray
from analyzer.version import VERSION

PEERS = 15
OPENED = 5
"""Calls of a finding that can be opened from it."""
PAGE = Path(__file__).parent / "page"
COLUMNS = (
    "id", "start", "start_ms", "caller", "callee", "call_id", "outcome", "final", "ring", "talk",
    "findings",
)  # fmt: skip  # read side by side
_SCRIPT_WORDS = (
    "duration", "finding", "severity", "confidence", "outcome", "list", "packets", "table", "page",
)  # fmt: skip  # read side by side
_ANSWERED, _OPEN = (Outcome.ANSWERED,), (Outcome.INCOMPLETE, Outcome.REDIRECTED)


def write_page(trace: Trace, out: BinaryIO, options: OutputOptions) -> None:
    """Write the report of a trace as HTML."""
    from jinja2 import Environment, FileSystemLoader  # noqa: PLC0415 - no other format needs it

    texts, words = load_texts(options.language, "page"), load_texts(options.language)
    wanted = ReportOptions(options.language, call=options.call, zone=options.zone)
    report = build_report(trace, wanted)
    calls = select(trace, options.call).calls
    subjects = subjects_of(trace, calls, options.pages)
    packed = list(chunks(RecordSource(trace, trace.rules, options.language), subjects))
    clock = Clock(options.zone)
    style, script = ((PAGE / f"report.{kind}").read_text("utf-8") for kind in ("css", "js"))
    environment = Environment(
        loader=FileSystemLoader(PAGE), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    page = environment.get_template("report.html.jinja").stream(
        t=texts,
        language=options.language,
        version=VERSION,
        name=", ".join(visible(Path(each.path).name) for each in report.captures[:3]),
        made=texts("made", version=VERSION, time=now(options.zone)),
        style=Markup(style),  # noqa: S704 - a file of this package
        script=Markup(script),  # noqa: S704 - a file of this package
        style_hash=_hash(style),
        script_hash=_hash(script),
        figures=[(label, visible(text)) for label, text, _ in summary_rows(report, words, clock)],
        plots=_plots(trace, calls, texts, words, clock),
        **_peers(trace, texts, words),
        findings=[_finding(block, report, words, clock) for block in report.findings],
        findings_left_out=texts.count("kinds_left_out", report.kinds_left_out)
        if report.kinds_left_out
        else "",
        details_note=_details_note(subjects, calls, texts),
        remarks=_remarks(report, words),
        data=Markup(_data(trace, report, calls, packed, options)),  # noqa: S704 - `<` is escaped
        chunks=[each.packed for each in packed],
    )
    out.writelines(part.encode("utf-8", "backslashreplace") for part in page)


def _hash(text: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _plots(trace: Trace, calls: Int64, texts: Texts, words: Texts, clock: Clock) -> list[Plot]:
    bins = calls_over_time(trace, calls)
    if bins is None:
        return []
    counted = np.bincount(trace.calls.outcome[calls])
    outcomes = [
        (_tone(Outcome(each)), words(f"outcome.{Outcome(each).name.lower()}"), int(counted[each]))
        for each in np.argsort(-counted, kind="stable").tolist()
        if counted[each]
    ]
    return [
        outcome_plot(texts("plots.outcome"), outcomes),
        time_plot(bins, texts, words, clock),
        *(delay_plot(each, texts, words) for each in delays(trace, calls)),
    ]


def _tone(outcome: Outcome) -> str:
    if outcome in _ANSWERED:
        return "answered"
    return "open" if outcome in _OPEN else "failed"


def _peers(trace: Trace, texts: Texts, words: Texts) -> dict[str, object]:
    """Return the rows of the table of peers: those that calls or findings went to."""
    figures = statistics(trace, trace.rules)
    by_peer: Any = figures["by_peer"]
    asked = [each for each in by_peer if each["calls"] or each["findings"]]
    asked.sort(key=lambda each: -each["calls"])
    rows = [
        (
            each["address"],
            f"{each['calls']:,}",
            f"{each['answered']:,}",
            f"{each['failed']:,}",
            f"{each['findings']:,}",
            _median(each["session_request_delay_ms"], words),
        )
        for each in asked[:PEERS]
    ]
    left_out = texts("plots.peers_left_out", shown=PEERS, all=f"{len(asked):,}")
    return {"peers": rows, "peers_note": left_out if len(asked) > PEERS else ""}


def _median(spread: Mapping[str, Any], words: Texts) -> str:
    median = spread["median_ms"]
    return "" if median is None else duration(int(median * 10**6), words)


def _finding(block: FindingBlock, report: Report, words: Texts, clock: Clock) -> dict[str, object]:
    captures = len(report.captures)
    facts: dict[str, list[str]] = {"meaning": [visible(block.text.meaning)]}
    for key, text in finding_facts(block, words, clock, captures):
        facts.setdefault(key, []).append(visible(text.removeprefix("- ")))
    heading = words("finding.heading", title=block.text.title, case=block.text.case)
    times = f" ({words('finding.times', n=f'{block.count:,}')})" if block.count > 1 else ""
    severity = block.severity.name.lower()
    return {
        "severity": severity,
        "grade": words(f"severity.{severity}"),
        "heading": visible(heading) + times,
        "rule": block.text.rule,
        "facts": [
            (words(f"finding.{key}"), facts[key], _kind(key)) for key in ROWS if key in facts
        ],
        "subjects": _opened(block),
        "quotes": [
            (frame_name(quote.frame, captures), [visible(line) for line in quote.lines])
            for quote in block.proof.quotes
        ],
    }


def _kind(key: str) -> str:
    return {"do": "steps", "calls": "list"}.get(key, "")


def _opened(block: FindingBlock) -> list[Subject]:
    """Return what the first of the findings belong to."""
    found: dict[Subject, None] = {}
    for each in (block.first, *block.listed):
        if each.call is not None:
            found[Subject("call", each.call)] = None
        elif each.subscription is not None:
            found[Subject("subscription", each.subscription)] = None
    return list(found)[:OPENED]


def _details_note(subjects: list[Subject], calls: Int64, texts: Texts) -> str:
    shown = sum(each.kind == "call" for each in subjects)
    if shown == len(calls):
        return ""
    return texts("table.limit", shown=f"{shown:,}", all=f"{len(calls):,}")


def _remarks(report: Report, words: Texts) -> list[str]:
    return [visible(_remark(each, len(report.captures), words)) for each in report.remarks]


def _remark(remark: Remark, captures: int, words: Texts) -> str:
    frame = frame_name(remark.first_frame, captures) if remark.first_frame else "–"
    meaning = words_of(remark.kind, words.language)
    return words("summary.kind", n=f"{remark.count:,}", meaning=meaning, frame=frame)


def _data(
    trace: Trace, report: Report, calls: Int64, packed: list[Chunk], options: OutputOptions
) -> str:
    """Return what the script shows, as JSON that cannot end its element."""
    data = {
        "words": dict(_script_words(options.language)),
        "captures": len(report.captures),
        "ladders": [_ladder(block.proof.ladder) for block in report.findings],
        "columns": COLUMNS,
        "calls": list(_call_rows(trace, calls, Clock(options.zone))),
        "chunk_of": {
            f"{each.kind}-{each.row}": number
            for number, chunk in enumerate(packed)
            for each in chunk.subjects
        },
        "rests_on": RESTS_ON,
        "compact": {
            each.compact.lower(): each.name.lower()
            for each in header_names().values()
            if each.compact
        },
    }
    return orjson.dumps(data).decode().replace("<", "\\u003c")


def _script_words(language: str) -> Iterator[tuple[str, str]]:
    """Go through the texts of the script: those of the page, and of the terminal's report."""
    for texts in (load_texts(language), load_texts(language, "page")):
        for key, text in texts.templates.items():
            if key.partition(".")[0] in _SCRIPT_WORDS:
                yield key, text
    page = load_texts(language, "page")
    yield "table.outcome_label", page("table.outcome")
    yield "calls_title", page("calls")


def _ladder(ladder: Ladder) -> dict[str, object]:
    """Return a ladder as the script draws it."""
    return {
        "lanes": [visible(lane) for lane in ladder.lanes],
        "arrows": [
            {
                "source": arrow.source,
                "destination": arrow.destination,
                "label": visible(arrow.label),
                "status": int(arrow.label[:3]) if arrow.label[:3].isdecimal() else 0,
                "frame": arrow.frame,
                "time": f"{(arrow.time_ns - ladder.start_ns) / 10**9:.3f}",
                "repeats": arrow.repeats,
                "decisive": arrow.decisive,
                "left_out": arrow.left_out,
            }
            for arrow in ladder.arrows
        ],
    }


def _call_rows(trace: Trace, calls: Int64, clock: Clock) -> Iterator[tuple[object, ...]]:
    """Go through the rows of the table of calls, in the order of COLUMNS."""
    naming = naming_messages_of_calls(trace, calls)
    caller, callee = (_users(trace, naming, header) for header in ("From", "To"))
    findings = findings_per_call(trace)
    table = trace.calls
    for at, row in enumerate(calls.tolist()):
        start_ns = int(table.start_ns[row])
        yield (
            row,
            clock.full(start_ns),
            start_ns // 10**6,
            caller[at],
            callee[at],
            trace.text(int(table.first_row[row]), "call_id"),
            Outcome(int(table.outcome[row])).name.lower(),
            int(table.final_status[row]) or None,
            milliseconds(int(table.ring_ns[row])),
            milliseconds(int(table.talk_ns[row])),
            int(findings[row]),
        )


def _users(trace: Trace, rows: IntArray, header: str) -> list[str]:
    """Return the user, or the host of an address without one, that a header names."""
    codes, texts = distinct_addresses(trace, rows, header)
    users = [(text or "").rpartition("@")[0] or text or "" for text in texts]
    return [users[code] for code in codes.tolist()]


FORMAT = OutputFormat("html", ".html", write_page, reports=(".html", ".htm"))
