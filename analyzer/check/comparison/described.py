"""Calls, subscriptions, registrations and other requests of a trace → what two recordings can be
compared by.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from analyzer.annotate.fields import UNKNOWN, Value
from analyzer.annotate.items import Kind, load_kinds
from analyzer.annotate.rule import Rule
from analyzer.check.call_messages import as_pattern_sees, messages_seen
from analyzer.check.fingerprints import without_port
from analyzer.check.model import Place
from analyzer.check.places import place_of
from analyzer.frozen import frozen
from analyzer.report.parties import parties
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray

KINDS = ("calls", "subscriptions", "registrations")
_FINDINGS_OF = {
    "calls": "call_row",
    "subscriptions": "subscription_row",
    "registrations": "registration_row",
}
NOT_COMPARED = frozenset(
    {
        "id",
        "start",
        "end",
        "caller",
        "callee",
        "caller.user",
        "callee.user",
        "call_id",
        "address_of_record",
        "findings",
    }
)
"""What things are paired by, and what differs from run to run."""
HEADERS: Mapping[str, tuple[str, ...]] = {
    "request": ("require", "supported", "session_expires", "privacy", "p_asserted_identity"),
    "response": ("reason", "warning", "retry_after", "require", "server"),
}
"""Headers that matter: of the first INVITE, and of the response that decides."""


@frozen
class Thing:
    """A call, a subscription, a registration or a request outside them."""

    kind: str
    method: str
    """Of a request outside the others."""
    key: tuple[str, str]
    """Whom From and To name, without ports."""
    place: Place
    values: Mapping[str, Value]
    """Field → value; durations in milliseconds."""
    durations: frozenset[str]
    """Fields that are durations."""
    messages: tuple[str, ...]
    """Of a call, as its caller sees them."""
    findings: tuple[str, ...]
    """`RSP603.not-alerted` …, sorted."""

    @property
    def outcome(self) -> tuple[Value, Value]:
        """Return how it ended."""
        return self.values.get("outcome"), self.values.get("final_status")

    @property
    def signature(self) -> tuple[object, ...]:
        """Return what is the same for things that went alike."""
        return (*self.outcome, self.messages)


def describe_trace(trace: Trace, more_headers: Sequence[str] = ()) -> list[Thing]:
    """Return all things of a trace, each kind in the order of the traffic."""
    from analyzer.check.comparison.outside import requests_outside  # noqa: PLC0415 - imports this

    kinds = load_kinds()
    found = [each for name in KINDS for each in _describe(trace, kinds[name], more_headers)]
    return [*found, *requests_outside(trace, more_headers)]


def _describe(trace: Trace, kind: Kind, more_headers: Sequence[str]) -> list[Thing]:
    items = kind.items(trace, {})
    is_call = kind.name == "calls"
    names = [name for name in kind.fields() if name not in NOT_COMPARED]
    if is_call:
        names += [f"{side}.{header}" for side, headers in HEADERS.items() for header in headers]
        names += [f"{side}.{each}" for side in HEADERS for each in more_headers]
    columns = {name: list(items.subject.values(name)) for name in dict.fromkeys(names)}
    durations = frozenset(name for name in columns if kind.find(name).kind == "duration_ms")
    froms, tos = (parties(trace, items.message_rows, header) for header in ("From", "To"))
    findings = findings_by(trace, getattr(trace.findings, _FINDINGS_OF[kind.name]))
    return [
        Thing(
            kind=kind.name,
            method="",
            key=(without_port(froms[row].address), without_port(tos[row].address)),
            place=place_of(
                trace, int(items.message_rows[row]), int(items.call_rows[row]), ladder=is_call
            ),
            values={
                name: None if column[row] is UNKNOWN else column[row]
                for name, column in columns.items()
            },
            durations=durations,
            messages=_messages(trace, row) if is_call else (),
            findings=tuple(sorted(findings.get(row, ()))),
        )
        for row in range(len(items))
    ]


def _messages(trace: Trace, call: int) -> tuple[str, ...]:
    seen = as_pattern_sees(trace, messages_seen(trace, call))
    return tuple(str(each) for each in seen)


def findings_by(trace: Trace, owners: IntArray) -> dict[int, set[str]]:
    """Return findings, as `RSP603.not-alerted`, by what they are about: a column of their table."""
    table = trace.findings
    found: dict[int, set[str]] = {}
    for row in np.flatnonzero(owners >= 0).tolist():
        rule: Rule = trace.rules[int(table.rule[row])]
        name = f"{rule.id}.{rule.cases[int(table.case[row])].id}"
        found.setdefault(int(owners[row]), set()).add(name)
    return found
