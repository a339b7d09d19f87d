"""Which rules a capture gives occasion for: a rule about what went wrong is not even read where
nothing of the kind can have happened.

A test looks at columns only, and may say yes where the rule then finds nothing, never the other way
round. A rule that stands here needs a test that is quick for a million messages.
"""

from collections.abc import Callable, Mapping

from analyzer.tables.messages import Method
from analyzer.tables.schema import Bool
from analyzer.tables.trace import Trace
from analyzer.tables.transactions import TransactionState

Occasion = Callable[[Trace], bool]


def occasions(trace: Trace) -> frozenset[str]:
    """Return the ids of the rules of OCCASIONS that the trace gives occasion for."""
    return frozenset(rule for rule, test in OCCASIONS.items() if test(trace))


def is_silent(trace: Trace) -> Bool:
    """Tell which requests got no final response before their client gave up (Timer B, Timer F)."""
    table = trace.transactions
    is_over: Bool = table.state == TransactionState.TERMINATED
    return is_over & (table.final_row < 0) & (table.request_row >= 0)


def _media_captured(trace: Trace) -> bool:
    return len(trace.rtp.streams) > 0


def _no_response(trace: Trace) -> bool:
    return bool((is_silent(trace) & (trace.transactions.method_sym != Method.BYE)).any())


def _bye_unanswered(trace: Trace) -> bool:
    return bool((is_silent(trace) & (trace.transactions.method_sym == Method.BYE)).any())


def _final_repeated(trace: Trace) -> bool:
    table = trace.transactions
    is_repeated = (table.response_retransmissions >= FEW_REPEATS) & (table.final_row >= 0)
    return bool((is_repeated & (table.method_sym == Method.INVITE)).any())


def _invite_repeated(trace: Trace) -> bool:
    table = trace.transactions
    is_repeated = (table.request_retransmissions > 0) & (table.method_sym == Method.INVITE)
    return bool((is_repeated & ((table.provisional_row >= 0) | (table.final_row >= 0))).any())


def _cancelled_and_answered(trace: Trace) -> bool:
    table = trace.transactions
    return bool(((table.cancel_row >= 0) & (table.final_status // 100 == 2)).any())


def _invite_pending(trace: Trace) -> bool:
    table = trace.transactions
    is_pending = (table.method_sym == Method.INVITE) & (table.final_row < 0)
    return bool((is_pending & (table.provisional_row >= 0) & (table.request_row >= 0)).any())


FEW_REPEATS = 3
"""A final response that is not acknowledged until Timer H comes again ten times (RFC 3261 §17.2.1);
most of these may be missing in the capture."""

OCCASIONS: Mapping[str, Occasion] = {
    "TXN002": _no_response,
    "TXN003": _final_repeated,
    "TXN004": _final_repeated,
    "TXN005": _invite_repeated,
    "TXN006": _cancelled_and_answered,
    "DLG002": _bye_unanswered,
    "DLG003": _invite_pending,
    "SDP001": _media_captured,
}
