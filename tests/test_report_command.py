"""`sipwhy report`: a page where it was asked for, and what is wrong in one line."""

from pathlib import Path

import pytest

from analyzer.analysis import DONE, NO_SIP, WRONG_INPUT
from analyzer.cli import run
from command import ROOT

Captured = pytest.CaptureFixture[str]
SAMPLE = str(ROOT / "samples" / "declined_behind_proxy.pcap")


def test_a_page_is_written(tmp_path: Path) -> None:
    """The file holds the page, in the language asked for."""
    page = tmp_path / "report.html"
    assert run(["report", SAMPLE, "-o", str(page), "--lang", "ja", "--tz", "UTC"]) == DONE
    text = page.read_text("utf-8")
    assert text.startswith("<!DOCTYPE html>\n")
    assert "SIP トラフィックレポート" in text


def test_markdown_by_its_name(tmp_path: Path) -> None:
    """A name that ends in .md makes Markdown, with the times of the zone asked for."""
    report = tmp_path / "report.md"
    assert run(["report", SAMPLE, "-o", str(report), "--lang", "en", "--tz", "+09:00"]) == DONE
    text = report.read_text("utf-8")
    assert text.startswith("# SIP traffic report\n")
    assert "2026-03-02 18:09:00.000" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "report.docx"], "name a file that ends in .md or .html"),
        (["-o", "report.html", "--call", "no such call"], "no such call"),
        (["-o", "no/such/folder/report.html"], "cannot write the report"),
    ],
)
def test_a_mistake_is_one_line(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Captured,
) -> None:
    """Nothing is written, one line says what to do, and the status is that of wrong input."""
    monkeypatch.chdir(tmp_path)
    assert run(["report", SAMPLE, *arguments]) == WRONG_INPUT
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_no_sip(tmp_path: Path, capsys: Captured) -> None:
    """A capture without SIP gives a page that says so, and its own status."""
    empty = tmp_path / "empty.pcap"
    empty.write_bytes(bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000"))
    assert run(["report", str(empty), "-o", str(tmp_path / "page.html")]) == NO_SIP
    assert "empty.pcap" in capsys.readouterr().err
