"""JSON of a check, held to the schema that is printed."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import jsonschema

from analyzer.check.baseline import apply_baseline, read_baseline, write_baseline
from analyzer.check.model import CheckReport, Unreadable
from analyzer.check.outputs.json_lines import check_json, check_jsonl
from analyzer.check.schemas import schema_text_of
from checked import ANSWERED, DECLINED, HOSTILE, check, policy_of, report_of

CaptureOf = Callable[..., Path]


@cache
def validator() -> jsonschema.Draft202012Validator:
    """Return what tells a valid output."""
    schema = json.loads(schema_text_of("check"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_both_forms_say_the_same_and_follow_the_schema(
    capture_of: CaptureOf, tmp_path: Path
) -> None:
    """Findings, expectations, what has gone, empty and unreadable recordings."""
    policy = policy_of(tmp_path, "expectations: [{name: x, calls: {outcome: busy}}]")
    declined, baseline = check(capture_of(DECLINED, "a.pcap"), policy), tmp_path / "b.json"
    write_baseline(baseline, [declined], {})
    clean = check(capture_of(ANSWERED, "a.pcap"))
    recordings = (
        declined,
        apply_baseline(clean, read_baseline(baseline)["a.pcap"]),
        check(capture_of("", "empty.pcap")),
        check(capture_of(HOSTILE, "h\udcff.pcap")),
    )
    report = CheckReport(recordings, (Unreadable("z", "z: is no capture"),), "sipwhy.yml", "")
    whole = json.loads(check_json(report))
    validator().validate(whole)
    lines = [json.loads(line) for line in check_jsonl(report).splitlines()]
    for line in lines:
        validator().validate(line)
    kinds = [line["type"] for line in lines]
    assert kinds[0] == "header"
    assert kinds[-1] == "summary"
    assert set(kinds) == {
        "header",
        "unreadable",
        "recording",
        "finding",
        "expectation",
        "gone",
        "summary",
    }
    assert kinds.count("finding") == sum(len(each["findings"]) for each in whole["recordings"])
    assert whole["failed"] is True
    assert whole["summary"] == {key: value for key, value in lines[-1].items() if key != "type"}
    assert whole["recordings"][3]["name"].endswith("h\\xff.pcap")


def test_fails_follows_the_policy(capture_of: CaptureOf, tmp_path: Path) -> None:
    """The same finding fails or not by what the check fails on."""
    for level, fails in (("info", True), ("error", False)):
        recording = check(capture_of(DECLINED), policy_of(tmp_path, f"fail_on: {level}"))
        (finding,) = json.loads(check_json(report_of(recording)))["recordings"][0]["findings"]
        assert finding["fails"] is fails
