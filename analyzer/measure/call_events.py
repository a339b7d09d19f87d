"""Something that happened during a call, and what tells its transactions apart."""

from analyzer.frozen import frozen
from analyzer.tables.calls import Party
from analyzer.tables.stories import EventKind
from analyzer.tables.trace import Trace

RETRIED = {
    401: EventKind.CHALLENGED,
    407: EventKind.CHALLENGED,
    422: EventKind.TIMER_RAISED,
}
"""Answers after which a call is tried again; so are all 3xx."""


@frozen
class Event:
    """One event, before it is a row of CallEventTable."""

    kind: EventKind
    party: Party
    message: int
    status: int = 0
    detail: str = ""
    leg: int = 0
    """Hash of the Call-ID."""


def leg_of(trace: Trace, row: int) -> int:
    """Return the leg of a transaction: the hash of its Call-ID."""
    return int(trace.messages.call_id_hash[trace.transactions.first_row[row]])


def tag_of(trace: Trace, row: int) -> int:
    """Return who began a transaction: the hash of its From tag."""
    return int(trace.messages.from_tag_hash[trace.transactions.first_row[row]])


def cseq_of(trace: Trace, row: int) -> int:
    """Return the CSeq number of a transaction."""
    return int(trace.messages.cseq[trace.transactions.first_row[row]])
