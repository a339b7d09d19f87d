"""Report → its first lines (what the captures hold, and what could not be read) and its last."""

from collections.abc import Iterator

from analyzer.i18n import Texts
from analyzer.render.clock import Clock
from analyzer.render.ladder_lines import frame_name
from analyzer.render.layout import Line, Segment, labelled, paragraph, width_of
from analyzer.report.durations import duration
from analyzer.report.model import Remark, Report
from analyzer.report.remarks import words_of
from analyzer.tables.captures import CaptureInfo

CAPTURES = 5
"""Captures named one by one."""
REMARKS = 6
"""Remarks printed when not all are asked for."""
QUIET_REMARKS = frozenset({"info"})
"""Severities of remarks that are printed only when all are asked for."""

Row = tuple[str, str, str]
"""Label, text, style of the label."""


def summary_lines(report: Report, texts: Texts, clock: Clock, width: int) -> Iterator[Line]:
    """Yield what the captures hold."""
    rows = summary_rows(report, texts, clock)
    label_width = max(width_of(label) for label, _, _ in rows) + 2
    for label, text, style in rows:
        yield from labelled((label, style), text, 0, label_width, width)


def summary_rows(report: Report, texts: Texts, clock: Clock) -> list[Row]:
    """Return what the captures hold: label, text and style of each row."""
    return [
        *_capture_rows(report, texts),
        *_time_rows(report, texts, clock),
        *_traffic_rows(report, texts),
        *_record_rows(report, texts),
    ]


def _capture_rows(report: Report, texts: Texts) -> Iterator[Row]:
    label = texts("summary.capture")
    shown = report.captures[:CAPTURES]
    for at, capture in enumerate(shown):
        number = f" {at}" if len(report.captures) > 1 else ""
        yield label + number, _capture(capture, texts), "heading"
    if len(report.captures) > len(shown):
        more = texts("summary.more_captures", n=f"{len(report.captures) - len(shown):,}")
        yield "", more, ""
    if report.skipped:
        yield "", texts.count("skipped", report.skipped), ""
    if report.selection:
        part = texts("summary.call_id", part=report.selection)
        yield texts("summary.selection"), part, "heading"


def _capture(capture: CaptureInfo, texts: Texts) -> str:
    facts = [capture.format, capture.compression or "", "/".join(capture.link_types)]
    facts.append(texts.count("packets", capture.packets))
    if not capture.complete:
        facts.append(texts("summary.cut"))
    return f"{capture.path} ({', '.join(fact for fact in facts if fact)})"


def _time_rows(report: Report, texts: Texts, clock: Clock) -> Iterator[Row]:
    if report.first_ns is None or report.last_ns is None:
        return
    span = texts(
        "summary.span",
        first=clock.full(report.first_ns),
        last=clock.short(report.last_ns),
        zone=clock.zone(report.last_ns),
        length=duration(report.last_ns - report.first_ns, texts),
    )
    clock.full(report.first_ns)
    yield texts("summary.time"), span, "heading"


def _traffic_rows(report: Report, texts: Texts) -> Iterator[Row]:
    coverage, counts = report.coverage, report.counts
    hidden = sum(count for count, _ in coverage.not_understood.values())
    parts = [texts("summary.sip", n=f"{coverage.sip:,}")]
    for key, count in (
        ("media", coverage.media),
        ("other", coverage.other),
        ("not_understood", hidden),
    ):
        if count:
            parts.append(texts(f"summary.{key}", n=f"{count:,}"))
    if coverage.truncated:
        parts.append(texts.count("summary.truncated", coverage.truncated))
    yield texts("summary.packets"), _total(coverage.packets, parts, texts), "heading"
    yield from _not_read_rows(report, texts)
    if not counts.sip_messages:
        return
    parts = [texts.count("requests", counts.requests), texts.count("responses", counts.responses)]
    for key, count in (("retransmissions", counts.retransmissions), ("copies", counts.duplicates)):
        if count:
            parts.append(texts.count(key, count))
    yield texts("summary.messages"), _total(counts.sip_messages, parts, texts), "heading"


def _not_read_rows(report: Report, texts: Texts) -> Iterator[Row]:
    details = {each.kind: each.detail for each in report.remarks}
    hidden = report.coverage.not_understood.items()
    label = texts("summary.not_read")
    for kind, (count, frame) in sorted(hidden, key=lambda item: -item[1][0]):
        name = frame_name(frame, len(report.captures))
        meaning = words_of(kind, texts.language)
        text = texts("summary.kind", n=f"{count:,}", meaning=meaning, frame=name)
        detail = texts("remarks.detail", detail=details[kind]) if details.get(kind) else ""
        yield label, text + detail, "warning"
        label = ""


def _record_rows(report: Report, texts: Texts) -> Iterator[Row]:
    counts = report.counts
    outcomes = [(f"outcome.{each.name.lower()}", n) for each, n in report.outcomes]
    subscriptions = [(f"subscription_state.{each}", n) for each, n in report.subscription_states]
    registrations = [(f"registration_state.{each}", n) for each, n in report.registration_states]
    for key, total, states in (
        ("calls", counts.calls, outcomes),
        ("subscriptions", counts.subscriptions, subscriptions),
        ("registrations", counts.registrations, registrations),
    ):
        if total:
            parts = [_item(n, texts(state), texts) for state, n in states]
            yield texts(f"summary.{key}"), _total(total, parts, texts), "heading"
    if report.severities:
        total = sum(n for _, n in report.severities)
        parts = [
            _item(n, texts(f"severity.{each.name.lower()}"), texts) for each, n in report.severities
        ]
        style = report.severities[0][0].name.lower()
        yield texts("summary.findings"), _total(total, parts, texts), style
    elif counts.sip_messages:
        yield texts("summary.findings"), texts("summary.no_findings"), "heading"


def _item(count: int, what: str, texts: Texts) -> str:
    return texts("summary.item", n=f"{count:,}", what=what)


def _total(total: int, parts: list[str], texts: Texts) -> str:
    return texts("summary.total", n=f"{total:,}", parts=texts("list").join(parts))


def remark_lines(report: Report, texts: Texts, width: int, *, everything: bool) -> Iterator[Line]:
    """Yield what was strange, but for what the summary tells as not read."""
    remarks = [each for each in report.remarks if each.kind not in report.coverage.not_understood]
    shown = [each for each in remarks if everything or each.severity not in QUIET_REMARKS]
    shown = shown if everything else shown[:REMARKS]
    if remarks:
        yield ()
        yield ((texts("remarks.title"), "heading"),)
    label_width = max((width_of(_gravity(each, texts)[0]) for each in shown), default=0) + 2
    for each in shown:
        text = _remark(each, texts, len(report.captures))
        yield from labelled(_gravity(each, texts), text, 2, label_width, width)
    if len(shown) < len(remarks):
        more = texts.count("remarks.more", len(remarks) - len(shown))
        yield from paragraph(f"… {more}", 2, width, "label")


def _gravity(remark: Remark, texts: Texts) -> Segment:
    style = {"error": "error", "data_loss": "warning"}.get(remark.severity, "label")
    return texts(f"anomaly.{remark.severity}"), style


def _remark(remark: Remark, texts: Texts, captures: int) -> str:
    count = f"{remark.count:,}"
    if remark.first_frame is None:
        text = texts("remarks.line_without_frame", n=count, text=remark.text)
    else:
        name = frame_name(remark.first_frame, captures)
        text = texts("remarks.line", n=count, text=remark.text, frame=name)
    return text + (texts("remarks.detail", detail=remark.detail) if remark.detail else "")
