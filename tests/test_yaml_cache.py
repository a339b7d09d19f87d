"""What was parsed is kept under the conditions of bytecode."""

import sys
from pathlib import Path

import pytest

from analyzer import yaml_cache
from analyzer.yaml_cache import parse_once


@pytest.fixture(autouse=True)
def _writes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep it in an empty folder."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))


def _kept(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()]


def _refuse(_text: str) -> object:
    raise AssertionError("parsed again")


def test_a_text_is_parsed_once(tmp_path: Path) -> None:
    """The same text of a file is not parsed again; another one is."""
    path = tmp_path / "a.yaml"
    assert parse_once(path, "x", lambda text: {"text": [text]}) == {"text": ["x"]}
    assert parse_once(path, "x", _refuse) == {"text": ["x"]}
    assert parse_once(path, "y", str.upper) == "Y"
    assert len(_kept(tmp_path)) == 1


def test_another_version_parses_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another version kept does not count."""
    parse_once(tmp_path / "a.yaml", "x", str.upper)
    monkeypatch.setattr(yaml_cache, "VERSION", "another")
    assert parse_once(tmp_path / "a.yaml", "x", str.lower) == "x"


@pytest.mark.parametrize("damage", [b"", b"\xff\xff", b"i\x00\x00\x00\x00"])
def test_damage_does_no_harm(tmp_path: Path, damage: bytes) -> None:
    """What cannot be read is made again."""
    parse_once(tmp_path / "a.yaml", "x", str.upper)
    for each in _kept(tmp_path):
        each.write_bytes(damage)
    assert parse_once(tmp_path / "a.yaml", "x", str.upper) == "X"
    assert parse_once(tmp_path / "a.yaml", "x", _refuse) == "X"


def test_nothing_is_written_where_python_writes_no_bytecode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`python -B` and PYTHONDONTWRITEBYTECODE hold for this, too."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert parse_once(tmp_path / "a.yaml", "x", str.upper) == "X"
    assert _kept(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read-only installation works, only slower; so does data that cannot be kept."""
    (tmp_path / "file").write_bytes(b"")
    assert parse_once(tmp_path / "a.yaml", "x", lambda _text: str) is str
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "file"))
    assert parse_once(tmp_path / "a.yaml", "x", str.upper) == "X"
