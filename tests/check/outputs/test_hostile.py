"""Whatever a capture or the name of a file says, an output says nothing else by it."""

import contextlib
import io
import json
import os
import re
import sys
import tempfile
import unicodedata
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer.analysis import complain
from analyzer.annotate.wording import LikelyText
from analyzer.check.baseline import read_baseline, write_baseline
from analyzer.check.comparison.compare import Tolerance, compare
from analyzer.check.comparison.described import Thing
from analyzer.check.comparison.text import diff_lines
from analyzer.check.model import CheckReport, Gone, Place, Problem, Recording, Unreadable, Verdict
from analyzer.check.outputs.github import annotations, step_summary
from analyzer.check.outputs.json_lines import check_json, check_jsonl, json_text
from analyzer.check.outputs.junit import junit_xml
from analyzer.check.outputs.sarif import sarif_log
from analyzer.check.outputs.text import Page, check_lines
from analyzer.render.layout import Line
from analyzer.tables.findings import Severity
from ci_commands import commands

SARIF = json.loads(
    (Path(__file__).parents[1] / "schemas" / "sarif-2.1.0.json").read_text(encoding="utf-8")
)
FORGED = (
    "::error::x",
    "\n::error file=a,line=1::x",
    "\r\n::set-output name=a::b",
    "%0A::error::x",
    "##[error]x",
    "##vso[task.complete]",
    "###[group]",
    "]]>",
    "</failure></testcase>",
    "<!--",
    "&lt;&#0;",
    "\x1b[31m\x07",
    "\x9b2J",
    "\u202e\u2066",
    "\u2028\u2029\x85\x0b\x0c",
    "\ud800\udcff\ufffe\uffff",
    "| a | b |\n|---|",
    "![x](javascript:y) `c` <img src=x>",
    '", "level": "none"',
    "\0",
)
HOSTILE = st.lists(
    st.one_of(st.sampled_from(FORGED), st.text(st.characters(exclude_categories=()), max_size=8)),
    min_size=1,
    max_size=4,
).map("".join)


@st.composite
def reports(draw: st.DrawFn) -> CheckReport:
    """Make a report in which every text that a capture or a path can name is hostile."""

    def text() -> str:
        return draw(HOSTILE)

    path = os.fsdecode(text().replace("\0", "0").encode("utf-8", "surrogatepass"))
    place = Place(path, draw(st.none() | st.integers(1, 9)), 0, text(), text())
    problem = Problem(
        rule="RSP603",
        case="declined",
        notes=("same-delay",),
        severity=draw(st.sampled_from(Severity)),
        title="603 Decline",
        meaning="meaning",
        message=text(),
        likely=LikelyText(text(), "low"),
        next_steps=(text(),),
        references=("RFC 3261",),
        place=place,
        subject="call 0",
        relayed=False,
        fingerprint="0" * 20,
        number=1,
        fails=True,
    )
    verdict = Verdict("name", False, (text(),), text(), (text(),), (place,), 0)  # noqa: FBT003 - not met
    recording = Recording(
        path, (path,), 9, 9, 1, (problem,), (verdict,), (Gone("1" * 20, f"RSP204.x: {text()}", 1),)
    )
    return CheckReport((recording,), (Unreadable(f"{path}.gz", text()),), "sipwhy.yml", "b.json")


quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def assert_harmless(log: str) -> None:
    """Hold a log to what a runner and a terminal take for text."""
    assert commands(log) == []
    for character in log:
        assert character == "\n" or unicodedata.category(character)[0] != "C"
        assert character not in "\u2028\u2029"


def plain(lines: "list[Line]") -> str:
    """Return lines as they are written."""
    return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)


@quick
@given(reports(), st.sampled_from(["en", "ja"]), st.booleans())
def test_the_text(report: CheckReport, language: str, verbose: bool) -> None:  # noqa: FBT001 - drawn
    """No control, no command; one summary line, the last."""
    text = plain(list(check_lines(report, Page(language, 80, verbose))))
    assert_harmless(text)
    assert text.encode()


@quick
@given(HOSTILE, HOSTILE, st.sampled_from(["en", "ja"]))
def test_the_comparison(one: str, other: str, language: str) -> None:
    """As the text of a check."""
    before, after = (
        Thing(
            "requests",
            each,
            (one, other),
            Place(each, 1, None, each, each),
            {each: each},
            frozenset(),
            (each,),
            (each,),
        )
        for each in (one, other)
    )
    compared = compare([before], [after], Tolerance())
    assert_harmless(plain(list(diff_lines(compared, (one, other), language, 80))))


@quick
@given(reports(), st.sampled_from(["en", "ja"]))
def test_annotations_and_the_summary_of_a_step(report: CheckReport, language: str) -> None:
    """As many commands as things to tell, of the level meant; as many rows."""
    log = "".join(f"{line}\n" for line in annotations(report, language))
    found = commands(log)
    assert len(found) == len(log.splitlines()) == 3
    assert [each.name for each in found[:2]] == ["error", "error"]
    assert {*found[2].properties} == {"file", "line", "title"}
    rows = [row for row in step_summary(report, language).split("\n") if row]
    assert len(rows) == 7
    for row in rows[2:]:
        assert len(re.findall(r"(?<!\\)\|", row)) == 5
        assert "<" not in row
        assert not any(unicodedata.category(each)[0] == "C" for each in row)


@quick
@given(reports(), st.sampled_from(["en", "ja"]))
def test_junit(report: CheckReport, language: str) -> None:
    """The XML has the cases it should have, and the texts of none end it."""
    root = ET.fromstring(junit_xml(report, language))  # noqa: S314 - our own
    assert [suite.tag for suite in root] == ["testsuite", "testsuite"]
    assert [len(suite.findall("testcase")) for suite in root] == [1, 3]
    assert {each.tag for each in root.iter()} <= {
        "testsuites",
        "testsuite",
        "testcase",
        "failure",
        "error",
        "system-out",
    }


@quick
@given(reports(), st.sampled_from(["en", "ja"]), st.booleans())
def test_sarif(report: CheckReport, language: str, open_only: bool) -> None:  # noqa: FBT001 - drawn
    """The log follows the schema, in ASCII; its results are those of the report."""
    raw = sarif_log(report, language, open_only=open_only)
    assert raw.isascii()
    log = json.loads(raw)
    jsonschema.Draft4Validator(SARIF).validate(log)
    states = [each["baselineState"] for each in log["runs"][0]["results"]]
    assert states == ["new", "new"] + ["absent"] * (not open_only)


@quick
@given(reports())
def test_json(report: CheckReport) -> None:
    """It says what the capture says, letter by letter, and is no command when it is logged."""
    for raw in (
        check_json(report),
        check_jsonl(report),
        json_text({"a": report.unreadable[0].why}),
    ):
        assert commands(raw.decode()) == []
    whole = json.loads(check_json(report))
    (recording,) = report.recordings
    kept = recording.problems[0].message.encode("utf-8", "backslashreplace").decode()
    assert whole["recordings"][0]["findings"][0]["message"] == kept
    for line in check_jsonl(report).decode().removesuffix("\n").split("\n"):
        json.loads(line)


@quick
@given(reports())
def test_a_baseline_and_what_is_said_on_standard_error(report: CheckReport) -> None:
    """A file that is read back as it was; lines that are text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "baseline.json"
        write_baseline(path, report.recordings, {})
        ((entry,),) = read_baseline(path).values()
        assert entry == "0" * 20
    with contextlib.redirect_stderr(io.StringIO()) as told:
        complain(report.unreadable[0].why)
    assert told is not sys.stderr
    assert all(line.startswith("sipwhy: ") for line in told.getvalue().splitlines())
