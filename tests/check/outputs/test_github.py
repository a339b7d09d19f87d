"""Annotations and the summary of a step."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from analyzer.check.outputs.github import annotations, markdown, step_summary
from analyzer.cli import run
from checked import DECLINED, HOSTILE, check, policy_of, report_of
from ci_commands import commands

CaptureOf = Callable[..., Path]
FAILING = "fail_on: info\nexpectations: [{name: 'a: b, c', calls: {outcome: busy}}]\n"


def test_each_failure_is_an_annotation(capture_of: CaptureOf, tmp_path: Path) -> None:
    """File, frame as line, title and text come back as they were meant."""
    report = report_of(check(capture_of(DECLINED), policy_of(tmp_path, FAILING)))
    unmet, finding = commands("\n".join(annotations(report, "en")))
    path = str(tmp_path / "dialogue.pcap")
    assert (unmet.name, finding.name) == ("error", "notice")
    assert unmet.properties == {"file": path, "line": "1", "title": "a: b, c"}
    assert unmet.data == "calls where outcome is busy: count is 0; expected: count ≥ 1"
    assert (finding.properties["file"], finding.properties["line"]) == (path, "2")
    assert finding.properties["title"].startswith("603 Decline: ")


def test_hostile_text_forges_no_annotation(capture_of: CaptureOf, tmp_path: Path) -> None:
    """As many commands as failures, and the forged ones are data."""
    report = report_of(check(capture_of(HOSTILE), policy_of(tmp_path, FAILING)))
    log = "\n".join(annotations(report, "en"))
    assert [each.name for each in commands(log)] == ["error", "notice"]
    assert "\x1b" not in log


def test_the_summary_is_a_table_that_text_cannot_leave(
    capture_of: CaptureOf, tmp_path: Path
) -> None:
    """Every row has its four cells, and nothing in them is markup."""
    report = report_of(check(capture_of(HOSTILE), policy_of(tmp_path, FAILING)))
    rows = [line for line in step_summary(report, "en").splitlines() if line.startswith("|")]
    assert len(rows) == 4
    for row in rows:
        assert len(re.findall(r"(?<!\\)\|", row)) == 5
    assert "<" not in "".join(rows)
    assert "![" not in step_summary(report, "en")


def test_markup_is_escaped() -> None:
    """Markdown and HTML leave the text as it is."""
    assert markdown("a|b <i> [x](y) `c` *d* @e &") == (
        r"a\|b &lt;i&gt; \[x\]\(y\) \`c\` \*d\* \@e &amp;"
    )


def test_alike_findings_share_an_annotation(capture_of: CaptureOf, tmp_path: Path) -> None:
    """GitHub shows ten: the others of a kind are named by their frames."""
    texts = [
        DECLINED.replace("SIP/2.0\n    +", f"SIP/2.0\n       Call-ID: c{at}\n    +").replace(
            "Decline\n", f"Decline\n       Call-ID: c{at}\n"
        )
        for at in range(3)
    ]
    recording = check(capture_of("".join(texts)), policy_of(tmp_path, "fail_on: info"))
    found = commands("\n".join(annotations(report_of(recording), "en")))
    assert len(found) < len(recording.failing)
    assert "Also: frames" in "".join(each.data for each in found)


def test_annotations_come_before_the_report(
    capture_of: CaptureOf, capsys: pytest.CaptureFixture[str]
) -> None:
    """The summary line is the last one of the log."""
    assert run(["check", str(capture_of(DECLINED)), "--github", "--fail-on", "info"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("::notice ")
    assert lines[-1].startswith("1 recording; ")
