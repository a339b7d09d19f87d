"""What the plots of a report show."""

from collections.abc import Callable

import numpy as np

from analyzer.report.series import EDGES_MS, MOST_BINS, calls_over_time, delays
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


def call(number: int, gap_s: float, answer: str) -> str:
    """Return a call that begins some seconds after what came before it."""
    return (
        f"+{gap_s}s -> INVITE sip:bob@example.com SIP/2.0\n   Call-ID: c{number}\n"
        f"+0.3s <- SIP/2.0 180 Ringing\n   Call-ID: c{number}\n"
        f"+4s <- SIP/2.0 {answer}\n   Call-ID: c{number}\n"
    )


def test_calls_are_counted_where_they_began(trace_of: TraceOf) -> None:
    """Every call is in one bin of one kind; bins are of a width that a person reads."""
    answers = ["200 OK", "603 Decline", "302 Moved Temporarily", "486 Busy Here"]
    trace = trace_of("".join(call(at, 25.7, answer) for at, answer in enumerate(answers)))
    bins = calls_over_time(trace, np.arange(4))
    assert bins is not None
    assert [sum(counts) for counts in bins.counts] == [1, 1, 2]
    assert len(bins.counts[0]) <= MOST_BINS
    assert bins.start_ns % (bins.width_s * 10**9) == 0
    for row, start_ns in enumerate(trace.calls.start_ns.tolist()):
        at = (start_ns - bins.start_ns) // (bins.width_s * 10**9)
        assert sum(counts[at] for counts in bins.counts) >= 1, row


def test_years_fit_in_the_bins_too(trace_of: TraceOf) -> None:
    """Captures of very different times widen the bins, not their number."""
    trace = trace_of(call(0, 0, "200 OK") + call(1, 40_000_000, "200 OK"))
    bins = calls_over_time(trace, np.arange(2))
    assert bins is not None
    assert len(bins.counts[0]) <= MOST_BINS
    assert bins.counts[0][0] == bins.counts[0][-1] == 1


def test_delays_are_those_of_the_calls(trace_of: TraceOf) -> None:
    """0.3 s to the 180 and 4 s of ringing; what no call has is left out."""
    trace = trace_of(call(0, 0, "603 Decline"))
    found = {each.name: each for each in delays(trace, np.arange(1))}
    assert set(found) == {"session_request_delay", "ring"}
    assert found["ring"].median_ns == found["ring"].p95_ns == 4 * 10**9
    assert found["ring"].counts[EDGES_MS.index(5000)] == found["ring"].total == 1
    assert found["session_request_delay"].counts[EDGES_MS.index(500)] == 1


def test_nothing_of_nothing(trace_of: TraceOf) -> None:
    """Without calls there is nothing to draw."""
    trace = trace_of("-> OPTIONS sip:a@example.com SIP/2.0\n<- SIP/2.0 200 OK\n")
    assert calls_over_time(trace, np.arange(0)) is None
    assert delays(trace, np.arange(0)) == ()
