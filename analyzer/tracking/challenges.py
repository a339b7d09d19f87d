"""Requests sent again with credentials, and the request with which such a run began."""

import numpy as np

from analyzer.tables.schema import Bool, Int32, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.transactions import TransactionTable
from analyzer.tables.vector import keys_of, number_groups

NO_FAILURE = (401, 402, 407)
"""Final responses that ask for something and are no failure (RFC 6076 §4.2, §4.3.2)."""


def asks_for_credentials(transactions: TransactionTable) -> Bool:
    """Tell which transactions ended with a challenge."""
    return np.isin(transactions.final_status, NO_FAILURE)


def beginnings(trace: Trace, groups: Int32, rows: Int64) -> Int64:
    """Return for each of some transactions, ascending, the first of the unbroken run of challenged
    ones of its group and client that it goes on from; itself where there is none.

    A request with credentials has a higher CSeq number (RFC 3261 §22.2): branches of a fork are no
    run.
    """
    transactions = trace.transactions
    is_challenged = asks_for_credentials(transactions)[rows]
    if not is_challenged.any():
        return rows
    runs = number_groups(keys_of(groups[rows], transactions.client_row[rows]))[0]
    order = np.argsort(runs, kind="stable")
    before, after = order[:-1], order[1:]
    cseq = trace.messages.cseq[transactions.first_row[rows]]
    goes_on = (runs[before] == runs[after]) & is_challenged[before] & (cseq[before] < cseq[after])
    begins = np.concatenate([np.ones(1, np.bool_), ~goes_on])
    start = np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))
    first = np.empty(len(rows), np.int64)
    first[order] = rows[order[start]]
    return first
