"""Subscription records."""

from collections.abc import Callable

from analyzer.tables.trace import Trace
from json_output import json_of

TraceOf = Callable[[str], Trace]


def test_suppressed_refresh(trace_of: TraceOf) -> None:
    """A subscription with a NOTIFY and a 204 counts both and is active."""
    dialogue = """
-> SUBSCRIBE sip:bob@example.com SIP/2.0
   Event: presence
   Expires: 600
<- SIP/2.0 200 OK
   Expires: 600
<- NOTIFY sip:alice@example.com SIP/2.0
   Event: presence
   Subscription-State: active;expires=600
   SIP-ETag: e1
-> SIP/2.0 200 OK
+9s -> SUBSCRIBE sip:bob@example.com SIP/2.0
   To: <sip:bob@example.com>;tag=b1
   Event: presence
   Expires: 600
   Suppress-If-Match: e1
<- SIP/2.0 204 No Notification
   Expires: 300
"""
    (subscription,) = json_of(trace_of(dialogue))["subscriptions"]
    shown = {key: subscription[key] for key in ("event", "notifies", "suppressed", "last_etag")}
    assert shown == {"event": "presence", "notifies": 1, "suppressed": 1, "last_etag": "e1"}
    assert subscription["subscriber"] == {"address": "192.0.2.1", "port": 5060}
    assert subscription["notifier"] == {"address": "192.0.2.2", "port": 5060}
    assert subscription["state"] == "active"
    assert subscription["summary"] == (
        "192.0.2.1 at 192.0.2.2: subscribed to presence, NOTIFY: 1, refreshes: 1, answers 204: 1."
    )


def test_refused(trace_of: TraceOf) -> None:
    """A refused subscription says so with the status."""
    dialogue = """
-> SUBSCRIBE sip:bob@example.com SIP/2.0
   Event: dialog;id=7
<- SIP/2.0 489 Bad Event
"""
    (subscription,) = json_of(trace_of(dialogue))["subscriptions"]
    assert (subscription["state"], subscription["expires_s"]) == ("refused", None)
    assert subscription["summary"].endswith("refused with 489.")
