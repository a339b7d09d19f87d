"""`sipwhy calls`: filtered, sorted, whole, as text and as JSON."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from analyzer.annotate.items import load_kinds
from analyzer.cli import run
from analyzer.cli_rules import FIELDS_OF
from analyzer.render.schema import schema_text
from command import ROOT

Captured = pytest.CaptureFixture[str]
SAMPLES = ROOT / "samples"
DECLINES = str(SAMPLES / "declined_by_provider_and_gateway.pcap")
BUSY = str(SAMPLES / "busy.pcap")
FORKED = str(SAMPLES / "declined_behind_proxy.pcap")


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def ids(text: str) -> list[int]:
    """Return the first column of a table of calls."""
    rows = text.splitlines()[1:]
    return [int(row.split()[0]) for row in rows[: rows.index("")]]


def test_the_table_alone(capsys: Captured) -> None:
    """Every call, with its outcome, and how many there are."""
    assert run(["calls", DECLINES, "--tz", "UTC"]) == 0
    out = capsys.readouterr().out
    assert ids(out) == [0, 1, 2, 3]
    assert out.splitlines()[0].split() == ["#", "start", "from", "to", "outcome", "rang"]
    assert out.endswith("* a finding explains it\n4 calls\n")


def test_filtered_and_sorted(capsys: Captured) -> None:
    """Conditions must all hold; what was asked about and is no column yet becomes one."""
    arguments = ["--where", "callee.user|startswith=+1", "--sort", "-id"]
    assert run(["calls", DECLINES, *arguments]) == 0
    out = capsys.readouterr().out
    assert ids(out) == [2, 0]
    assert "callee.user" in out.splitlines()[0]
    assert out.endswith("2 of 4 calls\n")


def test_nothing_fits(capsys: Captured) -> None:
    """That is an answer, not a fault."""
    assert run(["calls", DECLINES, "--where", "outcome=answered"]) == 0
    assert capsys.readouterr().out == "0 of 4 calls\n"


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_records_are_those_of_the_report(form: str, capsys: Captured) -> None:
    """The same records as in the JSON report, in the order asked for, and they fit its schema."""
    assert run(["analyze", BUSY, "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert run(["calls", BUSY, "--format", form, "--sort", "-final_status"]) == 0
    out = capsys.readouterr().out
    if form == "json":
        written = json.loads(out)
        assert written.keys() == {"schema", "version", "calls"}
        found = written["calls"]
    else:
        found = [json.loads(line) for line in out.splitlines()]
        assert [each.pop("type") for each in found] == ["call", "call"]
    assert found == report["calls"][::-1]
    jsonschema.validate(report | {"calls": found}, json.loads(schema_text()))


def test_no_records(capsys: Captured) -> None:
    """An empty list is valid JSON, too."""
    assert run(["calls", BUSY, "--format", "json", "--where", "outcome=answered"]) == 0
    assert json.loads(capsys.readouterr().out)["calls"] == []


@pytest.mark.parametrize(("option", "shown", "hidden"), [("", "", "Via:"), ("-v", "Via:", "v=0")])
def test_one_call_whole(capsys: Captured, option: str, shown: str, hidden: str) -> None:
    """Sentence, times, path and ladder; -v adds headers."""
    asked = ["calls", FORKED, "--call", "declined", *([option] if option else [])]
    assert run(asked) == 0
    out = capsys.readouterr().out
    for part in ("Call #0", "alice called bob", "Times", "ringing", "Path", "603 Decline after"):
        assert part in out
    assert "|------" in out or "A = " in out
    assert shown in out
    assert hidden not in out


def test_messages_in_full(capture_of: Callable[[str], Path], capsys: Captured) -> None:
    """-vv adds bodies."""
    path = str(capture_of("-> INVITE sip:b@h SIP/2.0\n\n   v=0\n   s=mine\n<- SIP/2.0 200 OK"))
    assert run(["calls", path, "-vv"]) == 0
    assert "s=mine" in capsys.readouterr().out


def test_japanese(capsys: Captured) -> None:
    """All of it is said in Japanese."""
    assert run(["calls", FORKED, "--call", "declined", "--lang", "ja"]) == 0
    out = capsys.readouterr().out
    for part in ("呼出し", "経路", "後に 603 Decline", "最初の最終応答"):
        assert part in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--where", "outcom=x"], 'unknown field "outcom", did you mean "outcome"?'),
        (["--sort", "ring"], 'unknown field "ring", did you mean "ring_ms"?'),
        (["--call", "nobody"], "no call here has a Call-ID that contains “nobody”"),
        (["--format", "xml"], "xml"),
    ],
)
def test_wrong_usage_is_status_2(arguments: list[str], said: str, capsys: Captured) -> None:
    """One line says what is wrong, and nothing is printed."""
    assert run(["calls", BUSY, *arguments]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""


def test_no_sip_is_status_3(capture_of: Callable[[str], Path], capsys: Captured) -> None:
    """A capture without SIP is not one without calls."""
    assert run(["calls", str(capture_of(""))]) == 3
    assert "no SIP in" in capsys.readouterr().err


def test_hostile_text_is_shown_harmless(
    capture_of: Callable[[str], Path], capsys: Captured
) -> None:
    """Control characters of a capture reach no terminal."""
    path = capture_of("-> INVITE sip:b@h SIP/2.0\n   To: <sip:\x1b[31mbob@h>\n   X-Y: \x1b[2J")
    for option in ("-q", "-v"):
        run(["calls", str(path), option, "--where", "callee.user|exists=true"])
        assert "\x1b" not in capsys.readouterr().out


def test_fields_can_be_listed(capsys: Captured) -> None:
    """`sipwhy fields calls` names what --where takes, and every kind has its list."""
    assert set(FIELDS_OF) == {"rules", *load_kinds()}
    for kind, named in (("calls", "callee.user  (text)"), ("registrations", "refreshes  (number)")):
        assert run(["fields", kind]) == 0
        assert named in capsys.readouterr().out
