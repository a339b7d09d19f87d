"""Files of settings."""

from pathlib import Path

import pytest

from analyzer.annotate.load import load_rules
from analyzer.annotate.settings_file import read_settings_file
from analyzer.errors import UsageError
from analyzer.settings import Settings


def written(tmp_path: Path, text: str) -> Path:
    """Write a file of settings."""
    path = tmp_path / "thresholds.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_values_have_the_form_of_set_and_their_place(tmp_path: Path) -> None:
    """Numbers, lists and truths are written as --set takes them; comments are welcome."""
    path = written(
        tmp_path,
        "# ours\nsettings:\n  RSP603:\n    human_reaction_ms: 2000  # slow phones\n"
        "    round_delays_s: [10, 20]\n  OWN001: {strict: true}\n",
    )
    found = read_settings_file(path)
    assert found.values == {
        "RSP603.human_reaction_ms": "2000",
        "RSP603.round_delays_s": "10,20",
        "OWN001.strict": "true",
    }
    assert found.places["RSP603.round_delays_s"] == f"{path}:5:5"


@pytest.mark.parametrize("text", ["", "settings:\n", "# nothing yet\n"])
def test_an_empty_file_changes_nothing(tmp_path: Path, text: str) -> None:
    """Nothing has to stand in it."""
    assert read_settings_file(written(tmp_path, text)).values == {}


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """Unknown keys, wrong shapes and keys that stand twice, each with line and column."""
    path = written(
        tmp_path,
        "setting: {}\nsettings:\n  RSP603: 5\n  RSP204:\n    a: {b: 1}\n    c: []\n    c: 2\n",
    )
    with pytest.raises(UsageError) as raised:
        read_settings_file(path)
    lines = str(raised.value).splitlines()
    assert f'{path}:1:1: unknown key "setting", did you mean "settings"?' in lines
    assert any(line.startswith(f"{path}:3:11: ") for line in lines)
    assert any(line.startswith(f"{path}:5:8: ") for line in lines)
    assert f'{path}:7:5: "c" stands here twice' in lines


@pytest.mark.parametrize(
    ("text", "what"),
    [("a: [", "no valid YAML"), ("- 1\n", "must stand here"), ("settings: 1\n", "must stand here")],
)
def test_what_is_no_file_of_settings(tmp_path: Path, text: str, what: str) -> None:
    """One line says what it is instead."""
    with pytest.raises(UsageError, match=what):
        read_settings_file(written(tmp_path, text))


def test_what_cannot_be_read(tmp_path: Path) -> None:
    """A missing file and one that is no text are mistakes of the user."""
    with pytest.raises(UsageError, match="cannot be read"):
        read_settings_file(tmp_path / "none.yml")
    binary = tmp_path / "binary.yml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="not UTF-8"):
        read_settings_file(binary)


def test_what_no_rule_has_is_told_with_its_place(tmp_path: Path) -> None:
    """All settings that do not exist or do not fit are told together."""
    path = written(
        tmp_path,
        "settings:\n  RSP603:\n    human_reaction: 1\n    timer_h_ms: soon\n  RSP699: {a: 1}\n",
    )
    found = read_settings_file(path)
    with pytest.raises(UsageError) as raised:
        load_rules(Settings(rule_settings=found.values, setting_places=found.places))
    lines = str(raised.value).splitlines()
    assert len(lines) == 3
    assert lines[0].startswith(f'{path}:3:5: RSP603 has no setting "human_reaction"')
    assert lines[1] == f'{path}:4:5: "soon" is no number of 0 or more'
    assert lines[2].startswith(f'{path}:5:12: no rule has the id "RSP699"')
