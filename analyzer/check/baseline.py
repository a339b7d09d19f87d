"""A baseline: the findings that are accepted, by recording and fingerprint, in a JSON file.

Recordings go by their paths as seen from the file, so a checkout may be anywhere; `check.moved`
finds those that were moved or renamed. A fingerprint is accepted as often as it occurred: one more
of the same is new.
"""

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath

from analyzer.check.fingerprints import without_port
from analyzer.check.model import Gone, Problem, Recording
from analyzer.check.moved import NOT_FILES, Counts, entry_of_each
from analyzer.errors import UsageError
from analyzer.frozen import frozen, replace

FORMAT = "sipwhy-baseline/1"


@frozen
class Accepted:
    """A finding that is accepted."""

    what: str
    count: int


Entries = Mapping[str, Mapping[str, Accepted]]
"""Recording → fingerprint → what is accepted."""


def read_baseline(path: Path) -> Entries:
    """Read a baseline; raises UsageError for anything else."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        hint = "--update-baseline writes it"
        raise UsageError(f"{path}: no such baseline; {hint}") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise UsageError(
            f"{path}: no baseline: {error}; --update-baseline writes a new one"
        ) from None
    try:
        return _entries(data)
    except (AttributeError, KeyError, TypeError, ValueError):
        what = "no baseline of this version; --update-baseline writes a new one"
        raise UsageError(f"{path}: {what}") from None


def _entries(data: dict[str, object]) -> Entries:
    if data["format"] != FORMAT:
        raise ValueError(FORMAT)
    recordings = data["recordings"]
    if not isinstance(recordings, dict):
        raise TypeError(recordings)
    return {
        str(name): {
            str(each["fingerprint"]): Accepted(str(each["what"]), int(each["count"]))
            for each in listed
        }
        for name, listed in recordings.items()
    }


def name_in(path: Path, captures: Sequence[str]) -> str:
    """Return how a baseline names a recording."""
    if len(captures) != 1:
        return "*"
    (capture,) = captures
    if capture == "-":
        return capture
    try:
        relative = os.path.relpath(capture, path.parent)
    except ValueError:  # another drive of Windows
        relative = capture
    return PurePath(relative).as_posix()


def what_is(problem: Problem) -> str:
    """Return what a problem is, in the words of a baseline: the same in every run."""
    between = " -> ".join(map(without_port, problem.place.who.split(" -> ")))
    return f"{problem.id}: {between}" if between else problem.id


def entries_by_recording(
    recordings: Iterable[Recording], entries: Entries, path: Path
) -> dict[str, str]:
    """Return the name of the entry of each recording that has one, by `name_in`."""
    found = {
        name_in(path, each.captures): Counter(problem.fingerprint for problem in each.problems)
        for each in recordings
    }
    return _match(found, entries, path)


def _match(found: Mapping[str, Counts], entries: Entries, path: Path) -> dict[str, str]:
    accepted = {name: _counts(listed) for name, listed in entries.items()}
    return entry_of_each(found, accepted, lambda name: (path.parent / name).is_file())


def _counts(accepted: Mapping[str, Accepted]) -> Counts:
    return {key: each.count for key, each in accepted.items()}


def likely_accepted(
    timelines: Sequence[Sequence[str]], entries: Entries, path: Path
) -> list[Counts]:
    """Return what is accepted of each timeline, as far as the names of the files tell."""
    names = [name_in(path, captures) for captures in timelines]
    found = _match({name: {} for name in names}, entries, path)
    return [_counts(entries.get(found.get(name, ""), {})) for name in names]


def lost_entries(entries: Entries, used: Iterable[str], path: Path) -> list[str]:
    """Return the entries that are of no recording any more."""
    unused = [name for name in entries if name not in {*used, *NOT_FILES}]
    return sorted(name for name in unused if not (path.parent / name).is_file())


def apply_baseline(recording: Recording, accepted: Mapping[str, Accepted]) -> Recording:
    """Return a recording with what is known marked, and with what has gone."""
    problems = tuple(
        replace(each, known=each.number <= accepted[each.fingerprint].count)
        if each.fingerprint in accepted
        else each
        for each in recording.problems
    )
    counts = Counter(each.fingerprint for each in recording.problems)
    gone = tuple(
        Gone(fingerprint, each.what, each.count - counts[fingerprint])
        for fingerprint, each in sorted(accepted.items(), key=lambda pair: (pair[1].what, pair[0]))
        if counts[fingerprint] < each.count
    )
    return replace(recording, problems=problems, gone=gone)


def write_baseline(path: Path, recordings: Iterable[Recording], before: Entries) -> int:
    """Write what is accepted from now on, and return how many findings; recordings that were not
    checked keep their entries while their files exist.
    """
    entries: dict[str, list[dict[str, object]]] = {
        name: [
            {"fingerprint": key, "what": each.what, "count": each.count}
            for key, each in sorted(accepted.items())
        ]
        for name, accepted in before.items()
        if (path.parent / name).is_file()
    }
    total = 0
    for recording in recordings:
        entries[name_in(path, recording.captures)] = _accepted(recording.problems)
        total += len(recording.problems)
    data = {"format": FORMAT, "recordings": {name: entries[name] for name in sorted(entries)}}
    text = json.dumps(data, indent=1, ensure_ascii=True) + "\n"
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from None
    return total


def _accepted(problems: Iterable[Problem]) -> list[dict[str, object]]:
    counts: Counter[str] = Counter()
    words: dict[str, str] = {}
    for each in problems:
        counts[each.fingerprint] += 1
        words.setdefault(each.fingerprint, what_is(each))
    return [
        {"fingerprint": key, "what": words[key], "count": counts[key]} for key in sorted(counts)
    ]
