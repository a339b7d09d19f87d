"""What of an analysis must be the same for a capture and what redaction makes of it."""

from typing import Any

import numpy as np

from analyzer.tables.schema import Table
from analyzer.tables.trace import Trace

_OF_BYTES = ("_hash", "_pos", "_len", "_marks", "_high", "_low")
"""Ends of the names of columns that depend on where bytes stand, or what they are."""
_PLACES = frozenset(("pos", "source", "high", "low"))
_OF_REDACTION = ("content-removed", "keys-removed")


def facts(trace: Trace) -> dict[str, Any]:
    """Return all that an analysis says, but for names."""
    media = trace.media
    tables: dict[str, Table] = {
        "messages": trace.messages,
        "links": trace.links,
        "transactions": trace.transactions,
        "dialogs": trace.dialogs,
        "calls": trace.calls,
        "legs": trace.legs,
        "hops": trace.hops,
        "subscriptions": trace.subscriptions,
        "registrations": trace.registrations,
        "findings": trace.findings,
        "events": trace.stories.events,
        "transfers": trace.stories.transfers,
        "agreements": media.agreements,
        "streams": media.streams,
        "reports": media.reports,
        "rtp": trace.rtp.streams,
    }
    found: dict[str, Any] = {}
    for name, table in tables.items():
        for column in table.columns:
            if not column.name.endswith(_OF_BYTES) and column.name not in _PLACES:
                found[f"{name}.{column.name}"] = np.asarray(getattr(table, column.name)).tolist()
    found["rules"] = [rule.id for rule in trace.rules]
    found["anomalies"] = {
        each.kind: (each.count, each.frames)
        for each in trace.anomalies
        if each.kind not in _OF_REDACTION
    }
    coverage = trace.coverage
    found["coverage"] = (coverage.packets, coverage.sip, coverage.media, coverage.other)
    found["not understood"] = dict(coverage.not_understood)
    found["truncated"] = coverage.truncated
    found["times"] = [(each.first_ns, each.last_ns, each.packets) for each in trace.captures]
    found["complete"] = [each.complete for each in trace.captures]
    return found


def differences(original: Trace, redacted: Trace) -> dict[str, tuple[Any, Any]]:
    """Return what differs, by its name."""
    before, after = facts(original), facts(redacted)
    return {name: (before[name], after[name]) for name in before if before[name] != after[name]}
