"""What a capture looks like changes no summary: order within an instant, copies, files, other
traffic. Calls, subscriptions and registrations are those of the tables of scenarios.
"""

import io
import random
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import basic_calls
import changes
import events_and_bindings
import forks_and_answers
import half_stories
import on_the_way
import orjson
import transfers
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario import Scenario

from analyzer.annotate.dialogue import parse_dialogue
from analyzer.annotate.dialogue_pcap import Packet, write_pcap
from analyzer.pipeline import open_trace
from analyzer.render.formats import OutputOptions
from analyzer.render.json_report import write_json

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
TOLD = (
    "outcome", "final_status", "final_reason", "answered_by", "ended_by", "end_reason",
    "post_dial_delay_ms", "ring_ms", "setup_ms", "talk_ms", "session_request_delay_ms", "held_ms",
    "attempts", "forks", "answers", "codecs", "summary",
)  # fmt: skip  # read side by side

scenarios = st.sampled_from(SCENARIOS)
few = settings(max_examples=60)


def told(captures: Sequence[Sequence[Packet]]) -> dict[str, Any]:
    """Return what is said of each call in captures, by its first Call-ID and its number there."""
    with TemporaryDirectory() as folder:
        paths = []
        for number, packets in enumerate(captures):
            path = Path(folder) / f"{number}.pcap"
            path.write_bytes(write_pcap(packets))
            paths.append(str(path))
        with open_trace(paths) as trace:
            out = io.BytesIO()
            write_json(trace, out, OutputOptions("en"))
    report = orjson.loads(out.getvalue())
    said: dict[str, Any] = {}
    for call in report["calls"]:
        values = {key: call[key] for key in TOLD}
        values["events"] = sorted(
            (each["kind"], each["by"] or "", each["status"] or 0) for each in call["events"]
        )
        values["transfers"] = [
            (each["target"], each["outcome"], each["status"]) for each in call["transfers"]
        ]
        values["changed"] = [
            (each["what"], each["received_status"], each["sent_status"])
            for each in call["changed_on_the_way"]
        ]
        # which of two branches that left at one instant comes first, nothing says
        values["path"] = sorted(each["depth"] for each in call["path"])
        values["joined_by"] = sorted(each["evidence"] for each in call["joined_by"])
        key = min(call["call_ids"]) if call["call_ids"] else ""
        said[f"{key} {sum(each.startswith(key + ' ') for each in said)}"] = values
    for kind in ("subscriptions", "registrations"):
        for each in report[kind]:
            key = f"{kind} {each.get('call_id') or each['call_ids'][0]}"
            said.setdefault(key, []).append((each["state"], each["summary"]))
    return said


def coarse(packets: Sequence[Packet], step_ns: int) -> list[Packet]:
    """Return the packets with the times of a clock that ticks seldom."""
    return [
        Packet(
            each.time_ns // step_ns * step_ns,
            each.source,
            each.destination,
            each.payload,
            each.identification,
        )
        for each in packets
    ]


@few
@given(scenarios, st.sampled_from([20_000_000, 30_000_000]), st.randoms())
def test_order_within_an_instant_changes_no_call(
    scenario: Scenario, step_ns: int, chance: random.Random
) -> None:
    """Packets with one time may come in any order."""
    packets = coarse(parse_dialogue(scenario.text), step_ns)
    shuffled = list(packets)
    chance.shuffle(shuffled)
    shuffled.sort(key=lambda each: each.time_ns)
    assert told([shuffled]) == told([packets])


@few
@given(scenarios, st.data())
def test_copies_change_no_call(scenario: Scenario, data: st.DataObject) -> None:
    """A mirror port shows some packets twice, a moment later."""
    packets = parse_dialogue(scenario.text)
    doubled = data.draw(st.lists(st.sampled_from(packets), max_size=5))
    copies = [
        Packet(
            each.time_ns + 1_000, each.source, each.destination, each.payload, each.identification
        )
        for each in doubled
    ]
    with_copies = sorted([*packets, *copies], key=lambda each: each.time_ns)
    assert told([with_copies]) == told([packets])


@few
@given(scenarios, st.data())
def test_a_capture_may_be_split_anywhere(scenario: Scenario, data: st.DataObject) -> None:
    """Rotated files are one timeline."""
    packets = parse_dialogue(scenario.text)
    places = data.draw(st.lists(st.integers(0, len(packets)), min_size=1, max_size=4))
    cuts = [0, *sorted(places), len(packets)]
    files = [packets[begin:end] for begin, end in pairwise(cuts)]
    assert told(files) == told([packets])


@few
@given(scenarios, scenarios)
def test_other_calls_change_no_call(scenario: Scenario, other: Scenario) -> None:
    """What is said of a call does not depend on those beside it."""
    packets = parse_dialogue(scenario.text)
    end_ns = packets[-1].time_ns
    apart = other.text.replace("Call-ID: ", "Call-ID: other-").replace("X-CID: ", "X-CID: other-")
    apart = apart.replace("Replaces: ", "Replaces: other-").replace("Join: ", "Join: other-")
    beside = parse_dialogue(apart.replace("=consult", "=other-consult"), name="other")
    beside = [each for each in beside if each.time_ns <= end_ns]
    both = sorted([*packets, *beside], key=lambda each: each.time_ns)
    alone = told([packets])
    found = told([both])
    assert {key: found.get(key) for key in alone} == alone
