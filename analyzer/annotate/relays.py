"""Which messages were only passed on by who sent them, as the capture shows.

A proxy puts its Via above those of the request (RFC 3261 §16.6). So a request that it passes on
names, below its topmost Via, the branch of the hop on which it came; and a response nearer to its
origin names there that of the hop to which it was passed on. Where phrase or Reason changed on the
way, it is not the same response any more, and who changed it has to be told.
"""

from itertools import pairwise

import numpy as np

from analyzer.annotate.facts.message import line_texts
from analyzer.sip.headers import all_header_values, branches_in
from analyzer.tables.schema import Bool, Int64
from analyzer.tables.trace import Trace


def relayed(trace: Trace, transaction_rows: Int64, message_rows: Int64) -> Bool:
    """Tell for messages, each of its transaction, which ones another of them shows nearer to its
    origin: responses, with the same phrase and Reason.
    """
    result = np.zeros(len(message_rows), np.bool_)
    for rows in _alike(trace, transaction_rows, message_rows):
        branches = [branches_in(trace, int(message_rows[row])) for row in rows]
        if trace.messages.status[message_rows[rows[0]]] == 0:
            topmost = {branch for each in branches for branch in each[:1]}
            result[rows] = [bool(topmost & set(each[1:])) for each in branches]
            continue
        below = {branch for each in branches for branch in each[1:]}
        passed_on = [bool(each) and each[0] in below for each in branches]
        if not any(passed_on):
            continue
        said = _said(trace, message_rows[rows])
        nearer = {
            (branch, text) for each, text in zip(branches, said, strict=True) for branch in each[1:]
        }
        for row, each, text in zip(rows, branches, said, strict=True):
            result[row] = bool(each) and (each[0], text) in nearer
    return result


def _said(trace: Trace, rows: Int64) -> list[tuple[str, ...]]:
    """Return the phrase of each response with the values of its Reason."""
    return [
        (phrase, *all_header_values(trace, row, "Reason"))
        for phrase, row in zip(line_texts(trace, rows), rows.tolist(), strict=True)
    ]


def _alike(trace: Trace, transaction_rows: Int64, message_rows: Int64) -> list[list[int]]:
    """Group messages with equal Call-ID, CSeq and status; those that stand alone are left out."""
    messages = trace.messages
    keys = (
        messages.status[message_rows],
        messages.cseq[message_rows],
        trace.transactions.method_sym[transaction_rows],
        messages.call_id_hash[message_rows],
    )
    order = np.lexsort(keys)
    if len(order) < 2:
        return []
    new = np.ones(len(order), np.bool_)
    new[1:] = np.any([each[order[1:]] != each[order[:-1]] for each in keys], axis=0)
    starts = np.append(np.flatnonzero(new), len(order)).tolist()
    return [order[start:end].tolist() for start, end in pairwise(starts) if end - start > 1]
