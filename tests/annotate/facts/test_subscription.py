"""Which entity-tag was notified last."""

from collections.abc import Callable

import numpy as np
import pytest

from analyzer.annotate.facts.subscription import LastTags, compare_tags
from analyzer.annotate.fields import UNKNOWN, Coded, Value
from analyzer.annotate.wording import describe
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


def said(trace: Trace) -> list[tuple[str, str]]:
    """Return case and message of each finding of RSP204."""
    texts = describe(trace, np.arange(len(trace.findings)), trace.rules, "en")
    return [(each.case, each.message) for each in texts if each.rule == "RSP204"]


NOTIFIED = START.replace(";id=1", "").replace("second", "first")
"""The same tag is notified twice."""


def test_a_tag_that_was_notified_twice(trace_of: TraceOf) -> None:
    """A tag may be notified again, before the 204 and after it: it is one tag (RFC 5839 §6.2)."""
    again = """
        +30s <- NOTIFY sip:alice@192.0.2.1 SIP/2.0
           Event: presence
           Subscription-State: pending;expires=3600
           SIP-ETag: first
    """
    trace = trace_of(NOTIFIED + REFRESH.format(event="presence", tag="first") + again)
    assert [case for case, _ in said(trace)] == ["unchanged"]


@pytest.mark.parametrize(
    ("condition", "case"),
    [
        ("old\n           Suppress-If-Match: first", "unchanged"),
        ("first\n           Suppress-If-Match: old", "unchanged"),
        ("old\n           Suppress-If-Match: older", "stale-tag"),
        ("", "unconditional"),
        (",", "unconditional"),
    ],
)
def test_lines_of_the_condition(trace_of: TraceOf, condition: str, case: str) -> None:
    """Each tag of each line counts, an empty one is none (RFC 5839 §7.3)."""
    trace = trace_of(NOTIFIED + REFRESH.format(event="presence", tag=condition))
    assert [each for each, _ in said(trace)] == [case]


@pytest.mark.parametrize("tag", ["FIRST", '"first"'])
def test_a_tag_written_otherwise(trace_of: TraceOf, tag: str) -> None:
    """Another case, or quotes, make another tag (§6.3: byte by byte); the text says so."""
    ((case, message),) = said(trace_of(NOTIFIED + REFRESH.format(event="presence", tag=tag)))
    assert case == "stale-tag"
    assert "quotes or case" in message


RESUMED = """
        -> SUBSCRIBE sip:carol@example.com SIP/2.0
           Call-ID: second@example.com
           To: <sip:{user}@example.com>;tag=n2
           Event: {event}
           Suppress-If-Match: second
           Expires: 3600
        <- SIP/2.0 204 No Notification
           Call-ID: second@example.com
           Expires: 3600
"""


@pytest.mark.parametrize(
    ("user", "event", "is_same"),
    [("bob", "presence", True), ("carol", "presence", False), ("bob", "dialog", False)],
)
def test_a_tag_belongs_to_resource_and_package(
    trace_of: TraceOf,
    user: str,
    event: str,
    is_same: bool,  # noqa: FBT001 - one of the parameters
) -> None:
    """The same text for another resource or package is another tag (RFC 5839 §3, §4)."""
    ((case, message),) = said(trace_of(START + RESUMED.format(user=user, event=event)))
    assert case == "unverified"
    assert ("an earlier one" in message) == is_same


@pytest.mark.parametrize(
    ("granted", "said_so"), [("3600", "but the 204 grants 3600 s"), ("0", "the notifier agreed")]
)
def test_unsubscribed(trace_of: TraceOf, granted: str, said_so: str) -> None:
    """The notifier agrees to the end only where it grants nothing more (RFC 6665 §3.1.1)."""
    text = REFRESH.format(event="presence", tag="first").replace("3600", "0", 1)
    ((case, message),) = said(trace_of(text.replace("3600", granted)))
    assert case == "unsubscribed"
    assert said_so in message


def test_an_expires_that_is_no_number(trace_of: TraceOf) -> None:
    """A 204 whose Expires cannot be read states no duration (RFC 3261 §25.1)."""
    text = REFRESH.format(event="presence", tag="first").replace("3600\n", "soon\n")
    ((_, message),) = said(trace_of(text.replace("soon", "3600", 1)))
    assert "no number of seconds: “soon”" in message
