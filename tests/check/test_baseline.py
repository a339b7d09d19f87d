"""Baselines: what they accept, and what has gone."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from analyzer.check.baseline import (
    apply_baseline,
    entries_by_recording,
    lost_entries,
    read_baseline,
    write_baseline,
)
from analyzer.check.model import Recording
from analyzer.errors import UsageError
from checked import DECLINED, check

CaptureOf = Callable[..., Path]
NAME = "dialogue.pcap"
"""As `capture_of` names a capture by default."""
AGAIN = """
    +3s -> INVITE sip:bob@example.com:5099 SIP/2.0
       Call-ID: other
       From: <sip:alice@example.com:5098>;tag=other
       To: <sip:bob@example.com:5099>
    +0.04s <- SIP/2.0 100 Trying
    +0.04s <- SIP/2.0 603 Decline
       Call-ID: other
       From: <sip:alice@example.com:5098>;tag=other
       To: <sip:bob@example.com:5099>;tag=more
    -> ACK sip:bob@example.com:5099 SIP/2.0
"""


def fingerprints(recording: Recording) -> list[str]:
    """Return the fingerprints of the problems."""
    return [each.fingerprint for each in recording.problems]


def test_fingerprints_survive_what_changes_from_run_to_run(capture_of: CaptureOf) -> None:
    """Other Call-ID, tags, times, ports and frames: the same trouble (and only that)."""
    first, second = check(capture_of(DECLINED)), check(capture_of(AGAIN))
    assert len(fingerprints(first)) == 1
    assert fingerprints(first) == fingerprints(second)
    other = check(capture_of(AGAIN.replace("bob@", "carol@")))
    assert fingerprints(other) != fingerprints(first)
    ringing = DECLINED.replace("+0.03s", "+0.03s <- SIP/2.0 180 Ringing\n    +4.2s")
    assert fingerprints(check(capture_of(ringing))) != fingerprints(first)


def test_what_is_accepted_is_known_and_one_more_is_new(
    capture_of: CaptureOf, tmp_path: Path
) -> None:
    """A fingerprint counts as often as it occurred."""
    path = tmp_path / "baseline.json"
    assert write_baseline(path, [check(capture_of(DECLINED))], {}) == 1
    entries = read_baseline(path)
    assert [
        each.known for each in apply_baseline(check(capture_of(AGAIN)), entries[NAME]).problems
    ] == [True]
    twice = apply_baseline(check(capture_of(DECLINED + AGAIN)), entries[NAME])
    assert [each.known for each in twice.problems] == [True, False]


def test_what_has_gone_is_told(capture_of: CaptureOf, tmp_path: Path) -> None:
    """By what it was, and how many."""
    path = tmp_path / "baseline.json"
    write_baseline(path, [check(capture_of(DECLINED + AGAIN))], {})
    clean = apply_baseline(
        check(capture_of("-> OPTIONS sip:bob@example.com SIP/2.0")), read_baseline(path)[NAME]
    )
    ((what, count),) = [(each.what, each.count) for each in clean.gone]
    assert what.startswith("RSP603.")
    assert "alice@example.com" in what
    assert count == 2


def test_recordings_have_entries_of_their_own(capture_of: CaptureOf, tmp_path: Path) -> None:
    """Paths are as seen from the file; those that were not checked keep what they had while they
    exist.
    """
    path = tmp_path / "sub" / "baseline.json"
    path.parent.mkdir()
    first = check(capture_of(DECLINED, "a.pcap"))
    write_baseline(path, [first], {})
    assert list(read_baseline(path)) == ["../a.pcap"]
    second = check(capture_of(DECLINED, "b.pcap"))
    assert entries_by_recording([second], read_baseline(path), path) == {}
    write_baseline(path, [second], read_baseline(path))
    assert list(read_baseline(path)) == ["../a.pcap", "../b.pcap"]
    (tmp_path / "a.pcap").unlink()
    write_baseline(path, [second], read_baseline(path))
    assert list(read_baseline(path)) == ["../b.pcap"]


def test_entries_of_recordings_that_are_gone_are_named(
    capture_of: CaptureOf, tmp_path: Path
) -> None:
    """A renamed recording takes its entry along; one without a successor is lost."""
    path = tmp_path / "baseline.json"
    for name in ("kept.pcap", "renamed.pcap", "deleted.pcap"):
        text = DECLINED.replace("bob@", f"{name[0]}@")
        write_baseline(
            path, [check(capture_of(text, name))], read_baseline(path) if path.exists() else {}
        )
    (tmp_path / "renamed.pcap").rename(tmp_path / "other.pcap")
    (tmp_path / "deleted.pcap").unlink()
    entries = read_baseline(path)
    recordings = [check(tmp_path / "other.pcap"), check(tmp_path / "kept.pcap")]
    found = entries_by_recording(recordings, entries, path)
    assert found == {"kept.pcap": "kept.pcap", "other.pcap": "renamed.pcap"}
    assert lost_entries(entries, found.values(), path) == ["deleted.pcap"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": "sipwhy-baseline/9", "recordings": {}}',
        "{",
        '{"format": "sipwhy-baseline/1", "recordings": {"a": [1]}}',
        '{"format": "sipwhy-baseline/1", "recordings": []}',
    ],
)
def test_what_is_no_baseline_is_the_users_mistake(tmp_path: Path, text: str) -> None:
    """One line that says what to do."""
    path = tmp_path / "baseline.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="--update-baseline"):
        read_baseline(path)


def test_a_baseline_is_plain_text_in_a_stable_order(capture_of: CaptureOf, tmp_path: Path) -> None:
    """The same findings give the same bytes; hostile names stay JSON."""
    path = tmp_path / "baseline.json"
    recording = check(capture_of(DECLINED + AGAIN))
    write_baseline(path, [recording], {})
    before = path.read_bytes()
    write_baseline(path, [recording], read_baseline(path))
    assert path.read_bytes() == before
    assert before.isascii()
    assert json.loads(before)["format"] == "sipwhy-baseline/1"
