"""Tables → the measures of RFC 6076 for the `statistics` of the JSON output, with their names.

Ratios count calls: retries, forks and hops of one call are one attempt.
"""

from collections.abc import Sequence

import numpy as np

from analyzer.measure.session_times import NO_FAILURE
from analyzer.render.record_shapes import COUNT, MAYBE_DURATION, NUMBER, Key, Leaf, ObjectOf
from analyzer.tables.calls import Outcome
from analyzer.tables.messages import Method
from analyzer.tables.schema import Bool, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.transactions import TransactionState

EFFECTIVE = (480, 486, 600, 603)
"""Final statuses that say the network did its part (RFC 6076 §4.7), beside 2xx."""
INEFFECTIVE = (408, 500, 503, 504)
"""Final statuses of an ineffective session attempt (RFC 6076 §4.8)."""

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
MEASURES = (
    Key(
        "session_establishment_effectiveness_ratio",
        RATIO,
        "SEER, RFC 6076 §4.7 by call. Numerator: calls whose final status is 2xx, 480, 486, "
        "600 or 603. Denominator: as above, less those with 401, 402 or 407.",
    ),
    Key(
        "ineffective_session_attempts",
        RATIO,
        "ISA, RFC 6076 §4.8 by call. Numerator: calls with 408, 500, 503 or 504, or without "
        "any answer. Denominator: calls whose outcome the capture shows.",
    ),
    Key(
        "session_completion_ratio",
        RATIO,
        "SCR, RFC 6076 §4.9 by call. Numerator: calls answered whose BYE got a 2xx. "
        "Denominator: calls whose outcome, and end if they were answered, the capture shows.",
    ),
    Key(
        "ineffective_registration_attempts",
        RATIO,
        "IRA, RFC 6076 §4.2. Numerator: REGISTER transactions with a final status from 400, "
        "but for 401, 402 and 407, or without an answer within Timer F. Denominator: REGISTER "
        "transactions that were answered or timed out.",
    ),
    Key("session_request_delay_ms", SPREAD, "SRD, RFC 6076 §4.3, of calls."),
    Key("session_disconnect_delay_ms", SPREAD, "SDD, RFC 6076 §4.4, of calls."),
    Key("session_duration_ms", SPREAD, "SDT, RFC 6076 §4.5: talk_ms of calls."),
    Key("registration_request_delay_ms", SPREAD, "RRD, RFC 6076 §4.1, of registrations."),
    Key("post_dial_delay_ms", SPREAD, "First INVITE to first 18x, of calls."),
    Key("ring_ms", SPREAD, "First 18x to the final response, of calls."),
)


def ratio(counted: Bool, of: Bool) -> dict[str, object]:
    """Return a ratio with its parts, which can be added up."""
    numerator, denominator = int(counted.sum()), int(of.sum())
    share = round(numerator / denominator, 6) if denominator else None
    return {"ratio": share, "numerator": numerator, "denominator": denominator}


def measures(trace: Trace, is_shown: Bool) -> dict[str, object]:
    """Return the measures beside the session establishment ratio; `is_shown` are its calls."""
    return _effectiveness(trace, is_shown) | _delays(trace)


def _effectiveness(trace: Trace, is_shown: Bool) -> dict[str, object]:
    """Return the ratios."""
    calls, transactions = trace.calls, trace.transactions
    outcome, status = calls.outcome, calls.final_status
    is_known = outcome != Outcome.INCOMPLETE
    is_answered = outcome == Outcome.ANSWERED
    effective = is_answered | np.isin(status, EFFECTIVE)
    ineffective = np.isin(status, INEFFECTIVE) | (outcome == Outcome.UNANSWERED)
    is_complete = is_answered & (calls.session_disconnect_delay_ns >= 0)
    has_end = is_known & ~(is_answered & (calls.end_row < 0))
    is_register = transactions.method_sym == Method.REGISTER
    timed_out = (transactions.state == TransactionState.TERMINATED) & (transactions.final_row < 0)
    refused = (transactions.final_status >= 400) & ~np.isin(transactions.final_status, NO_FAILURE)
    counted = is_register & ((transactions.final_row >= 0) | timed_out)
    return {
        "session_establishment_effectiveness_ratio": ratio(
            effective & is_shown, is_shown & ~np.isin(status, NO_FAILURE)
        ),
        "ineffective_session_attempts": ratio(ineffective & is_known, is_known),
        "session_completion_ratio": ratio(is_complete, has_end),
        "ineffective_registration_attempts": ratio(counted & (refused | timed_out), counted),
    }


def _delays(trace: Trace) -> dict[str, object]:
    calls = trace.calls
    return {
        "session_request_delay_ms": spread(calls.session_request_delay_ns),
        "session_disconnect_delay_ms": spread(calls.session_disconnect_delay_ns),
        "session_duration_ms": spread(calls.talk_ns),
        "registration_request_delay_ms": spread(trace.registrations.request_delay_ns),
        "post_dial_delay_ms": spread(calls.post_dial_delay_ns),
        "ring_ms": spread(calls.ring_ns),
    }


_FEW = 64


def spread(column: Int64) -> dict[str, object]:
    """Return how the durations that are there spread."""
    # of few the list is sorted sooner than the column, and there is a column for each peer
    known: Sequence[int] | Int64 = (
        sorted(each for each in column.tolist() if each >= 0)
        if len(column) <= _FEW
        else np.sort(column[column >= 0])
    )
    if len(known) == 0:
        nothing = dict.fromkeys(("least_ms", "median_ms", "p95_ms", "most_ms"))
        return {"count": 0, "sum_ms": 0, **nothing}
    last = len(known) - 1
    # the value at or below which that share lies, one that was measured
    median, most_of_all = known[last // 2], known[min(last, -(-95 * len(known) // 100) - 1)]
    return {
        "count": len(known),
        "sum_ms": _milliseconds(sum(known) if isinstance(known, list) else int(np.sum(known))),
        "least_ms": _milliseconds(int(known[0])),
        "median_ms": _milliseconds(int(median)),
        "p95_ms": _milliseconds(int(most_of_all)),
        "most_ms": _milliseconds(int(known[-1])),
    }


def _milliseconds(ns: int) -> float:
    whole, rest = divmod(ns + 500, 1_000_000)
    return whole if rest < 1000 else round(whole + rest // 1000 / 1000, 3)
