"""What re-INVITE and UPDATE changed in a call (holds, codecs, media), and what was refused."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from analyzer.measure.call_events import RETRIED, Event, cseq_of, leg_of, tag_of
from analyzer.measure.offers import Stance, stance
from analyzer.tables.calls import Party
from analyzer.tables.messages import Method
from analyzer.tables.stories import EventKind
from analyzer.tables.trace import Trace

CHANGING = (Method.INVITE, Method.UPDATE)


class _Talk:
    """What both sides of one leg last said of their media."""

    def __init__(self) -> None:
        self.stances: dict[Party, Stance] = {}
        self.holding: set[Party] = set()
        self.codec = ""


def events_of_changes(trace: Trace, rows: list[int], initial: list[int]) -> Iterator[Event]:
    """Yield what the transactions of a call changed, after what its initial INVITEs agreed."""
    transactions = trace.transactions
    talks: dict[int, _Talk] = defaultdict(_Talk)
    callers: dict[int, int] = {}
    for row in initial:
        leg = leg_of(trace, row)
        callers.setdefault(leg, tag_of(trace, row))
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
        leg = leg_of(trace, row)
        caller = callers.setdefault(leg, tag_of(trace, row))
        party = Party.CALLER if tag_of(trace, row) == caller else Party.CALLEE
        yield from _change(trace, talks[leg], row, party, _is_retried(trace, row, listed))


def _nearest(trace: Trace, rows: Iterable[int]) -> list[int]:
    """Return of the hops of each request the first that got a final response, else the first."""
    chosen: dict[tuple[int, int, int, int], int] = {}
    for row in rows:
        method = int(trace.transactions.method_sym[row])
        key = (leg_of(trace, row), tag_of(trace, row), method, cseq_of(trace, row))
        known = chosen.get(key)
        if known is None or (
            trace.transactions.final_row[known] < 0 <= trace.transactions.final_row[row]
        ):
            chosen[key] = row
    return sorted(chosen.values(), key=lambda row: int(trace.transactions.first_row[row]))


def _is_retried(trace: Trace, row: int, others: list[int]) -> bool:
    """Tell whether the same side asked again after a challenge or a glare."""
    return any(
        (leg_of(trace, other), tag_of(trace, other)) == (leg_of(trace, row), tag_of(trace, row))
        and cseq_of(trace, other) > cseq_of(trace, row)
        for other in others
    )


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
) -> Iterator[Event]:
    """Yield what a re-INVITE or UPDATE changed, or that it was refused."""
    transactions = trace.transactions
    status, leg = int(transactions.final_status[row]), leg_of(trace, row)
    request, final = int(transactions.request_row[row]), int(transactions.final_row[row])
    if final < 0:
        return
    if status >= 300:
        if status in RETRIED and is_retried:
            return
        kind = EventKind.GLARE if status == 491 else EventKind.CHANGE_REFUSED
        yield Event(kind, party, final, status, trace.text(final, "line"), leg)
        return
    before, codec = dict(talk.stances), talk.codec
    said = _agree(trace, talk, row, party)
    changed = False
    for kind, who, detail in _differences(talk, before, codec, said):
        changed = True
        yield Event(kind, who, request, status, detail, leg)
    if not changed:
        yield Event(EventKind.REFRESHED, party, request, status, "", leg)


def _answered(talk: _Talk, who: Party, answer: Stance) -> Iterator[tuple[EventKind, Party, str]]:
    """Yield whether who answers holds or resumes: the other side offered to send and receive."""
    if answer.holds and who not in talk.holding:
        talk.holding.add(who)
        yield EventKind.HELD, who, answer.direction
    elif not answer.holds and who in talk.holding:
        talk.holding.discard(who)
        yield EventKind.RESUMED, who, answer.direction


def _differences(
    talk: _Talk,
    before: dict[Party, Stance],
    codec: str,
    said: list[tuple[Party, Stance]],
) -> Iterator[tuple[EventKind, Party, str]]:
    if not said:
        return
    who, offer = said[0]
    if len(said) > 1 and offer.direction == "sendrecv" and not offer.holds:
        yield from _answered(talk, *said[1])
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
