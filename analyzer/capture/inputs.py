"""Arguments (files, directories, `-`) → the captures to read, each once, in a stable order."""

import os
import re
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from analyzer.capture.foreign import describe, shown
from analyzer.capture.formats import SNIFF_BYTES, find_format
from analyzer.capture.stored import STDIN, first_bytes, unreadable
from analyzer.errors import CaptureError
from analyzer.frozen import frozen

_FileId = tuple[int, int]
_CAPTURE_NAME = re.compile(r"\.(pcap|pcapng|cap)[0-9]*(\.(gz|zst|xz|lz4))?$", re.IGNORECASE)
"""As tcpdump and Wireshark name captures, also those of a ring (`trace.pcap3`)."""


@frozen
class Inputs:
    """What to read."""

    paths: tuple[str, ...]
    """Captures, sorted, whatever the order of the arguments."""
    skipped: tuple[str, ...] = ()
    """Files found in directories that are no captures, sorted."""
    unreadable: tuple[tuple[str, str], ...] = ()
    """What cannot be read though it was named, or lies in a directory that was: path, and a line
    that says why.
    """

    @property
    def problems(self) -> tuple[str, ...]:
        """Return the lines."""
        return tuple(why for _, why in self.unreadable)


@dataclass(slots=True)
class _Found:
    captures: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)


def find_inputs(arguments: Sequence[str]) -> Inputs:
    """Find the captures that the arguments name; raises CaptureError with all problems when there
    is no capture at all.
    """
    found = look_for(arguments)
    if found.problems and not found.paths:
        raise CaptureError("\n".join(found.problems))
    return found


def look_for(arguments: Sequence[str]) -> Inputs:
    """Find the captures that the arguments name. A named file that is none and a directory without
    any are problems.
    """
    found = _Found()
    for argument in sorted(set(arguments)):
        try:
            if os.path.isdir(argument):  # noqa: PTH112 - paths stay as they are given
                _search(argument, found)
            else:
                _check(argument)
                found.captures.append(argument)
        except CaptureError as error:
            found.problems.append((argument, str(error)))
    found.problems += [
        (path, f"{shown(path)} cannot be read: check its permissions")
        for path in sorted(set(found.unreadable))
    ]
    return Inputs(
        paths=_each_once(found.captures),
        skipped=tuple(sorted(set(found.skipped))),
        unreadable=tuple(found.problems),
    )


def named_like_captures(inputs: Inputs) -> Iterator[tuple[str, str]]:
    """Yield the files of directories that are no captures though their names say so, and why: what
    a recording that was never written, or not fetched, leaves behind.
    """
    for path in inputs.skipped:
        if _CAPTURE_NAME.search(path):
            try:
                _check(path)
            except CaptureError as error:
                yield path, str(error)


def _check(argument: str) -> None:
    """Raise CaptureError when a named file can be seen not to be a capture without using it up."""
    if argument == STDIN:
        return
    try:
        if not stat.S_ISREG(os.stat(argument).st_mode):  # noqa: PTH116 - paths stay as they are given
            return
        head, compression = first_bytes(argument, SNIFF_BYTES)
    except OSError as error:
        raise unreadable(argument, error) from error
    # Without a first byte, a damaged compressed file is judged when it is opened.
    if find_format(head) is None and (head or compression is None):
        raise CaptureError(describe(argument, head, compression))


def _search(directory: str, found: _Found) -> None:
    looked_at = 0
    captures = len(found.captures)
    for path in _files_below(directory, found):
        looked_at += 1
        try:
            head, _compression = first_bytes(path, SNIFF_BYTES)
        except OSError:
            found.unreadable.append(path)
            continue
        (found.captures if find_format(head) else found.skipped).append(path)
    if len(found.captures) == captures:
        raise CaptureError(_nothing_in(directory, looked_at, len(found.unreadable)))


def _files_below(directory: str, found: _Found) -> Iterator[str]:
    def note(error: OSError) -> None:
        found.unreadable.append(str(error.filename))

    for parent, children, files in os.walk(directory, onerror=note):
        children.sort()
        for name in sorted(files):
            path = os.path.join(parent, name)  # noqa: PTH118 - paths stay as they are given
            try:
                regular = stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116 - as above
            except FileNotFoundError:
                regular = False
            except OSError:
                found.unreadable.append(path)
                continue
            # A pipe or device would be used up, or never end.
            if regular:
                yield path
            else:
                found.skipped.append(path)


def _nothing_in(directory: str, looked_at: int, unreadable_count: int) -> str:
    name = shown(directory)
    if unreadable_count:
        reason = f"{unreadable_count} files or directories in it cannot be read"
    elif looked_at:
        files = f"none of its {looked_at} files" if looked_at > 1 else "its only file does not"
        verb = "begins" if looked_at > 1 else "begin"
        reason = f"{files} {verb} like pcap or pcapng"
    else:
        reason = "there is no file in it"
    return f"no capture in {name}: {reason}; name a capture or another directory"


def _each_once(paths: list[str]) -> tuple[str, ...]:
    """Keep the first name of each file, in the order of the names."""
    kept: dict[_FileId | str, str] = {}
    for path in sorted(set(paths)):
        kept.setdefault(_file_id(path), path)
    return tuple(kept.values())


def _file_id(path: str) -> _FileId | str:
    try:
        found = os.fstat(sys.stdin.fileno()) if path == STDIN else os.stat(path)  # noqa: PTH116 - as above
    except (OSError, ValueError, AttributeError):
        return path
    # Pipes are distinct inputs even where the system gives them no number.
    return (found.st_dev, found.st_ino) if found.st_ino else path
