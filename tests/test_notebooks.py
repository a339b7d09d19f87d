"""The documentation of the tables: its columns are those of the program, its notebook runs."""

import json
import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from analyzer.render.table_columns import TableColumn, TableShape, table_shapes
from command import ROOT

FOLDER = ROOT / "analyzer" / "notebooks"
MARKER = "<!-- columns: written by the tests with --update-snapshots -->\n"
NOTEBOOK = FOLDER / "calls.ipynb"


def described() -> str:
    """Return the list of columns as the documentation has it."""
    return "\n".join(line for shape in table_shapes().values() for line in _table(shape))


def _table(shape: TableShape) -> Iterator[str]:
    yield f"\n### {shape.name}\n\n{shape.doc}\n"
    yield "| column | dtype | unit | absent | meaning |\n|---|---|---|---|---|"
    for each in shape.columns:
        yield f"| `{each.name}` | {each.dtype} | {each.unit} | {each.absent} | {_meaning(each)} |"


def _meaning(column: TableColumn) -> str:
    words = ", ".join(f"`{each}`" for each in column.words)
    return " ".join(filter(None, (column.meaning, words))).replace("|", "\\|")


def test_the_columns_are_documented(update_snapshots: bool) -> None:  # noqa: FBT001 - a fixture
    """Every column of every table is listed with dtype, unit, absent value and meaning."""
    path = FOLDER / "README.md"
    before, _, listed = path.read_text(encoding="utf-8").partition(MARKER)
    assert before
    if update_snapshots:
        path.write_text(f"{before}{MARKER}{described()}\n", encoding="utf-8")
    else:
        assert listed == described() + "\n"


def test_the_python_of_the_documentation_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it shows of Python gives what it says."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    match = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert match
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    exec(match[1].replace("trace.pcap", "samples/answered.pcap"), names)  # noqa: S102 - our own text
    assert len(names["frames"].calls) == 1


def test_no_output_is_stored() -> None:
    """Outputs of a notebook would go stale; cells have names that stay."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert all(not cell.get("outputs") and not cell.get("execution_count") for cell in cells)
    assert len({cell["id"] for cell in cells}) == len(cells)


@pytest.fixture(scope="module")
def outputs() -> dict[str, dict[str, str]]:
    """Run the notebook as a reader does, and return what each cell shows, by type."""
    nbformat = pytest.importorskip("nbformat", reason="notebooks are run by nbclient")
    nbclient = pytest.importorskip("nbclient", reason="notebooks are run by nbclient")
    pytest.importorskip("ipykernel", reason="notebooks are run by ipykernel")
    pytest.importorskip("matplotlib", reason="the notebook plots")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    resources = {"metadata": {"path": str(ROOT)}}
    client = nbclient.NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources=resources
    )
    client.execute(env=os.environ | {"LC_ALL": "C.UTF-8", "MPLBACKEND": "inline"})
    return {
        cell["id"]: {
            kind: str(data)
            for output in cell.get("outputs", [])
            for kind, data in output.get("data", {}).items()
        }
        for cell in notebook["cells"]
    }


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note each element, and that it asks for nothing and runs nothing."""
        assert not {"src", "href"} & {name for name, _ in attrs}
        assert not any(name.startswith("on") for name, _ in attrs)
        self.found.append(tag)


def test_the_notebook_runs(outputs: dict[str, dict[str, str]]) -> None:
    """It reads the samples, shows calls, a plot, a call with its ladder and the report."""
    assert int(outputs["read"]["text/plain"]) > 50
    assert "caller.user" in outputs["look"]["text/html"]
    assert "declined" in outputs["outcomes"]["text/plain"]
    assert outputs["plot"]["image/png"]
    tags = _Tags(outputs["call"]["text/html"]).found
    assert {"svg", "text", "line", "pre"} <= set(tags)
    assert "RSP603" in outputs["findings"]["text/plain"]
    assert "603 Decline" in outputs["report"]["text/html"]
    assert "script" not in {*tags, *_Tags(outputs["report"]["text/html"]).found}
