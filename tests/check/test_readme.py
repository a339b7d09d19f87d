"""The page about the check tells the truth: its policy, tests, commands and pipelines run."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from analyzer.check.read_policy import read_policy
from ci_commands import commands
from command import ROOT, sipwhy

PAGE = (ROOT / "analyzer" / "check" / "README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent


def block(marker: str, language: str = "yaml") -> str:
    """Return the fenced block that follows a marker."""
    match = re.search(rf"<!-- {marker} -->\n```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert match, marker
    return match[1]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Give a repository as the page has it: recordings and its policy."""
    (tmp_path / "recordings").mkdir()
    for name in ("answered", "declined_after_ringing"):
        shutil.copy(ROOT / "samples" / f"{name}.pcap", tmp_path / "recordings")
    (tmp_path / "sipwhy.yml").write_text(block("policy"), encoding="utf-8")
    return tmp_path


def shell(script: str, folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a script as a runner does, with this installation first in the path."""
    environment = os.environ | variables
    environment |= {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],  # noqa: S607 - as runners do
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )


def test_the_policy_is_sound_and_met_by_good_recordings(repository: Path) -> None:
    """Read without a fault; every expectation but those for other recordings is judged."""
    assert len(read_policy(repository / "sipwhy.yml").expectations) == 6
    done = sipwhy("check", "recordings/answered.pcap", cwd=repository)
    assert done.returncode == 0
    assert done.stdout.endswith("1 recording; all passed; 5 met\n")
    worse = sipwhy("check", "recordings/declined_after_ringing.pcap", cwd=repository)
    assert worse.returncode == 1
    assert "NOT MET  there are calls, and most are answered" in worse.stdout


def test_the_commands_exist(repository: Path) -> None:
    """Every command line of the page is understood: none ends with wrong usage."""
    shutil.copy(repository / "recordings" / "answered.pcap", repository / "before.pcap")
    shutil.copy(repository / "recordings" / "answered.pcap", repository / "after.pcap")
    lines = [
        shlex.split(line, comments=True)[1:]
        for text in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
        for line in text.splitlines()
    ]
    assert len(lines) == 8
    for arguments in lines:
        done = sipwhy(*arguments, cwd=repository)
        assert done.returncode in (0, 1), (arguments, done.stderr)


def test_options_exist() -> None:
    """Every option the page names is one of `check`, `diff`, `analyze` or of the plugin."""
    usage = "".join(sipwhy(name, "--help").stdout for name in ("check", "diff", "analyze"))
    named = set(re.findall(r"`(--[a-z-]+)", PAGE)) - {"--sip-report"}
    assert {option for option in named if option not in usage} == set()


def test_the_tests_pass(pytester: pytest.Pytester, repository: Path) -> None:
    """The test file runs as it stands."""
    shutil.copytree(repository, pytester.path, dirs_exist_ok=True)
    pytester.makepyfile(block("pytest", "python"))
    pytester.runpytest_subprocess("-p", "no:randomly").assert_outcomes(passed=3)


def steps_of(found: Mapping[str, Any], key: str) -> list[str]:
    """Return the commands of a pipeline that need no network."""
    listed = found[key]
    lines = [
        each["run"] if isinstance(each, dict) else each for each in listed if "uses" not in each
    ]
    return [line for line in lines if not line.startswith("pip install")]


def test_the_pipelines_run(repository: Path) -> None:
    """What GitHub and GitLab would run fails on the decline and writes what they pick up."""
    github = yaml.safe_load(block("github"))["jobs"]["sip"]
    done = shell("\n".join(steps_of(github, "steps")), repository)
    assert done.returncode == 1
    # three expectations are about answered calls, and there is none
    assert [each.name for each in commands(done.stdout)] == ["error"] * 3
    assert (repository / github["steps"][-1]["with"]["sarif_file"]).stat().st_size
    gitlab = yaml.safe_load(block("gitlab"))["sip"]
    assert shell("\n".join(steps_of(gitlab, "script")), repository).returncode == 1
    assert (repository / gitlab["artifacts"]["reports"]["junit"]).stat().st_size


def test_the_jenkins_pipeline_runs(repository: Path) -> None:
    """Its steps as shell, with this installation in the place of the one it makes: red on the
    decline, and the file that `junit` picks up is written all the same.
    """
    text = block("jenkins", "groovy")
    for opening, closing in ("{}", "()"):
        assert text.count(opening) == text.count(closing)
    install, check = re.findall(r"sh '([^']*)'", text)
    assert install.endswith("pip install sipwhy")
    place = repository / ".venv" / "bin"
    place.mkdir(parents=True)
    (place / "sipwhy").symlink_to(BIN / "sipwhy")
    assert shell(check, repository).returncode == 1
    (results,) = re.findall(r"junit '([^']*)'", text)
    assert "<failure" in (repository / results).read_text(encoding="utf-8")


def test_the_composite_action_runs(repository: Path) -> None:
    """Its check step, as shell: inputs come as variables, whatever is in them."""
    path = ROOT / ".github" / "actions" / "check" / "action.yml"
    action = yaml.safe_load(path.read_text(encoding="utf-8"))
    install, check = action["runs"]["steps"]
    assert "${{" not in install["run"] + check["run"]
    place = repository / "tools" / "sipwhy" / "bin"
    place.mkdir(parents=True)
    (place / "sipwhy").symlink_to(BIN / "sipwhy")
    (repository / "recordings" / "$(touch forged) a.pcap").write_bytes(
        (ROOT / "samples" / "answered.pcap").read_bytes()
    )
    names = {
        re.sub(r".*inputs\.([a-z-]+).*", r"\1", value): name for name, value in check["env"].items()
    }
    assert names.keys() == action["inputs"].keys()
    values = {name: str(action["inputs"][key].get("default", "")) for key, name in names.items()}
    values |= {
        names["paths"]: "recordings/answered.pcap\n\nrecordings/$(touch forged) a.pcap\n",
        names["junit"]: "junit.xml",
        "RUNNER_TEMP": str(repository / "tools"),
        "GITHUB_STEP_SUMMARY": str(repository / "summary.md"),
    }
    done = shell(check["run"], repository, **values)
    assert done.returncode == 0, done.stderr
    assert "2 recordings; all passed" in done.stdout
    assert (repository / "junit.xml").exists()
    assert "all passed" in (repository / "summary.md").read_text(encoding="utf-8")
    assert not (repository / "forged").exists()
    values[names["paths"]] = "recordings/declined_after_ringing.pcap"
    values[names["fail-on"]] = "notice"
    done = shell(check["run"], repository, **values)
    assert done.returncode == 1
    assert [each.name for each in commands(done.stdout)] == [*["error"] * 3, "notice"]


def test_the_hook_of_pre_commit(repository: Path) -> None:
    """Its entry is a command that fails on the decline, its pattern knows captures."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    (wanted,) = yaml.safe_load(block("pre-commit"))["repos"][0]["hooks"]
    assert hook["id"] == wanted["id"]
    for name in ("a.pcap", "b/c.pcapng", "d.cap.gz", "e.pcap.zst"):
        assert re.search(hook["files"], name)
    assert not re.search(hook["files"], "notes.txt")
    good, bad = "recordings/answered.pcap", "recordings/declined_after_ringing.pcap"
    assert shell(f"{hook['entry']} {good}", repository).returncode == 0
    assert shell(f"{hook['entry']} {good} {bad}", repository).returncode == 1
