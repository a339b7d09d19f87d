"""The package: what is installed, what is imported, and when."""

import ast
import importlib.metadata
import json
import subprocess
import sys
from pathlib import Path

import pytest

import analyzer
from analyzer.annotate.rule_files import rules_root
from analyzer.version import VERSION
from command import ROOT

PACKAGE = Path(analyzer.__file__).parent
HEAVY = {"jinja2", "junitparser", "pandas", "pyshark", "scapy"}
"""Take longer to import than a small capture takes to read."""


def imported_by(*arguments: str) -> set[str]:
    """Return the top-level modules that a run of the command imports."""
    program = (
        "import json, sys\n"
        "from analyzer.cli import run\n"
        "run(sys.argv[1:])\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, *arguments],
        capture_output=True,
        check=True,
        cwd=ROOT,
        encoding="utf-8",
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_installed_distribution_is_this_one() -> None:
    """The tests run against an installation of this version, with its command."""
    distribution = importlib.metadata.distribution("sipwhy")
    assert distribution.version == VERSION == analyzer.__version__
    assert any(point.name == "sipwhy" for point in distribution.entry_points)


def test_the_rules_are_found() -> None:
    """The built-in rules are there, installed or in a checkout."""
    names = {each.name for each in (rules_root() / "responses").iterdir()}
    assert {"204.yaml", "603.yaml"} <= names


def test_every_package_is_installed() -> None:
    """Each folder with modules is a package, or the wheel would lack it."""
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("--version",),
        ("rules", "list"),
        ("samples/declined_at_once.pcap",),
        ("check", "samples/declined_at_once.pcap", "--no-policy"),
    ],
    ids=" ".join,
)
def test_heavy_modules_are_imported_only_where_used(arguments: tuple[str, ...]) -> None:
    """Neither help nor a plain report or check waits for what few runs need."""
    assert imported_by(*arguments) & HEAVY == set()


def test_scapy_stays_out_of_the_package() -> None:
    """No module of the package imports scapy, which is GPL and only writes samples."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "scapy" for name in names), path
