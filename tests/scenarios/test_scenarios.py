"""Every scenario of the tables: the records say what the RFCs say happened."""

from collections.abc import Callable

import basic_calls
import changes
import events_and_bindings
import forks_and_answers
import half_stories
import on_the_way
import pytest
import transfers
from scenario import Scenario, differences

from analyzer.tables.trace import Trace
from json_output import json_of

MODULES = (
    basic_calls,
    forks_and_answers,
    changes,
    transfers,
    on_the_way,
    half_stories,
    events_and_bindings,
)
SCENARIOS: list[Scenario] = [each for module in MODULES for each in module.SCENARIOS]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.name)
def test_the_records_say_what_happened(
    trace_of: Callable[[str], Trace], scenario: Scenario
) -> None:
    """Calls, subscriptions and registrations have what the section named says; anomalies are those
    expected and no others.
    """
    report = json_of(trace_of(scenario.text))
    found = [
        line
        for section in ("calls", "subscriptions", "registrations")
        for line in differences(list(getattr(scenario, section)), report[section], section)
    ]
    assert found == []
    kinds = sorted(each["kind"] for each in report["anomalies"])
    assert kinds == sorted({*scenario.anomalies, *HALF.intersection(kinds)})


HALF = {"request-without-response", "response-without-request", "ack-without-invite"}
"""Kinds that only say that a dialogue is written short."""


def test_names_are_told_apart() -> None:
    """No two scenarios have one name, and each names what it rests on."""
    assert len({each.name for each in SCENARIOS}) == len(SCENARIOS)
    assert all(each.basis for each in SCENARIOS)
