"""The command `sipwhy check`: arguments, streams, files and exit statuses."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analyzer import cli_check
from analyzer.analysis import SEVERITIES
from analyzer.check.outputs.write import FORMATS
from analyzer.check.policy import LEVELS
from analyzer.cli import run
from checked import ANSWERED, DECLINED
from ci_commands import commands
from command import ROOT, sipwhy

CaptureOf = Callable[..., Path]
Captured = pytest.CaptureFixture[str]
BLOCKED = str(ROOT / "samples" / "blocked.pcap")


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.chdir(tmp_path)


def test_options_offer_what_there_is() -> None:
    """Severities and formats of the options are those of the program."""
    assert set(cli_check.LEVELS) == set(LEVELS) == set(SEVERITIES)
    assert cli_check.FORMATS == FORMATS


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ([], 0),
        (["--fail-on", "notice"], 1),
        (["--fail-on", "info"], 1),
        (["--fail-on", "error"], 0),
        (["--fail-on", "notice", "--exit-zero"], 0),
        (["--fail-on", "never"], 0),
    ],
)
def test_statuses_by_severity(capture_of: CaptureOf, arguments: list[str], status: int) -> None:
    """A plain decline is a notice: by default it passes."""
    assert run(["check", str(capture_of(DECLINED)), *arguments]) == status


def test_findings_on_stdout_talk_on_stderr(capsys: Captured) -> None:
    """Each with its own stream; `-q` leaves the talk out."""
    assert run(["check", BLOCKED]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("FAIL  ")
    assert err.startswith("sipwhy: no policy: ")
    assert run(["check", BLOCKED, "-q"]) == 1
    assert capsys.readouterr() == (out, "")


def test_a_recording_without_sip_fails(capture_of: CaptureOf, capsys: Captured) -> None:
    """Status 3, also beside one that passes, and 1 goes before it; --exit-zero reports only."""
    empty, clean = str(capture_of("", "empty.pcap")), str(capture_of(ANSWERED, "clean.pcap"))
    assert run(["check", empty, clean]) == 3
    out, err = capsys.readouterr()
    assert f"FAIL  {empty}" in out
    assert f"no SIP in {empty}" in err
    assert run(["check", empty, BLOCKED]) == 1
    assert run(["check", empty, "--exit-zero"]) == 0


def test_a_cut_recording_is_checked_as_far_as_it_goes(capsys: Captured) -> None:
    """Said on standard error, and in JSON."""
    path = str(ROOT / "samples" / "cut.pcap")
    assert run(["check", path, "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert f"{path} is cut or damaged" in err
    assert json.loads(out)["recordings"][0]["complete"] is False


@pytest.mark.skipif(not shutil.which("tshark"), reason="tshark, which opens TLS, is not installed")
def test_a_key_log_opens_recordings_over_tls(capsys: Captured) -> None:
    """As for `analyze`: without it there is no SIP to check."""
    folder = ROOT / "samples" / "tls"
    path, keys = str(folder / "declined.pcap"), str(folder / "declined.keys")
    assert run(["check", path, "-q"]) == 3
    assert run(["check", path, "-q", "--keylog", keys, "--fail-on", "notice"]) == 1
    assert "603 Decline" in capsys.readouterr().out


def test_each_file_is_a_recording_of_its_own(capture_of: CaptureOf, capsys: Captured) -> None:
    """--together makes them one: an expectation of two calls is met then."""
    for number in range(2):
        text = ANSWERED.replace(" SIP/2.0\n", f" SIP/2.0\n       Call-ID: c{number}\n")
        text = text.replace(" Ringing\n", f" Ringing\n       Call-ID: c{number}\n")
        capture_of(text.replace(" OK\n", f" OK\n       Call-ID: c{number}\n"), f"{number}.pcap")
    Path("sipwhy.yml").write_text("expectations: [{name: two, calls: {}, count: 2}]")
    assert run(["check", "0.pcap", "1.pcap"]) == 1
    assert "2 recordings; 2 failed" in capsys.readouterr().out
    assert run(["check", "0.pcap", "1.pcap", "--together"]) == 0
    assert "1 recording; all passed" in capsys.readouterr().out
    assert run(["check", "."]) == 1


def test_what_cannot_be_read_is_status_2(capture_of: CaptureOf, capsys: Captured) -> None:
    """Missing files, no captures; what can be read is checked all the same."""
    clean = str(capture_of(ANSWERED))
    Path("notes.txt").write_text("hello")
    assert run(["check", clean, "missing.pcap", "notes.txt", "--exit-zero"]) == 2
    out, err = capsys.readouterr()
    assert f"ok    {clean}" in out
    assert out.count("UNREADABLE") == 2
    assert "missing.pcap" in err
    assert run(["check", "missing.pcap"]) == 2


def test_a_recording_that_was_never_written_does_not_pass(
    capture_of: CaptureOf, capsys: Captured
) -> None:
    """An empty file between the recordings of a directory is told, by its name; notes are not."""
    folder = capture_of(ANSWERED).parent
    (folder / "nightly.pcap").write_bytes(b"")
    (folder / "notes.txt").write_text("hello")
    assert run(["check", str(folder)]) == 2
    out = capsys.readouterr().out
    assert f"UNREADABLE  {folder / 'nightly.pcap'}\n" in out
    assert out.count("UNREADABLE") == 1


def test_a_cut_recording_is_told_beside_its_verdict(
    capture_of: CaptureOf, capsys: Captured
) -> None:
    """Who reads a failure learns that the file ends too early."""
    path = capture_of(ANSWERED)
    path.write_bytes(path.read_bytes()[:-10])
    run(["check", str(path), "--quiet"])
    assert f"{path}  (cut or damaged" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["--policy", "missing.yml"],
        ["--update-baseline"],
        ["--baseline", "missing.json"],
        ["--fail-on", "bad"],
        ["--junit", "no/such/directory/x.xml"],
        ["--set", "RSP603.nonsense=1"],
    ],
)
def test_wrong_usage_is_status_2(
    capture_of: CaptureOf, arguments: list[str], capsys: Captured
) -> None:
    """One message, no traceback."""
    assert run(["check", str(capture_of(ANSWERED)), *arguments]) == 2
    err = capsys.readouterr().err
    assert err
    assert "Traceback" not in err


def test_the_nearest_policy_counts_and_can_be_left_out(
    capture_of: CaptureOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """Found above the working directory, and named on standard error."""
    path = str(capture_of(DECLINED))
    Path("sipwhy.yml").write_text("fail_on: notice\n")
    below = tmp_path / "below"
    below.mkdir()
    monkeypatch.chdir(below)
    assert run(["check", path]) == 1
    assert "policy ../sipwhy.yml" in capsys.readouterr().err
    assert run(["check", path, "--no-policy"]) == 0
    assert run(["check", path, "--fail-on", "error"]) == 0


def test_a_policy_is_a_file_of_settings(capture_of: CaptureOf, capsys: Captured) -> None:
    """`analyze --settings` reads it, and --set goes before what it says."""
    path = str(capture_of(DECLINED))
    Path("sipwhy.yml").write_text("settings: {RSP603: {human_reaction_ms: 7}}\nfail_on: info\n")
    assert run([path, "-q", "--settings", "sipwhy.yml"]) == 0
    Path("sipwhy.yml").write_text("settings: {RSP603: {human_reaction: 7}}\n")
    capsys.readouterr()
    assert run(["check", path]) == 2
    assert 'sipwhy.yml:1:21: RSP603 has no setting "human_reaction"' in capsys.readouterr().err


def test_expectations_for_no_recording_are_named(capture_of: CaptureOf, capsys: Captured) -> None:
    """A pattern with a slip is not passed over in silence."""
    Path("sipwhy.yml").write_text(
        "expectations: [{name: nightly calls, calls: {}, captures: nightyl/*}]"
    )
    assert run(["check", str(capture_of(ANSWERED))]) == 0
    assert "“nightly calls” is for none" in capsys.readouterr().err


def test_a_baseline_from_first_to_last(capture_of: CaptureOf, capsys: Captured) -> None:
    """Written, met, failed by one finding more; what has gone is told."""
    blocked = shutil.copy(BLOCKED, "call.pcap")
    accept = ["check", blocked, "--baseline", "baseline.json"]
    assert run([*accept, "--update-baseline"]) == 0
    assert "baseline.json: 4 findings accepted" in capsys.readouterr().err
    assert run(accept) == 0
    assert "4 in the baseline" in capsys.readouterr().out
    capture_of(DECLINED, "call.pcap")
    assert run([*accept, "--fail-on", "notice"]) == 1
    out = capsys.readouterr().out
    assert out.count("gone: RSP603.") == 4
    assert "1 failing finding" in out


def test_what_is_new_beside_what_is_accepted_has_its_ladder(
    capture_of: CaptureOf, capsys: Captured
) -> None:
    """One more of an accepted kind: the ladder is that of the new call."""
    again = DECLINED.replace(
        "INVITE sip:bob@example.com SIP/2.0\n", "INVITE sip:bob@x SIP/2.0\n       Call-ID: two\n"
    )
    again = again.replace("Decline\n", "Decline\n       Call-ID: two\n")
    path = str(capture_of(DECLINED))
    accept = ["check", path, "--fail-on", "info", "--baseline", "baseline.json"]
    assert run([*accept, "--update-baseline"]) == 0
    capture_of(DECLINED + again)
    capsys.readouterr()
    assert run(accept) == 1
    out = capsys.readouterr().out
    assert "1 failing finding; 1 in the baseline" in out
    assert "5* |<------- 603 Decline" in out


def test_a_baseline_survives_a_move(capture_of: CaptureOf, capsys: Captured) -> None:
    """A directory with another name: nothing is new, it is said, and updating settles it."""
    recordings = Path("recordings")
    recordings.mkdir()
    capture_of(DECLINED).rename(recordings / "a.pcap")
    how = ["--fail-on", "notice", "--baseline", "baseline.json"]
    assert run(["check", "recordings", *how, "--update-baseline"]) == 0
    recordings.rename("captures")
    capsys.readouterr()
    assert run(["check", "captures", *how]) == 0
    assert "captures/a.pcap was recordings/a.pcap before" in capsys.readouterr().err
    assert run(["check", "captures", *how, "--update-baseline"]) == 0
    capsys.readouterr()
    assert run(["check", "captures", *how]) == 0
    assert "before" not in capsys.readouterr().err
    Path("captures/a.pcap").unlink()
    capture_of(ANSWERED).rename("captures/b.pcap")
    assert run(["check", "captures", *how]) == 0
    assert "captures/a.pcap is no longer there" in capsys.readouterr().err


def test_several_outputs_at_once_and_always_the_same(
    capture_of: CaptureOf, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """JUnit, SARIF, annotations, a step summary and JSON from one run; twice the same bytes."""
    path = str(capture_of(DECLINED))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    outputs = ["--junit", "j.xml", "--sarif", "s.json", "--github", "--format", "json"]
    seen = []
    for _ in range(2):
        Path("summary.md").unlink(missing_ok=True)
        assert run(["check", path, BLOCKED, "--fail-on", "notice", "-q", *outputs]) == 1
        out, err = capsys.readouterr()
        files = [Path(name).read_bytes() for name in ("j.xml", "s.json", "summary.md")]
        seen.append((out, err, files))
    assert seen[0] == seen[1]
    out, err, (junit, sarif, summary) = seen[0]
    assert json.loads(out)["summary"]["failing"] == 5
    assert [each.name for each in commands(err)].count("warning") == 4
    assert junit.startswith(b"<")
    assert json.loads(sarif)["version"] == "2.1.0"
    assert summary.startswith(b"### ")


def test_annotations_stand_beside_the_text(capsys: Captured) -> None:
    """On standard output where that is text; nothing else there is a command."""
    assert run(["check", BLOCKED, "-q", "--github"]) == 1
    found = commands(capsys.readouterr().out)
    assert [each.name for each in found] == ["warning"] * 4


def test_credentials_are_not_printed(capture_of: CaptureOf, capsys: Captured) -> None:
    """Digest responses stay out of every output."""
    path = str(
        capture_of(
            "-> INVITE sip:bob@example.com SIP/2.0\n"
            '   Authorization: Digest username="alice", realm="r", nonce="n", uri="u", '
            'response="5eb63bbbe01eeed093cb22bb8f5acdc3"\n'
            "<- SIP/2.0 603 Decline"
        )
    )
    for form in FORMATS:
        run(["check", path, "-v", "--fail-on", "info", "--format", form, "--sarif", "s.json"])
        assert "5eb63bbb" not in capsys.readouterr().out
    assert "5eb63bbb" not in Path("s.json").read_text()


def test_a_real_process(capture_of: CaptureOf, tmp_path: Path) -> None:
    """From standard input, in Japanese."""
    path = capture_of(DECLINED)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "analyzer", "check", "-", "--lang", "ja", "--no-policy"],
        input=path.read_bytes(),
        capture_output=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0
    assert done.stdout.decode().splitlines()[0] == "合格    -"
    assert sipwhy("check", "--help").returncode == 0
