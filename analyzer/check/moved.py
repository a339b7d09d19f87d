"""Recordings and a baseline → which of its entries is about which recording, also after a move.

A recording goes by its path. One that the baseline does not know takes over the entry, used by no
other, with its file name and most of its directories; else, if its file was renamed as well, the
entry of a file that is no longer there and whose findings are mostly the same. An entry is taken
over once, so a second recording of the same name is a new one.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath

Counts = Mapping[str, int]
"""Fingerprint → how often."""
NOT_FILES = ("*", "-")
"""Several files together, and standard input: they cannot move."""


def entry_of_each(
    recordings: Mapping[str, Counts],
    entries: Mapping[str, Counts],
    exists: Callable[[str], bool],
) -> dict[str, str]:
    """Return the name of the entry of each recording that has one."""
    found = {name: name for name in recordings if name in entries}
    for alike in (_by_name, _by_findings):
        new = [name for name in recordings if name not in found and name not in NOT_FILES]
        free = [name for name in entries if name not in (*found.values(), *NOT_FILES)]
        if alike is _by_findings:
            free = [name for name in free if not exists(name)]
        degrees = (
            (alike(name, recordings[name], entry, entries[entry]), name, entry)
            for name in new
            for entry in free
        )
        _take_over(degrees, found)
    return found


def _take_over(degrees: Iterable[tuple[int, str, str]], found: dict[str, str]) -> None:
    taken = set(found.values())
    likely = (each for each in degrees if each[0] > 0)
    for _, name, entry in sorted(likely, key=lambda each: (-each[0], each[1:])):
        if name not in found and entry not in taken:
            found[name] = entry
            taken.add(entry)


def _by_name(name: str, _found: Counts, entry: str, _accepted: Counts) -> int:
    """Return how many parts two paths share at their ends."""
    pairs = zip(
        reversed(PurePosixPath(name).parts), reversed(PurePosixPath(entry).parts), strict=False
    )
    shared = 0
    for one, other in pairs:
        if one != other:
            break
        shared += 1
    return shared


def _by_findings(_name: str, found: Counts, _entry: str, accepted: Counts) -> int:
    """Return how many findings are the same, 0 where it is less than half of them."""
    shared = (Counter(found) & Counter(accepted)).total()
    most = max(Counter(found).total(), Counter(accepted).total())
    return shared if 2 * shared >= most else 0
