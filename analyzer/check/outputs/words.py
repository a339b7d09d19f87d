"""Problems and verdicts → plain lines, for the outputs that have no page of their own."""

from collections.abc import Iterable, Iterator, Sequence

from analyzer.check.model import CheckReport, Place, Problem, Verdict
from analyzer.check.outputs.harmless import harmless
from analyzer.check.problems import kind_of
from analyzer.i18n import load_texts
from analyzer.render.ladder_lines import ladder_lines

WIDTH = 80
FRAMES = 8
"""Frames named of alike problems."""


def headline(problem: Problem) -> str:
    """Return what a problem is, in one line."""
    return harmless(f"{problem.title}: {problem.case} ({problem.rule})")


def alike(problems: Iterable[Problem]) -> list[list[Problem]]:
    """Return problems in groups of the same kind, in the order of their first."""
    groups: dict[tuple[object, ...], list[Problem]] = {}
    for each in problems:
        groups.setdefault((each.known, *kind_of(each)), []).append(each)
    return list(groups.values())


def frames_text(problems: Sequence[Problem], language: str) -> str:
    """Return the frames of problems in one capture."""
    texts = load_texts(language, "check")
    frames = [str(each.place.frame) for each in problems[:FRAMES]]
    named = texts("place.more_frames", frames=", ".join(frames))
    more = len(problems) - len(frames)
    return f"{named} {texts.count('place.more', more)}" if more else named


def problem_lines(problem: Problem, language: str) -> Iterator[str]:
    """Yield what is certain, likely and to do about a problem, where it is, and its ladder."""
    texts, words = load_texts(language, "check"), load_texts(language)
    severity = words(f"severity.{problem.severity.name.lower()}").upper()
    known = f" [{texts('label.known')}]" if problem.known else ""
    yield f"{severity}  {headline(problem)}{known}"
    yield _labelled(texts("label.where"), place_text(problem.place, language))
    yield _labelled(texts("label.why"), problem.message)
    if problem.likely:
        sure = words(f"confidence.{problem.likely.confidence}")
        likely = words("finding.confidence", text=problem.likely.text, confidence=sure)
        yield _labelled(texts("label.likely"), likely)
    for step in problem.next_steps:
        yield _labelled(texts("label.do"), step)
    yield from ladder_text(problem.place, language)


def verdict_lines(verdict: Verdict, report: CheckReport, language: str) -> Iterator[str]:
    """Yield what was found and wanted, where, and what to do."""
    texts = load_texts(language, "check")
    for found in verdict.found:
        yield _labelled(texts("label.found"), found)
    if verdict.why:
        yield _labelled(texts("label.why"), verdict.why)
    for place in verdict.places:
        yield _labelled(texts("label.where"), place_text(place, language))
    if verdict.more:
        yield harmless(texts.count("place.more", verdict.more))
    usual = texts("do.expectation", policy=report.policy or texts("do.policy"))
    for step in verdict.do or (usual,):
        yield _labelled(texts("label.do"), step)
    for place in verdict.places:
        yield from ladder_text(place, language)


def _labelled(label: str, text: str) -> str:
    return harmless(f"{label}: {text}")


def place_text(place: Place, language: str) -> str:
    """Return file, frame, call and parties."""
    texts, words = load_texts(language, "check"), load_texts(language)
    parts = [place.capture]
    if place.frame:
        parts = [texts("place.frame", path=place.capture, frame=place.frame)]
    if place.call is not None:
        parts.append(texts("place.call", id=place.call))
    if place.who:
        parts.append(place.who)
    return words("list").join(parts)


def ladder_text(place: Place, language: str) -> Iterator[str]:
    """Yield the ladder of a place, if it has one."""
    if place.ladder is not None:
        yield ""
        for line in ladder_lines(place.ladder, load_texts(language), WIDTH, place.captures):
            yield harmless("".join(text for text, _ in line).rstrip())
