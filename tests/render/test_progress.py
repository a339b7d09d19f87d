"""The bar while captures are read."""

from pathlib import Path

import pytest

from analyzer.i18n import load_texts
from analyzer.render import progress
from analyzer.render.progress import ReadingBar, reading_bar


def test_nothing_is_shown_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal on standard error, or when asked to be quiet, there is no bar."""
    texts = load_texts("en")
    with reading_bar(["x"], texts, quiet=False) as bar:
        assert bar is None
    with reading_bar(["x"], texts, quiet=True) as bar:
        assert bar is None
    assert capsys.readouterr().err == ""


def test_quick_work_needs_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    """Before patience ends nothing is drawn."""
    bar = ReadingBar(10, load_texts("en"))
    bar.advance(10)
    bar.stop()
    assert capsys.readouterr().err == ""


def test_long_work_shows_what_it_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The bar reads, then explains; when the end is unknown it still runs."""
    monkeypatch.setattr(progress, "PATIENCE_S", -1.0)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    capture = tmp_path / "x.pcap"
    capture.write_bytes(b"x" * 100)
    for paths in ([str(capture)], [str(tmp_path)], ["-"]):
        with reading_bar(paths, load_texts("en"), quiet=False) as bar:
            assert bar is not None
            for _ in range(3):
                bar.advance(50)
    assert "explaining" in capsys.readouterr().err
