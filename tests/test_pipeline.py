"""The stages together."""

import gc
from collections.abc import Callable
from pathlib import Path

import pytest

import analyzer
from analyzer import stages
from analyzer.tables.trace import Trace
from analyzer.tracking.identity import HashCollision


def test_a_hash_collision_begins_the_analysis_anew(
    monkeypatch: pytest.MonkeyPatch, capture_of: Callable[[str], Path]
) -> None:
    """Another key gives other hashes; the counts are those of one analysis, not of two."""
    track, keys = stages.track, []

    def collide_once(trace: Trace, settings: analyzer.Settings, key: bytes) -> None:
        keys.append(key)
        if len(keys) == 1:
            raise HashCollision("transaction")
        track(trace, settings, key)

    monkeypatch.setattr(stages, "track", collide_once)
    path = capture_of("-> INVITE sip:bob@example.com SIP/2.0\n<- SIP/2.0 603 Decline")
    with analyzer.open_trace([str(path)]) as trace:
        assert trace.captures[0].packets == trace.coverage.packets == len(trace.messages) == 2
        assert trace.captures[0].link_types == ["ETHERNET"]
    assert len(set(keys)) == 2


def test_tables_outlive_the_captures(capture_of: Callable[[str], Path]) -> None:
    """After `close` numbers can still be read, and each table becomes a DataFrame."""
    path = capture_of("-> INVITE sip:bob@example.com SIP/2.0\n<- SIP/2.0 603 Decline")
    trace = analyzer.open_trace([str(path)])
    trace.close()
    assert trace.transactions.to_pandas()["final_status"].tolist() == [603]
    assert trace.findings.to_pandas()["transaction_row"].tolist() == [0]
    path.unlink()


def test_analyze_gives_the_report(capture_of: Callable[[str], Path]) -> None:
    """The public function returns what the command prints."""
    path = capture_of("-> INVITE sip:bob@example.com SIP/2.0\n<- SIP/2.0 603 Decline")
    report = analyzer.analyze([str(path)])
    assert isinstance(report, analyzer.Report)
    assert report.counts.calls == 1


def test_a_path_may_stand_alone(capture_of: Callable[[str], Path]) -> None:
    """A text and a Path name one capture, as a list of either does."""
    path = capture_of("-> INVITE sip:bob@example.com SIP/2.0\n<- SIP/2.0 603 Decline")
    for paths in (path, str(path), [path], (str(path), path)):
        assert analyzer.analyze(paths).counts.calls == 1
        assert len(analyzer.data_frames(paths).calls) == 1


def test_captures_are_closed_with_the_data_frames(capture_of: Callable[[str], Path]) -> None:
    """They stay open while tables can be asked for, and no longer."""
    path = capture_of("-> INVITE sip:bob@example.com SIP/2.0\n<- SIP/2.0 603 Decline")
    closed: list[bool] = []
    frames = analyzer.data_frames(path)
    frames.trace.resources.callback(closed.append, True)  # noqa: FBT003 - a thing to count
    assert frames.findings["rule"].tolist() == ["RSP603"]
    assert closed == []
    del frames
    gc.collect()
    assert closed == [True]
