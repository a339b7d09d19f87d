"""The ratios of RFC 6076 §4.2 and §4.6 to §4.9, as what each counts and what of.

Sessions are counted by call: retries with credentials, forks and hops of one call are one attempt
(§5.3, §5.4). Calls whose outcome the capture does not show are in no ratio. Failed authentication
is a failure like any other (§5.3).
"""

import numpy as np

from analyzer.frozen import frozen
from analyzer.tables.calls import Outcome
from analyzer.tables.messages import Method
from analyzer.tables.schema import Bool, Int8
from analyzer.tables.trace import Trace
from analyzer.tables.transactions import TransactionState
from analyzer.tracking.challenges import asks_for_credentials
from analyzer.tracking.registrations import own_requests

EFFECTIVE = (480, 486, 600, 603)
"""Final statuses that show the effect of a user, beside 2xx (§4.7)."""
INEFFECTIVE = (408, 500, 503, 504)
"""Final statuses of an element that failed or was overloaded (§4.8)."""


@frozen
class Ratio:
    """Rows that count, and rows that they are a share of."""

    counted: Bool
    of: Bool


def session_ratios(trace: Trace) -> dict[str, Ratio]:
    """Return the ratios of calls, by their names."""
    calls = trace.calls
    outcome, status = calls.outcome, calls.final_status
    is_answered = outcome == Outcome.ANSWERED
    is_shown = outcome != Outcome.INCOMPLETE
    is_told = is_shown & (outcome != Outcome.REDIRECTED)
    # RFC 3261 §8.1.3.1: where nothing at all was heard, the caller takes it for a 408
    is_silent = (outcome == Outcome.UNANSWERED) & (calls.session_request_delay_ns < 0)
    goes_on = is_answered & (calls.end_row < 0)
    return {
        "session_establishment_ratio": Ratio(is_answered, is_told),
        "session_establishment_effectiveness_ratio": Ratio(
            is_told & (is_answered | np.isin(status, EFFECTIVE)), is_told
        ),
        "ineffective_session_attempts": Ratio(
            is_shown & (np.isin(status, INEFFECTIVE) | is_silent), is_shown
        ),
        "session_completion_ratio": Ratio(
            is_answered & (calls.session_disconnect_delay_ns >= 0), is_shown & ~goes_on
        ),
    }


def registration_ratio(trace: Trace) -> Ratio:
    """Return the ineffective registration attempts, of REGISTER transactions (§4.2)."""
    transactions = trace.transactions
    is_asked = (transactions.method_sym == Method.REGISTER) & own_requests(trace)
    is_answered = transactions.final_row >= 0
    timed_out = (transactions.state == TransactionState.TERMINATED) & ~is_answered
    refused = (transactions.final_status >= 400) & ~asks_for_credentials(transactions)
    return Ratio(is_asked & (refused | timed_out), is_asked & (is_answered | timed_out))


def has_failed(outcome: Int8) -> Bool:
    """Tell by outcomes which requests for a session failed (§4.3.2)."""
    other = (Outcome.ANSWERED, Outcome.REDIRECTED, Outcome.INCOMPLETE)
    failed: Bool = ~np.isin(outcome, other)
    return failed
