"""Anomalies → remarks in words, the gravest first."""

from analyzer.anomaly_kinds import KINDS
from analyzer.report.model import Remark
from analyzer.tables.anomalies import Anomaly, AnomalyLog

GRAVITY = ("error", "data_loss", "notice", "info")


def build_remarks(log: AnomalyLog, language: str) -> tuple[Remark, ...]:
    """Return the remarks in order of severity, then of frequency."""
    remarks = [_remark(each, language) for each in log]
    return tuple(sorted(remarks, key=lambda each: GRAVITY.index(each.severity)))


def words_of(kind: str, language: str) -> str:
    """Return what a kind of anomaly means."""
    known = KINDS.get(kind)
    if known is None:
        return kind
    return known.ja if language == "ja" else known.en


def _remark(anomaly: Anomaly, language: str) -> Remark:
    known = KINDS.get(anomaly.kind)
    return Remark(
        kind=anomaly.kind,
        severity=known.severity if known else "error",
        text=words_of(anomaly.kind, language),
        count=anomaly.count,
        first_frame=anomaly.frames[0] if anomaly.frames else None,
        detail=anomaly.detail,
    )
