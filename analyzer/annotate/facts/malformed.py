"""Fields of responses that do not follow the grammar, and that their clients did not take."""

import numpy as np

from analyzer.annotate.columns import numbers, spread
from analyzer.annotate.fields import Coded, Judged, Value, Values, field
from analyzer.annotate.occasions import FAULTS
from analyzer.anomaly_kinds import KINDS
from analyzer.tables.messages import MessageFlag
from analyzer.tables.schema import ABSENT, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import pick

_CHOICES = {name: {"en": KINDS[name].en, "ja": KINDS[name].ja} for name in sorted(FAULTS)}


def faults(trace: Trace) -> dict[int, str]:
    """Return the first fault of each message that has one; of what the capture cut it says
    nothing.
    """
    found: dict[int, str] = {}
    listed = trace.message_anomalies
    flags = trace.messages.flags
    for row, kind in zip(listed.message_rows, listed.kinds, strict=True):
        if kind in FAULTS and not flags[row] & MessageFlag.CUT:
            found.setdefault(row, kind)
    return found


def faulty_responses(judged: Judged) -> Int64:
    """Return the first response with a fault in each transaction, ABSENT without one."""
    trace = judged.trace
    rows = np.array([row for row in faults(trace) if trace.messages.status[row] > 0], np.int64)
    rows = np.sort(rows)[::-1]  # of equal places the last value stays
    of = trace.links.transaction_row[rows]
    column = spread(len(trace.transactions), of[of >= 0].astype(np.int64), rows[of >= 0])
    return column[judged.transaction_rows]


@field(
    "response_fault",
    "text",
    en="What is wrong with the form of a response to the request.",
    ja="リクエストへの応答の形式の誤り。",
    choices=_CHOICES,
)
def _response_fault(judged: Judged) -> Values:
    known = faults(judged.trace)
    found: list[Value] = [known.get(row) for row in judged.kept(faulty_responses).tolist()]
    return Coded.of(found)


@field(
    "response_fault.status",
    "number",
    en="Status of the first response with such a fault.",
    ja="誤りのある最初の応答のコード。",
)
def _response_fault_status(judged: Judged) -> Values:
    rows = judged.kept(faulty_responses)
    return numbers(pick(judged.trace.messages.status.astype(np.int64), rows, ABSENT))


@field(
    "response_fault.ignored",
    "number",
    en="How often the request was sent again after a response with such a fault.",
    ja="誤りのある応答の後にリクエストが再送された回数。",
)
def _response_fault_ignored(judged: Judged) -> Values:
    trace, rows = judged.trace, judged.kept(faulty_responses)
    links = trace.links
    since = spread(len(trace.transactions), judged.transaction_rows[rows >= 0], rows[rows >= 0])
    again = np.flatnonzero((links.retransmission_of_row >= 0) & (links.copy_of_row < 0))
    again = again[(trace.messages.status[again] == 0) & (links.transaction_row[again] >= 0)]
    of = links.transaction_row[again]
    of = of[(since[of] >= 0) & (again > since[of])]
    counted = np.bincount(of, minlength=len(trace.transactions))[judged.transaction_rows]
    return numbers(np.where(rows >= 0, counted, ABSENT))
