"""The four transaction machines of RFC 3261 §17 with RFC 6026, as tables seen from outside.

A message on the wire is an event for the machines at both of its ends. No timer fires here: what a
timer would end is compared with recorded times elsewhere. What a table has no entry for is an
anomaly; `ODD` names it. `diagram` draws a machine for the documentation.
"""

from collections.abc import Mapping
from enum import IntEnum

import numpy as np

from analyzer.frozen import frozen
from analyzer.tables.schema import UInt8
from analyzer.tables.transactions import TransactionState as State


class Event(IntEnum):
    """What a message is for its transaction; copies of a packet are none."""

    REQUEST = 0
    PROVISIONAL = 1
    SUCCESS = 2
    FAILURE = 3
    FINAL_AGAIN = 4
    """A final response once more."""
    ACK = 5


Entries = Mapping[tuple[State, Event], State]

CALLING, TRYING, PROCEEDING = State.CALLING, State.TRYING, State.PROCEEDING
COMPLETED, CONFIRMED, ACCEPTED = State.COMPLETED, State.CONFIRMED, State.ACCEPTED
REQUEST, PROVISIONAL, SUCCESS = Event.REQUEST, Event.PROVISIONAL, Event.SUCCESS
FAILURE, FINAL_AGAIN, ACK = Event.FAILURE, Event.FINAL_AGAIN, Event.ACK


@frozen
class Machine:
    """One machine: where it begins, and where each event takes it."""

    name: str
    reference: str
    start: State
    """Its state once the request was sent or received."""
    entries: Entries
    timers: Mapping[State, str]
    """What would end each state; compared, never fired."""


INVITE_CLIENT = Machine(
    "INVITE client",
    "RFC 3261 §17.1.1, RFC 6026 §7.2",
    CALLING,
    {
        (CALLING, REQUEST): CALLING,
        (CALLING, PROVISIONAL): PROCEEDING,
        (CALLING, SUCCESS): ACCEPTED,
        (CALLING, FAILURE): COMPLETED,
        (PROCEEDING, PROVISIONAL): PROCEEDING,
        (PROCEEDING, SUCCESS): ACCEPTED,
        (PROCEEDING, FAILURE): COMPLETED,
        (COMPLETED, FINAL_AGAIN): COMPLETED,
        (COMPLETED, ACK): COMPLETED,
        (ACCEPTED, SUCCESS): ACCEPTED,
        (ACCEPTED, FINAL_AGAIN): ACCEPTED,
        (ACCEPTED, ACK): ACCEPTED,
    },
    {CALLING: "Timer B", COMPLETED: "Timer D", ACCEPTED: "Timer M"},
)
INVITE_SERVER = Machine(
    "INVITE server",
    "RFC 3261 §17.2.1, RFC 6026 §7.1",
    PROCEEDING,
    {
        (PROCEEDING, REQUEST): PROCEEDING,
        (PROCEEDING, PROVISIONAL): PROCEEDING,
        (PROCEEDING, SUCCESS): ACCEPTED,
        (PROCEEDING, FAILURE): COMPLETED,
        (COMPLETED, REQUEST): COMPLETED,
        (COMPLETED, FINAL_AGAIN): COMPLETED,
        (COMPLETED, ACK): CONFIRMED,
        (CONFIRMED, ACK): CONFIRMED,
        (ACCEPTED, REQUEST): ACCEPTED,
        (ACCEPTED, SUCCESS): ACCEPTED,
        (ACCEPTED, FINAL_AGAIN): ACCEPTED,
        (ACCEPTED, ACK): ACCEPTED,
    },
    {COMPLETED: "Timer H", CONFIRMED: "Timer I", ACCEPTED: "Timer L"},
)
NON_INVITE_CLIENT = Machine(
    "non-INVITE client",
    "RFC 3261 §17.1.2",
    TRYING,
    {
        (TRYING, REQUEST): TRYING,
        (TRYING, PROVISIONAL): PROCEEDING,
        (TRYING, SUCCESS): COMPLETED,
        (TRYING, FAILURE): COMPLETED,
        (PROCEEDING, REQUEST): PROCEEDING,
        (PROCEEDING, PROVISIONAL): PROCEEDING,
        (PROCEEDING, SUCCESS): COMPLETED,
        (PROCEEDING, FAILURE): COMPLETED,
        (COMPLETED, FINAL_AGAIN): COMPLETED,
    },
    {TRYING: "Timer F", PROCEEDING: "Timer F", COMPLETED: "Timer K"},
)
NON_INVITE_SERVER = Machine(
    "non-INVITE server",
    "RFC 3261 §17.2.2",
    TRYING,
    {
        (TRYING, REQUEST): TRYING,
        (TRYING, PROVISIONAL): PROCEEDING,
        (TRYING, SUCCESS): COMPLETED,
        (TRYING, FAILURE): COMPLETED,
        (PROCEEDING, REQUEST): PROCEEDING,
        (PROCEEDING, PROVISIONAL): PROCEEDING,
        (PROCEEDING, SUCCESS): COMPLETED,
        (PROCEEDING, FAILURE): COMPLETED,
        (COMPLETED, REQUEST): COMPLETED,
        (COMPLETED, FINAL_AGAIN): COMPLETED,
    },
    {COMPLETED: "Timer J"},
)
MACHINES = (NON_INVITE_CLIENT, NON_INVITE_SERVER, INVITE_CLIENT, INVITE_SERVER)
"""Client and server of a transaction stand at 2 * (it is an INVITE) and after it."""

ODD: tuple[tuple[str, frozenset[Event], frozenset[State]], ...] = (
    ("request-again-after-response", frozenset({REQUEST}), frozenset({PROCEEDING, COMPLETED})),
    ("request-again-after-response", frozenset({REQUEST}), frozenset({CONFIRMED, ACCEPTED})),
    ("provisional-after-final", frozenset({PROVISIONAL}), frozenset({COMPLETED, CONFIRMED})),
    ("provisional-after-final", frozenset({PROVISIONAL}), frozenset({ACCEPTED})),
    ("second-final-response", frozenset({SUCCESS, FAILURE}), frozenset({COMPLETED, CONFIRMED})),
    ("second-final-response", frozenset({FAILURE}), frozenset({ACCEPTED})),
    ("response-again-after-ack", frozenset({FINAL_AGAIN}), frozenset({CONFIRMED})),
    ("ack-before-final", frozenset({ACK}), frozenset({CALLING, PROCEEDING})),
)
"""Kind of anomaly, and for which events in which states a table that lacks them says it."""
KINDS = tuple(dict.fromkeys(kind for kind, _, _ in ODD))
"""Kinds of anomaly; `compiled_tables` gives each its place here, from 1."""

ODD_BIT = 8
"""Bit from which on an entry of the compiled tables holds the kind of anomaly."""


def kind_of(state: State, event: Event) -> int:
    """Return the number of the anomaly that an event without an entry is, from 1; 0 for what no
    message can be.
    """
    for kind, events, states in ODD:
        if event in events and state in states:
            return KINDS.index(kind) + 1
    return 0


def compiled_tables() -> UInt8:
    """Return the tables by machine, state and event: the next state in the lower three bits, the
    anomaly above them.

    After an event without an entry a machine stays where it is, but that a 2xx is accepted at all
    times: the first 2xx decides a transaction whatever came before.
    """
    tables = np.zeros((len(MACHINES), len(State) + 1, len(Event)), np.uint8)
    for number, machine in enumerate(MACHINES):
        for state in State:
            for event in Event:
                after = machine.entries.get((state, event))
                if after is not None:
                    tables[number, state, event] = after
                    continue
                stays = ACCEPTED if event is SUCCESS and number > 1 else state
                tables[number, state, event] = stays | kind_of(state, event) * ODD_BIT
    return tables


def diagram(machine: Machine) -> str:
    """Draw a machine as a state diagram of Mermaid."""
    lines = ["stateDiagram-v2", f"    [*] --> {machine.start.name}: REQUEST"]
    arrows: dict[tuple[State, State], list[str]] = {}
    for (state, event), after in machine.entries.items():
        arrows.setdefault((state, after), []).append(event.name)
    for (state, after), events in arrows.items():
        lines.append(f"    {state.name} --> {after.name}: {', '.join(events)}")
    for state, timer in machine.timers.items():
        lines.append(f"    {state.name} --> TERMINATED: {timer}")
    return "\n".join(lines)


def document() -> str:
    """Return the page of the documentation that shows all machines."""
    parts = [
        "# Transaction machines\n",
        "The four machines of RFC 3261 §17 with RFC 6026, seen from outside: a message is an event",
        "for the machines at both of its ends. Timers are compared with recorded times, never",
        "fired. An event without an arrow is an anomaly. This page is made by",
        "`python -m analyzer.tracking.state_tables`.",
    ]
    for machine in (INVITE_CLIENT, INVITE_SERVER, NON_INVITE_CLIENT, NON_INVITE_SERVER):
        parts.append(f"\n## {machine.name}\n\n{machine.reference}\n")
        parts.append(f"```mermaid\n{diagram(machine)}\n```")
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(document())
