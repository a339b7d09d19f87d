"""The generated captures and the truth about them: every number is met exactly."""

from collections import Counter
from pathlib import Path

import pytest
from corpus import RELAYED, write_corpus

from analyzer.pipeline import open_trace
from analyzer.tables.calls import Outcome
from analyzer.tables.trace import Trace


def found(trace: Trace) -> Counter[str]:
    """Count what the truth of a corpus names."""
    outcomes = Counter(Outcome(value).name.lower() for value in trace.calls.outcome.tolist())
    rules = Counter(trace.rules[index].id for index in trace.findings.rule.tolist())
    return Counter(
        packets=trace.coverage.packets,
        sip_messages=len(trace.messages),
        calls=len(trace.calls),
        registrations=len(trace.registrations),
        subscriptions=len(trace.subscriptions),
    ) + (outcomes + rules)


@pytest.mark.parametrize("carry", ["udp", "vlan", "ipv6"])
def test_the_truth_is_met(tmp_path: Path, carry: str) -> None:
    """Packets, messages, calls by outcome, findings and the rest are those that were written."""
    path = tmp_path / "corpus.pcap"
    truth = write_corpus(path, 2_000, carry=carry, rtp=2)
    with open_trace([str(path)]) as trace:
        assert found(trace) == truth
        assert trace.coverage.media == truth["packets"] - truth["sip_messages"]
        assert len(trace.anomalies) == 0


def test_calls_over_three_hops(tmp_path: Path) -> None:
    """Each is one call whose hops come one after the other."""
    path = tmp_path / "corpus.pcap"
    truth = write_corpus(path, 320, mixture=RELAYED)
    with open_trace([str(path)]) as trace:
        assert found(trace) == truth
        assert trace.hops.depth.tolist() == [0, 1, 2] * 320
        assert len(trace.anomalies) == 0
