"""Fields of requests that pass one hop several times (loops), or are too long for one packet."""

import numpy as np

from analyzer.annotate.columns import numbers, spread
from analyzer.annotate.fields import Judged, Value, Values, field
from analyzer.frozen import frozen
from analyzer.sip.headers import header_values
from analyzer.sip.numbers import parse_number
from analyzer.tables.endpoints import address_numbers, hop_ends
from analyzer.tables.messages import Method, Transport
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import first_of_each, keys_of, number_groups

_MOST_READ = 100_000
"""Requests of one group that are compared; Max-Forwards allows fewer passes by far."""


@frozen
class Loop:
    """A request that passed a hop several times."""

    passes: int
    first: int
    """Max-Forwards of the first pass."""
    last: int


def hop_keys(trace: Trace, rows: Int64) -> Int64:
    """Return a number for sender and receiver of each transaction, whatever their ports."""
    table = trace.transactions
    client, server = hop_ends(trace.endpoints, table.client_row[rows], table.server_row[rows])
    size = int(max(client.max(initial=0), server.max(initial=0))) + 1
    return client * size + server


def loops(judged: Judged) -> dict[int, Loop]:
    """Return the loops of requests by the transaction of their last pass: the same request, by
    Request-URI too (RFC 3261 §16.3 step 4), with ever fewer hops left. Of the hops of a loop the
    one that was passed most often, and first, stands for all.
    """
    trace, messages = judged.trace, judged.trace.messages
    table = trace.transactions
    is_apart = np.isin(table.method_sym, (Method.ACK, Method.CANCEL))
    rows = np.flatnonzero((table.request_row >= 0) & ~is_apart)
    request = table.request_row[rows].astype(np.int64)
    identity = keys_of(
        messages.call_id_hash[request],
        messages.cseq[request],
        messages.from_tag_hash[request],
        table.method_sym[rows],
    )
    groups = number_groups(keys_of(identity, hop_keys(trace, rows)))[0]
    again = np.flatnonzero(np.bincount(groups)[groups] > 1)[:_MOST_READ] if len(groups) else rows
    hops = header_values(trace, request[again], "Max-Forwards")
    passes: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for at, text in zip(again.tolist(), hops, strict=True):
        left = parse_number((text or "").strip())
        if left is not None:
            key = (int(groups[at]), trace.text(int(request[at]), "line"))
            passes.setdefault(key, []).append((int(rows[at]), left))
    best: dict[int, tuple[int, Loop]] = {}
    name = dict(zip(rows.tolist(), identity.tolist(), strict=True)) if passes else {}
    for found in passes.values():
        steps = [left for _, left in found]
        falling = [left for at, left in enumerate(steps) if left < min(steps[:at], default=1 << 62)]
        if len(falling) > 1:
            loop = Loop(len(falling), falling[0], falling[-1])
            known = best.get(name[found[0][0]])
            if known is None or known[1].passes < loop.passes:
                best[name[found[0][0]]] = (found[-1][0], loop)
    return dict(best.values())


def _of_loop(judged: Judged, name: str) -> Values:
    known = judged.kept(loops)
    found: list[Value] = []
    for row in judged.transaction_rows.tolist():
        loop = known.get(row)
        found.append(getattr(loop, name) if loop else None)
    return found


@field(
    "loop.passes",
    "number",
    en="How often the same request passed this hop with ever fewer hops left; stated of the last "
    "pass of a loop.",
    ja="同じリクエストが Max-Forwards を減らしながらこのホップを通った回数（ループの最後の通過に"
    "のみ示す）。",
)
def _loop_passes(judged: Judged) -> Values:
    return _of_loop(judged, "passes")


@field(
    "loop.first_hops",
    "number",
    en="Max-Forwards of the first pass of a loop.",
    ja="ループの最初の通過の Max-Forwards。",
)
def _loop_first(judged: Judged) -> Values:
    return _of_loop(judged, "first")


@field(
    "loop.last_hops",
    "number",
    en="Max-Forwards of the last pass of a loop.",
    ja="ループの最後の通過の Max-Forwards。",
)
def _loop_last(judged: Judged) -> Values:
    return _of_loop(judged, "last")


@field(
    "oversize.requests",
    "number",
    en="Requests over UDP, longer than one packet takes, from this sender to this receiver; stated "
    "of the first of them that got a response.",
    ja="この送信元から宛先へ UDP で送られた、1 パケットに収まらないリクエストの数（応答があった"
    "最初のものにのみ示す）。",
    settings=("fragmented_bytes",),
)
def _oversize_requests(judged: Judged) -> Values:
    trace, messages = judged.trace, judged.trace.messages
    table = trace.transactions
    request = table.request_row
    size = messages.head_len[request].astype(np.int64) + messages.body_len[request]
    is_long = (request >= 0) & (size > int(str(judged.settings["fragmented_bytes"])))
    is_long &= messages.transport[request] == Transport.UDP
    ends = address_numbers(trace.endpoints)[0]
    # what stays in one host is not cut
    long = np.flatnonzero(is_long & (ends[table.client_row] != ends[table.server_row]))
    groups, _ = number_groups(keys_of(hop_keys(trace, long)))
    count = int(groups.max(initial=-1)) + 1
    first = first_of_each(groups, table.final_row[long] >= 0, count)
    told = first[first >= 0]
    of_each = spread(len(table), long[told], np.bincount(groups, minlength=count)[first >= 0])
    return numbers(of_each[judged.transaction_rows])
