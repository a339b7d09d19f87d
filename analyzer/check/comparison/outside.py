"""Requests outside calls, subscriptions and registrations (OPTIONS, MESSAGE, PUBLISH …) → what two
recordings can be compared by.

How many OPTIONS there are depends on how long was recorded: those between the same two are one.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from analyzer.annotate.fields import UNKNOWN, Judged, Value
from analyzer.check.comparison.described import HEADERS, Thing, findings_by
from analyzer.check.fingerprints import without_port
from analyzer.check.places import pairs_of, place_of
from analyzer.report.parties import naming_messages
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace

PERIODIC = "OPTIONS"
"""Asks whether the other side is there, again and again."""
_MS = 1_000_000
Key = tuple[str, tuple[str, str]]


def requests_outside(trace: Trace, more_headers: Sequence[str]) -> list[Thing]:
    """Return the requests, in the order of the traffic."""
    table = trace.transactions
    is_inside = (
        (table.call_row >= 0) | (table.subscription_row >= 0) | (table.registration_row >= 0)
    )
    rows: Int64 = np.flatnonzero(~is_inside & (table.request_row >= 0))
    if len(rows) == 0:
        return []
    pairs = pairs_of(trace, naming_messages(trace, rows).astype(np.int64))
    findings = findings_by(trace, trace.findings.transaction_row)
    together: dict[object, list[int]] = {}
    keys: dict[int, Key] = {}
    for row, (caller, callee) in zip(rows.tolist(), pairs, strict=True):
        method = trace.methods[int(table.method_sym[row])]
        keys[row] = method, (without_port(caller), without_port(callee))
        together.setdefault(keys[row] if method == PERIODIC else row, []).append(row)
    first: Int64 = np.array([alike[0] for alike in together.values()], np.int64)
    names = [f"response.{each}" for each in HEADERS["response"]]
    names += [f"{side}.{each}" for side in HEADERS for each in more_headers]
    headers = _headers(trace, first, dict.fromkeys(names))
    return [
        _thing(trace, alike, keys[alike[0]], headers[at], findings)
        for at, alike in enumerate(together.values())
    ]


def _headers(trace: Trace, rows: Int64, names: Iterable[str]) -> Sequence[Mapping[str, Value]]:
    """Return headers of the request and the final response of each transaction."""
    requests = trace.transactions.request_row[rows]
    judged = Judged(trace, rows, requests, {}, scope="request")
    columns = {name: list(judged.values(name)) for name in names}
    return [
        {name: _plain(column[at]) for name, column in columns.items()} for at in range(len(rows))
    ]


def _plain(value: Value) -> Value:
    return None if value is UNKNOWN else value


def _thing(
    trace: Trace,
    alike: Sequence[int],
    key: Key,
    headers: Mapping[str, Value],
    findings: Mapping[int, set[str]],
) -> Thing:
    table = trace.transactions
    statuses = sorted({int(table.final_status[row]) for row in alike})
    delay = int(table.response_delay_ns[alike[0]])
    return Thing(
        kind="requests",
        method=key[0],
        key=key[1],
        place=place_of(trace, int(table.request_row[alike[0]]), -1, ladder=True),
        values={
            "final_status": ", ".join(str(each or "none") for each in statuses),
            "response_delay_ms": delay / _MS if delay >= 0 else None,
            **headers,
        },
        durations=frozenset({"response_delay_ms"}),
        messages=(),
        findings=tuple(sorted(set().union(*(findings.get(row, ()) for row in alike)))),
    )
