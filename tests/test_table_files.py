"""Tables and files: which goes where, and one clear line where that cannot be."""

import csv
import sys
from collections.abc import Callable
from importlib import util
from pathlib import Path

import pytest

from analyzer.analysis import TABLE_FORMATS
from analyzer.cli import run
from analyzer.errors import UsageError
from analyzer.render.table_columns import NAMES
from analyzer.table_files import plan_tables
from command import ROOT

DECLINED = str(ROOT / "samples" / "declined_after_ringing.pcap")
PROVIDERS = str(ROOT / "samples" / "declined_by_provider_and_gateway.pcap")
Captured = pytest.CaptureFixture[str]


def ids(path: Path) -> list[str]:
    """Return the first column of a file of CSV."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row[0] for row in csv.reader(file)]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_directory_gets_a_file_for_each_table(form: str, tmp_path: Path) -> None:
    """It is made where it is missing; what is in the columns lies beside the tables."""
    target = tmp_path / "tables"
    for output in (f"{target}/", str(target)):
        assert run([DECLINED, "--format", form, "-o", output]) == 0
        found = {path.name for path in target.iterdir()}
        assert found == {f"{name}.{form}" for name in (*NAMES, "columns")}
    assert run([DECLINED, "--format", form, "-o", str(target), "--messages"]) == 0
    assert (target / f"messages.{form}").exists()


def test_a_file_that_is_called_like_a_table_gets_it(tmp_path: Path) -> None:
    """`-o calls.csv` holds the calls; any other name needs --table."""
    target = tmp_path / "findings.csv"
    assert run([PROVIDERS, "--format", "csv", "-o", str(target)]) == 0
    assert ids(target) == ["id", "0", "1", "2", "3"]
    other = tmp_path / "x.csv"
    assert run([PROVIDERS, "--format", "csv", "--table", "calls.path", "-o", str(other)]) == 0
    assert ids(other) == ["of_call", "0", "1", "2", "3"]


def test_standard_output_gets_one_table(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """A table can be piped, and is what --call chooses."""
    assert run([PROVIDERS, "--format", "csv", "--table", "calls", "--call", "trunk"]) == 0
    out, err = capfdbinary.readouterr()
    assert out.count(b"\n") == 2
    assert err == b""


def test_a_workbook_has_a_sheet_for_each_table_named(tmp_path: Path) -> None:
    """Twice the same name is one sheet."""
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl reads workbooks back")
    target = tmp_path / "x.xlsx"
    tables = ["--table", "findings", "--table", "calls", "--table", "calls"]
    assert run([PROVIDERS, "--format", "xlsx", "-o", str(target), *tables]) == 0
    assert openpyxl.load_workbook(target).sheetnames == ["findings", "calls"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--format", "csv"], "name it with --table"),
        (["--format", "csv", "-o", "x.csv"], "as in -o csv/"),
        (["--format", "csv", "-o", "results"], "as in -o results/"),
        (["--format", "csv", "--table", "calls", "--table", "findings"], "holds one table"),
        (["--format", "csv", "--table", "call"], "no such table; there are calls, "),
        (["--format", "csv", "-o", "/no/such/place/"], "cannot make the directory"),
        (["--format", "csv", "-o", "x/", "--separate"], "--separate"),
        (["--table", "calls"], "--table goes with --format csv, parquet, xlsx"),
        (["--format", "json", "--table", "calls"], "--table goes with"),
    ],
)
def test_what_cannot_be_is_one_line(
    arguments: list[str],
    told: str,
    capsys: Captured,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Status 2 before anything is read or written."""
    monkeypatch.chdir(tmp_path)
    assert run([DECLINED, *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", ["analyze", "calls"])
def test_what_to_install_is_said(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """Parquet and workbooks are an extra; without it one line names it."""
    monkeypatch.setattr("analyzer.table_files.find_spec", lambda _name: None)
    for form in ("parquet", "xlsx"):
        assert run([command, DECLINED, "--format", form, "-o", "x"]) == 2
        assert capsys.readouterr().err.endswith("pip install 'sipwhy[tables]'\n")


def test_what_is_no_text_goes_to_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook on a terminal helps nobody; a table of CSV may."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("analyzer.table_files.find_spec", util.find_spec)
    for form in ("parquet", "xlsx"):
        with pytest.raises(UsageError, match="name a file with -o"):
            plan_tables(form, "-", ("calls",), messages=False)
    assert plan_tables("csv", "-", ("calls",), messages=False).tables == ("calls",)


def test_no_sip_gives_empty_tables_and_status_3(
    capture_of: Callable[[str], Path], tmp_path: Path, capsys: Captured
) -> None:
    """An empty capture never looks clean; its tables have headers alone."""
    target = tmp_path / "tables"
    assert run([str(capture_of("")), "--format", "csv", "-o", f"{target}/"]) == 3
    assert ids(target / "calls.csv") == ["id"]
    assert "no SIP" in capsys.readouterr().err


def test_the_command_calls_writes_what_it_chose(tmp_path: Path) -> None:
    """The table of calls, filtered and sorted, in each format of tables."""
    for form in TABLE_FORMATS:
        target = tmp_path / f"x.{form}"
        asked = ["--where", "outcome=declined", "--sort", "-start", "--format", form]
        assert run(["calls", PROVIDERS, *asked, "-o", str(target)]) == 0
        assert target.stat().st_size
    assert ids(tmp_path / "x.csv") == ["id", "3", "2", "1", "0"]


def test_files_fail_on_findings_too(tmp_path: Path) -> None:
    """--fail-on means the same for tables as for the report."""
    asked = ["--format", "csv", "-o", f"{tmp_path}/", "--fail-on", "notice"]
    assert run([DECLINED, *asked]) == 1
