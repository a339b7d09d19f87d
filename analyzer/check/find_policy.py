"""Which policy is in force: the one that is named, else the nearest `sipwhy.yml` upwards."""

import os
from collections.abc import Sequence
from pathlib import Path

from analyzer.check.policy import Policy
from analyzer.errors import UsageError

NAMES = ("sipwhy.yml", "sipwhy.yaml")


def find_policy(start: Path) -> Path | None:
    """Return the nearest policy in a directory or one above it."""
    for folder in (start, *start.parents):
        for name in NAMES:
            if (folder / name).is_file():
                return folder / name
    return None


def seen_from_here(path: str) -> str:
    """Return a path as it is seen from the working directory: the same in every checkout."""
    try:
        return os.path.relpath(path) if path else ""
    except ValueError:  # another drive of Windows
        return path


def policy_in_force(named: Path | None, start: Path, directories: Sequence[Path] = ()) -> Policy:
    """Return the policy that is named, else the nearest one, else the defaults."""
    if named is not None and not named.is_file():
        raise UsageError(f"{named}: no such policy")
    path = named or find_policy(start)
    if path is None:
        return Policy()
    from analyzer.check.read_policy import read_policy  # noqa: PLC0415 - not without a policy

    return read_policy(path, directories)
