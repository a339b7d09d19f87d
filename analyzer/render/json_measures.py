"""Tables → the measures of RFC 6076 for the `statistics` of the JSON output, with their names.

Ratios count calls: retries, forks and hops of one call are one attempt.
"""

import numpy as np

from analyzer.measure.session_ratios import (
    Ratio,
    has_failed,
    registration_ratio,
    session_ratios,
)
from analyzer.render.record_shapes import COUNT, MAYBE_DURATION, NUMBER, Key, Leaf, ObjectOf
from analyzer.tables.calls import Outcome
from analyzer.tables.schema import Bool, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import Groups, group_rows
from analyzer.tracking.registrations import request_delays

RATIO = ObjectOf(
    (
        Key("ratio", Leaf({"type": ["number", "null"], "minimum": 0, "maximum": 1})),
        Key("numerator", COUNT),
        Key("denominator", COUNT),
    )
)
SPREAD = ObjectOf(
    (
        Key("count", COUNT, "Of how many."),
        Key("sum_ms", NUMBER, "All together, so that means can be added up."),
        Key("least_ms", MAYBE_DURATION),
        Key("median_ms", MAYBE_DURATION),
        Key("p95_ms", MAYBE_DURATION, "Not exceeded by 95 of 100."),
        Key("most_ms", MAYBE_DURATION),
    )
)
SESSION_ESTABLISHMENT_RATIO = Key(
    "session_establishment_ratio",
    RATIO,
    "SER, RFC 6076 §4.6 by call. Numerator: calls answered. Denominator: calls whose outcome the "
    "capture shows (any but incomplete), less those redirected. ratio is null when the denominator "
    "is 0, else rounded to six decimals.",
)
MEASURES = (
    Key(
        "session_establishment_effectiveness_ratio",
        RATIO,
        "SEER, RFC 6076 §4.7 by call. Numerator: calls whose final status is 2xx, 480, 486, "
        "600 or 603. Denominator: as above.",
    ),
    Key(
        "ineffective_session_attempts",
        RATIO,
        "ISA, RFC 6076 §4.8 by call. Numerator: calls with 408, 500, 503 or 504, and those to "
        "which nothing but 100 was answered until Timer B or C ran out. Denominator: calls whose "
        "outcome the capture shows.",
    ),
    Key(
        "session_completion_ratio",
        RATIO,
        "SCR, RFC 6076 §4.9 by call, whether or not a proxy is seen. Numerator: calls answered "
        "whose BYE got a 2xx. Denominator: calls whose outcome, and end if they were answered, the "
        "capture shows.",
    ),
    Key(
        "ineffective_registration_attempts",
        RATIO,
        "IRA, RFC 6076 §4.2. Numerator: REGISTER requests with a final status from 400, "
        "but for 401, 402 and 407, or without an answer within Timer F. Denominator: REGISTER "
        "requests that were answered or timed out.",
    ),
    Key("session_request_delay_ms", SPREAD, "SRD, RFC 6076 §4.3.1, of calls answered."),
    Key(
        "failed_session_request_delay_ms",
        SPREAD,
        "SRD, RFC 6076 §4.3.2, of calls that failed: neither answered nor redirected.",
    ),
    Key("session_disconnect_delay_ms", SPREAD, "SDD, RFC 6076 §4.4, of calls whose BYE got a 2xx."),
    Key("session_duration_ms", SPREAD, "SDT, RFC 6076 §4.5.1: 2xx to BYE, of calls."),
    Key(
        "failed_session_duration_ms",
        SPREAD,
        "SDT, RFC 6076 §4.5.2: 2xx to the expiry of Timer F, of calls with a BYE that nothing "
        "answered.",
    ),
    Key(
        "registration_request_delay_ms",
        SPREAD,
        "RRD, RFC 6076 §4.1, of all REGISTER requests that got a 2xx, refreshes too; challenges "
        "right before are part of it.",
    ),
    Key("post_dial_delay_ms", SPREAD, "First INVITE to first 18x, of calls."),
    Key("ring_ms", SPREAD, "First 18x to the final response, of calls."),
)


def ratio(measured: Ratio) -> dict[str, object]:
    """Return a ratio with its parts, which can be added up."""
    numerator, denominator = int(measured.counted.sum()), int(measured.of.sum())
    share = round(numerator / denominator, 6) if denominator else None
    return {"ratio": share, "numerator": numerator, "denominator": denominator}


def measures(trace: Trace) -> dict[str, object]:
    """Return all measures."""
    ratios = {name: ratio(each) for name, each in session_ratios(trace).items()}
    ratios["ineffective_registration_attempts"] = ratio(registration_ratio(trace))
    return ratios | _delays(trace)


def request_delay_spreads(trace: Trace, groups: Groups) -> dict[str, list[dict[str, object]]]:
    """Return the session request delays of groups of calls, those of failed ones apart (§4.3)."""
    delays, outcome = trace.calls.session_request_delay_ns, trace.calls.outcome
    return {
        "session_request_delay_ms": spreads(delays, outcome == Outcome.ANSWERED, groups),
        "failed_session_request_delay_ms": spreads(delays, has_failed(outcome), groups),
    }


def duration_spreads(trace: Trace, groups: Groups) -> dict[str, list[dict[str, object]]]:
    """Return the durations of sessions in groups of calls, those whose BYE nothing answered apart
    (§4.5).
    """
    durations = trace.calls.session_duration_ns
    timed_out = durations > trace.calls.talk_ns
    return {
        "session_duration_ms": spreads(durations, ~timed_out, groups),
        "failed_session_duration_ms": spreads(durations, timed_out, groups),
    }


def _delays(trace: Trace) -> dict[str, object]:
    calls = trace.calls
    every = group_rows(np.zeros(len(calls), np.int64), 1)
    of_calls = request_delay_spreads(trace, every) | duration_spreads(trace, every)
    return {
        **{name: only for name, (only,) in of_calls.items()},
        "session_disconnect_delay_ms": spread(calls.session_disconnect_delay_ns),
        "registration_request_delay_ms": spread(request_delays(trace)),
        "post_dial_delay_ms": spread(calls.post_dial_delay_ns),
        "ring_ms": spread(calls.ring_ns),
    }


def spread(column: Int64) -> dict[str, object]:
    """Return how the durations that are there spread."""
    every = group_rows(np.zeros(len(column), np.int64), 1)
    return spreads(column, np.ones(len(column), np.bool_), every)[0]


def spreads(column: Int64, wanted: Bool, groups: Groups) -> list[dict[str, object]]:
    """Return for each group how the wanted durations that are there spread."""
    group = np.repeat(np.arange(len(groups)), groups.sizes())
    is_known = (wanted & (column >= 0))[groups.order]
    known, group = column[groups.order[is_known]], group[is_known]
    known = known[np.lexsort((known, group))]
    counts = np.bincount(group, minlength=len(groups))
    ends, totals = np.cumsum(counts), np.cumsum(np.append(np.int64(0), known))
    first, count, some = (ends - counts)[counts > 0], counts[counts > 0], counts > 0
    # the value at or below which that share lies, one that was measured
    most_of_all = np.minimum(count - 1, -(-95 * count // 100) - 1)
    figures = (
        totals[ends[some]] - totals[first],
        *(known[first + at] for at in (0 * count, (count - 1) // 2, most_of_all, count - 1)),
    )
    rows = zip(count.tolist(), *map(_milliseconds, figures), strict=True)
    found = [dict(NOTHING) for _ in range(len(groups))]
    for at, row in zip(np.flatnonzero(some).tolist(), rows, strict=True):
        found[at] = dict(zip(NOTHING, row, strict=True))
    return found


NOTHING: dict[str, object] = {
    "count": 0,
    "sum_ms": 0,
    "least_ms": None,
    "median_ms": None,
    "p95_ms": None,
    "most_ms": None,
}
"""How durations spread where there are none."""


def _milliseconds(ns: Int64) -> list[float]:
    """Return durations with at most three decimals."""
    microseconds = ((ns + 500) // 1_000).tolist()
    return [each / 1_000 if each % 1_000 else each // 1_000 for each in microseconds]
