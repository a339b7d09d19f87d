"""Anomalies: one item for each kind that occurs, with how often."""

from collections.abc import Mapping

import numpy as np

from analyzer.annotate.fields import Values
from analyzer.annotate.items import ItemField, Items, Kind, Rows, declare_kind
from analyzer.annotate.rule import SettingValue, Text
from analyzer.anomaly_kinds import KINDS
from analyzer.tables.trace import Trace

_SEVERITIES: dict[str, Text] = {
    "info": {"en": "info", "ja": "情報"},
    "notice": {"en": "notice", "ja": "注意"},
    "data_loss": {"en": "data were lost", "ja": "データ欠損"},
    "error": {"en": "error", "ja": "エラー"},
}


def _kinds(trace: Trace) -> Values:
    return [each.kind for each in trace.anomalies]


def _severities(trace: Trace) -> Values:
    return [KINDS[each.kind].severity for each in trace.anomalies]


def _counts(trace: Trace) -> Values:
    return [each.count for each in trace.anomalies]


class AnomalyKinds(Kind):
    """Kinds of anomaly that occur."""

    def fields(self) -> Mapping[str, ItemField]:
        """Return the fields."""
        names = {name: {"en": each.en, "ja": each.ja} for name, each in KINDS.items()}
        made = (
            ItemField("kind", "text", {"en": "What is strange.", "ja": "種類。"}, _kinds, names),
            ItemField(
                "severity",
                "text",
                {"en": "How grave it is.", "ja": "重大度。"},
                _severities,
                _SEVERITIES,
            ),
            ItemField("count", "number", {"en": "How often.", "ja": "回数。"}, _counts),
        )
        return {each.name: each for each in made}

    def items(self, trace: Trace, settings: Mapping[str, SettingValue]) -> Items:
        """Return the kinds that occur, at their first frames."""
        frames = tuple(each.frames[0] if each.frames else None for each in trace.anomalies)
        none = np.full(len(frames), -1, np.int64)
        return Items(Rows(trace, self, settings), none, none, frames)


ANOMALIES = declare_kind(
    AnomalyKinds("anomalies", {"en": "Kinds of anomaly, with their number.", "ja": "異常の種類。"})
)
