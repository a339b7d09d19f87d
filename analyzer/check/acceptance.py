"""What `--baseline` and `--update-baseline` do with the recordings of a check."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from analyzer.check.model import Recording
from analyzer.check.outputs.harmless import harmless
from analyzer.check.problems import NONE_ACCEPTED, Counts
from analyzer.frozen import replace
from analyzer.i18n import Texts


class Acceptance:
    """A baseline in use, or none at all."""

    def __init__(self, path: Path | None, *, update: bool) -> None:
        """Read the baseline; raises UsageError where it cannot be read."""
        self._path = path
        self._update = update
        self._names: dict[str, str] = {}
        self._lost: list[str] = []
        self._written = 0
        if path is not None:
            from analyzer.check.baseline import read_baseline  # noqa: PLC0415 - seldom asked for

            is_new = update and not path.exists()
            self._entries = {} if is_new else read_baseline(path)

    def expected_of(self, timelines: Sequence[Sequence[str]]) -> list[Counts]:
        """Return what is accepted of each recording, as far as its name tells."""
        if self._path is None:
            return [NONE_ACCEPTED] * len(timelines)
        from analyzer.check.baseline import likely_accepted  # noqa: PLC0415 - see above

        return likely_accepted(timelines, self._entries, self._path)

    def apply(self, recordings: Sequence[Recording]) -> list[Recording]:
        """Return the recordings with what is known and what has gone; write the baseline anew where
        that is asked for.
        """
        path = self._path
        if path is None:
            return list(recordings)
        from analyzer.check import baseline  # noqa: PLC0415 - see above

        entries = self._entries
        self._names = baseline.entries_by_recording(recordings, entries, path)
        found = [
            baseline.apply_baseline(
                each, entries.get(self._names.get(baseline.name_in(path, each.captures), ""), {})
            )
            for each in recordings
        ]
        if self._update:
            self._written = baseline.write_baseline(path, recordings, entries)
            # all is known from now on; what has gone is what the file had before
            return [_all_known(each) for each in found]
        if recordings:
            self._lost = baseline.lost_entries(entries, self._names.values(), path)
        return found

    def told(self, texts: Texts, *, quiet: bool) -> Iterator[str]:
        """Yield what there is to say about the baseline."""
        if self._path is None:
            return
        if self._update:
            path = harmless(str(self._path))
            yield texts.count("talk.baseline_written", self._written, path=path)
        elif not quiet:
            yield from _moves(self._names.items(), self._lost, texts)


def _all_known(recording: Recording) -> Recording:
    return replace(
        recording, problems=tuple(replace(each, known=True) for each in recording.problems)
    )


def _moves(names: Iterable[tuple[str, str]], lost: Sequence[str], texts: Texts) -> Iterator[str]:
    moved = [(name, entry) for name, entry in names if name != entry]
    if moved:
        name, entry = map(harmless, moved[0])
        yield texts.count("talk.baseline_moved", len(moved), name=name, entry=entry)
    if lost:
        yield texts.count("talk.baseline_lost", len(lost), entry=harmless(lost[0]))
