"""Subscriptions by dialog and Event (RFC 6665, RFC 5839)."""

from collections.abc import Callable

from analyzer.tables.trace import Trace
from tables import table

TraceOf = Callable[[str], Trace]


def test_a_subscription_with_its_notifys_and_a_204(trace_of: TraceOf) -> None:
    """SUBSCRIBE, NOTIFY and a refresh that a 204 answers are one subscription."""
    trace = trace_of("""
        -> SUBSCRIBE sip:bob@example.com SIP/2.0
           Event: presence
           Expires: 600
        <- SIP/2.0 200 OK
           Expires: 600
        <- NOTIFY sip:alice@example.com SIP/2.0
           Event: presence
           Subscription-State: active;expires=599
           SIP-ETag: tag1
        -> SIP/2.0 200 OK
        +500s -> SUBSCRIBE sip:bob@example.com SIP/2.0
           To: <sip:bob@example.com>;tag=b1
           Event: presence
           Suppress-If-Match: tag1
           Expires: 600
        <- SIP/2.0 204 No Notification
           Expires: 300
    """)
    columns = ("event", "refreshes", "notifies", "suppressed", "expires_s", "last_etag", "state")
    assert (
        table(trace.subscriptions, *columns, texts=trace.texts)
        == """
        event     refreshes  notifies  suppressed  expires_s  last_etag  state
        presence  1          1         1           300        tag1       active
    """
    )


def test_the_notify_may_come_before_the_answer(trace_of: TraceOf) -> None:
    """The NOTIFY creates the dialog, also before the 2xx (RFC 6665 §4.4.1)."""
    trace = trace_of("""
        -> SUBSCRIBE sip:bob@example.com SIP/2.0
           Event: presence
        <- NOTIFY sip:alice@example.com SIP/2.0
           Event: presence
           Subscription-State: pending
        -> SIP/2.0 200 OK
        <- SIP/2.0 200 OK
           CSeq: 1 SUBSCRIBE
    """)
    assert trace.transactions.subscription_row.tolist() == [0, 0]
    assert (
        table(trace.subscriptions, "state", "notifies")
        == """
        state    notifies
        pending  1
    """
    )


def test_events_with_different_ids_are_different_subscriptions(trace_of: TraceOf) -> None:
    """Package and id are compared byte by byte (RFC 6665 §8.2.1)."""
    trace = trace_of("""
        -> SUBSCRIBE sip:bob@example.com SIP/2.0
           Event: dialog;id=1
        <- SIP/2.0 200 OK
        -> SUBSCRIBE sip:bob@example.com SIP/2.0
           To: <sip:bob@example.com>;tag=b1
           Event: dialog;id=2
        <- SIP/2.0 200 OK
    """)
    assert (
        table(trace.subscriptions, "event", texts=trace.texts)
        == """
        event
        dialog;id=1
        dialog;id=2
    """
    )


def test_a_forked_subscribe_gives_a_subscription_per_notifier(trace_of: TraceOf) -> None:
    """Each notifier that notifies has a dialog of its own (RFC 6665 §4.1.4)."""
    notify = """
        <- NOTIFY sip:alice@example.com SIP/2.0
           From: <sip:bob@example.com>;tag={}
           To: <sip:alice@example.com>;tag=a1
           Event: presence
           Subscription-State: active
    """
    trace = trace_of(
        """
        -> SUBSCRIBE sip:bob@example.com SIP/2.0
           Event: presence
        <- SIP/2.0 200 OK
           To: <sip:bob@example.com>;tag=x
    """
        + notify.format("x")
        + notify.format("y")
    )
    assert trace.transactions.subscription_row.tolist() == [0, 0, 1]


def test_refused_and_ended_subscriptions(trace_of: TraceOf) -> None:
    """A refusal, a 481 to a refresh and a 204 to an unsubscribe end what they should."""
    trace = trace_of("""
        a->n SUBSCRIBE sip:one@example.com SIP/2.0
           Call-ID: refused
        n->a SIP/2.0 603 Decline
        a->n SUBSCRIBE sip:two@example.com SIP/2.0
           Call-ID: gone
           To: <sip:two@example.com>;tag=n1
        n->a SIP/2.0 481 Subscription does not exist
        a->n SUBSCRIBE sip:three@example.com SIP/2.0
           Call-ID: over
           To: <sip:three@example.com>;tag=n1
           Suppress-If-Match: x
           Expires: 0
        n->a SIP/2.0 204 No Notification
    """)
    assert (
        table(trace.subscriptions, "state", "suppressed", "final_status")
        == """
        state       suppressed  final_status
        refused     0           603
        terminated  0           481
        terminated  1           204
    """
    )


def test_a_notify_outside_any_dialog_is_no_subscription(trace_of: TraceOf) -> None:
    """Unsolicited message-waiting indications have no dialog."""
    trace = trace_of("""
        -> NOTIFY sip:bob@example.com SIP/2.0
           To: <sip:bob@example.com>
           Event: message-summary
    """)
    assert len(trace.subscriptions) == 0


def test_what_a_proxy_sends_on_counts_once(trace_of: Callable[[str], Trace]) -> None:
    """SUBSCRIBE, its refresh and NOTIFY over two hops are one each (RFC 6665 §4.1, §4.2)."""
    inside = "To: <sip:bob@example.com>;tag=b1"
    trace = trace_of(f"""
        a->p SUBSCRIBE sip:bob@example.com SIP/2.0
           Event: presence
        p->n SUBSCRIBE sip:bob@192.0.2.9 SIP/2.0
           Event: presence
        n->p SIP/2.0 200 OK
           To: <sip:bob@example.com>;tag=b1
           Expires: 600
        p->a SIP/2.0 200 OK
           To: <sip:bob@example.com>;tag=b1
           Expires: 600
        n->p NOTIFY sip:alice@192.0.2.1 SIP/2.0
           From: <sip:bob@example.com>;tag=b1
           To: <sip:alice@example.com>;tag=a1
           CSeq: 7 NOTIFY
           Event: presence
           Subscription-State: active;expires=600
        p->a NOTIFY sip:alice@192.0.2.1 SIP/2.0
           From: <sip:bob@example.com>;tag=b1
           To: <sip:alice@example.com>;tag=a1
           CSeq: 7 NOTIFY
           Event: presence
           Subscription-State: active;expires=600
        a->p SUBSCRIBE sip:bob@192.0.2.9 SIP/2.0
           {inside}
           Event: presence
        p->n SUBSCRIBE sip:bob@192.0.2.9 SIP/2.0
           {inside}
           Event: presence
        n->p SIP/2.0 200 OK
           Expires: 600
        p->a SIP/2.0 200 OK
           Expires: 600
    """)
    assert (
        table(trace.subscriptions, "refreshes", "notifies", "state")
        == """
        refreshes  notifies  state
        1          1         active
    """
    )
