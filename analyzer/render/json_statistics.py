"""Tables → the `statistics` of the JSON output: counts that can be added up, and measures.

Ratios are counted by call: retries, forks and hops of one call are one attempt.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from analyzer.measure.session_ratios import Ratio, has_failed, session_ratios
from analyzer.render.json_measures import (
    MEASURES,
    RATIO,
    SESSION_ESTABLISHMENT_RATIO,
    SPREAD,
    duration_spreads,
    measures,
    ratio,
    request_delay_spreads,
)
from analyzer.render.record_shapes import (
    COUNT,
    FILLED_TEXT,
    STATUS,
    Key,
    ListOf,
    ObjectOf,
)
from analyzer.tables.calls import Outcome
from analyzer.tables.endpoints import address_numbers
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import IntArray, count_each, group_rows, pick

PEERS_LISTED = 1_000
"""Peers named; those with the most transactions."""

STATISTICS = ObjectOf(
    (
        Key(
            "by_status",
            ListOf(
                ObjectOf((Key("method", FILLED_TEXT), Key("status", STATUS), Key("count", COUNT)))
            ),
            "Transactions by method and final status; those without one are not in it.",
        ),
        Key("peers", COUNT, "Distinct IP addresses that sent a request or were sent one."),
        Key(
            "by_peer",
            ListOf(
                ObjectOf(
                    (
                        Key("address", FILLED_TEXT),
                        Key("as_client", COUNT, "Transactions it began."),
                        Key("as_server", COUNT, "Transactions it was to answer."),
                        Key("findings", COUNT, "Findings on transactions it was to answer."),
                        Key("calls", COUNT, "Calls whose deciding hop it was to answer."),
                        Key("answered", COUNT, "Of these, answered."),
                        Key(
                            "failed",
                            COUNT,
                            "Of these, neither answered nor redirected, outcome shown.",
                        ),
                        Key("session_request_delay_ms", SPREAD, "SRD of those answered."),
                        Key("failed_session_request_delay_ms", SPREAD, "SRD of those failed."),
                        Key("session_duration_ms", SPREAD, "SDT of these calls."),
                        Key(
                            "failed_session_duration_ms",
                            SPREAD,
                            "SDT of those with a BYE that nothing answered.",
                        ),
                    )
                )
            ),
            f"IP addresses by transactions, the most first; at most {PEERS_LISTED}.",
        ),
        Key(
            "by_rule",
            ListOf(
                ObjectOf((Key("rule", FILLED_TEXT), Key("case", FILLED_TEXT), Key("count", COUNT)))
            ),
            "Findings by rule and case.",
        ),
        SESSION_ESTABLISHMENT_RATIO,
        *MEASURES,
        Key(
            "decline_ratio",
            RATIO,
            "Numerator: calls with outcome declined. Denominator: calls whose outcome the capture "
            "shows (any but incomplete), less those redirected.",
        ),
    )
)


def statistics(trace: Trace, rules: Sequence[Any]) -> dict[str, object]:
    """Return the statistics of a trace."""
    peers, by_peer = _by_peer(trace)
    is_declined = trace.calls.outcome == Outcome.DECLINED
    shown = session_ratios(trace)["session_establishment_ratio"].of
    return {
        "by_status": _by_status(trace),
        "peers": peers,
        "by_peer": by_peer,
        "by_rule": _by_rule(trace, rules),
        **measures(trace),
        "decline_ratio": ratio(Ratio(is_declined, shown)),
    }


def _count_pairs(first: IntArray, second: IntArray) -> list[tuple[int, int, int]]:
    """Count equal pairs of small numbers, in their order."""
    pairs = (first.astype(np.int64) << 32) | second.astype(np.int64)
    distinct, counts = np.unique(pairs, return_counts=True)
    found = zip(distinct.tolist(), counts.tolist(), strict=True)
    return [(pair >> 32, pair & 0xFFFFFFFF, count) for pair, count in found]


def _by_status(trace: Trace) -> list[dict[str, object]]:
    transactions = trace.transactions
    rows = np.flatnonzero((transactions.final_status > 0) & (transactions.method_sym > 0))
    counted = _count_pairs(transactions.method_sym[rows], transactions.final_status[rows])
    return [
        {"method": trace.methods[method], "status": status, "count": count}
        for method, status, count in counted
    ]


def _by_rule(trace: Trace, rules: Sequence[Any]) -> list[dict[str, object]]:
    counted = _count_pairs(trace.findings.rule, trace.findings.case)
    return [
        {"rule": rules[rule].id, "case": rules[rule].cases[case].id, "count": count}
        for rule, case, count in counted
    ]


def _by_peer(trace: Trace) -> tuple[int, list[dict[str, object]]]:
    """Return how many peers there are, and the busiest."""
    transactions, findings = trace.transactions, trace.findings
    peer, leaders = address_numbers(trace.endpoints)
    count = len(leaders)
    as_client = np.bincount(peer[transactions.client_row], minlength=count)
    as_server = np.bincount(peer[transactions.server_row], minlength=count)
    judged = transactions.server_row[findings.transaction_row]
    found = np.bincount(peer[judged], minlength=count)
    total = as_client + as_server
    calls = trace.calls
    to = peer[pick(transactions.server_row, calls.transaction_row, 0)]
    order = np.argsort(-total, kind="stable")[:PEERS_LISTED]
    order = order[total[order] > 0]
    place = np.full(count, -1, np.int64)
    place[order] = np.arange(len(order))
    of_calls = _calls_to(trace, np.where(calls.transaction_row >= 0, place[to], -1), len(order))
    listed = [
        {
            "address": trace.endpoints.address(int(leaders[each])),
            "as_client": int(as_client[each]),
            "as_server": int(as_server[each]),
            "findings": int(found[each]),
            **{name: values[at] for name, values in of_calls.items()},
        }
        for at, each in enumerate(order.tolist())
    ]
    return int((total > 0).sum()), listed


def _calls_to(trace: Trace, places: Int64, count: int) -> dict[str, Sequence[object]]:
    """Return what became of the calls that each listed peer was to answer; `places` says to which
    of them each call went, -1 to none.
    """
    outcome, groups = trace.calls.outcome, group_rows(places, count)
    kinds = {
        "calls": np.ones(len(outcome), np.bool_),
        "answered": outcome == Outcome.ANSWERED,
        "failed": has_failed(outcome),
    }
    return {
        **{name: count_each(places, each, count).tolist() for name, each in kinds.items()},
        **request_delay_spreads(trace, groups),
        **duration_spreads(trace, groups),
    }
