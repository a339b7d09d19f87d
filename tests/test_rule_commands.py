"""What the commands `sipwhy rules …` do."""

from pathlib import Path

import pytest

from analyzer.analysis import NO_SIP
from analyzer.annotate.fields import fields
from analyzer.annotate.rule_files import FAMILIES
from analyzer.cli import run
from command import ROOT

DECLINED = str(ROOT / "samples" / "declined_after_ringing.pcap")
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.mark.parametrize("written", ["RSP603", "rsp603", "603"])
def test_a_rule_is_shown(written: str, capsys: Captured) -> None:
    """An id in any case, and a status code for its rule."""
    assert run(["rules", "show", written]) == 0
    out = capsys.readouterr().out
    assert out.startswith("RSP603  603 Decline\n")
    assert "declined-after-ringing  notice" in out


def test_an_unknown_rule_is_the_users_mistake(capsys: Captured) -> None:
    """One line, with a suggestion."""
    assert run(["rules", "show", "RSP609"]) == 2
    assert 'no rule has the id "RSP609", did you mean' in capsys.readouterr().err


def test_a_rule_is_tried(capsys: Captured) -> None:
    """Verdict and reason of each message; thresholds are those that the user sets."""
    assert run(["rules", "try", "603", DECLINED]) == 0
    assert "yes      declined-after-ringing" in capsys.readouterr().out
    threshold = ["--set", "RSP603.human_reaction_ms=9000"]
    assert run(["rules", "try", "603", DECLINED, *threshold]) == 0
    out = capsys.readouterr().out
    assert "since_alerting_ms ≥ 9000 (human_reaction_ms)" in out
    assert "yes      declined " in out


def test_a_rule_file_is_tried(tmp_path: Path, capsys: Captured) -> None:
    """A file that is being written needs no directory."""
    assert run(["rules", "new", "RSP603", str(tmp_path)]) == 0
    path = capsys.readouterr().out.strip()
    assert run(["rules", "try", path, DECLINED]) == 0
    assert "yes      special-case     alerted is true [here: true]" in capsys.readouterr().out
    assert run(["rules", "try", path, DECLINED, "--set", "RSP603.slow_ms=1"]) == 2
    assert 'RSP603 has no setting "slow_ms"' in capsys.readouterr().err


def test_a_rule_with_nothing_to_judge(capsys: Captured) -> None:
    """The exit status tells a script, the words a person."""
    assert run(["rules", "try", "204", DECLINED]) == NO_SIP
    assert "RSP204 judges nothing here" in capsys.readouterr().out
    assert run(["rules", "try", "603", DECLINED, "--call", "nobody"]) == 2


def test_many_messages_are_shortened(tmp_path: Path, capsys: Captured) -> None:
    """Ten are shown, and the rest is counted; --all shows each."""
    from analyzer.annotate.dialogue import dialogue_capture  # noqa: PLC0415 - only here

    path = tmp_path / "many.pcap"
    call = "-> INVITE sip:bob@example.com SIP/2.0\n   Call-ID: {n}@x\n<- SIP/2.0 603 Decline\n"
    path.write_bytes(dialogue_capture("".join(call.format(n=n) for n in range(12))))
    assert run(["rules", "try", "603", str(path)]) == 0
    assert "2 more messages; --all" in capsys.readouterr().out
    assert run(["rules", "try", "603", str(path), "--all"]) == 0
    assert capsys.readouterr().out.count("Call-ID ") == 12


@pytest.mark.parametrize("family", FAMILIES)
def test_a_new_rule_is_sound(family: str, tmp_path: Path, capsys: Captured) -> None:
    """The file of a new rule passes the check, its examples included, and is never overwritten."""
    rule_id = "RSP480" if family == "RSP" else f"{family}900"
    assert run(["rules", "new", rule_id, str(tmp_path)]) == 0
    path = Path(capsys.readouterr().out.strip())
    assert path.is_file()
    assert run(["rules", "check", str(tmp_path)]) == 0
    assert capsys.readouterr().out == ""
    assert run(["rules", "new", rule_id, str(tmp_path)]) == 2
    assert "there is such a file already" in capsys.readouterr().err


def test_examples_are_run_by_the_check(tmp_path: Path, capsys: Captured) -> None:
    """An example whose finding is another one is a fault."""
    assert run(["rules", "new", "RSP480", str(tmp_path)]) == 0
    path = Path(capsys.readouterr().out.strip())
    path.write_text(path.read_text("utf-8").replace("alerted: true", "alerted: false"), "utf-8")
    assert run(["rules", "check", str(tmp_path)]) == 1
    assert "expected special-case, found everything-else" in capsys.readouterr().out


def test_settings_in_a_file(tmp_path: Path, capsys: Captured) -> None:
    """A file changes thresholds; --set goes before it, and faults have their place."""
    path = tmp_path / "thresholds.yml"
    path.write_text("settings:\n  RSP603:\n    human_reaction_ms: 9000\n", encoding="utf-8")
    assert run([DECLINED, "-q", "--settings", str(path)]) == 0
    assert "603 Decline: declined  " in capsys.readouterr().out
    back = ["--set", "RSP603.human_reaction_ms=1500"]
    assert run([DECLINED, "-q", "--settings", str(path), *back]) == 0
    assert "declined-after-ringing" in capsys.readouterr().out
    path.write_text("settings: {RSP603: {human_reaction: 1}}\n", encoding="utf-8")
    assert run([DECLINED, "--settings", str(path)]) == 2
    assert f"{path}:1:21: RSP603 has no setting" in capsys.readouterr().err


def test_fields_are_listed(capsys: Captured) -> None:
    """Every declared field is there with kind and meaning, and the values of those with few."""
    assert run(["fields"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for each in fields().values():
        assert f"{each.name}  ({each.kind})  {each.meaning['en']}" in lines
        assert all(f"    {value}  {words['en']}" in lines for value, words in each.choices.items())
    assert run(["fields", "--lang", "ja"]) == 0
    assert "リクエストがキャプチャに含まれるかどうか。" in capsys.readouterr().out
