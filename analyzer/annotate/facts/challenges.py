"""Challenges (401, 407) → how the client answered them, for all of a trace in columns.

A challenge is met when the next request carries credentials and is not challenged again, or when
that second challenge is met: a proxy and a registrar may each want credentials of their own
(RFC 3261 §22.3).
"""

from weakref import WeakKeyDictionary

import numpy as np

from analyzer.annotate.facts.next_request import next_requests
from analyzer.annotate.fields import Coded, Judged
from analyzer.frozen import frozen
from analyzer.sip.headers import which_headers
from analyzer.tables.messages import MessageTable
from analyzer.tables.schema import ABSENT, Bool, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray

CREDENTIAL_HEADERS = ("Authorization", "Proxy-Authorization")
"""What answers a 401 and what a 407."""
OUTCOMES = ("met", "sent", "again", "repeated", "dropped")
MET, SENT, AGAIN, REPEATED, DROPPED = range(len(OUTCOMES))
_MOST_IN_A_ROW = 4
"""Challenges one after the other that one success may meet."""


@frozen
class Challenged:
    """All transactions of a trace that were challenged."""

    outcome: Int64
    """Index in OUTCOMES for each transaction of the trace; -1 for one that was not challenged."""
    answer: Int64
    """Transaction of the next request for each of the trace; -1 for none."""
    answered: Int64
    """The other way round: the challenged transaction that each answers with credentials; -1."""


_KNOWN: WeakKeyDictionary[MessageTable, Challenged] = WeakKeyDictionary()


def is_challenge(statuses: IntArray) -> Bool:
    """Tell which statuses are challenges."""
    return np.asarray((statuses == 401) | (statuses == 407), np.bool_)


def challenged(trace: Trace) -> Challenged:
    """Return what came of all challenges of a trace."""
    known = _KNOWN.get(trace.messages)
    if known is None:
        known = _KNOWN[trace.messages] = _find(trace)
    return known


def _find(trace: Trace) -> Challenged:
    table = trace.transactions
    absent = np.full(len(table), ABSENT, np.int64)
    rows = np.flatnonzero(is_challenge(table.final_status))
    if len(rows) == 0:
        return Challenged(absent, absent, absent)
    next_rows = next_requests(trace, rows, table.final_row[rows])
    answer = absent.copy()
    answer[rows] = next_rows
    has_credentials = _carry_credentials(trace, next_rows, table.final_status[rows])
    answered = absent.copy()
    answered[next_rows[has_credentials]] = rows[has_credentials]
    outcome = absent.copy()
    final = np.where(next_rows >= 0, table.final_status[next_rows], 0)
    outcome[rows] = np.select(
        [next_rows < 0, ~has_credentials, final == 0, is_challenge(final)],
        [DROPPED, REPEATED, SENT, AGAIN],
        MET,
    )
    for _ in range(_MOST_IN_A_ROW - 1):
        again = rows[outcome[rows] == AGAIN]
        outcome[again[outcome[answer[again]] == MET]] = MET
    return Challenged(outcome, answer, answered)


def _carry_credentials(trace: Trace, rows: Int64, statuses: IntArray) -> Bool:
    """Tell which transactions have a request with what answers a challenge of this status."""
    found = np.flatnonzero(rows >= 0)
    requests = trace.transactions.request_row[rows[found]].astype(np.int64)
    marks = which_headers(trace, requests, CREDENTIAL_HEADERS)
    wanted = np.where(statuses[found] == 401, 1, 2).astype(np.uint64)
    result = np.zeros(len(rows), np.bool_)
    result[found] = (marks & wanted) > 0
    return result


def outcomes_of(judged: Judged) -> Coded:
    """Return what came of the challenge in each transaction judged; None where it was none, or
    another final response than the challenge judged ended the transaction.
    """
    outcome = challenged(judged.trace).outcome[judged.transaction_rows]
    return Coded(np.where(outcome >= 0, outcome, len(OUTCOMES)), [*OUTCOMES, None])
