"""Anomalies in words."""

from analyzer.anomaly_kinds import KINDS
from analyzer.report.remarks import build_remarks, words_of
from analyzer.tables.anomalies import AnomalyLog


def test_the_gravest_come_first() -> None:
    """Errors, then lost data, then notices; among equals the more frequent first."""
    log = AnomalyLog()
    log.add("response-without-request", [(0, 3)], count=9)
    log.add("file-cut", [(0, 9)], detail="12 of 90 bytes")
    log.add("damaged-record", [(0, 8)])
    remarks = build_remarks(log, "en")
    assert [each.kind for each in remarks] == [
        "damaged-record",
        "file-cut",
        "response-without-request",
    ]
    assert (remarks[1].first_frame, remarks[1].detail) == ((0, 9), "12 of 90 bytes")
    assert remarks[2].count == 9


def test_words_follow_the_language() -> None:
    """A kind has its words in both languages; one that nobody declared shows its name."""
    assert words_of("file-cut", "en") == KINDS["file-cut"].en
    assert words_of("file-cut", "ja") == KINDS["file-cut"].ja
    assert words_of("no-such-kind", "en") == "no-such-kind"


def test_an_anomaly_without_frames_is_told() -> None:
    """What no frame shows is counted all the same; an unknown kind counts as grave."""
    log = AnomalyLog()
    log.add("no-such-kind", [], count=2)
    remark = build_remarks(log, "en")[0]
    assert (remark.severity, remark.count, remark.first_frame) == ("error", 2, None)
