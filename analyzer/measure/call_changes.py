"""What re-INVITE and UPDATE changed in a call (holds, codecs, media), and what was refused."""

from collections.abc import Iterable, Iterator

from analyzer.measure.call_events import RETRIED, Event, cseq_of, leg_of, tag_of
from analyzer.measure.offers import Stance, stance
from analyzer.tables.calls import Party
from analyzer.tables.messages import Method
from analyzer.tables.schema import ABSENT
from analyzer.tables.stories import EventKind
from analyzer.tables.trace import Trace

CHANGING = (Method.INVITE, Method.UPDATE)
_NEVER = 2**31


class _Said:
    """What both sides last said of their media on one hop: elements on the way may change that."""

    def __init__(self, other: "_Said | None" = None) -> None:
        self.stances: dict[Party, Stance] = dict(other.stances) if other else {}
        self.codec: str = other.codec if other else ""


class _Talk:
    """One leg: who began it, when it was answered, who holds, and what was said on its hops."""

    def __init__(self, caller: int) -> None:
        self.caller = caller
        self.answered = ABSENT
        self.holding: set[Party] = set()
        self._hops: dict[frozenset[str], _Said] = {}

    def on(self, hop: frozenset[str]) -> _Said:
        """Return what was said on a hop; on one that is new, what was on another."""
        if hop not in self._hops:
            self._hops[hop] = _Said(next(iter(self._hops.values()), None))
        return self._hops[hop]


def events_of_changes(trace: Trace, rows: list[int], initial: list[int]) -> Iterator[Event]:
    """Yield what the transactions of a call changed, after what its initial INVITEs agreed."""
    transactions = trace.transactions
    talks: dict[int, _Talk] = {}
    for row in initial:
        talk = talks.setdefault(leg_of(trace, row), _Talk(tag_of(trace, row)))
        is_answered = transactions.final_status[row] // 100 == 2
        if is_answered or talk.answered in {ABSENT, _NEVER}:
            talk.answered = int(transactions.final_row[row]) if is_answered else _NEVER
            _agree(trace, talk.on(_hop(trace, row)), row, Party.CALLER)
    inside = [row for row in rows if transactions.in_dialog[row]]
    changes = [row for row in inside if transactions.method_sym[row] in CHANGING]
    listed = _nearest(trace, changes)
    last: dict[tuple[int, int], int] = {}
    for row in listed:
        side = leg_of(trace, row), tag_of(trace, row)
        last[side] = max(last.get(side, 0), cseq_of(trace, row))
    for row in inside:
        talk = talks.setdefault(leg_of(trace, row), _Talk(tag_of(trace, row)))
        party = Party.CALLER if tag_of(trace, row) == talk.caller else Party.CALLEE
        if row in listed:
            is_retried = cseq_of(trace, row) < last[leg_of(trace, row), tag_of(trace, row)]
            yield from _change(trace, talk, row, party, is_retried)
        elif transactions.method_sym[row] in (*CHANGING, Method.PRACK):
            _agree(trace, talk.on(_hop(trace, row)), row, party)


def _hop(trace: Trace, row: int) -> frozenset[str]:
    transactions, endpoints = trace.transactions, trace.endpoints
    ends = int(transactions.client_row[row]), int(transactions.server_row[row])
    return frozenset(endpoints.address(end) for end in ends)


def _nearest(trace: Trace, rows: Iterable[int]) -> set[int]:
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
    return set(chosen.values())


def _other(party: Party) -> Party:
    return Party.CALLEE if party == Party.CALLER else Party.CALLER


def _exchange(trace: Trace, row: int, party: Party) -> list[tuple[Party, Stance]]:
    """Return offer and answer of a transaction that a 2xx answered, with who made each."""
    transactions = trace.transactions
    said = [
        (party, stance(trace, int(transactions.request_row[row]))),
        (_other(party), _answer(trace, row)),
    ]
    if said[0][1] is None:
        said = [said[1], (party, stance(trace, int(transactions.ack_row[row])))]
    return [(who, what) for who, what in said if what is not None]


def _answer(trace: Trace, row: int) -> Stance | None:
    """Return what the 2xx of a transaction says, else what a 1xx of its dialog had said before
    (RFC 3262 §5, RFC 6337 §2.2).
    """
    messages, final = trace.messages, int(trace.transactions.final_row[row])
    found = stance(trace, final)
    if found is not None or final < 0:
        return found
    own = trace.messages_of_transaction.of(row)
    is_early = (messages.status[own] > 100) & (messages.status[own] < 200)
    is_early &= messages.to_tag_hash[own] == messages.to_tag_hash[final]
    early = (stance(trace, message) for message in own[is_early].tolist())
    return next((each for each in early if each is not None), None)


def _agree(trace: Trace, before: _Said, row: int, party: Party) -> list[tuple[Party, Stance]]:
    """Note what both sides say in a transaction, and return it. A refusal agrees nothing."""
    if trace.transactions.final_status[row] >= 300:
        return []
    said = _exchange(trace, row, party)
    before.stances.update(said)
    # what a PRACK alone says answers the offer of the 1xx that it acknowledges
    if len(said) > 1 or (said and trace.transactions.method_sym[row] == Method.PRACK):
        before.codec = said[-1][1].codec
    return said


def _change(
    trace: Trace,
    talk: _Talk,
    row: int,
    party: Party,
    is_retried: bool,  # noqa: FBT001 - a fact: the same side asked again
) -> Iterator[Event]:
    """Yield what a re-INVITE or UPDATE changed, or that it was refused."""
    transactions = trace.transactions
    status, leg = int(transactions.final_status[row]), leg_of(trace, row)
    request, final = int(transactions.request_row[row]), int(transactions.final_row[row])
    if final < 0:
        return
    if status >= 300:
        # a CANCEL or a BYE ended what got a 487: nobody refused it
        if status == 487 or (status in RETRIED and is_retried):
            return
        kind = EventKind.GLARE if status == 491 else EventKind.CHANGE_REFUSED
        yield Event(kind, party, final, status, trace.text(final, "line"), leg)
        return
    now = talk.on(_hop(trace, row))
    before, codec = dict(now.stances), now.codec
    said = _agree(trace, now, row, party)
    changed = False
    for kind, who, detail in _differences(talk.holding, before, (codec, now.codec), said):
        changed = True
        yield Event(kind, who, request, status, detail, leg)
    # an UPDATE before the answer refreshes nothing: there is no session yet (RFC 4028 §3)
    if not changed and final > talk.answered:
        yield Event(EventKind.REFRESHED, party, request, status, "", leg)


def _differences(
    holding: set[Party],
    before: dict[Party, Stance],
    codecs: tuple[str, str],
    said: list[tuple[Party, Stance]],
) -> Iterator[tuple[EventKind, Party, str]]:
    """Yield what offer and answer changed. An answer to an offer that leaves all open says what its
    own side wants (RFC 3264 §6.1); to any other it only fits.
    """
    if not said:
        return
    who, offer = said[0]
    is_open = offer.direction == "sendrecv" and not offer.holds
    for side, what in said if is_open else said[:1]:
        yield from _change_of_side(holding, before.get(side), side, what)
    if all(codecs) and codecs[0] != codecs[1]:
        yield EventKind.CODECS_CHANGED, who, " → ".join(codecs)


def _change_of_side(
    holding: set[Party], earlier: Stance | None, who: Party, now: Stance
) -> Iterator[tuple[EventKind, Party, str]]:
    is_new = earlier is None or earlier.direction != now.direction or earlier.holds != now.holds
    if now.holds and is_new and who not in holding:
        holding.add(who)
        yield EventKind.HELD, who, now.direction
    elif not now.holds and who in holding:
        holding.discard(who)
        yield EventKind.RESUMED, who, now.direction
    elif earlier and earlier.place != now.place and not now.holds:
        yield EventKind.MEDIA_MOVED, who, f"{earlier.place} → {now.place}"
