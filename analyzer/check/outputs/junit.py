"""A check → JUnit XML as Jenkins, GitLab and others read it: a suite for each recording, and a test
case for each expectation and for each call with findings.

Whatever XML 1.0 cannot hold is escaped before it gets there; no times are in it.
"""

from collections.abc import Iterable

from junitparser import Error, Failure
from junitparser.xunit2 import JUnitXml, TestCase, TestSuite

from analyzer.check.model import CheckReport, Problem, Recording
from analyzer.check.outputs.harmless import harmless
from analyzer.check.outputs.words import headline, problem_lines, verdict_lines
from analyzer.i18n import Texts, load_texts


def junit_xml(report: CheckReport, language: str) -> bytes:
    """Return the XML."""
    document = JUnitXml("sipwhy")
    texts = load_texts(language, "check")
    for each in report.unreadable:
        suite = TestSuite(harmless(each.name))
        case = TestCase(texts("junit.holds_sip"), harmless(each.name))
        case.result = [Error(harmless(each.why), "unreadable")]
        suite.add_testcase(case)
        document.add_testsuite(suite)
    for recording in report.recordings:
        document.add_testsuite(_suite(recording, report, language, texts))
    document.update_statistics()
    text: bytes = document.tostring()
    return text.rstrip(b"\n") + b"\n"


def _suite(recording: Recording, report: CheckReport, language: str, texts: Texts) -> TestSuite:
    name = harmless(recording.name)
    suite = TestSuite(name)
    case = TestCase(texts("junit.holds_sip"), name)
    if recording.empty:
        case.result = [_failure(recording.empty, "no-sip", [harmless(recording.empty)])]
    suite.add_testcase(case)
    for verdict in recording.verdicts:
        case = TestCase(harmless(verdict.name), name)
        if not verdict.met:
            lines = verdict_lines(verdict, report, language)
            case.result = [_failure(" ".join(verdict.found), "expectation", lines)]
        suite.add_testcase(case)
    for subject, problems in _by_subject(recording).items():
        suite.add_testcase(_of_subject(subject, problems, name, language))
    return suite


def _by_subject(recording: Recording) -> dict[str, list[Problem]]:
    found: dict[str, list[Problem]] = {}
    for each in recording.problems:
        found.setdefault(each.subject, []).append(each)
    return found


def _of_subject(subject: str, problems: list[Problem], suite: str, language: str) -> TestCase:
    who = problems[0].place.who
    case = TestCase(harmless(f"{subject}: {who}" if who else subject), suite)
    failing = [each for each in problems if each.fails and not each.known]
    others = [each for each in problems if each not in failing]
    if failing:
        worst = max(failing, key=lambda each: each.severity)
        lines = [line for each in failing for line in problem_lines(each, language)]
        message = f"{headline(worst)}: {worst.message}"
        case.result = [_failure(message, worst.id, lines)]
    if others:
        lines = [line for each in others for line in problem_lines(each, language)]
        case.system_out = "\n".join(lines)
    return case


def _failure(message: str, kind: str, lines: Iterable[str]) -> Failure:
    failure = Failure(harmless(message), harmless(kind))
    failure.text = "\n".join(lines)
    return failure
