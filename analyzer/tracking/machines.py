"""Messages → the state of both machines of each transaction, and what they have no entry for."""

import numpy as np

from analyzer.frozen import frozen
from analyzer.tables.anomalies import FRAMES_KEPT
from analyzer.tables.messages import LinkTable, MessageTable, Method
from analyzer.tables.schema import Bool, Int8, UInt8
from analyzer.tables.trace import Trace
from analyzer.tables.transactions import TransactionState as State
from analyzer.tracking.state_tables import KINDS, MACHINES, ODD_BIT, Event, compiled_tables

try:
    from analyzer.tracking import _machines
except ImportError:
    _machines = None  # type: ignore[assignment]  # built without a compiler


@frozen
class Stepped:
    """Where the machines of each transaction stand after its last message."""

    client: Int8
    server: Int8
    odd: UInt8
    """For each message the number of its anomaly in `state_tables.KINDS`, from 1; 0 none."""


def step_machines(messages: MessageTable, links: LinkTable, is_invite: Bool) -> Stepped:
    """Take the machines of each transaction through its messages, copies left out."""
    number = 2 * is_invite.astype(np.int64)
    starts = np.array([machine.start for machine in MACHINES], np.int8)
    stepped = Stepped(starts[number], starts[number + 1], np.zeros(len(messages), np.uint8))
    # the request itself opened both machines: it is no event for them
    first = np.full(len(is_invite), -1, np.int32)
    is_request = (messages.status == 0) & (messages.method_sym != Method.ACK)
    rows = np.flatnonzero(is_request & (links.transaction_row >= 0))[::-1]
    first[links.transaction_row[rows]] = rows
    opens = links.copy_of_row.copy()
    opens[first[first >= 0]] = 0
    tables = compiled_tables()
    if _machines is None:
        return _step(messages, links.replace(copy_of_row=opens), is_invite, tables, stepped)
    _machines.run(
        links.transaction_row, messages.status, messages.method_sym, opens,
        links.retransmission_of_row, is_invite.astype(np.uint8), tables,
        stepped.client, stepped.server, stepped.odd,
    )  # fmt: skip  # read side by side
    return stepped


def _step(
    messages: MessageTable, links: LinkTable, is_invite: Bool, tables: UInt8, stepped: Stepped
) -> Stepped:
    """Do it message by message."""
    columns = (
        links.transaction_row.tolist(),
        messages.status.tolist(),
        messages.method_sym.tolist(),
        links.copy_of_row.tolist(),
        links.retransmission_of_row.tolist(),
    )
    for row, (group, status, method, copy_of, again) in enumerate(zip(*columns, strict=True)):
        if group < 0 or copy_of >= 0 or status < 0:
            continue
        event = _event(status, method, again=again >= 0)
        machine = 2 * int(is_invite[group])
        one = int(tables[machine, stepped.client[group], event])
        other = int(tables[machine + 1, stepped.server[group], event])
        stepped.client[group], stepped.server[group] = one % ODD_BIT, other % ODD_BIT
        stepped.odd[row] = one // ODD_BIT or other // ODD_BIT
    return stepped


def _event(status: int, method: int, *, again: bool) -> Event:
    if status == 0:
        return Event.ACK if method == Method.ACK else Event.REQUEST
    if status < 200:
        return Event.PROVISIONAL
    if again:
        return Event.FINAL_AGAIN
    return Event.SUCCESS if status < 300 else Event.FAILURE


def states_of(stepped: Stepped, is_invite: Bool, timed_out: Bool) -> Int8:
    """Return the state of each transaction: the server's once it is past an answer, the client's
    before; terminated where Timer B or F is over without one.
    """
    client, server = stepped.client, stepped.server
    is_past = server >= np.int8(State.COMPLETED)
    state = np.where(is_past, server, client)
    waits = (client == State.CALLING) | (client == State.TRYING)
    # Timer F goes on in Proceeding, Timer B does not (RFC 3261 §17.1.1.2, §17.1.2.2)
    waits |= (client == State.PROCEEDING) & ~is_invite
    return np.where(waits & timed_out & ~is_past, State.TERMINATED, state).astype(np.int8)


def note_odd(trace: Trace, stepped: Stepped) -> None:
    """Add an anomaly for each message that no table has an entry for."""
    rows = np.flatnonzero(stepped.odd)
    numbers = stepped.odd[rows]
    for number in np.flatnonzero(np.bincount(numbers)).tolist():
        named = rows[numbers == number]
        frames = [trace.frame(row) for row in named[:FRAMES_KEPT].tolist()]
        trace.anomalies.add(KINDS[number - 1], frames, count=len(named))
