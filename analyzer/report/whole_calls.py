"""A call → all there is to say of it: sentence, times, legs, path, events, findings, messages."""

import numpy as np

from analyzer.frozen import frozen
from analyzer.in_notebooks import ShownInNotebooks
from analyzer.measure.paths import in_last_attempt
from analyzer.measure.stories import time_on_hold
from analyzer.report.call_media import MediaStory, media_story
from analyzer.report.calls import known
from analyzer.report.ladder import endpoint_name
from analyzer.report.model import Quote, Story
from analyzer.report.proof import quote_messages
from analyzer.report.stories import tell
from analyzer.tables.anomalies import Frame
from analyzer.tables.calls import Party
from analyzer.tables.hops import Change
from analyzer.tables.legs import Confidence, Evidence
from analyzer.tables.schema import ABSENT, Int64
from analyzer.tables.stories import EventKind
from analyzer.tables.trace import Trace

TIMES = (
    "post_dial_delay",
    "ring",
    "early_media",
    "setup",
    "talk",
    "session_request_delay",
    "session_disconnect_delay",
)
"""Columns of CallTable that are told, without `_ns`."""


@frozen
class Hop:
    """One hop of the path."""

    depth: int
    client: str
    server: str
    status: int | None
    reason: str
    answered_ns: int | None
    """INVITE to final response."""
    sent_on_ns: int | None
    """INVITE of the hop before to its own."""
    passed_back_ns: int | None
    """Its final response to that of the hop before."""
    changes: tuple[str, ...]
    """What its server changed in the final response it had got, by the names of Change."""
    after_refusal: bool
    """It was begun after another branch had got a 6xx."""
    is_first: bool
    """Its final response was the first of all hops of the last attempt."""


@frozen
class Leg:
    """A leg that was joined to the call."""

    call_id: str
    evidence: tuple[str, ...]
    confidence: str


@frozen
class Event:
    """Something that happened during the call."""

    since_ns: int
    """Since the first message of the call."""
    frame: Frame
    kind: str
    party: str
    """`caller`, `callee` or `unknown`."""
    status: int | None
    detail: str


@frozen
class Named:
    """A finding about the call."""

    rule: str
    title: str
    case: str
    frame: Frame


@frozen
class WholeCall(ShownInNotebooks):
    """One call whole."""

    story: Story
    times: tuple[tuple[str, int], ...]
    """Names and durations in ns, of those that there are."""
    legs: tuple[Leg, ...]
    """Further legs, and what joined them."""
    hops: tuple[Hop, ...]
    media: MediaStory
    events: tuple[Event, ...]
    findings: tuple[Named, ...]
    messages: tuple[Quote, ...]
    language: str = "en"
    """Of its sentence."""


def whole_call(trace: Trace, row: int, language: str, detail: int) -> WholeCall:
    """Return all there is to say of a call; `detail` is what of its messages (`report.proof`)."""
    (story,) = tell(trace, [("call", row)], language, whole=True)
    rows = np.concatenate(
        [trace.messages_of_transaction.of(each) for each in trace.transactions_of_call.of(row)]
        or [np.zeros(0, np.int64)]
    )
    return WholeCall(
        story=story,
        times=_times(trace, row),
        legs=_legs(trace, row),
        hops=_hops(trace, row),
        media=media_story(trace, row),
        events=_events(trace, row),
        findings=named_findings(trace, trace.findings_of_call.of(row), language),
        messages=quote_messages(trace, np.sort(rows), detail) if detail else (),
        language=language,
    )


def _times(trace: Trace, row: int) -> tuple[tuple[str, int], ...]:
    calls = trace.calls
    found = [(name, int(getattr(calls, f"{name}_ns")[row])) for name in TIMES]
    found.append(("held", time_on_hold(trace, row)))
    return tuple((name, ns) for name, ns in found if ns >= 0)


def _legs(trace: Trace, row: int) -> tuple[Leg, ...]:
    legs = trace.legs
    return tuple(
        Leg(
            trace.text(int(legs.first_row[leg]), "call_id"),
            tuple(each.name.lower() for each in Evidence if legs.evidence[leg] & each),
            Confidence(int(legs.confidence[leg])).name.lower(),
        )
        for leg in trace.legs_of_call.of(row).tolist()
        if legs.joined_row[leg] >= 0
    )


def _hops(trace: Trace, row: int) -> tuple[Hop, ...]:
    places = trace.hops_of_call.of(row)
    first = _first_to_answer(trace, places)
    return tuple(_hop(trace, place, is_first=place == first) for place in places.tolist())


def _hop(trace: Trace, place: int, *, is_first: bool) -> Hop:
    hops, transactions = trace.hops, trace.transactions
    at = int(hops.transaction_row[place])
    final = int(transactions.final_row[at])
    bits = int(hops.change[place])
    return Hop(
        depth=int(hops.depth[place]),
        client=endpoint_name(trace, int(transactions.client_row[at])),
        server=endpoint_name(trace, int(transactions.server_row[at])),
        status=int(transactions.final_status[at]) or None,
        reason=trace.text(final, "line") if final >= 0 else "",
        answered_ns=known(int(transactions.response_delay_ns[at])),
        sent_on_ns=known(int(hops.request_delay_ns[place])),
        passed_back_ns=known(int(hops.response_delay_ns[place])),
        changes=tuple(each.name.lower() for each in Change if bits & each),
        after_refusal=int(hops.routed_after_row[place]) >= 0,
        is_first=is_first,
    )


def _first_to_answer(trace: Trace, places: Int64) -> int:
    """Return the hop whose final response to the last attempt came first, of several only."""
    transactions, time_ns = trace.transactions, trace.messages.time_ns
    if len(places) < 2:
        return ABSENT
    answers = []
    for place in places[in_last_attempt(trace, places)].tolist():
        final = int(transactions.final_row[trace.hops.transaction_row[place]])
        if final >= 0:
            answers.append((int(time_ns[final]), -int(trace.hops.depth[place]), place))
    return min(answers)[2] if answers else ABSENT


def _events(trace: Trace, row: int) -> tuple[Event, ...]:
    events, start_ns = trace.stories.events, int(trace.calls.start_ns[row])
    return tuple(
        Event(
            int(trace.messages.time_ns[events.message_row[at]]) - start_ns,
            trace.frame(int(events.message_row[at])),
            EventKind(int(events.kind[at])).name.lower(),
            Party(int(events.party[at])).name.lower(),
            int(events.status[at]) or None,
            trace.texts[int(events.detail_sym[at])],
        )
        for at in trace.events_of_call.of(row).tolist()
    )


def named_findings(trace: Trace, rows: Int64, language: str) -> tuple[Named, ...]:
    """Return the names of findings."""
    table = trace.findings
    found = []
    for at in rows.tolist():
        rule = trace.rules[int(table.rule[at])]
        title = rule.title.get(language) or rule.title["en"]
        case = rule.cases[int(table.case[at])].id
        found.append(Named(rule.id, title, case, trace.frame(int(table.message_row[at]))))
    return tuple(found)
