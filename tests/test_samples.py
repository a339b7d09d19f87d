"""Samples: each is what its script writes, and shows what samples/README.md says of it."""

import importlib
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from scapy.layers.inet import IP
from scapy.utils import rdpcap

from analyzer.tables.calls import Outcome
from command import ROOT, report_of, sipwhy

SAMPLES = ROOT / "samples"
SUFFIXES = (".pcap", ".pcapng", ".pcap.gz")
ROW = re.compile(r"\| \[([^]]+)\]\(([^)]+)\) \|([^|]+)\|([^|]+)\|([^|]+)\|([^|]+)\|")


def index() -> dict[str, dict[str, str]]:
    """Return the rows of the index by file."""
    text = (SAMPLES / "README.md").read_text(encoding="utf-8")
    names = ("shows", "origin", "calls", "findings")
    return {
        match[2]: dict(zip(names, (cell.strip() for cell in match.groups()[2:]), strict=True))
        for match in ROW.finditer(text)
    }


def scripts() -> list[Path]:
    """List the scripts that write samples."""
    return sorted(path for path in SAMPLES.glob("*.py") if path.name != "wire.py")


@cache
def analysis(name: str) -> dict[str, Any]:
    """Return the JSON output for a sample."""
    return report_of(str(SAMPLES / name))


def counted(texts: list[str]) -> str:
    """Return texts in their order, with how often each comes: `declined ×2, busy`."""
    counts = Counter(texts)
    return ", ".join(f"{text} ×{n}" if n > 1 else text for text, n in counts.items()) or "–"


def judged(finding: dict[str, Any]) -> str:
    """Return rule, case and notes of a finding: `RSP603 declined + retry-later`."""
    return " + ".join([f"{finding['rule']} {finding['case']}", *finding["notes"]])


@pytest.mark.parametrize("script", scripts(), ids=lambda path: path.stem)
def test_a_script_writes_its_capture_byte_for_byte(script: Path) -> None:
    """The capture beside a script is exactly what the script makes."""
    written = [path for suffix in SUFFIXES if (path := script.with_suffix(suffix)).exists()]
    assert len(written) == 1
    assert importlib.import_module(script.stem).capture() == written[0].read_bytes()


def test_the_index_names_every_capture() -> None:
    """No capture is missing in the index, and none is named that is not there."""
    present = {
        path.relative_to(SAMPLES).as_posix()
        for path in SAMPLES.rglob("*")
        if path.name.endswith(SUFFIXES)
    }
    assert index().keys() == present


@pytest.mark.parametrize("name", index())
def test_a_sample_shows_what_the_index_says(name: str) -> None:
    """Outcomes of the calls, cases and notes of the findings are those of the index."""
    report, row = analysis(name), index()[name]
    assert counted([call["outcome"] for call in report["calls"]]) == row["calls"]
    assert counted([judged(finding) for finding in report["findings"]]) == row["findings"]


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("kamailio/network_block_damaged.pcap", "network_block.damaged_by", "127.0.0.10"),
        ("kamailio/fork_voicemail.pcap", "tried_elsewhere", "127.0.0.5:5067"),
        ("kamailio/fork_overridden.pcap", "overridden_by", 480),
        ("kamailio/fork_declined.pcap", "forks_cancelled", 1),
        ("phones/not_acknowledged.pcap", "response_repeats", 10),
    ],
)
def test_a_recording_names_what_its_script_set_up(name: str, field: str, value: object) -> None:
    """Proxy, voicemail and status are those of the configuration beside the recording; Timer G
    repeats a 603 ten times in 32 s (RFC 3261 §17.2.1).
    """
    found = [finding["evidence"].get(field) for finding in analysis(name)["findings"]]
    assert [each for each in found if each not in {None, 0}] == [value]


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*/*.pcap")), ids=lambda path: path.stem)
def test_recordings_are_of_loopback_alone(path: Path) -> None:
    """A recorded sample has no address but those of loopback, and no place for remarks."""
    assert path.read_bytes()[:4] == b"\xd4\xc3\xb2\xa1"
    addresses = {
        address
        for packet in rdpcap(str(path))
        for address in (packet.src, packet[IP].src, packet[IP].dst)
    }
    assert all(re.fullmatch(r"127\.\d+\.\d+\.\d+|00:00:00:00:00:00", each) for each in addresses)


def test_every_outcome_is_shown() -> None:
    """The samples together show each outcome a call can have."""
    shown = {call["outcome"] for name in index() for call in analysis(name)["calls"]}
    assert shown == {outcome.name.lower() for outcome in Outcome}


def test_outputs_are_valid_by_the_printed_schema() -> None:
    """The JSON output of every sample validates against what `sipwhy schema` prints."""
    schema = json.loads(sipwhy("schema").stdout)
    validator = jsonschema.Draft202012Validator(schema)
    for name in index():
        validator.validate(analysis(name))


def test_packets_are_all_accounted_for() -> None:
    """In every sample the packets read are the packets named in the coverage."""
    for name in index():
        coverage = analysis(name)["coverage"]
        unread = sum(each["packets"] for each in coverage["not_understood"].values())
        assert coverage["packets"] == (
            coverage["sip"] + coverage["media"] + coverage["other"] + unread
        )


@pytest.mark.parametrize("name", ["registration.pcap", "rejected_after_challenge.pcap"])
@pytest.mark.parametrize("arguments", [("--all",), ("--format", "jsonl", "--messages")])
def test_digest_responses_are_never_shown(name: str, arguments: tuple[str, ...]) -> None:
    """The response of a digest is in the capture and in no output."""
    path = SAMPLES / name
    assert b'response="00000000000000000000000000000000"' in path.read_bytes()
    assert "00000000000000000000" not in sipwhy("analyze", str(path), *arguments).stdout


def test_all_samples_are_one_timeline() -> None:
    """A directory is read as a whole: every message of every sample, in the order of time."""
    report = report_of(str(SAMPLES), "--messages")
    assert report["counts"]["sip_messages"] == sum(
        analysis(name)["counts"]["sip_messages"] for name in index()
    )
    times = [message["time_ns"] for message in report["messages"]]
    assert times == sorted(times)
