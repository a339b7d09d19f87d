"""Messages of a call → a ladder: lanes for the parties, an arrow for each message.

Copies of a packet and retransmissions are counted at the arrow of what they repeat. A long ladder
has gaps, and the number of arrows that are missing in each is kept.
"""

from collections.abc import Collection, Sequence
from itertools import pairwise

import numpy as np

from analyzer.frozen import frozen, replace
from analyzer.report.model import Arrow, Ladder
from analyzer.tables.messages import Method
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import Groups, IntArray

LONGEST = 16
"""Arrows of a ladder that is not asked for in full."""
ENDING = 6
"""Of these, arrows from its end."""


@frozen
class Stress:
    """What a ladder is drawn for."""

    decisive: Collection[int]
    """Messages that a verdict rests on."""
    method: int
    """The usual method: a response to another one names it."""


def messages_of(trace: Trace, transaction_rows: IntArray | Sequence[int]) -> Int64:
    """Return the messages of transactions in the order of the timeline."""
    groups: Groups = trace.messages_of_transaction
    parts = [groups.of(int(row)) for row in transaction_rows]
    return np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.int64)


def build_ladder(
    trace: Trace,
    message_rows: Int64,
    longest: int | None = LONGEST,
    stress: Stress | None = None,
) -> Ladder:
    """Return the ladder of messages given in the order of the timeline; one that is longer than
    `longest` has gaps, never for a message that is stressed.
    """
    repeats = _count_repeats(trace, message_rows)
    rows = list(repeats)
    method = int(trace.messages.method_sym[rows[0]]) if rows else 0
    stress = stress or Stress((), method)
    places = _places_shown(rows, len(rows) if longest is None else longest, stress.decisive)
    lanes = _first_lanes(trace, rows, stress.method)
    arrows = [
        _arrow(trace, rows[at], lanes, (repeats[rows[at]], rows[at] in stress.decisive), stress)
        for at in places
    ]
    for number, (at, following) in enumerate(pairwise((*places, len(rows)))):
        if following - at > 1:
            arrows[number] = replace(arrows[number], left_out=following - at - 1)
    names = tuple(endpoint_name(trace, endpoint) for endpoint in lanes)
    start_ns = int(trace.messages.time_ns[rows[0]]) if rows else 0
    return Ladder(names, tuple(arrows), start_ns)


def in_order(ladder: Ladder, first: Sequence[str]) -> Ladder:
    """Return a ladder with some of its lanes before the others."""
    lanes = ladder.lanes
    order = list(dict.fromkeys((*(each for each in first if each in lanes), *lanes)))
    place = [order.index(lane) for lane in lanes]
    arrows = (
        replace(each, source=place[each.source], destination=place[each.destination])
        for each in ladder.arrows
    )
    return replace(ladder, lanes=tuple(order), arrows=tuple(arrows))


def _places_shown(rows: list[int], longest: int, decisive: Collection[int]) -> list[int]:
    """Return which places of a ladder are drawn: its end, what is decisive, and as much of its
    beginning as there is room for.
    """
    if len(rows) <= longest:
        return list(range(len(rows)))
    end = len(rows) - ENDING
    kept = [0, *(at for at in range(1, end) if rows[at] in decisive)]
    filling = [at for at in range(1, end) if rows[at] not in decisive]
    room = max(0, longest - ENDING - len(kept))
    return sorted((*kept, *filling[:room], *range(end, len(rows))))


def _first_lanes(trace: Trace, rows: list[int], method: int) -> dict[int, int]:
    """Return the lanes of who sent the first request of a method and who got it: these come first,
    whoever spoke first.
    """
    messages = trace.messages
    for row in rows:
        if messages.status[row] == 0 and messages.method_sym[row] == method:
            ends = (int(messages.source_row[row]), int(messages.destination_row[row]))
            return {end: lane for lane, end in enumerate(dict.fromkeys(ends))}
    return {}


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


def _arrow(
    trace: Trace, row: int, lanes: dict[int, int], drawn: tuple[int, bool], stress: Stress
) -> Arrow:
    messages = trace.messages
    source = lanes.setdefault(int(messages.source_row[row]), len(lanes))
    destination = lanes.setdefault(int(messages.destination_row[row]), len(lanes))
    time_ns = int(messages.time_ns[row])
    label = _label(trace, row, stress.method)
    return Arrow(time_ns, trace.frame(row), source, destination, label, *drawn)


def _label(trace: Trace, row: int, usual: int) -> str:
    """Name a message; a response to what is not the usual method here names that too."""
    status, method = int(trace.messages.status[row]), int(trace.messages.method_sym[row])
    if not status:
        return trace.methods[method]
    label = f"{status} {trace.text(row, 'line')}".rstrip()
    return label if method in (usual, Method.ABSENT) else f"{label} ({trace.methods[method]})"
