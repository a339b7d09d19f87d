"""SARIF, held to the schema of OASIS."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from analyzer.check.baseline import apply_baseline, read_baseline, write_baseline
from analyzer.check.model import CheckReport, Unreadable
from analyzer.check.outputs.sarif import sarif_log, uri_of
from analyzer.frozen import replace
from checked import ANSWERED, DECLINED, HOSTILE, check, policy_of, report_of

CaptureOf = Callable[..., Path]
SCHEMA = Path(__file__).parents[1] / "schemas" / "sarif-2.1.0.json"


@cache
def validator() -> jsonschema.Draft4Validator:
    """Return what tells a valid log."""
    return jsonschema.Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def run_of(report: CheckReport) -> dict[str, Any]:
    """Return the only run of the log of a report, which follows the schema."""
    log = json.loads(sarif_log(report, "en"))
    validator().validate(log)
    (run,) = log["runs"]
    found: dict[str, Any] = run
    return found


def later() -> str:
    """Return the declined call, made again."""
    text = DECLINED.replace(
        "-> INVITE sip:bob@example.com SIP/2.0",
        "+9s -> INVITE sip:bob@example.com SIP/2.0\n       Call-ID: x",
    )
    return text.replace("603 Decline", "603 Decline\n       Call-ID: x")


def test_a_finding_is_a_result(capture_of: CaptureOf, tmp_path: Path) -> None:
    """Rule and case as id with help, the capture as artifact, the frame as line, and said so."""
    run = run_of(report_of(check(capture_of(DECLINED), policy_of(tmp_path, "fail_on: info"))))
    (result,) = run["results"]
    (rule,) = run["tool"]["driver"]["rules"]
    assert result["ruleId"] == rule["id"]
    assert rule["id"].startswith("RSP603.")
    assert "the line is the number of the frame" in rule["help"]["text"]
    place = result["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 2}
    assert place["artifactLocation"]["uri"] == (tmp_path / "dialogue.pcap").as_uri()
    assert "frame 2" in result["message"]["text"]
    assert result["level"] == "note"


def test_fingerprints_have_no_times(capture_of: CaptureOf) -> None:
    """The same scenario later, with another Call-ID: the same fingerprint; two of the same are
    told apart.
    """

    def marks(dialogue: str) -> list[str]:
        results = run_of(report_of(check(capture_of(dialogue))))["results"]
        return [each["partialFingerprints"]["sipwhy/v1"] for each in results]

    assert marks(DECLINED) == marks(later())
    first, second = marks(DECLINED + later())
    assert first != second
    assert first.partition(":")[0] == second.partition(":")[0]


def test_what_the_baseline_has_is_suppressed(capture_of: CaptureOf, tmp_path: Path) -> None:
    """Unchanged and suppressed, and still there."""
    path, recording = tmp_path / "baseline.json", check(capture_of(DECLINED))
    write_baseline(path, [recording], {})
    known = apply_baseline(recording, read_baseline(path)["dialogue.pcap"])
    (result,) = run_of(replace(report_of(known), baseline=str(path)))["results"]
    assert result["baselineState"] == "unchanged"
    assert result["suppressions"][0]["kind"] == "external"


def test_what_has_gone_is_absent(capture_of: CaptureOf, tmp_path: Path) -> None:
    """Each finding of the baseline once, with the fingerprint it had (SARIF 2.1.0 §3.27.24)."""
    path, twice = tmp_path / "baseline.json", check(capture_of(DECLINED + later()))
    write_baseline(path, [twice], {})
    before = {
        each["partialFingerprints"]["sipwhy/v1"] for each in run_of(report_of(twice))["results"]
    }
    now = apply_baseline(check(capture_of(DECLINED)), read_baseline(path)["dialogue.pcap"])
    report = replace(report_of(now), baseline=str(path))
    kept, gone = run_of(report)["results"]
    assert (kept["baselineState"], gone["baselineState"]) == ("unchanged", "absent")
    assert kept["ruleId"] == gone["ruleId"]
    marks = {each["partialFingerprints"]["sipwhy/v1"] for each in (kept, gone)}
    assert marks == before


def test_code_scanning_gets_what_is_open(capture_of: CaptureOf, tmp_path: Path) -> None:
    """GitHub takes accepted and absent results for open alerts: they are left out for it."""
    path, twice = tmp_path / "baseline.json", check(capture_of(DECLINED + later()))
    write_baseline(path, [twice], {})
    now = apply_baseline(check(capture_of(DECLINED)), read_baseline(path)["dialogue.pcap"])
    log = json.loads(sarif_log(replace(report_of(now), baseline=str(path)), "en", open_only=True))
    validator().validate(log)
    assert log["runs"][0]["results"] == []


def test_no_more_results_than_code_scanning_takes(
    capture_of: CaptureOf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The gravest stay, and how many are missing is told."""
    policy = policy_of(tmp_path, "expectations: [{name: x, calls: {outcome: busy}}]")
    report = report_of(check(capture_of(DECLINED + later()), policy))
    assert len(run_of(report)["results"]) == 3
    monkeypatch.setattr("analyzer.check.outputs.sarif.RESULTS", 1)
    run = run_of(report)
    assert [each["ruleId"] for each in run["results"]] == ["expectation.x"]
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"].startswith("2 results")


def test_expectations_empty_captures_and_unreadable_inputs(
    capture_of: CaptureOf, tmp_path: Path
) -> None:
    """Each is there: results at the first frame, and a notification."""
    policy = policy_of(tmp_path, "expectations: [{name: Many Calls!, calls: {}, count|gte: 9}]")
    recordings = (check(capture_of(ANSWERED, "a.pcap"), policy), check(capture_of("", "b.pcap")))
    run = run_of(CheckReport(recordings, (Unreadable("c", "c: is no capture"),), "", ""))
    assert [each["ruleId"] for each in run["results"]] == ["expectation.many-calls", "no-sip"]
    assert run["results"][1]["locations"][0]["physicalLocation"]["region"]["startLine"] == 1
    (invocation,) = run["invocations"]
    assert not invocation["executionSuccessful"]
    assert "c: is no capture" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_hostile_text_has_no_controls(capture_of: CaptureOf, tmp_path: Path) -> None:
    """Escaped before a viewer sees it."""
    run = run_of(report_of(check(capture_of(HOSTILE), policy_of(tmp_path, "fail_on: info"))))
    text = json.dumps(run, ensure_ascii=False)
    assert "\\u001b" not in text
    assert "##[error]" not in text


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("nightly/a b.pcap", "nightly/a%20b.pcap"),
        ("./x.pcap", "x.pcap"),
        ("50%.pcap", "50%25.pcap"),
        ("呼.pcap", "%E5%91%BC.pcap"),
        ("/elsewhere/a.pcap", "file:///elsewhere/a.pcap"),
    ],
)
def test_paths_are_uris(path: str, uri: str) -> None:
    """Relative to the working directory, as code scanning wants them."""
    assert uri_of(path) == uri


def test_an_absolute_path_below_the_working_directory_is_relative(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkout may be anywhere."""
    monkeypatch.chdir(tmp_path)
    assert uri_of(str(tmp_path / "a" / "b.pcap")) == "a/b.pcap"
