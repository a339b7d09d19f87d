"""A check → JSON: one object, or JSON Lines, each with its `type`. `check_schema` describes both.

Times are not in it: the same input gives the same bytes.
"""

from collections.abc import Iterator

import orjson

from analyzer.check.model import CheckReport, Gone, Place, Problem, Recording, Verdict
from analyzer.check.outputs.harmless import without_surrogates
from analyzer.check.outputs.totals import Totals, totals_of
from analyzer.version import VERSION

SCHEMA = "sipwhy-check/1"
Json = dict[str, object]


def check_json(report: CheckReport) -> bytes:
    """Return one object."""
    whole: Json = {
        **_header(report),
        "recordings": [
            {
                **_recording(each),
                "findings": [_problem(problem) for problem in each.problems],
                "expectations": [_verdict(verdict) for verdict in each.verdicts],
                "gone": [_gone(gone) for gone in each.gone],
            }
            for each in report.recordings
        ],
        "unreadable": [{"path": each.name, "why": each.why} for each in report.unreadable],
        "summary": _summary(totals_of(report)),
    }
    return json_text(whole)


def check_jsonl(report: CheckReport) -> bytes:
    """Return a line for each thing found."""
    return b"".join(
        json_text({"type": kind, **values}, indent=False) for kind, values in _lines(report)
    )


def json_text(value: Json, *, indent: bool = True) -> bytes:
    """Return JSON that is no command to whoever reads it as a log: `##` only occurs in strings,
    where an escape says the same.
    """
    option = orjson.OPT_APPEND_NEWLINE | (orjson.OPT_INDENT_2 if indent else 0)
    return orjson.dumps(_clean(value), option=option).replace(b"##", rb"#\u0023")


def _lines(report: CheckReport) -> Iterator[tuple[str, Json]]:
    yield "header", _header(report)
    for unreadable in report.unreadable:
        yield "unreadable", {"path": unreadable.name, "why": unreadable.why}
    for recording in report.recordings:
        yield "recording", _recording(recording)
        for problem in recording.problems:
            yield "finding", {"recording": recording.name, **_problem(problem)}
        for verdict in recording.verdicts:
            yield "expectation", {"recording": recording.name, **_verdict(verdict)}
        for gone in recording.gone:
            yield "gone", {"recording": recording.name, **_gone(gone)}
    yield "summary", _summary(totals_of(report))


def _clean(value: object) -> object:
    """Return the same with bytes of paths that are no UTF-8 as escapes."""
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, dict):
        return {key: _clean(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_clean(each) for each in value]
    return value


def _header(report: CheckReport) -> Json:
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "policy": report.policy or None,
        "baseline": report.baseline or None,
        "failed": report.failed,
    }


def _recording(recording: Recording) -> Json:
    return {
        "name": recording.name,
        "captures": list(recording.captures),
        "failed": recording.failed,
        "no_sip": recording.empty or None,
        "complete": not recording.cut,
        "packets": recording.packets,
        "sip_messages": recording.sip_messages,
        "calls": recording.calls,
        "ignored": recording.ignored,
    }


def _place(place: Place) -> Json:
    return {
        "capture": place.capture,
        "frame": place.frame,
        "call": place.call,
        "who": place.who or None,
        "call_id": place.call_id or None,
    }


def _problem(problem: Problem) -> Json:
    likely = problem.likely
    return {
        "rule": problem.rule,
        "case": problem.case,
        "notes": list(problem.notes),
        "severity": problem.severity.name.lower(),
        "fails": problem.fails and not problem.known,
        "in_baseline": problem.known,
        "relayed": problem.relayed,
        "title": problem.title,
        "message": problem.message,
        "likely": {"text": likely.text, "confidence": likely.confidence} if likely else None,
        "next_steps": list(problem.next_steps),
        "references": list(problem.references),
        "subject": problem.subject,
        "place": _place(problem.place),
        "fingerprint": f"{problem.fingerprint}:{problem.number}",
    }


def _verdict(verdict: Verdict) -> Json:
    return {
        "name": verdict.name,
        "met": verdict.met,
        "found": list(verdict.found),
        "why": verdict.why or None,
        "next_steps": list(verdict.do),
        "places": [_place(each) for each in verdict.places],
        "more_places": verdict.more,
    }


def _gone(gone: Gone) -> Json:
    return {"what": gone.what, "count": gone.count, "fingerprint": gone.fingerprint}


def _summary(totals: Totals) -> Json:
    return {name: getattr(totals, name) for name in Totals.__match_args__}
