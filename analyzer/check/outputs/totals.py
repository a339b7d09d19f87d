"""How much of everything a check found."""

from analyzer.check.model import CheckReport
from analyzer.frozen import frozen


@frozen
class Totals:
    """Sums over all recordings."""

    recordings: int
    failed: int
    unreadable: int
    failing: int
    """Findings that fail the check."""
    other: int
    """Findings below what fails it."""
    unmet: int
    met: int
    known: int
    """Findings that the baseline has."""
    gone: int
    ignored: int


def totals_of(report: CheckReport) -> Totals:
    """Return the sums."""
    recordings = report.recordings
    problems = [each for recording in recordings for each in recording.problems]
    verdicts = [each for recording in recordings for each in recording.verdicts]
    unmet = sum(not each.met for each in verdicts)
    known = sum(each.known for each in problems)
    failing = sum(len(each.failing) for each in recordings)
    return Totals(
        recordings=len(recordings),
        failed=sum(each.failed for each in recordings),
        unreadable=len(report.unreadable),
        failing=failing,
        other=len(problems) - known - failing,
        unmet=unmet,
        met=len(verdicts) - unmet,
        known=known,
        gone=sum(each.count for recording in recordings for each in recording.gone),
        ignored=sum(each.ignored for each in recordings),
    )
