"""Fields of a proxy's other branches when one of them got a 6xx (RFC 3261 §16.7).

Branches are INVITE transactions of one call with the same CSeq that left the same element; the hop
before is the transaction whose branch stands below that of the branches in Via. Only calls with
several INVITEs are looked at, all of them at once.
"""

from collections.abc import Callable, Sequence

import numpy as np

from analyzer.annotate.facts.acknowledgement import last_time
from analyzer.annotate.fields import Coded, Judged, Value, Values, field
from analyzer.frozen import frozen
from analyzer.sip.headers import branches_in
from analyzer.tables.messages import Method
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import distinct, group_rows

_NS_PER_MS = 1_000_000
_TOGETHER_NS = 100 * _NS_PER_MS
"""Branches of a parallel fork leave within this time; on a fast path an answer comes in between."""
_REQUEST_TERMINATED = 487
_MOST_BRANCHES = 256
"""Of a call with more INVITEs only the first are compared."""


@frozen
class Invite:
    """An INVITE transaction of a call that has several."""

    row: int
    request: int
    client: int
    server: int
    cseq: int
    branches: tuple[str, ...]
    """Of Via, the topmost first."""
    first_18x: int
    ack: int
    cancel: int
    final: int
    final_status: int


def invites_by_call(trace: Trace, calls: Int64) -> dict[int, list[Invite]]:
    """Return the INVITE transactions, requests in the capture, of those calls that have several."""
    transactions = trace.transactions
    wanted = np.flatnonzero(
        (transactions.method_sym == Method.INVITE)
        & (transactions.call_row >= 0)
        & (transactions.request_row >= 0)
    )
    groups = group_rows(transactions.call_row[wanted], len(trace.calls))
    several = distinct(calls[calls >= 0])
    several = several[np.diff(groups.starts)[several] > 1]
    return {
        call: [_invite(trace, row) for row in wanted[groups.of(call)[:_MOST_BRANCHES]].tolist()]
        for call in several.tolist()
    }


def _invite(trace: Trace, row: int) -> Invite:
    table = trace.transactions
    request = int(table.request_row[row])
    return Invite(
        row,
        request,
        int(table.client_row[row]),
        int(table.server_row[row]),
        int(trace.messages.cseq[request]),
        tuple(branches_in(trace, request)),
        int(table.alerting_row[row]),
        int(table.ack_row[row]),
        int(table.cancel_row[row]),
        int(table.final_row[row]),
        int(table.final_status[row]),
    )


@frozen
class Branches:
    """What the proxy that got a response did with the call otherwise."""

    own: Invite
    others: tuple[Invite, ...]
    """Other branches of the same fork."""
    before: Invite | None
    """The hop on which the proxy got the INVITE."""


def invites_of(judged: Judged) -> list[list[Invite]]:
    """Return the INVITE transactions of the call of each row judged, none where it has but one."""
    call_rows = judged.trace.transactions.call_row[judged.transaction_rows].astype(np.int64)
    calls = invites_by_call(judged.trace, call_rows)
    return [calls.get(call, []) for call in call_rows.tolist()]


def behind_of(invites: Sequence[Invite], row: int) -> list[Invite]:
    """Return those of the INVITEs of a call that one of them was passed on as."""
    branches = next((each.branches[:1] for each in invites if each.row == row), ())
    return [each for each in invites if set(branches) & set(each.branches[1:])]


def branches_of(judged: Judged) -> list[Branches | None]:
    """Return the fork of each row judged, None where the capture shows no other branch or hop."""
    rows = judged.transaction_rows.tolist()
    return [_fork(each, row) for each, row in zip(judged.kept(invites_of), rows, strict=True)]


def _fork(listed: Sequence[Invite], row: int) -> Branches | None:
    own = next((each for each in listed if each.row == row), None)
    if own is None:
        return None
    before = next(
        (each for each in listed if each.branches[:1] and each.branches == own.branches[1:]), None
    )
    others = tuple(
        each
        for each in listed
        if each.row != row
        and (each.client, each.cseq) == (own.client, own.cseq)
        and each.branches[1:] == own.branches[1:]
        and each.branches[:1] != own.branches[:1]
    )
    return Branches(own, others, before) if others or before else None


def _patience_ns(judged: Judged) -> int:
    return int(float(str(judged.settings["cancel_within_ms"])) * _NS_PER_MS)


@field(
    "forks_cancelled",
    "number",
    en="Other branches of the same fork that the proxy cancelled after the response in the time "
    "set, not because the caller gave up.",
    ja="この応答の後、設定した時間内にプロキシが取り消した、同じフォークのほかのブランチの数"
    "（発信側の取消しによるものを除く）。",
    settings=("cancel_within_ms",),
)
def _forks_cancelled(judged: Judged) -> Values:
    time_ns, patience = judged.trace.messages.time_ns, _patience_ns(judged)

    def count(branches: Branches, row: int) -> Value:
        given_up = branches.before.cancel if branches.before else -1
        return sum(
            each.cancel > row
            and not 0 <= given_up < each.cancel
            and bool(time_ns[each.cancel] - time_ns[row] <= patience)
            for each in branches.others
        )

    return _each(judged, count, 0)


@field(
    "forks_left_ringing",
    "number",
    en="Other branches with an 18x before the response that were neither cancelled nor answered in "
    "the time set after it.",
    ja="この応答の前に 18x を返し、応答の後、設定した時間内に取消しも応答もなかった"
    "ほかのブランチの数。",
    settings=("cancel_within_ms",),
)
def _forks_left_ringing(judged: Judged) -> Values:
    time_ns, patience = judged.trace.messages.time_ns, _patience_ns(judged)
    end_ns = last_time(judged.trace)

    def count(branches: Branches, row: int) -> Value:
        until = int(time_ns[row]) + patience
        if until > end_ns:
            return 0
        return sum(
            0 <= each.first_18x < row
            and not any(end >= 0 and time_ns[end] <= until for end in (each.cancel, each.final))
            for each in branches.others
        )

    return _each(judged, count, 0)


@field(
    "answered_elsewhere",
    "number",
    en="Status of the 2xx that another branch of the same fork got.",
    ja="同じフォークの別のブランチが受けた 2xx。",
)
def _answered_elsewhere(judged: Judged) -> Values:
    def status(branches: Branches, row: int) -> Value:
        del row
        return next((s for each in branches.others if (s := each.final_status) // 100 == 2), None)

    return _each(judged, status, None)


@field(
    "tried_elsewhere",
    "text",
    en="Address to which the proxy sent the call after it had got the response.",
    ja="応答を受け取ったプロキシが、その後に呼を送ったアドレス。",
)
def _tried_elsewhere(judged: Judged) -> Values:
    time_ns = judged.trace.messages.time_ns

    def is_new(each: Invite, own: Invite, row: int) -> bool:
        # without a Via below its own the sender is no proxy but the caller
        if each.request < row or len(each.branches) == 1:
            return False
        is_apart = time_ns[each.request] - time_ns[own.request] > _TOGETHER_NS
        return bool(is_apart) or 0 <= own.ack < each.request

    def target(branches: Branches, row: int) -> Value:
        later = [each for each in branches.others if is_new(each, branches.own, row)]
        return endpoint_text(judged.trace, later[0].server) if later else None

    return _each(judged, target, None)


@field(
    "overridden_by",
    "number",
    en="Final status below 600 and no 2xx that the proxy sent on although this branch gave a 6xx; "
    "not the 487 to a caller who gave up.",
    ja="このブランチが 6xx を返したのに、プロキシが上流に返した最終応答（2xx 以外の 600 未満。"
    "発信側の取消しに対する 487 を除く）。",
)
def _overridden_by(judged: Judged) -> Values:
    def status(branches: Branches, row: int) -> Value:
        before = branches.before
        if before is None or before.final <= row or not 300 <= before.final_status < 600:
            return None
        is_given_up = before.final_status == _REQUEST_TERMINATED and before.cancel >= 0
        return None if is_given_up and before.cancel < before.final else before.final_status

    return _each(judged, status, None)


def _each(judged: Judged, of: Callable[[Branches, int], Value], otherwise: Value) -> Coded:
    found = judged.kept(branches_of)
    if not any(found):
        return Coded.constant(otherwise, len(found))
    rows = judged.message_rows.tolist()
    return Coded.of(
        [of(each, row) if each else otherwise for each, row in zip(found, rows, strict=True)]
    )


def endpoint_text(trace: Trace, row: int) -> str:
    """Return address and port of an endpoint as text."""
    address = trace.endpoints.address(row)
    shown = f"[{address}]" if ":" in address else address
    return f"{shown}:{trace.endpoints.port[row]}"
