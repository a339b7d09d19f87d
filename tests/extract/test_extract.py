"""Extracting from Python."""

from pathlib import Path

import pytest

import analyzer
from analyzer.errors import UsageError
from command import ROOT

SAMPLE = str(ROOT / "samples" / "declined_by_provider_and_gateway.pcap")


def test_from_python(tmp_path: Path) -> None:
    """What fits all that is asked for is written, and counted."""
    target = tmp_path / "x.pcapng"
    done = analyzer.extract_packets(
        SAMPLE, target, where=["outcome=declined", "ring_ms|gt=5000"], findings=["RSP603"]
    )
    with analyzer.open_trace([str(target)]) as trace:
        assert (done.calls, done.messages) == (1, len(trace.messages))
        assert done.packets == trace.coverage.packets
        assert trace.calls.ring_ns.tolist() == [6_300_000_000]


@pytest.mark.parametrize(
    ("name", "call", "said"),
    [
        ("x.txt", "", "ends in .pcapng or .pcap"),
        ("x.pcapng", "no such call", "nothing here fits"),
    ],
)
def test_mistakes(name: str, call: str, said: str, tmp_path: Path) -> None:
    """A name that says no format, and a choice that fits nothing, are refused in one line."""
    with pytest.raises(UsageError, match=said):
        analyzer.extract_packets([SAMPLE], tmp_path / name, call=call)
    assert list(tmp_path.iterdir()) == []


def test_never_over_an_input(tmp_path: Path) -> None:
    """A capture that is read is not written over."""
    path = tmp_path / "x.pcap"
    path.write_bytes(Path(SAMPLE).read_bytes())
    for source in (path, tmp_path):
        with pytest.raises(UsageError, match="is one of the captures"):
            analyzer.extract_packets([str(source)], path)
