"""A check for people: what failed, where, why, what to do; one summary line last."""

from collections.abc import Iterator, Sequence

from analyzer.check.model import CheckReport, Place, Problem, Recording, Verdict
from analyzer.check.outputs.harmless import harmless_line
from analyzer.check.outputs.totals import Totals, totals_of
from analyzer.check.outputs.words import alike, frames_text, place_text
from analyzer.frozen import frozen
from analyzer.i18n import Texts, load_texts
from analyzer.render.ladder_lines import ladder_lines
from analyzer.render.layout import Line, labelled, pad, visible, width_of

WIDTH = 80
INDENT = 4
FINDINGS = 2
"""Findings told of a call that is not as expected."""

Row = tuple[str, str]


@frozen
class Page:
    """How the text is written."""

    language: str
    width: int
    verbose: bool
    """Findings that do not fail, too, and what is met."""


def check_lines(report: CheckReport, page: Page) -> Iterator[Line]:
    """Yield the lines of a check, none of which is a command to whoever reads the log."""
    for line in _lines(report, page):
        yield harmless_line(line)


def _lines(report: CheckReport, page: Page) -> Iterator[Line]:
    texts = load_texts(page.language, "check")
    for each in report.unreadable:
        yield _heading(texts("head.unreadable"), each.name, "error")
        yield from _rows([("why", each.why)], texts, page)
    for recording in report.recordings:
        yield from _recording(recording, report, texts, page)
    yield ((summary(totals_of(report), texts), "heading"),)


def _heading(word: str, name: str, style: str) -> Line:
    return (word, style), (f"  {visible(name)}", "heading")


def _recording(
    recording: Recording, report: CheckReport, texts: Texts, page: Page
) -> Iterator[Line]:
    style = "error" if recording.failed else "good"
    word = pad(texts("head.fail" if recording.failed else "head.ok"), width_of(texts("head.fail")))
    cut = (f"  ({texts('head.cut')})", "notice") if recording.cut else ("", "")
    yield (*_heading(word, recording.name, style), cut)
    if recording.empty:
        yield from _rows([("found", recording.empty)], texts, page)
        return
    for each in alike(recording.problems if page.verbose else recording.failing):
        yield from _problem(each, texts, page)
    for verdict in recording.verdicts:
        if not verdict.met or page.verbose:
            yield from _verdict(verdict, recording, report, (texts, page))
    for gone in recording.gone:
        told = texts.count("gone", gone.count, what=visible(gone.what))
        yield (("  " + told, "label"),)


def _problem(problems: Sequence[Problem], texts: Texts, page: Page) -> Iterator[Line]:
    first = problems[0]
    words = load_texts(page.language)
    name = first.severity.name.lower()
    times = f" ({words('finding.times', n=f'{len(problems):,}')})" if len(problems) > 1 else ""
    title = words("finding.heading", title=first.title, case=first.case)
    known = f"  [{texts('label.known')}]" if first.known else ""
    yield (
        ("  ", ""),
        (words(f"severity.{name}").upper(), name),
        (f"  {visible(title)}{times}", "heading"),
        (f"  {first.rule}{known}", "label"),
    )
    rows = [("where", place_text(first.place, page.language))]
    if len(problems) > 1:
        rows.append(("also", frames_text(problems[1:], page.language)))
    rows.append(("why", first.message))
    if first.likely:
        sure = words(f"confidence.{first.likely.confidence}")
        likely = words("finding.confidence", text=first.likely.text, confidence=sure)
        rows.append(("likely", likely))
    rows += [("do", f"- {step}") for step in first.next_steps]
    if page.verbose and first.references:
        rows.append(("reference", ", ".join(first.references)))
    yield from _rows(rows, texts, page)
    yield from _ladder(first.place, page)


def _verdict(
    verdict: Verdict, recording: Recording, report: CheckReport, how: tuple[Texts, Page]
) -> Iterator[Line]:
    texts, page = how
    word = texts("label.met" if verdict.met else "label.unmet")
    style = "good" if verdict.met else "error"
    yield ("  ", ""), (word, style), (f"  {visible(verdict.name)}", "heading")
    if verdict.met:
        return
    rows = [("found", each) for each in verdict.found]
    if verdict.why:
        rows.append(("why", verdict.why))
    rows += [("where", place_text(each, page.language)) for each in verdict.places]
    if verdict.more:
        rows.append(("where", texts.count("place.more", verdict.more)))
    rows += [("finding", each) for each in findings_at(verdict, recording)]
    steps = verdict.do or (texts("do.expectation", policy=report.policy or texts("do.policy")),)
    rows += [("do", f"- {step}" if len(steps) > 1 else step) for step in steps]
    yield from _rows(rows, texts, page)
    for place in verdict.places:
        yield from _ladder(place, page)


def findings_at(verdict: Verdict, recording: Recording) -> list[str]:
    """Return what rules found in the first call at fault, though it does not fail by itself."""
    call = verdict.places[0].call if verdict.places else None
    if call is None:
        return []
    found = [each for each in recording.problems if each.place.call == call and not each.fails]
    return [f"{each.title}: {each.case}. {each.message}" for each in found[:FINDINGS]]


def _ladder(place: Place, page: Page) -> Iterator[Line]:
    if place.ladder is None:
        return
    yield ()
    words = load_texts(page.language)
    yield from ladder_lines(place.ladder, words, page.width, place.captures)
    yield ()


def _rows(rows: Sequence[Row], texts: Texts, page: Page) -> Iterator[Line]:
    labels = {key: texts(f"label.{key}") for key, _ in rows}
    label_width = max(map(width_of, labels.values()), default=0) + 2
    last = ""
    for key, text in rows:
        label = "" if key == last else labels[key]
        yield from labelled((label, "label"), text, INDENT, label_width, page.width)
        last = key


def summary(totals: Totals, texts: Texts) -> str:
    """Return all of it in one line."""
    counts = (
        ("failed", totals.failed),
        ("unreadable", totals.unreadable),
        ("findings", totals.failing),
        ("other", totals.other),
        ("unmet", totals.unmet),
        ("met", totals.met),
        ("known", totals.known),
        ("gone", totals.gone),
        ("ignored", totals.ignored),
    )
    parts = [texts.count("summary.recordings", totals.recordings)]
    if not totals.failed and not totals.unreadable:
        parts.append(texts("summary.all_ok"))
    parts += [texts.count(f"summary.{key}", number) for key, number in counts if number]
    return texts("summary.separator").join(parts)
