"""The tables of the four machines say what the RFCs say, and their page what the tables say."""

from pathlib import Path

import pytest

import analyzer
from analyzer.anomaly_kinds import KINDS as ANOMALIES
from analyzer.tables.transactions import TransactionState as State
from analyzer.tracking.state_tables import (
    INVITE_CLIENT,
    INVITE_SERVER,
    KINDS,
    MACHINES,
    NON_INVITE_CLIENT,
    NON_INVITE_SERVER,
    Event,
    Machine,
    compiled_tables,
    document,
)

PATHS = [
    (INVITE_CLIENT, "PROVISIONAL PROVISIONAL FAILURE ACK FINAL_AGAIN", State.COMPLETED),
    (INVITE_CLIENT, "REQUEST PROVISIONAL SUCCESS SUCCESS", State.ACCEPTED),
    (INVITE_SERVER, "REQUEST PROVISIONAL FAILURE REQUEST FINAL_AGAIN ACK ACK", State.CONFIRMED),
    (INVITE_SERVER, "SUCCESS REQUEST FINAL_AGAIN ACK", State.ACCEPTED),
    (NON_INVITE_CLIENT, "REQUEST PROVISIONAL REQUEST FAILURE FINAL_AGAIN", State.COMPLETED),
    (NON_INVITE_SERVER, "PROVISIONAL SUCCESS REQUEST FINAL_AGAIN", State.COMPLETED),
]


@pytest.mark.parametrize(("machine", "events", "state"), PATHS)
def test_events_lead_where_the_figures_of_the_rfc_lead(
    machine: Machine, events: str, state: State
) -> None:
    """Figures 5 to 8 of RFC 3261 and 1 to 2 of RFC 6026, walked event by event."""
    at = machine.start
    for name in events.split():
        at = machine.entries[at, Event[name]]
    assert at == state


MISSING = [
    (INVITE_CLIENT, State.PROCEEDING, Event.REQUEST, "request-again-after-response"),
    (INVITE_CLIENT, State.COMPLETED, Event.PROVISIONAL, "provisional-after-final"),
    (INVITE_CLIENT, State.COMPLETED, Event.SUCCESS, "second-final-response"),
    (INVITE_CLIENT, State.ACCEPTED, Event.FAILURE, "second-final-response"),
    (INVITE_SERVER, State.PROCEEDING, Event.ACK, "ack-before-final"),
    (INVITE_SERVER, State.CONFIRMED, Event.FINAL_AGAIN, "response-again-after-ack"),
    (NON_INVITE_CLIENT, State.COMPLETED, Event.REQUEST, "request-again-after-response"),
    (NON_INVITE_SERVER, State.COMPLETED, Event.FAILURE, "second-final-response"),
]


@pytest.mark.parametrize(("machine", "state", "event", "kind"), MISSING)
def test_what_has_no_entry_has_a_name(
    machine: Machine, state: State, event: Event, kind: str
) -> None:
    """A missing entry is an anomaly with words of its own."""
    assert (state, event) not in machine.entries
    entry = compiled_tables()[MACHINES.index(machine), state, event]
    assert KINDS[(entry >> 3) - 1] == kind
    assert kind in ANOMALIES


def test_each_entry_leads_to_a_state_of_its_machine() -> None:
    """No machine leaves its own states: all it reaches are begun or led from."""
    for machine in MACHINES:
        begun = {machine.start} | {state for state, _ in machine.entries}
        assert set(machine.entries.values()) <= begun
        assert machine.timers.keys() <= begun


def test_the_page_of_diagrams_is_the_tables() -> None:
    """The documentation shows the tables as they are now."""
    page = Path(analyzer.__file__).parent / "tracking" / "machines.md"
    assert page.read_text(encoding="utf-8") == document()
