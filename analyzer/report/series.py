"""Calls → what the plots of a report show: when they began and how they ended, how long it took."""

import numpy as np

from analyzer.frozen import frozen
from analyzer.tables.calls import Outcome
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace

MOST_BINS = 48
STEPS_S = (
    1,
    2,
    5,
    10,
    15,
    30,
    60,
    120,
    300,
    600,
    900,
    1800,
    3600,
    7200,
    14400,
    21600,
    43200,
    86400,
)
"""Widths of a bin that a person can read off an axis."""
EDGES_MS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000)
"""Upper edges of the bins of delays; the last bin has none."""
KINDS = ("answered", "open", "failed")
"""Answered; redirected or not shown to the end; all others."""


@frozen
class Bins:
    """Calls by the time at which they began."""

    start_ns: int
    """Where the first bin begins."""
    width_s: int
    counts: tuple[tuple[int, ...], ...]
    """For each of KINDS a number for each bin."""


@frozen
class Delays:
    """How one delay is distributed."""

    name: str
    """A field of calls without its unit."""
    counts: tuple[int, ...]
    """One more than EDGES_MS."""
    total: int
    median_ns: int
    p95_ns: int


def calls_over_time(trace: Trace, rows: Int64) -> Bins | None:
    """Return when calls began; None without calls."""
    if len(rows) == 0:
        return None
    starts = trace.calls.start_ns[rows]
    first, last = int(starts.min()), int(starts.max())
    width_s = next(
        (step for step in STEPS_S if (last - first) // 10**9 < step * (MOST_BINS - 1)), 0
    )
    if not width_s:
        width_s = -(-((last - first) // 10**9 + 1) // (MOST_BINS - 1))
    begin = first // (width_s * 10**9) * width_s * 10**9
    at = ((starts - begin) // (width_s * 10**9)).astype(np.int64)
    outcome = trace.calls.outcome[rows]
    is_answered = outcome == Outcome.ANSWERED
    is_open = (outcome == Outcome.INCOMPLETE) | (outcome == Outcome.REDIRECTED)
    count = int(at.max()) + 1
    return Bins(
        begin,
        width_s,
        tuple(
            tuple(np.bincount(at[mask], minlength=count).tolist())
            for mask in (is_answered, is_open, ~is_answered & ~is_open)
        ),
    )


def delays(trace: Trace, rows: Int64) -> tuple[Delays, ...]:
    """Return the distributions of session request delay, ring and talk time that occur."""
    columns = {
        "session_request_delay": trace.calls.session_request_delay_ns,
        "ring": trace.calls.ring_ns,
        "talk": trace.calls.talk_ns,
    }
    found = []
    for name, column in columns.items():
        values = np.sort(column[rows])
        values = values[values >= 0]
        if len(values):
            edges = np.array(EDGES_MS, np.int64) * 10**6
            counts = np.bincount(np.searchsorted(edges, values, "right"), minlength=len(edges) + 1)
            found.append(
                Delays(name, tuple(counts.tolist()), len(values), _at(values, 50), _at(values, 95))
            )
    return tuple(found)


def _at(ordered: Int64, percent: int) -> int:
    """Return the smallest value that at least so many percent do not exceed."""
    return int(ordered[max(0, -(-len(ordered) * percent // 100) - 1)])
