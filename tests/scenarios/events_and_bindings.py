"""Subscriptions (RFC 6665, RFC 5839) and registrations (RFC 3261 §10, RFC 3665 §2)."""

from scenario import Scenario

SUBSCRIBE = """
-> SUBSCRIBE sip:bob@example.com SIP/2.0
   Event: presence
   Expires: 600
"""
INSIDE = "   To: <sip:bob@example.com>;tag=b1"


def notify(state: str, *, tag: str = "b1", cseq: int = 1, etag: str = "") -> str:
    """Return a NOTIFY with a subscription state, and the answer to it."""
    return f"""
<- NOTIFY sip:alice@192.0.2.1 SIP/2.0
   From: <sip:bob@example.com>;tag={tag}
   To: <sip:alice@example.com>;tag=a1
   CSeq: {cseq} NOTIFY
   Event: presence
   Subscription-State: {state}
   {f"SIP-ETag: {etag}" if etag else "Subject: state"}
-> SIP/2.0 200 OK
   CSeq: {cseq} NOTIFY
"""


GRANTED = f"""{SUBSCRIBE}
<- SIP/2.0 200 OK
   Expires: 600
"""
REGISTER = """
-> REGISTER sip:example.com SIP/2.0
   To: <sip:bob@example.com>
   From: <sip:bob@example.com>;tag=a1
   Contact: <sip:bob@192.0.2.1>
   Expires: 60
"""
ADMITTED = f"""{REGISTER}
<- SIP/2.0 200 OK
   Contact: <sip:bob@192.0.2.1>;expires=60
"""
LATER = """
-> OPTIONS sip:x@example.com SIP/2.0
   Call-ID: other
"""

SCENARIOS = [
    Scenario(
        "pending, then active, then refreshed with a new entity-tag, then ended",
        "RFC 6665 §4.1.3, RFC 5839 §5.2",
        f"""{GRANTED}{notify("pending;expires=600")}
+5s {notify("active;expires=595", cseq=2, etag="e1").lstrip()}
+10s -> SUBSCRIBE sip:bob@192.0.2.2 SIP/2.0
{INSIDE}
   Event: presence
   Expires: 600
<- SIP/2.0 200 OK
   Expires: 600
{notify("active;expires=600", cseq=3, etag="e2")}
+5s {notify("terminated;reason=noresource", cseq=4, etag="e2").lstrip()}
""",
        subscriptions=[
            {
                "state": "terminated",
                "refreshes": 1,
                "notifies": 4,
                "last_etag": "e2",
                "etag_changes": 1,
                "termination_reason": "noresource",
                "forks": 1,
                "expired": False,
                "state_changes": [
                    {"state": "pending", "reason": None},
                    {"state": "active", "reason": None},
                    {"state": "terminated", "reason": "noresource"},
                ],
            }
        ],
    ),
    Scenario(
        "a SUBSCRIBE that forks makes a subscription at each notifier",
        "RFC 6665 §4.1.4, §4.4.1",
        f"""{GRANTED}{notify("active;expires=600")}{notify("active;expires=600", tag="b2", cseq=1)}
""",
        subscriptions=[
            {"state": "active", "forks": 2, "notifies": 1},
            {"state": "active", "forks": 2, "notifies": 1},
        ],
    ),
    Scenario(
        "nobody refreshes: the subscription runs out",
        "RFC 6665 §4.1.2.2, §4.2.2",
        f"""{GRANTED}{notify("active;expires=600")}
+700s {LATER.lstrip()}
""",
        subscriptions=[{"state": "active", "expired": True, "expires_s": 600}],
    ),
    Scenario(
        "the capture ends before the subscription does",
        "output contract",
        f"""{GRANTED}{notify("active;expires=600")}
+500s {LATER.lstrip()}
""",
        subscriptions=[{"state": "active", "expired": False}],
    ),
    Scenario(
        "refused",
        "RFC 6665 §4.2.1.3",
        f"""{SUBSCRIBE}
<- SIP/2.0 603 Decline
""",
        subscriptions=[{"state": "refused", "state_changes": [{"state": "refused"}], "forks": 0}],
    ),
    Scenario(
        "registered after a challenge",
        "RFC 3665 §2.1, RFC 6076 §4.1",
        f"""{REGISTER}
<- SIP/2.0 401 Unauthorized
{ADMITTED}
""",
        registrations=[
            {
                "state": "registered",
                "attempts": 2,
                "challenges": 1,
                "expires_s": 60,
                "expired": False,
                "registration_request_delay_ms": 30,
            }
        ],
    ),
    Scenario(
        "nobody refreshes: the registration runs out",
        "RFC 3261 §10.2.4, §10.3",
        f"""{ADMITTED}
+61s {LATER.lstrip()}
""",
        registrations=[{"state": "registered", "expired": True}],
    ),
    Scenario(
        "removed",
        "RFC 3665 §2.4",
        f"""{ADMITTED}
-> REGISTER sip:example.com SIP/2.0
   To: <sip:bob@example.com>
   From: <sip:bob@example.com>;tag=a1
   Contact: *
   Expires: 0
<- SIP/2.0 200 OK
+61s {LATER.lstrip()}
""",
        registrations=[{"state": "removed", "expired": False, "contacts": []}],
    ),
    Scenario(
        "refused after a challenge",
        "RFC 3665 §2.5",
        f"""{REGISTER}
<- SIP/2.0 401 Unauthorized
{REGISTER}
<- SIP/2.0 403 Forbidden
""",
        registrations=[
            {
                "state": "refused",
                "final_status": 403,
                "challenges": 1,
                "registration_request_delay_ms": None,
            }
        ],
    ),
]
