"""Options of an analysis that are put together from several places."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from analyzer.cli import run
from analyzer.settings import Settings, with_leg_headers

CaptureOf = Callable[[str], Path]

TWO_LEGS = """
a->p INVITE sip:bob@example.com SIP/2.0
   Call-ID: first
   X-Correlation: 4711
p->b INVITE sip:carol@example.com SIP/2.0
   Call-ID: second
   To: <sip:carol@example.com>
   X-Correlation: 4711
"""


def test_headers_of_legs_are_added_once() -> None:
    """The known ones stay; names are the same in any case (RFC 3261 §7.3.1)."""
    found = with_leg_headers(Settings(), ["X-Correlation", "x-cid", "x-correlation"])
    assert [each.lower() for each in found.leg_headers] == ["x-correlation", "x-cid", "x-call-id"]


@pytest.mark.parametrize("how", ["option", "settings", "policy"])
def test_a_header_that_is_named_joins_legs(
    how: str,
    capture_of: CaptureOf,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One value on both legs is evidence when an option, a file of settings or a policy says so."""
    path, file = str(capture_of(TWO_LEGS)), tmp_path / "own.yml"
    file.write_text("leg_headers: [X-Correlation]\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["calls", path, "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["calls"]) == 2
    if how == "policy":
        file.write_text(
            "leg_headers: X-Correlation\nexpectations: [{name: one, calls: {}, count: 1}]\n",
            encoding="utf-8",
        )
        assert run(["check", path, "--policy", str(file)]) == 0
        return
    chosen = ["--leg-header", "X-Correlation"] if how == "option" else ["--settings", str(file)]
    assert run(["calls", path, "--format", "json", *chosen]) == 0
    (call,) = json.loads(capsys.readouterr().out)["calls"]
    assert [each["evidence"] for each in call["joined_by"]] == [["header"]]


@pytest.mark.parametrize("name", ["", "X Y", "X:", "é"])
def test_what_is_no_header_is_refused(
    name: str, capture_of: CaptureOf, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A header name is a token (RFC 3261 §25.1); a file says where the wrong one stands."""
    path, file = str(capture_of(TWO_LEGS)), tmp_path / "own.yml"
    assert run([path, "--leg-header", name]) == 2
    assert "the name of a header must stand here" in capsys.readouterr().err
    file.write_text(f"leg_headers:\n  - {json.dumps(name)}\n", encoding="utf-8")
    assert run([path, "--settings", str(file)]) == 2
    assert f"{file}:2:5: the name of a header" in capsys.readouterr().err


def test_too_many_headers_are_refused(
    capture_of: CaptureOf, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each is looked for in every first INVITE."""
    path, file = str(capture_of(TWO_LEGS)), tmp_path / "own.yml"
    names = [f"X-{number}" for number in range(33)]
    assert run([path, *(word for name in names for word in ("--leg-header", name))]) == 2
    file.write_text(f"leg_headers: {json.dumps(names)}\n", encoding="utf-8")
    assert run([path, "--settings", str(file)]) == 2
    assert capsys.readouterr().err.count("more than 32 headers") == 2
