"""Fields of a NOTIFY judged by itself: what a 204 before it promised (RFC 5839).

Subscriptions are followed message by message, but only those in which something may be found: a
NOTIFY after a 204, a NOTIFY without body after a condition.
"""

from bisect import bisect_left

import numpy as np

from analyzer.annotate.fields import Coded, Judged, Value, Values, field
from analyzer.frozen import frozen
from analyzer.sip.event import SubscriptionState
from analyzer.sip.headers import find_header, header_values
from analyzer.tables.messages import Method
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace
from analyzer.tables.vector import distinct, first_of_each, is_in

_NS_PER_MS = 1_000_000


@frozen
class Renewal:
    """A SUBSCRIBE that was granted, or whose answer is not in the capture."""

    request: int
    response: int
    """Its 2xx; -1 where that is missing."""
    status: int
    condition: str
    """Suppress-If-Match; empty without one."""


@frozen
class Notice:
    """A NOTIFY."""

    row: int
    tag: str
    state: str
    """State in lower case, with the reason that is given for it."""
    has_body: bool


@frozen
class Course:
    """What happened in one subscription, in the order of the timeline."""

    renewals: tuple[Renewal, ...]
    notices: tuple[Notice, ...]

    def before(self, row: int) -> tuple[Renewal | None, Notice | None]:
        """Return the last SUBSCRIBE and the last NOTIFY before a message; the NOTIFY that a
        SUBSCRIBE triggers may come before its 2xx (RFC 6665 §4.1.2.4).
        """
        renewed = bisect_left([each.request for each in self.renewals], row)
        noticed = bisect_left([each.row for each in self.notices], row)
        return (
            self.renewals[renewed - 1] if renewed else None,
            self.notices[noticed - 1] if noticed else None,
        )


def courses(trace: Trace, subscriptions: Int64) -> dict[int, Course]:
    """Return what happened in some subscriptions."""
    table = trace.transactions
    wanted = (table.request_row >= 0) & is_in(table.subscription_row, subscriptions)
    is_refused = table.final_status >= 300
    granted = wanted & (table.method_sym == Method.SUBSCRIBE) & ~is_refused
    renewals: dict[int, list[Renewal]] = {}
    rows = np.flatnonzero(granted)
    requests = table.request_row[rows].astype(np.int64)
    for number, *each in zip(
        table.subscription_row[rows].tolist(),
        requests.tolist(),
        table.final_row[rows].tolist(),
        table.final_status[rows].tolist(),
        header_values(trace, requests, "Suppress-If-Match"),
        strict=True,
    ):
        request, response, status, condition = each
        made = Renewal(request, response, status, (condition or "").strip())
        renewals.setdefault(number, []).append(made)
    notices: dict[int, list[Notice]] = {}
    rows = np.flatnonzero(wanted & (table.method_sym == Method.NOTIFY))
    requests = table.request_row[rows].astype(np.int64)
    for number, row, tag, state, body in zip(
        table.subscription_row[rows].tolist(),
        requests.tolist(),
        header_values(trace, requests, "SIP-ETag"),
        header_values(trace, requests, "Subscription-State"),
        trace.messages.body_len[requests].tolist(),
        strict=True,
    ):
        made_notice = Notice(row, (tag or "").strip(), state_of(state), body > 0)
        notices.setdefault(number, []).append(made_notice)
    return {
        number: Course(
            tuple(sorted(renewals.get(number, ()), key=lambda each: each.request)),
            tuple(sorted(notices.get(number, ()), key=lambda each: each.row)),
        )
        for number in subscriptions.tolist()
    }


def state_of(value: str | None) -> str:
    """Return the state in a Subscription-State in lower case, with the reason given for it."""
    state = SubscriptionState.parse(value) if value else None
    return f"{state.state.lower()};{state.reason or ''}" if state else ""


@field(
    "notify.after_204",
    "text",
    en="How a NOTIFY after a 204 fits the condition that the 204 confirmed: a repeat of what was "
    "to be suppressed, a change of Subscription-State only, a body that was to be suppressed, a "
    "change of the resource although * mutes it; NOTIFYs that may have crossed the 204, or that a "
    "later SUBSCRIBE triggered, are none of these.",
    ja="204 の後の NOTIFY と、204 が認めた条件との関係。抑止されるべき内容の繰返し、"
    "Subscription-State だけの変化、抑止されるべきボディー、* で通知を止めている間のリソースの変化"
    "のいずれか。204 と行き違った可能性のある NOTIFY と、後の SUBSCRIBE による NOTIFY は"
    "該当しない。",
    choices={
        "repeat": {"en": "repeats what it suppresses", "ja": "抑止対象の繰返し"},
        "state-only": {"en": "changed state, no body", "ja": "状態の変化のみ、ボディーなし"},
        "body": {"en": "changed state, with a body", "ja": "状態の変化、ボディーあり"},
        "muted": {"en": "a change that is muted", "ja": "通知停止中のリソースの変化"},
    },
    settings=("crossing_ms",),
)
def _after_204(judged: Judged) -> Values:
    trace, table = judged.trace, judged.trace.transactions
    is_204 = (table.method_sym == Method.SUBSCRIBE) & (table.final_status == 204)
    own = table.subscription_row[judged.transaction_rows].astype(np.int64)
    begun = first_of_each(table.subscription_row, is_204, len(trace.subscriptions))
    if len(own) == 0 or not (begun >= 0).any():
        return Coded.constant(None, len(judged))
    first = np.where(begun >= 0, table.final_row[begun], len(trace.messages))
    later = np.flatnonzero((own >= 0) & (judged.message_rows > first[own]))
    known = courses(trace, distinct(own[later]))
    crossing_ns = int(float(str(judged.settings["crossing_ms"])) * _NS_PER_MS)
    found: list[Value] = [None] * len(judged)
    for at in later.tolist():
        row = int(judged.message_rows[at])
        found[at] = _judge_notice(trace, known[int(own[at])], row, crossing_ns)
    return found


def _judge_notice(trace: Trace, course: Course, row: int, crossing_ns: int) -> Value:
    renewal, before = course.before(row)
    notice = next(each for each in course.notices if each.row == row)
    if renewal is None or not 0 <= renewal.response < row or renewal.status != 204:
        return None
    if not renewal.condition or before is None:
        return None
    time_ns = trace.messages.time_ns
    if time_ns[row] - time_ns[renewal.response] <= crossing_ns:
        return None
    is_muted = renewal.condition == "*"
    is_same_tag = notice.tag != "" and notice.tag == (before.tag if is_muted else renewal.condition)
    if notice.state == before.state:
        return "repeat" if is_same_tag else "muted" if is_muted else None
    if not (is_same_tag or is_muted):
        return None
    return "body" if notice.has_body else "state-only"


@field(
    "notify.etag_missing",
    "flag",
    en="Whether this is the first NOTIFY after a conditional SUBSCRIBE, of an active subscription, "
    "with neither a body nor a SIP-ETag.",
    ja="条件付き SUBSCRIBE の後の最初の NOTIFY で、状態が active でありながら、ボディーも SIP-ETag"
    "もないかどうか。",
)
def _etag_missing(judged: Judged) -> Values:
    trace, rows = judged.trace, judged.message_rows
    own = trace.transactions.subscription_row[judged.transaction_rows].astype(np.int64)
    found = np.zeros(len(rows), np.bool_)
    bare = np.flatnonzero((own >= 0) & (trace.messages.body_len[rows] == 0))
    bare = bare[find_header(trace, rows[bare], "SIP-ETag").count == 0]
    bare = bare[is_in(own[bare], _conditional(trace))] if len(bare) else bare
    known = courses(trace, distinct(own[bare]))
    for at in bare.tolist():
        course, row = known[int(own[at])], int(rows[at])
        renewal, before = course.before(row)
        if renewal is None or not renewal.condition:
            continue
        if not 0 <= renewal.response < row:
            continue  # it may have been sent before the condition was known
        is_first = before is None or before.row < renewal.response
        # a policy may ask it of any message
        state = next((each.state for each in course.notices if each.row == row), "")
        found[at] = is_first and state.startswith("active;")
    return Coded.flags(found)


def _conditional(trace: Trace) -> Int64:
    """Return the subscriptions in which a SUBSCRIBE carried a condition."""
    table = trace.transactions
    rows = np.flatnonzero(
        (table.method_sym == Method.SUBSCRIBE)
        & (table.request_row >= 0)
        & (table.subscription_row >= 0)
    )
    requests = table.request_row[rows].astype(np.int64)
    has_one = find_header(trace, requests, "Suppress-If-Match").count > 0
    return distinct(table.subscription_row[rows[has_one]].astype(np.int64))
