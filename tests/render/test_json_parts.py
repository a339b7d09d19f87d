"""Captures, counts, coverage and anomalies of the JSON output."""

from collections.abc import Callable
from pathlib import Path

from analyzer.pipeline import open_trace
from analyzer.render.json_parts import anomaly, capture, coverage
from analyzer.tables.anomalies import Anomaly
from analyzer.tables.captures import CaptureInfo
from analyzer.tables.trace import Trace
from json_output import json_of

TraceOf = Callable[[str], Trace]


def test_cut_capture(capture_of: Callable[[str], Path]) -> None:
    """A file cut inside its last packet says so, and gives what can be read."""
    path = capture_of("-> OPTIONS sip:b@h SIP/2.0\n<- SIP/2.0 200 OK\n")
    path.write_bytes(path.read_bytes()[:-5])
    with open_trace([str(path)]) as trace:
        report = json_of(trace)
    (described,) = report["captures"]
    assert (described["complete"], described["packets"]) == (False, 1)
    assert described["format"] == "pcap"
    assert described["compression"] is None
    assert described["bytes"] == path.stat().st_size
    assert "file-cut" in [each["kind"] for each in report["anomalies"]]


def test_counts_add_up(trace_of: TraceOf) -> None:
    """Requests and responses are the messages; copies are no retransmissions."""
    dialogue = (
        "-> OPTIONS sip:b@h SIP/2.0\n-> copy OPTIONS\n+500ms -> again OPTIONS\n<- SIP/2.0 200 OK\n"
    )
    counts = json_of(trace_of(dialogue))["counts"]
    assert counts["sip_messages"] == counts["requests"] + counts["responses"] == 4
    assert (counts["retransmissions"], counts["duplicates"]) == (1, 1)
    assert counts["transactions"] == 1


def test_coverage_adds_up(trace_of: TraceOf) -> None:
    """Every packet is in one of the counts of coverage."""
    trace = trace_of("-> OPTIONS sip:b@h SIP/2.0")
    trace.coverage.packets += 3
    trace.coverage.add_not_understood("stream-unread", 3, (0, 2))
    trace.coverage.limits_hit["max_layers"] = 2
    seen = coverage(trace)
    assert seen["not_understood"] == {"stream-unread": {"packets": 3, "first_frame": (0, 2)}}
    assert seen["limits_hit"] == {"max_layers": 2}
    json_of(trace)


def test_anomaly_of_an_unknown_kind() -> None:
    """A kind without words is still shown; no detail is null."""
    shown = anomaly(Anomaly("new-kind", 2, [(0, 1)]))
    assert shown == {
        "kind": "new-kind",
        "severity": "notice",
        "count": 2,
        "first_frame": (0, 1),
        "frames": [(0, 1)],
        "detail": None,
    }


def test_path_that_is_no_utf8() -> None:
    """A file name with other bytes is shown with escapes."""
    assert capture(CaptureInfo("a\udcff.pcap", "pcap"))["path"] == "a\\xff.pcap"
