"""`sipwhy explain`, `sipwhy compare` and `sipwhy rules doc` as commands."""

from pathlib import Path

import pytest

from analyzer.annotate.rule_files import FAMILIES
from analyzer.annotate.skeleton import rule_path, skeleton
from analyzer.cli import run
from analyzer.reference.write import FORMATS
from command import sipwhy

Captured = pytest.CaptureFixture[str]


def test_explain_takes_words(capsys: Captured) -> None:
    """Words need no quotes."""
    assert run(["explain", "SIP", "486", "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("486 Busy Here")
    assert run(["explain", "no", "answer", "--lang", "ja"]) == 0
    assert "\n関連\n" in capsys.readouterr().out


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "command", [["explain", "603"], ["compare", "204", "603"], ["rules", "doc"]]
)
def test_formats_go_to_files(
    command: list[str], form: str, tmp_path: Path, capsys: Captured
) -> None:
    """Each command writes each format, to a file as to standard output."""
    path = tmp_path / "page"
    assert run([*command, "--format", form, "--lang", "ja", "-o", str(path)]) == 0
    assert capsys.readouterr().out == ""
    assert run([*command, "--format", form, "--lang", "ja"]) == 0
    assert path.read_text(encoding="utf-8") == capsys.readouterr().out
    assert "603" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ["explain"],
        ["explain", "nonsense-word"],
        ["explain", "603", "--format", "pdf"],
        ["explain", "603", "-o", "/no/such/directory/page"],
        ["compare", "603"],
        ["compare", "603", "INVITE"],
        ["rules", "list", "nonsense-word"],
    ],
)
def test_mistakes_of_the_user(arguments: list[str], capsys: Captured) -> None:
    """Status 2, nothing on standard output, no traceback."""
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err
    assert "Traceback" not in err


def _new_rule(folder: Path, rule_id: str) -> None:
    path = folder / rule_path(rule_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(skeleton(rule_id), encoding="utf-8")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_user_adds_and_replaces_rules_of_each_family(
    family: str, tmp_path: Path, capsys: Captured
) -> None:
    """A new id is added and an id that exists is replaced: in the list, in explain and in doc."""
    number = "799"[-3:] if family != "RSP" else "699"
    _new_rule(tmp_path, f"{family}{number}")
    options = ["--rules", str(tmp_path), "--lang", "en"]
    assert run(["rules", "check", str(tmp_path)]) == 0, capsys.readouterr().out
    assert run(["rules", "list", family, *options]) == 0
    assert f"{family}{number}" in capsys.readouterr().out
    assert run(["explain", f"{family}{number}", *options]) == 0
    assert str(tmp_path) in capsys.readouterr().out or family == "RSP"
    existing = {"RSP": "RSP603", "TXN": "TXN001", "DLG": "DLG001", "SUB": "SUB001"}.get(family)
    if existing is None:
        return
    _new_rule(tmp_path, existing)
    assert run(["rules", "doc", *options]) == 0
    doc = capsys.readouterr().out
    assert doc.count(f"### {existing}: ") == 1
    assert "special-case" in doc.partition(f"### {existing}: ")[2].partition("\n### ")[0]


def test_the_list_is_filtered(capsys: Captured) -> None:
    """Words fit id, family, title or tags, in any case; all of them."""
    assert run(["rules", "list", "SUBSCRIPTIONS", "notify", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "SUB001" in out
    assert "SUB005" not in out
    assert "RSP603" not in out


def test_help_of_the_commands() -> None:
    """`--help` of each says what it takes."""
    for command in ("explain", "compare"):
        done = sipwhy(command, "--help")
        assert done.returncode == 0
        assert "--format [text|markdown|html|json]" in done.stdout
