"""JUnit XML, held to the schema of Jenkins."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import xmlschema

from analyzer.check.model import CheckReport, Unreadable
from analyzer.check.outputs.junit import junit_xml
from checked import ANSWERED, DECLINED, HOSTILE, check, policy_of, report_of

CaptureOf = Callable[..., Path]
SCHEMA = Path(__file__).parents[1] / "schemas" / "junit-10.xsd"
FAILING = "fail_on: info\nexpectations: [{name: few, calls: {outcome: declined}, count: 0}]\n"


@cache
def schema() -> xmlschema.XMLSchema:
    """Return the schema."""
    return xmlschema.XMLSchema(str(SCHEMA))


def parsed(report: CheckReport, language: str = "en") -> ET.Element:
    """Return the XML of a report, which follows the schema."""
    text = junit_xml(report, language)
    schema().validate(text.decode())
    return ET.fromstring(text)  # noqa: S314 - our own output


def test_a_case_for_each_expectation_and_call(capture_of: CaptureOf, tmp_path: Path) -> None:
    """What fails says why, where and what to do, with the ladder."""
    policy = policy_of(tmp_path, FAILING)
    root = parsed(report_of(check(capture_of(DECLINED), policy)))
    cases = root.findall("./testsuite/testcase")
    assert [each.get("name") for each in cases] == [
        "holds SIP",
        "few",
        "call 0: alice@example.com -> bob@example.com",
    ]
    failures = [each.find("failure") for each in cases]
    assert failures[0] is None
    assert failures[1] is not None
    assert "calls where outcome is declined: count is 1" in (failures[1].get("message") or "")
    assert failures[2] is not None
    assert "603 Decline" in (failures[2].text or "")
    assert "frame 2" in (failures[2].text or "")
    assert "---- INVITE ----" in (failures[2].text or "")
    suite = root.find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("3", "2")


def test_what_does_not_fail_is_output_of_a_case_that_passes(capture_of: CaptureOf) -> None:
    """A notice is no failure by default."""
    cases = parsed(report_of(check(capture_of(DECLINED)))).findall("./testsuite/testcase")
    assert cases[1].find("failure") is None
    assert "603 Decline" in (cases[1].findtext("system-out") or "")


def test_empty_and_unreadable_recordings_fail(capture_of: CaptureOf) -> None:
    """No SIP is a failure, what cannot be read an error."""
    report = CheckReport((check(capture_of("")),), (Unreadable("b", "b: is no capture"),), "", "")
    root = parsed(report)
    assert root.find("./testsuite/testcase/error") is not None
    assert root.find("./testsuite/testcase/failure") is not None


def test_hostile_text_stays_text(capture_of: CaptureOf, tmp_path: Path) -> None:
    """It adds no element, and every character is one of XML 1.0."""
    report = report_of(check(capture_of(HOSTILE), policy_of(tmp_path, FAILING)))
    root = parsed(report)
    kinds = {each.tag for each in root.iter()}
    assert kinds == {"testsuites", "testsuite", "testcase", "failure"}
    assert len(root.findall(".//failure")) == 2


def test_no_times_of_the_run(capture_of: CaptureOf) -> None:
    """The same input gives the same bytes, in Japanese too."""
    recording = check(capture_of(ANSWERED))
    assert junit_xml(report_of(recording), "ja") == junit_xml(report_of(recording), "ja")
    assert b"timestamp" not in junit_xml(report_of(recording), "ja")
