"""Final responses that elements changed on their way back, and calls sent on after a 6xx.

Hops that were answered, which most were, are passed over in bulk.
"""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from analyzer.frozen import frozen
from analyzer.measure.hop_links import HopColumns
from analyzer.sip.headers import all_header_values, find_header, same_bytes
from analyzer.sip.reason import parse_reasons
from analyzer.tables.hops import Change
from analyzer.tables.schema import ABSENT, Bool, Int8, Int32, Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import pick
from analyzer.tracking.identity import same_text


@frozen
class Changes:
    """Columns parallel to the hops."""

    change: Int8
    """Change bits."""
    changed: Int64
    """The hop whose final response was changed; -1 none."""
    routed_after: Int64
    """A branch that had got a 6xx before this one was begun; -1 none."""


class _Answers:
    """How hops were answered."""

    def __init__(self, hops: HopColumns) -> None:
        transactions = hops.trace.transactions
        self.hops = hops
        self.final: Int32 = transactions.final_row[hops.rows]
        self.status = transactions.final_status[hops.rows]
        self.final_ns = pick(hops.trace.messages.time_ns, self.final, ABSENT)
        self.cancel = transactions.cancel_row[hops.rows]


def find_changes(hops: HopColumns, above: Int64) -> Changes:
    """Compare what elements got with what they sent on."""
    answers = _Answers(hops)
    found = Changes(
        np.zeros(len(hops), np.int8),
        np.full(len(hops), ABSENT, np.int64),
        np.full(len(hops), ABSENT, np.int64),
    )
    pairs = []
    for top, below in _failed(answers, above):
        _find_routes(answers, top, below, found.routed_after)
        got = _passed_on(answers, top, below)
        if got >= 0:
            pairs.append((top, got))
    if pairs:
        _compare(answers, np.array(pairs, np.int64), found)
    return found


def _failed(answers: _Answers, above: Int64) -> Iterator[tuple[int, list[int]]]:
    """Go through the hops that were sent on and failed, or of which a branch got a 6xx, with their
    branches in the order they were seen.
    """
    sent_on = np.flatnonzero(above >= 0)
    has_failed = answers.status >= 300
    has_failed[above[sent_on[answers.status[sent_on] >= 600]]] = True
    branches: dict[int, list[int]] = defaultdict(list)
    for hop in sent_on[has_failed[above[sent_on]]].tolist():
        branches[int(above[hop])].append(hop)
    yield from branches.items()


def _find_routes(answers: _Answers, top: int, below: list[int], routed_after: Int64) -> None:
    """Find branches that an element began after it had got a 6xx (RFC 3261 §16.7 step 5); one that
    seems older than the hop before it was captured by another clock, which says nothing.
    """
    hops = answers.hops
    refused = [hop for hop in below if answers.status[hop] >= 600]
    refused = [hop for hop in refused if hops.sent_ns[hop] >= hops.since_ns[top]]
    for hop in below:
        for other in refused:
            is_later = hop != other and hops.client[hop] == hops.client[other]
            if is_later and hops.sent_ns[hop] > answers.final_ns[other] >= 0:
                routed_after[hop] = other
                break


def _passed_on(answers: _Answers, top: int, below: list[int]) -> int:
    """Return the hop whose final response was, or should have been, sent on; -1 where an element
    gave its own: nothing final came to it before, a branch was answered, the caller gave up, or
    without a 6xx another branch is still open, or was ended by the element itself.
    """
    status, at_ns = int(answers.status[top]), int(answers.final_ns[top])
    if status < 300 or at_ns < 0 or any(answers.status[hop] // 100 == 2 for hop in below):
        return ABSENT
    if answers.cancel[top] >= 0 and status in {408, 487}:
        return ABSENT
    got = [
        hop
        for hop in below
        if 0 <= answers.final_ns[hop] <= at_ns and not _was_given_up(answers, top, hop)
    ]
    retried = [hop for hop in got if answers.status[hop] not in {401, 407}]
    got = retried or got
    if not got:
        return ABSENT
    same = [hop for hop in got if answers.status[hop] == status]
    if same:
        return max(same, key=lambda hop: (answers.final_ns[hop], hop))
    gave_up = status in {408, 504} or any(_was_given_up(answers, top, hop) for hop in below)
    if gave_up and len(got) < len(below) and all(answers.status[hop] < 600 for hop in got):
        return ABSENT
    return max(got, key=lambda hop: (answers.status[hop] >= 600, answers.final_ns[hop], hop))


def _was_given_up(answers: _Answers, top: int, hop: int) -> bool:
    """Tell whether an element cancelled a branch though its caller waits on: that branch's 487 is
    its own doing (RFC 3261 §16.8).
    """
    is_its_own = answers.cancel[hop] >= 0 and answers.cancel[top] < 0
    return bool(is_its_own and answers.status[hop] == 487)


def _compare(answers: _Answers, pairs: Int64, found: Changes) -> None:
    """Note what differs between final responses sent and those received, hop by hop."""
    top, got = pairs[:, 0], pairs[:, 1]
    trace = answers.hops.trace
    sent = answers.final[top].astype(np.int64)
    received = answers.final[got].astype(np.int64)
    is_other = answers.status[top] != answers.status[got]
    phrase_differs = ~same_text(trace, "line", sent, received)
    bits = np.where(is_other, Change.STATUS, 0)
    bits |= np.where(~is_other & phrase_differs, Change.PHRASE, 0)
    bits |= np.where(_lost_reason(trace, received, sent), Change.REASON, 0)
    found.change[top] = bits
    found.changed[top] = np.where(bits > 0, got, ABSENT)


def _lost_reason(trace: Trace, received: Int64, sent: Int64) -> Bool:
    """Tell pair by pair whether a value of Reason was received and not sent on, whole."""
    had, has = (find_header(trace, rows, "Reason") for rows in (received, sent))
    is_lost: Bool = (had.count > 0) & (has.count == 0)
    is_same = (had.count == 1) & (has.count == 1)
    is_same &= same_bytes(trace.spans, had.source, had.pos, had.len, has.source, has.pos, has.len)
    for at in np.flatnonzero((had.count > 0) & (has.count > 0) & ~is_same).tolist():
        before, after = (
            [
                (each.protocol, set(each.parameters))
                for each in parse_reasons(all_header_values(trace, int(rows[at]), "Reason"))
            ]
            for rows in (received, sent)
        )
        is_lost[at] = any(
            not any(protocol == other and said <= kept for other, kept in after)
            for protocol, said in before
        )
    return is_lost
