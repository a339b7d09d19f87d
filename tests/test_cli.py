"""The command: arguments, streams and exit statuses."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from analyzer.analysis import SEVERITIES
from analyzer.cli import FORMATS, cli, run
from analyzer.errors import CaptureError
from analyzer.pipeline import open_trace
from analyzer.render.formats import output_formats
from analyzer.settings import Settings
from analyzer.sip.scan import SCAN
from analyzer.tables.findings import Severity
from analyzer.tables.trace import Trace
from analyzer.version import VERSION
from command import ROOT

DECLINED = str(ROOT / "samples" / "declined_after_ringing.pcap")
ANSWERED = str(ROOT / "samples" / "answered.pcap")
CUT = str(ROOT / "samples" / "cut.pcap")
Captured = pytest.CaptureFixture[str]
CaptureOf = Callable[[str], Path]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def test_a_file_alone_is_analyzed(capsys: Captured) -> None:
    """`sipwhy FILE` is `sipwhy analyze FILE`, also with options before the file."""
    assert run(["analyze", DECLINED, "--tz", "UTC"]) == 0
    long = capsys.readouterr().out
    assert run(["--tz", "UTC", DECLINED]) == 0
    assert capsys.readouterr().out == long
    assert "603 Decline: declined-after-ringing" in long


def test_formats_and_severities_are_those_there_are() -> None:
    """What the options offer is what the program has."""
    assert set(FORMATS) == output_formats().keys()
    assert list(SEVERITIES) == ["never", *(each.name.lower() for each in Severity)]


@pytest.mark.parametrize(
    ("level", "status"), [("never", 0), ("info", 1), ("notice", 1), ("warning", 0), ("error", 0)]
)
def test_fail_on(level: str, status: int) -> None:
    """A notice fails a run that fails on notices or less."""
    assert run([DECLINED, "-q", "--fail-on", level]) == status


def test_json_follows_the_schema_that_is_printed(capsys: Captured) -> None:
    """`sipwhy schema` describes `--format json` and each line of `--format jsonl`."""
    assert run(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert run([DECLINED, "--format", "json"]) == 0
    jsonschema.validate(json.loads(capsys.readouterr().out), schema)
    assert run([DECLINED, "--format", "jsonl", "--messages"]) == 0
    for line in capsys.readouterr().out.splitlines():
        jsonschema.validate(json.loads(line), schema)


def test_no_sip_is_status_3(capture_of: CaptureOf, capsys: Captured) -> None:
    """An empty capture never looks clean: one line says what was there."""
    path = str(capture_of(""))
    assert run([path]) == 3
    out, err = capsys.readouterr()
    assert "0 SIP" in out
    assert err.startswith(f"sipwhy: no SIP in {path}: 0 packets; ")
    assert err.count("\n") == 1


def test_what_cannot_be_read_is_status_2(tmp_path: Path, capsys: Captured) -> None:
    """No such file, no capture, an empty file, a directory without captures: one line each."""
    text, empty, folder = tmp_path / "notes.txt", tmp_path / "empty.pcap", tmp_path / "folder"
    text.write_text("hello\n", encoding="utf-8")
    empty.touch()
    folder.mkdir()
    for path in (tmp_path / "missing.pcap", text, empty, folder):
        assert run([str(path)]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("sipwhy: ")
        assert path.name in err
        assert err.count("\n") == 1


def test_a_cut_capture_is_reported_as_far_as_it_goes(capsys: Captured) -> None:
    """One line on standard error says so; the status is that of the findings."""
    assert run([CUT]) == 0
    out, err = capsys.readouterr()
    assert "cut short" in " ".join(out.split())
    assert err.count("\n") == 1
    assert "copy it again" in err
    assert run([CUT, "-q"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--nonsense"],
        ["analyze"],
        [DECLINED, "--format", "xml"],
        [DECLINED, "--tz", "Mars/Olympus"],
        [DECLINED, "--set", "human_reaction_ms"],
        [DECLINED, "--set", "RSP603.nonsense=1"],
        [DECLINED, "--set", "RSP999.nonsense=1"],
        [DECLINED, "--rules", "/no/such/directory"],
        [DECLINED, "--call", "no such call"],
        [DECLINED, "-o", "/no/such/directory/report.txt"],
    ],
)
def test_wrong_usage_is_status_2(arguments: list[str], capsys: Captured) -> None:
    """Mistakes of the user end with 2, nothing on standard output and no traceback."""
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err
    assert "Traceback" not in err


def test_our_own_fault_is_status_4(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """One short line that names the place; `-v` adds the traceback."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("one\ntwo")

    monkeypatch.setattr("analyzer.pipeline.open_trace", fail)
    assert run([DECLINED]) == 4
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "internal error: ZeroDivisionError: one (test_cli.py:" in err
    assert run([DECLINED, "-v"]) == 4
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupt_is_status_130(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """Ctrl-C gives one line and no report."""

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("analyzer.pipeline.open_trace", interrupt)
    assert run([DECLINED]) == 130
    assert capsys.readouterr() == ("", "sipwhy: interrupted\n")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_real_interrupt_while_waiting_for_input() -> None:
    """The process ends with 130 when the signal comes while it reads a pipe."""
    code = (
        "import analyzer.cli, analyzer.pipeline, sys; print('ready', file=sys.stderr, flush=True); "
        "sys.exit(analyzer.cli.run(['-']))"
    )
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", code],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stderr
    process.stdin.write(b"\xd4\xc3\xb2\xa1")
    process.stdin.flush()
    assert process.stderr.readline() == b"ready\n"
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, b"")
    assert err == b"sipwhy: interrupted\n"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX pipes")
def test_a_reader_who_leaves_is_no_error() -> None:
    """`sipwhy … | head -1` says nothing on standard error."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "analyzer", DECLINED, "--messages", "--format", "jsonl"],
        cwd=ROOT,
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_standard_input(capture_of: CaptureOf) -> None:
    """`-` reads a capture from a pipe."""
    data = capture_of("-> INVITE sip:bob@example.com SIP/2.0\n<- SIP/2.0 603 Decline").read_bytes()
    done = subprocess.run(
        [sys.executable, "-P", "-m", "analyzer", "-", "-q"],
        cwd=ROOT,
        input=data,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"603 Decline: not-alerted" in done.stdout


def test_output_goes_to_a_file(tmp_path: Path, capsys: Captured) -> None:
    """`-o` writes the same bytes that standard output would get."""
    target = tmp_path / "report.txt"
    assert run([DECLINED, "-o", str(target), "--tz", "UTC"]) == 0
    assert capsys.readouterr().out == ""
    assert run([DECLINED, "--tz", "UTC"]) == 0
    assert target.read_text("utf-8") == capsys.readouterr().out


def test_order_and_repetition_of_files_do_not_matter(capsys: Captured) -> None:
    """Several files are one timeline, each read once."""
    assert run([DECLINED, ANSWERED, "--tz", "UTC"]) == 0
    one = capsys.readouterr().out
    assert run([ANSWERED, DECLINED, ANSWERED, "--tz", "UTC"]) == 0
    assert capsys.readouterr().out == one
    assert one.count("answered.pcap") == 1


def test_separate_analyzes_each_alone(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """A report for each file; one that cannot be read does not hide the others."""

    def open_or_fail(
        paths: Sequence[str],
        settings: Settings,
        *,
        progress: None,
        meanwhile: Callable[[], object],
    ) -> Trace:
        if paths[0] == CUT:
            raise CaptureError(f"{CUT}: gone")
        return open_trace(paths, settings, progress=progress, meanwhile=meanwhile)

    with monkeypatch.context() as patched:
        patched.setattr("analyzer.pipeline.open_trace", open_or_fail)
        assert run([DECLINED, CUT, ANSWERED, "--separate", "-q"]) == 2
    out, err = capsys.readouterr()
    assert out.count("Capture  ") == 2
    assert err == f"sipwhy: {CUT}: gone\n"
    assert run([DECLINED, ANSWERED, "--separate", "-q", "--call", "declined"]) == 0
    assert capsys.readouterr().out.count("Capture  ") == 1


def test_a_setting_changes_the_verdict(capsys: Captured) -> None:
    """With a longer reaction time than the 4.2 s of the sample, a person is no longer likely."""
    assert run([DECLINED, "--set", "RSP603.human_reaction_ms=9000", "-q"]) == 0
    assert "603 Decline: declined  " in capsys.readouterr().out


def test_language(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--lang` goes before the locale."""
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    assert run([DECLINED, "-q"]) == 0
    assert "確実なこと" in capsys.readouterr().out
    assert run([DECLINED, "-q", "--lang", "en"]) == 0
    assert "Certain" in capsys.readouterr().out


def test_hostile_text_is_shown_harmless(capture_of: CaptureOf, capsys: Captured) -> None:
    """Escape sequences in From, reason phrase and Server reach no terminal."""
    path = capture_of(
        "-> INVITE sip:bob@example.com SIP/2.0\n"
        '   From: "\x1b]0;x\x07" <sip:\x1b[31malice@example.com>;tag=1\n'
        "<- SIP/2.0 603 \x1b[2JNo\u202e\n"
        "   Server: \x9b5n[bold]x[/bold]\n"
    )
    for extra in ([], ["--all", "--messages", "-v"], ["--format", "json"]):
        run([str(path), *extra])
        out, err = capsys.readouterr()
        acting = "\x1b\x07" if "json" in extra else "\x1b\x07\x9b\u202e"
        assert not set(out + err) & set(acting)
        assert "Traceback" not in err


def test_digest_responses_are_never_shown(capture_of: CaptureOf, capsys: Captured) -> None:
    """The secret of an Authorization header is in no output."""
    path = capture_of(
        "-> INVITE sip:bob@example.com SIP/2.0\n"
        '   Proxy-Authorization: Digest username="a", nonce="n", response="5ec7e75ec7e75ec7e7"\n'
        "<- SIP/2.0 603 Decline\n"
    )
    for extra in (["-v", "--all", "--messages"], ["--format", "json", "--messages"]):
        assert run([str(path), *extra]) == 0
        assert "5ec7e75ec7" not in capsys.readouterr().out


def test_rules_are_listed(capsys: Captured) -> None:
    """Id, title, cases and settings of each rule, with values that `--set` takes."""
    assert run(["rules", "list", "--cases"]) == 0
    out = capsys.readouterr().out
    assert "RSP603  603 Decline" in out
    assert "outside-dialog" in out
    assert "--set RSP603.human_reaction_ms=1500" in out


def test_built_in_rules_have_no_fault(capsys: Captured) -> None:
    """`rules check` finds nothing, prints nothing and ends with 0."""
    assert run(["rules", "check"]) == 0
    assert capsys.readouterr().out == ""


def test_faults_of_a_rule_are_all_told(tmp_path: Path, capsys: Captured) -> None:
    """Every fault has file, line and column; `analyze` refuses such rules with status 2."""
    rule = tmp_path / "responses" / "999.yaml"
    rule.parent.mkdir()
    rule.write_text("id: RSP999\nnmae: x\nwhen: {statsu: 1}\n", encoding="utf-8")
    assert run(["rules", "check", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "999.yaml:2:1: " in out
    assert "did you mean" in out
    assert run([DECLINED, "--rules", str(tmp_path)]) == 2
    assert "999.yaml:2:1: " in capsys.readouterr().err


def test_version_names_the_scan(capsys: Captured) -> None:
    """`--version` says which scan is in use."""
    assert run(["--version"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"sipwhy {VERSION} (scan: ")


def test_help_imports_nothing_heavy() -> None:
    """Help, lists of rules and plain reports start without what they do not need; without a
    compiler the reference parser reads every message.
    """
    not_scanning = "analyzer.sip.message" if SCAN == "compiled" else ""
    for arguments, absent in (
        (["--help"], "numpy pandas scapy pyshark rich yaml jinja2 orjson"),
        (["rules", "list"], "pandas scapy pyshark rich jinja2"),
        (["explain", "603"], "numpy pandas scapy pyshark rich jinja2 orjson"),
        (["compare", "204", "603", "--lang", "ja"], "numpy pandas scapy pyshark rich jinja2"),
        (["calls", "--help"], "numpy pandas scapy pyshark rich yaml jinja2 orjson"),
        (["calls", DECLINED], "pandas scapy pyshark rich jinja2 numpy.ma orjson"),
        ([DECLINED], "pandas scapy pyshark rich jinja2 numpy.ma concurrent.futures tempfile"),
        ([DECLINED, "--format", "jsonl"], "pandas numpy.ma analyzer.render.cell_texts"),
        ([DECLINED], f"{not_scanning} analyzer.capture.pcapng difflib traceback"),
    ):
        code = (
            "import sys; from analyzer.cli import run; run(sys.argv[1:]); "
            f"assert not {absent.split()} & sys.modules.keys()"
        ).replace(str(absent.split()), str(set(absent.split())))
        done = subprocess.run(
            [sys.executable, "-P", "-c", code, *arguments],
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()


def test_completion_offers_commands_and_files() -> None:
    """The shell gets commands and files for the first word, options after a dash."""
    runner = CliRunner()
    for words, position, offered in (
        ("sipwhy ", "1", ["plain,analyze", "plain,rules", "plain,schema", "file,"]),
        ("sipwhy x.pcap --fo", "2", ["plain,--format"]),
        ("sipwhy --lang j", "2", ["plain,ja"]),
    ):
        done = runner.invoke(
            cli,
            prog_name="sipwhy",
            env={
                "_SIPWHY_COMPLETE": "bash_complete",
                "COMP_WORDS": words,
                "COMP_CWORD": position,
            },
        )
        for each in offered:
            assert each in done.output.split("\n"), words
