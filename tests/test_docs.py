"""The documents tell the truth: their reports, commands, links and statuses are real."""

import re
import runpy
from pathlib import Path

import pytest

from analyzer.version import VERSION
from command import ROOT, sipwhy

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "analyzer/**/*.md", "rules/*.md", "samples/*.md")
    for path in ROOT.glob(pattern)
)


def block(marker: str, language: str) -> str:
    """Return the fenced block that follows a marker in README.md."""
    match = re.search(rf"{re.escape(marker)}\n```{language}\n(.*?)```", README, re.DOTALL)
    assert match, f"README.md has no {language} block after {marker}"
    return match[1]


def test_the_report_in_the_readme_is_what_is_printed(update_snapshots: bool) -> None:  # noqa: FBT001 - a fixture
    """README's report is the output for the sample it names, at 80 columns."""
    path = "samples/declined_after_ringing.pcap"
    done = sipwhy(path)
    assert done.returncode == 0
    shown = block(f"<!-- report: {path} -->", "text")
    if update_snapshots:
        (ROOT / "README.md").write_text(README.replace(shown, done.stdout), encoding="utf-8")
    else:
        assert shown == done.stdout


def test_the_python_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """README's example for Python prints a table of calls."""
    match = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert match
    script = tmp_path / "example.py"
    script.write_text(match[1], encoding="utf-8")
    monkeypatch.chdir(ROOT)
    runpy.run_path(str(script))
    assert "outcome" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["samples/declined_at_once.pcap"], 0),
        (["samples/declined_at_once.pcap", "--fail-on", "notice"], 1),
        (["samples/declined_at_once.pcap", "--fail-on", "error"], 0),
        (["samples/no_such_file.pcap"], 2),
        (["README.md"], 2),
        (["--no-such-option"], 2),
    ],
)
def test_exit_statuses_are_as_described(arguments: list[str], status: int) -> None:
    """The command ends with the status README gives for the case."""
    assert sipwhy(*arguments).returncode == status
    assert f"| {status} |" in README


def test_the_check_in_the_readme_is_what_is_printed(update_snapshots: bool) -> None:  # noqa: FBT001 - a fixture
    """README's check is the output for the sample it names."""
    path = "samples/declined_at_once.pcap"
    done = sipwhy("check", path, "--fail-on", "notice", "--no-policy")
    assert done.returncode == 1
    shown = block(f"<!-- check: {path} -->", "text")
    command = f"$ sipwhy check {path} --fail-on notice\n"
    if update_snapshots:
        text = README.replace(f"```text\n{shown}```", f"```text\n{command}{done.stdout}```")
        (ROOT / "README.md").write_text(text, encoding="utf-8")
    else:
        assert shown == command + done.stdout


def test_the_page_in_the_readme_is_what_is_printed(update_snapshots: bool) -> None:  # noqa: FBT001 - a fixture
    """README's page of reference is the output of the command it names."""
    command = "sipwhy explain q850:21"
    done = sipwhy(*command.split()[1:])
    assert done.returncode == 0
    shown = block(f"<!-- run: {command} -->", "text")
    if update_snapshots:
        start = f"<!-- run: {command} -->\n```text\n"
        text = README.replace(start + shown, start + done.stdout)
        (ROOT / "README.md").write_text(text, encoding="utf-8")
    else:
        assert shown == done.stdout


def test_commands_of_the_readme_work() -> None:
    """What README says to type after “sipwhy” for reference and rules ends with 0."""
    names = "explain|compare|rules (?:list|show|doc)"
    commands = re.findall(rf"`(?:sipwhy )?((?:{names})[^`]*)`", README)
    assert len(commands) >= 5
    for command in commands:
        arguments = command.replace(" -o rules.html", "").split()
        if len(arguments) > 1:
            assert sipwhy(*arguments).returncode == 0, command


def test_the_calls_in_the_readme_are_what_is_printed(update_snapshots: bool) -> None:  # noqa: FBT001 - a fixture
    """README's table of calls is the output of the command above it."""
    shown = block("<!-- calls: -->", "text")
    command = shown.partition("\n")[0]
    done = sipwhy(*command.removeprefix("$ sipwhy ").replace("'", "").split())
    assert done.returncode == 0
    if update_snapshots:
        text = README.replace(f"```text\n{shown}```", f"```text\n{command}\n{done.stdout}```")
        (ROOT / "README.md").write_text(text, encoding="utf-8")
    else:
        assert shown == f"{command}\n{done.stdout}"


def test_options_of_the_readme_exist() -> None:
    """Every option README names is one of the command's."""
    commands = ("analyze", "calls", "report", "extract", "rules list")
    usage = "".join(sipwhy(*each.split(), "--help").stdout for each in commands)
    named = set(re.findall(r"`(--[a-z-]+)", README))
    assert named
    assert {option for option in named if option not in usage} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    """Every relative link of a document names a file that is there."""
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (document.parent / link).exists()] == []


def test_the_changelog_knows_the_version() -> None:
    """The changelog has a section for this version or for what comes next."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{VERSION}]" in changelog or "## [Unreleased]" in changelog
