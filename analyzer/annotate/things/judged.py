"""Responses, requests and findings: with all fields of rules."""

from collections.abc import Iterable, Mapping

import numpy as np

from analyzer.annotate.fields import (
    Coded,
    Field,
    Judged,
    Value,
    field_names,
    fields,
    find_field,
)
from analyzer.annotate.items import ItemField, Items, Kind, asked_elsewhere, declare_kind
from analyzer.annotate.rule import Rule, SettingValue, Text
from analyzer.tables.findings import Severity
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace

_SEVERITIES: dict[str, Text] = {
    "info": {"en": "info", "ja": "情報"},
    "notice": {"en": "notice", "ja": "注意"},
    "warning": {"en": "warning", "ja": "警告"},
    "error": {"en": "error", "ja": "エラー"},
}
_OWN = (
    ItemField("rule", "text", {"en": "Id of the rule.", "ja": "ルールの ID。"}, asked_elsewhere),
    ItemField(
        "case", "text", {"en": "Case that was found.", "ja": "成立したケース。"}, asked_elsewhere
    ),
    ItemField(
        "notes",
        "text",
        {"en": "Notes, with a space between.", "ja": "補足（空白区切り）。"},
        asked_elsewhere,
    ),
    ItemField(
        "severity",
        "text",
        {"en": "How grave it is.", "ja": "重大度。"},
        asked_elsewhere,
        _SEVERITIES,
    ),
    ItemField(
        "relayed",
        "flag",
        {"en": "Another hop shows it nearer to its origin.", "ja": "転送されただけの応答。"},
        asked_elsewhere,
    ),
)


class JudgedKind(Kind):
    """Messages as rules see them."""

    def __init__(self, name: str, meaning: Text, scope: str) -> None:
        """Take `response`, `request` or `finding`."""
        super().__init__(name, meaning)
        self._scope = scope

    def find(self, name: str) -> ItemField:
        """Return a field of rules, or one of findings; raises KeyError."""
        own = self.fields().get(name)
        return own if own is not None else _as_item_field(find_field(name))

    def names(self) -> Iterable[str]:
        """Return what rules may name, and the fields of findings."""
        return dict.fromkeys((*self.fields(), *field_names()))

    def fields(self) -> Mapping[str, ItemField]:
        """Return the fields, headers apart."""
        known = {name: _as_item_field(each) for name, each in fields().items() if name != "case"}
        return {**known, **{each.name: each for each in _OWN}} if self._is_finding else known

    @property
    def _is_finding(self) -> bool:
        return self._scope == "finding"

    def items(self, trace: Trace, settings: Mapping[str, SettingValue]) -> Items:
        """Return the first final responses, the requests, or the findings."""
        if self._is_finding:
            return _findings(trace, settings)
        table = trace.transactions
        column = table.final_row if self._scope == "response" else table.request_row
        rows = np.flatnonzero(column >= 0)
        order = np.argsort(column[rows], kind="stable")
        rows = rows[order]
        messages = column[rows].astype(np.int64)
        scope = "request" if self._scope == "request" else "transaction"
        judged = Judged(trace, rows, messages, settings, scope)
        return Items(judged, messages, table.call_row[rows].astype(np.int64))


def _as_item_field(field: Field) -> ItemField:
    # values are asked of `Judged`, by name
    return ItemField(
        field.name, field.kind, field.meaning, asked_elsewhere, field.choices, field.settings
    )


def _findings(trace: Trace, settings: Mapping[str, SettingValue]) -> Items:
    table = trace.findings
    messages: Int64 = table.message_row.astype(np.int64)
    return Items(JudgedFindings(trace, settings), messages, table.call_row.astype(np.int64))


class JudgedFindings:
    """Findings with their own fields and those of the messages they judge."""

    def __init__(self, trace: Trace, settings: Mapping[str, SettingValue]) -> None:
        """Take all findings of a trace."""
        self.settings = settings
        self._trace = trace
        table = trace.findings
        of_request = self._of_requests()
        parts = (
            (np.flatnonzero(of_request == 0), "transaction"),
            (np.flatnonzero(of_request == 1), "request"),
        )
        self._parts = [(rows, scope) for rows, scope in parts if len(rows)]
        self._judged = [
            Judged(trace, table.transaction_row[rows], table.message_row[rows], settings, scope)
            for rows, scope in self._parts
        ]

    def _of_requests(self) -> Int64:
        scopes = [int(rule.scope == "request") for rule in self._trace.rules]
        numbers = np.array(scopes or [0], np.int64)
        return numbers[self._trace.findings.rule] if len(self._trace.findings) else numbers[:0]

    def presence(self, name: str) -> Coded | None:
        """Return None: here values cost no more."""
        del name
        return None

    def values(self, name: str) -> Coded:
        """Return the values of a field."""
        own = {
            "rule": self._rule,
            "case": self._case,
            "notes": self._notes,
            "severity": self._severity,
            "relayed": self._relayed,
        }
        if name in own:
            return Coded.of(own[name]())
        found: list[Value] = [None] * len(self._trace.findings)
        for (rows, _), judged in zip(self._parts, self._judged, strict=True):
            for row, value in zip(rows.tolist(), judged.values(name), strict=True):
                found[row] = value
        return Coded.of(found)

    def _of_rules(self) -> list[tuple[Rule, int]]:
        rules: tuple[Rule, ...] = self._trace.rules
        numbers = self._trace.findings.rule.tolist()
        return [(rules[number], row) for row, number in enumerate(numbers)]

    def _rule(self) -> list[Value]:
        return [rule.id for rule, _ in self._of_rules()]

    def _case(self) -> list[Value]:
        cases = self._trace.findings.case.tolist()
        return [rule.cases[cases[row]].id for rule, row in self._of_rules()]

    def _notes(self) -> list[Value]:
        bits = self._trace.findings.notes.tolist()
        return [
            " ".join(note.id for at, note in enumerate(rule.notes) if bits[row] >> at & 1) or None
            for rule, row in self._of_rules()
        ]

    def _severity(self) -> list[Value]:
        return [Severity(each).name.lower() for each in self._trace.findings.severity.tolist()]

    def _relayed(self) -> list[Value]:
        return list(self._trace.findings.relayed.tolist())


RESPONSES = declare_kind(
    JudgedKind(
        "responses",
        {"en": "Final responses, one per transaction.", "ja": "最終応答（トランザクションごと）。"},
        "response",
    )
)
REQUESTS = declare_kind(
    JudgedKind(
        "requests",
        {"en": "Requests, one per transaction.", "ja": "リクエスト（トランザクションごと）。"},
        "request",
    )
)
FINDINGS = declare_kind(
    JudgedKind("findings", {"en": "Findings of the rules.", "ja": "ルールの所見。"}, "finding")
)
