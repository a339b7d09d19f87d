"""The command as a user runs it, in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from analyzer.analysis import DONE, NO_SIP

ROOT = Path(__file__).parents[1]


def sipwhy(*arguments: str, cwd: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    """Run the command in English, UTC and 80 columns, and return what it did."""
    environment = os.environ | {"COLUMNS": "80", "LC_ALL": "C.UTF-8", "TZ": "UTC", "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-P", "-m", "analyzer", *arguments],
        capture_output=True,
        check=False,
        cwd=cwd,
        encoding="utf-8",
        env=environment,
    )


def report_of(*arguments: str) -> dict[str, Any]:
    """Return the JSON output of an analysis that succeeds, also of captures without SIP."""
    done = sipwhy("analyze", *arguments, "--format", "json")
    assert done.returncode in {DONE, NO_SIP}, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report
