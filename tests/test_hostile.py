"""A capture whose every text attacks: in no output does it do more than stand there as text."""

import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from analyzer.cli import run
from analyzer.pipeline import open_trace
from ci_commands import commands
from hostile import hostile_capture

Captured = pytest.CaptureFixture[str]
ACTING = {"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"}
"""Categories of characters that are no visible ones: controls, marks of direction, line ends."""


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the capture."""
    return hostile_capture(tmp_path_factory.mktemp("hostile"))


def acting(text: str) -> set[str]:
    """Return the characters of a text that a terminal might obey."""
    return {each for each in text if unicodedata.category(each) in ACTING and each != "\n"}


def test_it_attacks_wherever_it_can(capture: Path) -> None:
    """The capture is read as calls, a subscription and a registration with findings: what follows
    would prove little if it were not.
    """
    with open_trace([str(capture)]) as trace:
        assert len(trace.calls) == 2
        assert len(trace.subscriptions) >= 1
        assert len(trace.registrations) == 1
        assert len(trace.findings) >= 4
        assert "<script>" in trace.text(0, "call_id")


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["analyze"],
        ["analyze", "--all", "--messages", "-vv"],
        ["calls"],
        ["calls", "--sort", "caller.user"],
        ["calls", "--call", "1<script>", "-vv"],
        ["rules", "try", "RSP603"],
        ["check", "--no-policy", "-v"],
        ["check", "--no-policy", "--github"],
    ],
    ids=" ".join,
)
def test_a_terminal_gets_nothing_to_obey(
    capture: Path,
    arguments: list[str],
    language: str,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """No control, no mark of direction, and for a runner no command but our own."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    run([*arguments, str(capture), "--lang", language])
    out, err = capsys.readouterr()
    assert out
    assert acting(out + err) == set()
    assert "Traceback" not in err
    if arguments[0] == "check":
        assert {each.name for each in commands(out + err)} <= {"notice", "warning", "error"}
        assert all("file" in each.properties for each in commands(out + err))


class Elements(HTMLParser):
    """Collects the names of elements and attributes."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.names: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element and its attributes."""
        self.names |= {tag, *(name for name, _ in attrs)}


def test_markdown_of_a_report(capture: Path, tmp_path: Path) -> None:
    """A renderer that takes HTML finds no HTML, no link and no picture, and only our own blocks."""
    report = tmp_path / "report.md"
    run(["report", str(capture), "-o", str(report), "-q"])
    text = report.read_text("utf-8")
    assert acting(text) == set()
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": True}).parse(text)
    parts = [part for each in tokens for part in each.children or []]
    kinds = {each.type for each in (*tokens, *parts)}
    assert not [kind for kind in kinds if kind.startswith(("html", "link", "image"))]
    assert {each.info for each in tokens if each.type == "fence"} == {"text", "mermaid"}
    outside = " ".join(part.content for part in parts if part.type == "text")
    assert not re.search(r"@\w|#\w|://|www\.", outside)
    diagrams = [each.content for each in tokens if each.info == "mermaid"]
    assert len(diagrams) >= 3
    bare = re.sub(r"#\d+;|<br/>", "", "".join(diagrams))
    assert not set(bare) & set(';#<{`"')
    assert "%%" not in bare


def test_html_of_a_report(capture: Path, tmp_path: Path) -> None:
    """The page has no element and no attribute that one of a harmless capture has not."""
    report = tmp_path / "report.html"
    run(["report", str(capture), "-o", str(report), "-q"])
    page = report.read_text("utf-8")
    names = Elements(page).names
    assert not names & {"img", "iframe", "i", "b", "src", "onerror", "onload", "svg/onload"}
    shown, _, data = page.partition('id="data">')
    assert acting(shown) == set()
    assert "boom(" in shown
    assert not re.search("<script>boom|<img|<svg/", page)
    assert data.count("</script>") == page.count("<script") - shown.count("</script>")


def files_of_a_check(capture: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield name and text of each file that a check writes."""
    run(["check", "--no-policy", str(capture), "--junit", str(folder / "junit.xml"), "--sarif",
         str(folder / "log.sarif"), "--github"])  # fmt: skip  # one command
    for path in folder.iterdir():
        yield path.name, path.read_text("utf-8")


def test_files_of_a_check(
    capture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """JUnit is XML without elements of its own making, the summary Markdown without markup, and no
    file has a character that acts; SARIF keeps them in JSON only.
    """
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    files = dict(files_of_a_check(capture, tmp_path))
    capsys.readouterr()
    assert set(files) == {"junit.xml", "log.sarif", "summary.md"}
    assert {each for text in files.values() for each in acting(text)} == set()
    tags = {each.tag for each in ET.fromstring(files["junit.xml"]).iter()}  # noqa: S314 - our own
    assert tags <= {"testsuites", "testsuite", "testcase", "failure", "properties", "property",
                    "system-out", "system-err", "error", "skipped"}  # fmt: skip  # a list
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": True}).parse(files["summary.md"])
    parts = [part.type for each in tokens for part in each.children or []]
    kinds = {*parts, *(each.type for each in tokens)}
    assert not [kind for kind in kinds if kind.startswith(("html", "link", "image"))]
