"""Transactions of calls → what happened during each: retries, holds, changes, transfers.

Only calls in which something happened are gone through. A request that passed several hops is one
event, and so is one that a back-to-back user agent repeats on the other leg.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

from analyzer.frozen import frozen
from analyzer.measure.offers import Stance, stance
from analyzer.measure.session_intervals import is_overdue, session_intervals, unrefreshed
from analyzer.measure.transfers import find_transfers
from analyzer.tables.calls import Party
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT, Bool, Int64
from analyzer.tables.stories import CallEventTable, EventKind, Stories, StoryTable
from analyzer.tables.trace import Trace
from analyzer.tables.vector import pick

RETRIED = {
    401: EventKind.CHALLENGED,
    407: EventKind.CHALLENGED,
    422: EventKind.TIMER_RAISED,
}
"""Answers after which a call is tried again; so are all 3xx."""
CHANGING = (Method.INVITE, Method.UPDATE)
_ECHO_NS = 4_000_000_000
"""Within this time an event on another leg is the same event, passed on."""


@frozen
class _Event:
    kind: EventKind
    party: Party
    message: int
    status: int = 0
    detail: str = ""
    leg: int = 0
    """Hash of the Call-ID."""


class _Talk:
    """What both sides of one leg last said of their media."""

    def __init__(self) -> None:
        self.stances: dict[Party, Stance] = {}
        self.holding: set[Party] = set()
        self.codec = ""


def tell_stories(trace: Trace) -> Stories:
    """Return what happened during all calls."""
    transfers = find_transfers(trace)
    events: list[tuple[int, _Event]] = []
    held = np.full(len(trace.calls), ABSENT, np.int64)
    for call in np.flatnonzero(_is_eventful(trace)).tolist():
        listed = _listed(trace, call)
        held[call] = _held(trace, call, listed)
        events += [(call, event) for event in listed]
    expires_s = session_intervals(trace)
    events += _not_refreshed(trace, expires_s)
    events.sort(key=lambda pair: (pair[1].message, pair[0]))
    table = CallEventTable.from_rows(
        [
            (
                call,
                each.kind,
                each.party,
                each.message,
                each.status,
                trace.texts.intern(each.detail),
            )
            for call, each in events
        ]
    )
    count = len(trace.calls)
    refreshed = [call for call, each in events if each.kind == EventKind.REFRESHED]
    last_transfer = np.full(count, ABSENT, np.int32)
    last_transfer[transfers.call_row] = np.arange(len(transfers))
    story = StoryTable(
        held_ns=held,
        session_expires_s=expires_s,
        session_refreshes=np.bincount(np.array(refreshed, np.int64), minlength=count),
        transfer_row=last_transfer,
    )
    return Stories(table, transfers, story)


def _is_eventful(trace: Trace) -> Bool:
    """Tell which calls have a change inside their dialog, a retry, several To tags or a 199."""
    transactions, messages = trace.transactions, trace.messages
    is_change = transactions.in_dialog & np.isin(transactions.method_sym, CHANGING)
    found = np.zeros(len(trace.calls), np.bool_)
    found[transactions.call_row[is_change & (transactions.call_row >= 0)]] = True
    found |= (trace.calls.attempts > 1) | (trace.calls.forks > 1)
    found |= _crossed(trace)
    early = np.flatnonzero((messages.status == 199) & (trace.links.transaction_row >= 0))
    calls = transactions.call_row[trace.links.transaction_row[early]] if len(early) else early
    found[calls[calls >= 0]] = True
    return found


def _crossed(trace: Trace) -> Bool:
    """Tell which calls a CANCEL was sent for that another final response than 487 decided."""
    status = trace.calls.final_status
    cancel = pick(trace.transactions.cancel_row, trace.calls.transaction_row, ABSENT)
    crossed: Bool = (cancel >= 0) & (status >= 200) & (status != 487)
    return crossed


def _events(trace: Trace, call: int) -> Iterator[_Event]:
    rows = trace.transactions_of_call.of(call).tolist()
    transactions = trace.transactions
    initial = [
        row
        for row in rows
        if transactions.method_sym[row] == Method.INVITE and not transactions.in_dialog[row]
    ]
    yield from _retries(trace, initial)
    deciding = int(trace.calls.transaction_row[call])
    yield from _forks(trace, deciding)
    cancel = int(transactions.cancel_row[deciding]) if deciding >= 0 else ABSENT
    status = int(trace.calls.final_status[call])
    if cancel >= 0 and status not in {0, 487}:
        yield _Event(EventKind.CANCEL_CROSSED, Party.CALLER, cancel, status)
    talks: dict[int, _Talk] = defaultdict(_Talk)
    callers: dict[int, int] = {}
    for row in initial:
        leg = _leg(trace, row)
        callers.setdefault(leg, _tag(trace, row))
        if leg not in talks or transactions.final_status[row] // 100 == 2:
            talks[leg] = _Talk()
            _agree(trace, talks[leg], row, Party.CALLER)
    changes = [
        row
        for row in rows
        if transactions.in_dialog[row] and transactions.method_sym[row] in CHANGING
    ]
    listed = _nearest(trace, changes)
    for row in listed:
        leg = _leg(trace, row)
        caller = callers.setdefault(leg, _tag(trace, row))
        party = Party.CALLER if _tag(trace, row) == caller else Party.CALLEE
        yield from _change(trace, talks[leg], row, party, _is_retried(trace, row, listed))


def _leg(trace: Trace, row: int) -> int:
    return int(trace.messages.call_id_hash[trace.transactions.first_row[row]])


def _tag(trace: Trace, row: int) -> int:
    return int(trace.messages.from_tag_hash[trace.transactions.first_row[row]])


def _cseq(trace: Trace, row: int) -> int:
    return int(trace.messages.cseq[trace.transactions.first_row[row]])


def _nearest(trace: Trace, rows: Iterable[int]) -> list[int]:
    """Return of the hops of each request the first that got a final response, else the first."""
    chosen: dict[tuple[int, int, int, int], int] = {}
    for row in rows:
        method = int(trace.transactions.method_sym[row])
        key = (_leg(trace, row), _tag(trace, row), method, _cseq(trace, row))
        known = chosen.get(key)
        if known is None or (
            trace.transactions.final_row[known] < 0 <= trace.transactions.final_row[row]
        ):
            chosen[key] = row
    return sorted(chosen.values(), key=lambda row: int(trace.transactions.first_row[row]))


def _is_retried(trace: Trace, row: int, others: list[int]) -> bool:
    """Tell whether the same side asked again after a challenge or a glare."""
    return any(
        (_leg(trace, other), _tag(trace, other)) == (_leg(trace, row), _tag(trace, row))
        and _cseq(trace, other) > _cseq(trace, row)
        for other in others
    )


def _retries(trace: Trace, initial: list[int]) -> Iterator[_Event]:
    """Yield the answers to initial INVITEs after which the same side tried again."""
    transactions = trace.transactions
    told: set[tuple[int, int]] = set()
    last: dict[int, int] = {}
    for row in initial:
        leg = _leg(trace, row)
        last[leg] = max(last.get(leg, 0), _cseq(trace, row))
    for row in initial:
        leg, cseq, status = _leg(trace, row), _cseq(trace, row), int(transactions.final_status[row])
        kind = EventKind.REDIRECTED if 300 <= status < 400 else RETRIED.get(status)
        if kind is not None and cseq < last[leg] and (leg, cseq) not in told:
            told.add((leg, cseq))
            final = int(transactions.final_row[row])
            yield _Event(kind, Party.CALLEE, final, status, trace.text(final, "line"), leg)


def _forks(trace: Trace, deciding: int) -> Iterator[_Event]:
    """Yield the ends of early dialogs, and answers after the first."""
    if deciding < 0:
        return
    messages = trace.messages
    answered: set[int] = set()
    ended: set[int] = set()
    leg = _leg(trace, deciding)
    for row in trace.messages_of_transaction.of(deciding).tolist():
        status, tag = int(messages.status[row]), int(messages.to_tag_hash[row])
        if status == 199 and tag not in ended:
            ended.add(tag)
            yield _Event(EventKind.FORK_ENDED, Party.CALLEE, row, status, "", leg)
        if 200 <= status < 300 and tag not in answered:
            if answered:
                yield _Event(EventKind.ANSWERED_AGAIN, Party.CALLEE, row, status, "", leg)
            answered.add(tag)


def _other(party: Party) -> Party:
    return Party.CALLEE if party == Party.CALLER else Party.CALLER


def _exchange(trace: Trace, row: int, party: Party) -> list[tuple[Party, Stance]]:
    """Return offer and answer of a transaction that a 2xx answered, with who made each."""
    transactions = trace.transactions
    said = [
        (party, stance(trace, int(transactions.request_row[row]))),
        (_other(party), stance(trace, int(transactions.final_row[row]))),
    ]
    if said[0][1] is None:
        said = [said[1], (party, stance(trace, int(transactions.ack_row[row])))]
    return [(who, what) for who, what in said if what is not None]


def _agree(trace: Trace, talk: _Talk, row: int, party: Party) -> list[tuple[Party, Stance]]:
    """Note what both sides say in a transaction, and return it."""
    said = _exchange(trace, row, party)
    for who, what in said:
        talk.stances[who] = what
    if len(said) > 1:
        talk.codec = said[1][1].codec
    return said


def _change(
    trace: Trace,
    talk: _Talk,
    row: int,
    party: Party,
    is_retried: bool,  # noqa: FBT001 - a fact
) -> Iterator[_Event]:
    """Yield what a re-INVITE or UPDATE changed, or that it was refused."""
    transactions = trace.transactions
    status, leg = int(transactions.final_status[row]), _leg(trace, row)
    request, final = int(transactions.request_row[row]), int(transactions.final_row[row])
    if final < 0:
        return
    if status >= 300:
        if status in RETRIED and is_retried:
            return
        kind = EventKind.GLARE if status == 491 else EventKind.CHANGE_REFUSED
        yield _Event(kind, party, final, status, trace.text(final, "line"), leg)
        return
    before, codec = dict(talk.stances), talk.codec
    said = _agree(trace, talk, row, party)
    changed = False
    for kind, who, detail in _differences(talk, before, codec, said):
        changed = True
        yield _Event(kind, who, request, status, detail, leg)
    if not changed:
        yield _Event(EventKind.REFRESHED, party, request, status, "", leg)


def _differences(
    talk: _Talk,
    before: dict[Party, Stance],
    codec: str,
    said: list[tuple[Party, Stance]],
) -> Iterator[tuple[EventKind, Party, str]]:
    if not said:
        return
    who, offer = said[0]
    earlier = before.get(who)
    is_new = earlier is None or earlier.direction != offer.direction or earlier.holds != offer.holds
    if offer.holds and is_new and who not in talk.holding:
        talk.holding.add(who)
        yield EventKind.HELD, who, offer.direction
    elif not offer.holds and who in talk.holding:
        talk.holding.discard(who)
        yield EventKind.RESUMED, who, offer.direction
    elif earlier and earlier.place != offer.place and not offer.holds:
        yield EventKind.MEDIA_MOVED, who, f"{earlier.place} → {offer.place}"
    if codec and talk.codec and codec != talk.codec:
        yield EventKind.CODECS_CHANGED, who, f"{codec} → {talk.codec}"


def _once(trace: Trace, events: list[_Event]) -> list[_Event]:
    """Leave out what another leg repeats."""
    kept: list[_Event] = []
    for event in events:
        at_ns = int(trace.messages.time_ns[event.message])
        is_echo = any(
            (each.kind, each.party) == (event.kind, event.party)
            and each.leg != event.leg
            and at_ns - int(trace.messages.time_ns[each.message]) <= _ECHO_NS
            for each in kept
        )
        if not is_echo:
            kept.append(event)
    return kept


def _held(trace: Trace, call: int, events: list[_Event]) -> int:
    """Return how long a call was on hold by one side or both, -1 for never."""
    holding: set[Party] = set()
    since, total, was_held = 0, 0, False
    for event in events:
        at_ns = int(trace.messages.time_ns[event.message])
        if event.kind == EventKind.HELD:
            was_held, since = True, since if holding else at_ns
            holding.add(event.party)
        elif event.kind == EventKind.RESUMED and event.party in holding:
            holding.discard(event.party)
            total += 0 if holding else at_ns - since
    if holding:
        end = int(trace.calls.end_row[call])
        end = end if end >= 0 else int(trace.calls.last_row[call])
        copied = int(trace.links.copy_of_row[end])
        end_ns = int(trace.messages.time_ns[copied if copied >= 0 else end])
        total += max(0, end_ns - since)
    return total if was_held else ABSENT


def time_on_hold(trace: Trace, call: int) -> int:
    """Return how long one call was on hold, -1 for never, without looking at the others."""
    return _held(trace, call, _listed(trace, call)) if _is_eventful(trace)[call] else ABSENT


def _listed(trace: Trace, call: int) -> list[_Event]:
    return _once(trace, sorted(_events(trace, call), key=lambda event: event.message))


def _not_refreshed(trace: Trace, expires_s: Int64) -> list[tuple[int, _Event]]:
    """Return the calls whose session interval ran out without a refresh."""
    calls = trace.calls
    shown = np.where(calls.end_row >= 0, calls.end_row, calls.last_row)
    return [
        (call, _Event(EventKind.NOT_REFRESHED, Party.UNKNOWN, int(shown[call])))
        for call in np.flatnonzero(is_overdue(expires_s, unrefreshed(trace))).tolist()
    ]
