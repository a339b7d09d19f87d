"""A check → GitHub's workflow commands (annotations) and the summary of a step in Markdown.

Text from a capture can end neither a command nor a line of the table.
"""

import re
from collections.abc import Iterator, Sequence

from analyzer.check.model import CheckReport, Place, Problem, Recording
from analyzer.check.outputs.harmless import harmless
from analyzer.check.outputs.sarif import uri_of
from analyzer.check.outputs.text import summary
from analyzer.check.outputs.totals import totals_of
from analyzer.check.outputs.words import alike, frames_text, headline, place_text
from analyzer.i18n import load_texts
from analyzer.tables.findings import Severity

COMMANDS = {
    Severity.INFO: "notice",
    Severity.NOTICE: "notice",
    Severity.WARNING: "warning",
    Severity.ERROR: "error",
}
ROWS = 200
"""Rows of the table: a summary may have 1 MiB."""
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|~@:-])")


def annotations(report: CheckReport, language: str) -> Iterator[str]:
    """Yield a command for each thing that fails; GitHub shows ten of each level at most, so alike
    findings of a recording share one.
    """
    for unreadable in report.unreadable:
        file = _property(uri_path(unreadable.name))
        yield f"::error file={file},title=sipwhy::{_data(unreadable.why)}"
    for recording in report.recordings:
        if recording.empty:
            yield _command("error", _start(recording), "no SIP", recording.empty)
            continue
        for verdict in recording.unmet:
            place = verdict.places[0] if verdict.places else _start(recording)
            yield _command("error", place, verdict.name, " ".join(verdict.found))
        for problems in alike(recording.failing):
            yield _finding(problems, language)


def _finding(problems: Sequence[Problem], language: str) -> str:
    first, texts = problems[0], load_texts(language, "check")
    parts = [f"{first.message} {place_text(first.place, language)}.", *first.next_steps]
    if len(problems) > 1:
        parts.insert(1, f"{texts('label.also')}: {frames_text(problems[1:], language)}.")
    return _command(COMMANDS[first.severity], first.place, headline(first), " ".join(parts))


def _start(recording: Recording) -> Place:
    return Place(recording.captures[0], None, None, "", "")


def _command(name: str, place: Place, title: str, text: str) -> str:
    file, line = _property(uri_path(place.capture)), place.frame or 1
    return f"::{name} file={file},line={line},title={_property(title)}::{_data(text)}"


def uri_path(path: str) -> str:
    """Return a path as annotations name files: below the working directory where it is there."""
    from urllib.parse import unquote  # noqa: PLC0415 - only here

    uri = uri_of(path)
    return path if uri.startswith("file:") else unquote(uri)


def _data(text: str) -> str:
    return harmless(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def step_summary(report: CheckReport, language: str) -> str:
    """Return the summary in Markdown."""
    texts = load_texts(language, "check")
    rows = list(_rows(report, language))
    lines = [f"### {texts('step.title')}", "", markdown(summary(totals_of(report), texts)), ""]
    if rows:
        heads = [texts(f"step.{key}") for key in ("recording", "frame", "severity", "what")]
        lines += [f"| {' | '.join(heads)} |", "|---|---|---|---|"]
        lines += [f"| {' | '.join(map(markdown, row))} |" for row in rows[:ROWS]]
        if len(rows) > ROWS:
            lines += ["", markdown(texts.count("place.more", len(rows) - ROWS))]
        lines.append("")
    return "\n".join(lines) + "\n"


def _rows(report: CheckReport, language: str) -> Iterator[tuple[str, str, str, str]]:
    texts, words = load_texts(language, "check"), load_texts(language)
    for unreadable in report.unreadable:
        yield unreadable.name, "", texts("head.unreadable"), unreadable.why
    for recording in report.recordings:
        if recording.empty:
            yield recording.name, "", texts("head.fail"), recording.empty
            continue
        for verdict in recording.unmet:
            frame = str(verdict.places[0].frame or "") if verdict.places else ""
            what = " ".join((f"{verdict.name}:", *verdict.found))
            yield recording.name, frame, texts("label.unmet"), what
        for problem in recording.failing:
            severity = words(f"severity.{problem.severity.name.lower()}")
            what = f"{headline(problem)}: {problem.message}"
            yield problem.place.capture, str(problem.place.frame or ""), severity, what


def markdown(text: str) -> str:
    """Return a text that Markdown and HTML leave as it is."""
    plain = harmless(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKUP.sub(r"\\\1", plain)
