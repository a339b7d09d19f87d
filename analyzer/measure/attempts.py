"""What happened before a call was decided: retries, ends of early dialogs, further answers."""

from collections.abc import Iterator

from analyzer.measure.call_events import RETRIED, Event, cseq_of, leg_of
from analyzer.tables.calls import Party
from analyzer.tables.schema import ABSENT, Bool
from analyzer.tables.stories import EventKind
from analyzer.tables.trace import Trace
from analyzer.tables.vector import pick


def crossed(trace: Trace) -> Bool:
    """Tell which calls a CANCEL was sent for that another final response than 487 decided."""
    status = trace.calls.final_status
    cancel = pick(trace.transactions.cancel_row, trace.calls.transaction_row, ABSENT)
    crossed: Bool = (cancel >= 0) & (status >= 200) & (status != 487)
    return crossed


def events_before_the_answer(trace: Trace, call: int, initial: list[int]) -> Iterator[Event]:
    """Yield the events of a call until it was decided; `initial` are its initial INVITEs."""
    transactions = trace.transactions
    yield from _retries(trace, initial)
    deciding = int(trace.calls.transaction_row[call])
    yield from _forks(trace, deciding)
    cancel = int(transactions.cancel_row[deciding]) if deciding >= 0 else ABSENT
    status = int(trace.calls.final_status[call])
    if cancel >= 0 and status not in {0, 487}:
        yield Event(EventKind.CANCEL_CROSSED, Party.CALLER, cancel, status)


def _retries(trace: Trace, initial: list[int]) -> Iterator[Event]:
    """Yield the answers to initial INVITEs after which the same side tried again."""
    transactions = trace.transactions
    told: set[tuple[int, int]] = set()
    last: dict[int, int] = {}
    for row in initial:
        leg = leg_of(trace, row)
        last[leg] = max(last.get(leg, 0), cseq_of(trace, row))
    for row in initial:
        leg, cseq, status = (
            leg_of(trace, row),
            cseq_of(trace, row),
            int(transactions.final_status[row]),
        )
        kind = EventKind.REDIRECTED if 300 <= status < 400 else RETRIED.get(status)
        if kind is not None and cseq < last[leg] and (leg, cseq) not in told:
            told.add((leg, cseq))
            final = int(transactions.final_row[row])
            yield Event(kind, Party.CALLEE, final, status, trace.text(final, "line"), leg)


def _forks(trace: Trace, deciding: int) -> Iterator[Event]:
    """Yield the ends of early dialogs, and answers after the first."""
    if deciding < 0:
        return
    messages = trace.messages
    answered: set[int] = set()
    ended: set[int] = set()
    leg = leg_of(trace, deciding)
    for row in trace.messages_of_transaction.of(deciding).tolist():
        status, tag = int(messages.status[row]), int(messages.to_tag_hash[row])
        if status == 199 and tag not in ended:
            ended.add(tag)
            yield Event(EventKind.FORK_ENDED, Party.CALLEE, row, status, "", leg)
        if 200 <= status < 300 and tag not in answered:
            if answered:
                yield Event(EventKind.ANSWERED_AGAIN, Party.CALLEE, row, status, "", leg)
            answered.add(tag)
