"""Which entity-tag was notified last."""

from collections.abc import Callable

import numpy as np
import pytest

from analyzer.annotate.facts.subscription import LastTags, compare_tags
from analyzer.annotate.fields import UNKNOWN, Coded, Value
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


@pytest.mark.parametrize(
    ("asked", "notified", "expected"),
    [
        ("a", ("a",), "current"),
        ("a", ("b",), "stale"),
        ("a", ("a", "b"), "current"),
        ("a, b", ("b",), "current"),
        ("A", ("a",), "stale"),
        ("a", (), "unseen"),
        (None, ("a",), "unseen"),
        (UNKNOWN, ("a",), "unseen"),
    ],
)
def test_compare(asked: Value, notified: tuple[str, ...], expected: str) -> None:
    """Tags are compared byte by byte (RFC 5839 §6.3); without one of them nothing is known."""
    tags = ["other", *notified]
    first, last = (1, len(notified)) if notified else (-1, -1)
    made = LastTags(np.array([first]), np.array([last]), tags)
    assert list(compare_tags(Coded.of([asked]), made)) == [expected]


REFRESH = """
        +60s -> SUBSCRIBE sip:bob@example.com SIP/2.0
           To: <sip:bob@example.com>;tag=n1
           Event: {event}
           Suppress-If-Match: {tag}
           Expires: 3600
        <- SIP/2.0 204 No Notification
           Expires: 3600
"""
START = """
        -> SUBSCRIBE sip:bob@example.com SIP/2.0
           Event: presence;id=1
           Expires: 3600
        <- SIP/2.0 200 OK
           To: <sip:bob@example.com>;tag=n1
           Expires: 3600
        <- NOTIFY sip:alice@192.0.2.1 SIP/2.0
           Event: presence;id=1
           Subscription-State: active;expires=3600
           SIP-ETag: first
        -> SIP/2.0 200 OK
        +1s <- NOTIFY sip:alice@192.0.2.1 SIP/2.0
           Event: presence;id=1
           Subscription-State: active;expires=3600
           SIP-ETag: second
        +0.5s <- again NOTIFY
        -> SIP/2.0 200 OK
"""
SAME_AGAIN = """
        +1s <- NOTIFY sip:alice@192.0.2.1 SIP/2.0
           Event: presence;id=1
           Subscription-State: active;expires=3600
           SIP-ETag: second
        -> SIP/2.0 200 OK
"""


@pytest.mark.parametrize("order", ["{refresh}{again}", "{again}{refresh}"])
def test_a_tag_that_is_notified_several_times_is_one_tag(trace_of: TraceOf, order: str) -> None:
    """NOTIFYs with one tag, after the 204 or before it, leave that tag the current one."""
    refresh = REFRESH.format(event="presence;id=1", tag="second")
    trace = trace_of(START + order.format(refresh=refresh, again=SAME_AGAIN))
    rule = next(each for each in trace.rules if each.id == "RSP204")
    is_204 = trace.findings.rule == trace.rules.index(rule)
    assert [rule.cases[each].id for each in trace.findings.case[is_204].tolist()] == ["unchanged"]


@pytest.mark.parametrize(
    ("event", "tag", "case"),
    [
        ("presence;id=1", "second", "unchanged"),
        ("presence;id=1", "first", "stale-tag"),
        ("presence;id=2", "first", "unverified"),
    ],
)
def test_the_last_notify_of_the_subscription_counts(
    trace_of: TraceOf, event: str, tag: str, case: str
) -> None:
    """The last tag of the same dialog and Event id is compared, repeats of a NOTIFY aside."""
    trace = trace_of(START + REFRESH.format(event=event, tag=tag))
    rule = next(each for each in trace.rules if each.id == "RSP204")
    assert [rule.cases[each].id for each in trace.findings.case.tolist()] == [case]
