"""Which policy is in force."""

from pathlib import Path

import pytest

from analyzer.check.find_policy import find_policy, policy_in_force
from analyzer.errors import UsageError


def test_the_nearest_policy_upwards_is_found(tmp_path: Path) -> None:
    """In the directory, then above it; a named one must be there."""
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (tmp_path / "sipwhy.yml").write_text("fail_on: info\n", encoding="utf-8")
    assert find_policy(below) == tmp_path / "sipwhy.yml"
    (tmp_path / "a" / "sipwhy.yaml").write_text("", encoding="utf-8")
    assert find_policy(below) == tmp_path / "a" / "sipwhy.yaml"
    with pytest.raises(UsageError, match="no such policy"):
        policy_in_force(tmp_path / "other.yml", below)
