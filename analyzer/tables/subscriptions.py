"""Subscriptions as columns."""

from enum import IntEnum

from analyzer.tables.schema import Bool, Int8, Int32, Int64, Table, column


class SubscriptionState(IntEnum):
    """State of a subscription when the capture last showed it (RFC 6665 §4.1.3)."""

    INCOMPLETE = 1
    PENDING = 2
    ACTIVE = 3
    TERMINATED = 4
    REFUSED = 5


KNOWN = (SubscriptionState.PENDING, SubscriptionState.ACTIVE)
"""A NOTIFY said so: without one nobody can tell whether there was a subscription."""


class SubscriptionTable(Table):
    """One row per subscription: a dialog plus Event with its id, or an attempt at one."""

    first_row: Int32 = column("First message, in MessageTable.")
    last_row: Int32 = column("Last message, in MessageTable.")
    event_sym: Int32 = column(
        "Symbol in Trace.texts: Event value, package with `;id=` where given; 0 absent."
    )
    subscriber_row: Int32 = column("Row in EndpointTable.")
    notifier_row: Int32 = column("Row in EndpointTable.")
    start_ns: Int64 = column("First message, ns since 1970 UTC.")
    end_ns: Int64 = column("Last message, ns since 1970 UTC.")
    refreshes: Int32 = column(
        "SUBSCRIBE requests inside the dialog that a 2xx answered, but for Expires: 0."
    )
    notifies: Int32 = column("NOTIFY transactions.")
    suppressed: Int32 = column("204 answers to SUBSCRIBE.")
    expires_s: Int64 = column("Duration of the last grant in seconds; -1 unknown.")
    last_etag_sym: Int32 = column("Symbol in Trace.texts: last SIP-ETag a NOTIFY carried; 0 none.")
    state: Int8 = column("SubscriptionState.")
    final_status: Int32 = column("Status of the last final response to a SUBSCRIBE; 0 none.")
    forks: Int32 = column("Dialogs that its SUBSCRIBE made, at one notifier each; 0 none seen.")
    etag_changes: Int32 = column("Times that a NOTIFY carried another SIP-ETag than before.")
    reason_sym: Int32 = column(
        "Symbol in Trace.texts: reason of Subscription-State with which it ended; 0 none given."
    )
    expired: Bool = column("The last grant ran out in the capture, and no refresh or end came.")


class SubscriptionChangeTable(Table):
    """One row per change of the state of a subscription, in the order of the timeline."""

    subscription_row: Int32 = column("Row in SubscriptionTable.")
    message_row: Int32 = column("The message that shows it, in MessageTable.")
    state: Int8 = column("SubscriptionState from then on.")
    reason_sym: Int32 = column("Symbol in Trace.texts: reason that a NOTIFY gives; 0 none.")
