"""Messages of a call → a ladder: lanes for the parties, an arrow for each message.

Copies of a packet and retransmissions are counted at the arrow of what they repeat. Of a long
ladder the middle is left out, and the number of arrows that are missing is kept.
"""

import numpy as np

from analyzer.report.model import Arrow, Ladder
from analyzer.tables.messages import Method
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import Groups, IntArray

LONGEST = 16
"""Arrows of a ladder that is not asked for in full."""
ENDING = 6
"""Of these, arrows from its end."""


def messages_of(trace: Trace, transaction_rows: IntArray) -> Int64:
    """Return the messages of transactions in the order of the timeline."""
    groups: Groups = trace.messages_of_transaction
    parts = [groups.of(int(row)) for row in transaction_rows]
    return np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.int64)


def build_ladder(trace: Trace, message_rows: Int64, longest: int | None = LONGEST) -> Ladder:
    """Return the ladder of messages given in the order of the timeline."""
    repeats = _count_repeats(trace, message_rows)
    rows = list(repeats)
    longest = len(rows) if longest is None else longest
    left_out = max(0, len(rows) - longest)
    gap = longest - ENDING if left_out else len(rows)
    shown = rows[:gap] + rows[gap + left_out :]
    lanes: dict[int, int] = {}
    method = int(trace.messages.method_sym[rows[0]]) if rows else 0
    arrows = tuple(_arrow(trace, row, lanes, repeats[row], method) for row in shown)
    names = tuple(endpoint_name(trace, endpoint) for endpoint in lanes)
    start_ns = int(trace.messages.time_ns[rows[0]]) if rows else 0
    return Ladder(names, arrows, gap - 1, left_out, start_ns)


def endpoint_name(trace: Trace, row: int) -> str:
    """Return address and port of an endpoint as one text, an IPv6 address in brackets."""
    address = trace.endpoints.address(row)
    port = int(trace.endpoints.port[row])
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _repeated_row(trace: Trace, row: int) -> int:
    """Return the message that a message repeats or copies, -1 for none."""
    copied = int(trace.links.copy_of_row[row])
    original = row if copied < 0 else copied
    repeated = int(trace.links.retransmission_of_row[original])
    return repeated if repeated >= 0 else copied


def _count_repeats(trace: Trace, message_rows: Int64) -> dict[int, int]:
    """Return for each message that is not a repeat of another one here how often it is repeated."""
    repeats: dict[int, int] = {}
    for row in message_rows.tolist():
        original = _repeated_row(trace, row)
        if original in repeats:
            repeats[original] += 1
        else:
            repeats[row] = 0
    return repeats


def _arrow(trace: Trace, row: int, lanes: dict[int, int], repeats: int, usual: int) -> Arrow:
    messages = trace.messages
    source = lanes.setdefault(int(messages.source_row[row]), len(lanes))
    destination = lanes.setdefault(int(messages.destination_row[row]), len(lanes))
    time_ns = int(messages.time_ns[row])
    return Arrow(time_ns, trace.frame(row), source, destination, _label(trace, row, usual), repeats)


def _label(trace: Trace, row: int, usual: int) -> str:
    """Name a message; a response to what is not the usual method here names that too."""
    status, method = int(trace.messages.status[row]), int(trace.messages.method_sym[row])
    if not status:
        return trace.methods[method]
    label = f"{status} {trace.text(row, 'line')}".rstrip()
    return label if method in (usual, Method.ABSENT) else f"{label} ({trace.methods[method]})"
