"""Keeping freed memory, and giving it back."""

import sys
from pathlib import Path

import numpy as np
import pytest

from analyzer.freed_memory import give_back, keep

STATUS = Path("/proc/self/status")


def anonymous_kib() -> int:
    """Return the anonymous memory of this process."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1])


@pytest.mark.skipif(not STATUS.exists(), reason="no /proc here")
def test_nothing_in_use_is_touched() -> None:
    """Arrays keep their values, and the process has no more memory than before."""
    kept = [np.full(1_000, at) for at in range(2_000)]
    del kept[::2]
    keep()
    before = anonymous_kib()
    give_back()
    assert anonymous_kib() <= before
    assert all((each == each[0]).all() for each in kept)


def test_other_systems_do_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no glibc, nothing happens."""
    monkeypatch.setattr(sys, "platform", "darwin")
    keep()
    give_back()
