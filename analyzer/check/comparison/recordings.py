"""BEFORE and AFTER → the recordings that are compared with each other.

Of two directories, files at the same place in them are a pair; what is left on both sides is
compared as a whole, as are files of other kinds of input.
"""

import os
from collections.abc import Sequence
from pathlib import PurePath

from analyzer.capture.inputs import Inputs, look_for, named_like_captures
from analyzer.errors import CaptureError

Paths = Sequence[str]


def recording_pairs(before: str, after: str, *, together: bool) -> list[tuple[Paths, Paths]]:
    """Return the files to compare; raises CaptureError where a directory holds none."""
    if together or not (os.path.isdir(before) and os.path.isdir(after)):  # noqa: PTH112 - paths stay as they are given
        return [([before], [after])]
    old, new = _files_in(before), _files_in(after)
    pairs: list[tuple[Paths, Paths]] = [([old[name]], [new[name]]) for name in old if name in new]
    rest = (
        [path for name, path in old.items() if name not in new],
        [path for name, path in new.items() if name not in old],
    )
    return [*pairs, rest] if any(rest) else pairs


def _files_in(directory: str) -> dict[str, str]:
    """Return the captures by their paths below a directory."""
    found = look_for([directory])
    wrong = _wrong(found)
    if wrong:
        raise CaptureError("\n".join(wrong))
    return {PurePath(os.path.relpath(path, directory)).as_posix(): path for path in found.paths}


def _wrong(found: Inputs) -> list[str]:
    return [why for _, why in sorted({*found.unreadable, *named_like_captures(found)})]
