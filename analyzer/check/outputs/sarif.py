"""A check → SARIF 2.1.0, as code scanning takes it.

The rule id is rule and case, the artifact the capture, the line the number of the frame: a capture
has no lines, and the help of each rule says so. Fingerprints have no times in them.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from urllib.parse import quote

from analyzer.check.fingerprints import fingerprint
from analyzer.check.model import CheckReport, Gone, Place, Problem, Recording, Verdict
from analyzer.check.outputs.harmless import harmless
from analyzer.check.outputs.words import place_text
from analyzer.i18n import load_texts
from analyzer.tables.findings import Severity
from analyzer.version import VERSION

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "sipwhy/v1"
LEVELS = {
    Severity.INFO: "note",
    Severity.NOTICE: "note",
    Severity.WARNING: "warning",
    Severity.ERROR: "error",
}
LEVELS_IN_ORDER = ("error", "warning", "note")
RESULTS = 25_000
"""Results in a log: code scanning refuses one with more."""
Json = dict[str, object]


def sarif_log(report: CheckReport, language: str, *, open_only: bool = False) -> bytes:
    """Return the log; on demand without what a baseline accepts and what has gone, which GitHub,
    unaware of suppressions and of a baseline, would show as open.
    """
    rules = _rules(report, language)
    numbers = {name: at for at, name in enumerate(rules)}
    results = [
        {**result, "ruleIndex": numbers[str(result["ruleId"])]}
        for result in _results(report, language)
        if not open_only or result.get("baselineState", "new") == "new"
    ]
    left_out = len(results) - RESULTS
    if left_out > 0:
        gravest = sorted(results, key=lambda each: LEVELS_IN_ORDER.index(str(each["level"])))
        results = gravest[:RESULTS]
    driver: Json = {"name": "sipwhy", "semanticVersion": VERSION, "rules": list(rules.values())}
    run: Json = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, max(left_out, 0))],
        "results": results,
    }
    log: Json = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=1, ensure_ascii=True).encode() + b"\n"


def _invocation(report: CheckReport, left_out: int) -> Json:
    notifications: list[Json] = [
        {"level": "error", "message": {"text": harmless(each.why)}} for each in report.unreadable
    ]
    if left_out:
        text = f"{left_out:,} results of the least severity are left out: {RESULTS:,} are the limit"
        notifications.append({"level": "warning", "message": {"text": text}})
    return {
        "executionSuccessful": not report.unreadable,
        "toolExecutionNotifications": notifications,
    }


def _rules(report: CheckReport, language: str) -> dict[str, Json]:
    """Return what the results are of, by id, in a stable order."""
    texts = load_texts(language, "check")
    found: dict[str, Json] = {}
    for recording in report.recordings:
        for problem in recording.problems:
            found.setdefault(problem.id, _rule_of(problem, texts("help.line")))
        for verdict in recording.unmet:
            whole = f"{verdict.why} {texts('help.expectation')}".strip()
            name = expectation_id(verdict)
            found.setdefault(name, _rule(name, verdict.name, whole, texts("help.line")))
        if recording.empty:
            rule = _rule("no-sip", "No SIP", texts("help.empty"), texts("help.line"))
            found.setdefault("no-sip", rule)
    for gone in (each for recording in report.recordings for each in recording.gone):
        name = rule_of(gone)
        found.setdefault(name, _rule(name, name, texts("help.gone"), texts("help.line")))
    return dict(sorted(found.items()))


def expectation_id(verdict: Verdict) -> str:
    """Return the rule id of an expectation."""
    words = "".join(each if each.isalnum() else " " for each in verdict.name.lower()).split()
    return "expectation." + "-".join(words)


def _rule_of(problem: Problem, line: str) -> Json:
    references = ", ".join(problem.references)
    whole = f"{problem.meaning} {references}".strip()
    rule = _rule(problem.id, f"{problem.title}: {problem.case}", whole, line)
    rule["defaultConfiguration"] = {"level": LEVELS[problem.severity]}
    rule["properties"] = {"tags": ["sip", problem.rule]}
    return rule


def _rule(name: str, short: str, whole: str, line: str) -> Json:
    return {
        "id": name,
        "shortDescription": {"text": harmless(short)},
        "fullDescription": {"text": harmless(whole)},
        "help": {"text": harmless(f"{whole} {line}")},
        "defaultConfiguration": {"level": "error"},
    }


def rule_of(gone: Gone) -> str:
    """Return the rule and case of what has gone."""
    return gone.what.partition(":")[0]


def _results(report: CheckReport, language: str) -> Iterator[Json]:
    is_new = {"baselineState": "new"} if report.baseline else {}
    for recording in report.recordings:
        if recording.empty:
            result = _result("no-sip", "error", recording.empty, _start(recording), "no-sip")
            yield {**result, **is_new}
        for verdict in recording.unmet:
            place = verdict.places[0] if verdict.places else _start(recording)
            text = " ".join((f"{verdict.name}:", *verdict.found))
            mark = fingerprint(("expectation", verdict.name))
            yield {**_result(expectation_id(verdict), "error", text, place, f"{mark}:1"), **is_new}
        for problem in recording.problems:
            yield _of_problem(problem, report, language)
        left = Counter(each.fingerprint for each in recording.problems)
        for gone in recording.gone:
            yield from _absent(gone, left[gone.fingerprint], recording)


def _absent(gone: Gone, left: int, recording: Recording) -> Iterator[Json]:
    """Yield what the baseline has and the recording no longer shows; nobody knows its frame."""
    for number in range(left + 1, left + gone.count + 1):
        mark = f"{gone.fingerprint}:{number}"
        result = _result(rule_of(gone), "note", gone.what, _start(recording), mark)
        yield {**result, "baselineState": "absent"}


def _start(recording: Recording) -> Place:
    return Place(recording.captures[0], None, None, "", "")


def _of_problem(problem: Problem, report: CheckReport, language: str) -> Json:
    where = place_text(problem.place, language)
    text = f"{problem.message} ({where})"
    if problem.next_steps:
        text += " " + " ".join(problem.next_steps)
    mark = f"{problem.fingerprint}:{problem.number}"
    level = LEVELS[problem.severity]
    result = _result(problem.id, level, text, problem.place, mark)
    properties: Json = {
        "callId": harmless(problem.place.call_id),
        "notes": list(problem.notes),
        "severity": problem.severity.name.lower(),
    }
    result["properties"] = properties
    if report.baseline:
        result["baselineState"] = "unchanged" if problem.known else "new"
    if problem.known:
        result["suppressions"] = [{"kind": "external", "justification": "baseline"}]
    return result


def _result(rule: str, level: str, text: str, place: Place, mark: str) -> Json:
    region: Mapping[str, int] = {"startLine": place.frame or 1}
    location: Json = {
        "physicalLocation": {"artifactLocation": {"uri": uri_of(place.capture)}, "region": region}
    }
    if place.who:
        location["message"] = {"text": harmless(place.who)}
    return {
        "ruleId": rule,
        "level": level,
        "message": {"text": harmless(text)},
        "locations": [location],
        "partialFingerprints": {FINGERPRINT: mark},
    }


def uri_of(path: str) -> str:
    """Return a path as a URI: relative to the working directory where it is in it."""
    whole = Path(path)
    if whole.is_absolute():
        try:
            whole = whole.relative_to(Path.cwd())
        except ValueError:
            return whole.as_uri()
    return quote(os.fsencode(PurePath(whole).as_posix()), safe="/~")
