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
CHALLENGED = f"""{SUBSCRIBE}
<- SIP/2.0 401 Unauthorized
   WWW-Authenticate: Digest realm="example.com", nonce="1"
"""
REFRESH = f"""
-> SUBSCRIBE sip:bob@192.0.2.2 SIP/2.0
{INSIDE}
   Event: presence
   Expires: 600
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
        "subscribed after a challenge, which is no refusal",
        "RFC 3261 §22.2, RFC 6665 §4.1.2.1",
        f"""{CHALLENGED}{GRANTED}{notify("active;expires=600")}
""",
        subscriptions=[
            {"state": "active", "state_changes": [{"state": "active"}], "forks": 1, "refreshes": 0}
        ],
    ),
    Scenario(
        "challenged, and the capture ends before the subscriber can answer",
        "RFC 3261 §22.2, output contract",
        CHALLENGED,
        subscriptions=[{"state": "incomplete", "state_changes": []}],
    ),
    Scenario(
        "challenged and left",
        "RFC 3261 §22.2",
        f"""{CHALLENGED}
+70s {LATER.lstrip()}
""",
        subscriptions=[{"state": "refused", "state_changes": [{"state": "refused"}]}],
    ),
    Scenario(
        "the subscriber does not know the subscription any more",
        "RFC 6665 §4.2.2, RFC 5057 §5.1",
        f"""{GRANTED}{notify("active;expires=600")}
+9s {notify("active;expires=590", cseq=2).lstrip().replace("200 OK", "481 Unknown")}
+700s {LATER.lstrip()}
""",
        subscriptions=[
            {
                "state": "terminated",
                "termination_reason": None,
                "expired": False,
                "state_changes": [
                    {"state": "active"},
                    {"state": "terminated", "reason": None, "frame": [0, 6]},
                ],
            }
        ],
    ),
    Scenario(
        "what ends is unknown to the subscriber already",
        "RFC 6665 §4.1.3",
        f"""{GRANTED}{notify("terminated;reason=noresource").replace("200 OK", "481 Unknown")}
""",
        subscriptions=[
            {
                "termination_reason": "noresource",
                "state_changes": [{"state": "terminated", "reason": "noresource", "frame": [0, 3]}],
            }
        ],
    ),
    Scenario(
        "the subscriber ends it: nothing timed out, and what crosses that revives nothing",
        "RFC 6665 §4.1.2.3, §4.1.3",
        f"""{GRANTED}{notify("active;expires=600")}
{REFRESH.replace("600", "0")}
<- SIP/2.0 200 OK
   Expires: 0
{notify("active;expires=590", cseq=2)}{notify("terminated;reason=timeout", cseq=3)}
""",
        subscriptions=[
            {
                "state": "terminated",
                "termination_reason": None,
                "notifies": 3,
                "state_changes": [{"state": "active"}, {"state": "terminated"}],
            }
        ],
    ),
    Scenario(
        "a forking proxy: both subscriptions are the subscriber's",
        "RFC 6665 §4.1.4",
        """
a->p SUBSCRIBE sip:bob@example.com SIP/2.0
   Event: presence
   Expires: 600
p->b SUBSCRIBE sip:bob@192.0.2.2 SIP/2.0
p->c SUBSCRIBE sip:bob@192.0.2.3 SIP/2.0
b->p SIP/2.0 200 OK
c->p SIP/2.0 200 OK
p->a SIP/2.0 200 OK
   To: <sip:bob@example.com>;tag=b1
""",
        subscriptions=[
            {"subscriber": {"address": "192.0.2.1"}, "forks": 2},
            {"subscriber": {"address": "192.0.2.1"}, "forks": 2},
        ],
    ),
    Scenario(
        "one direction only: the NOTIFY names the event that the answer does not",
        "output contract",
        f"""
<- SIP/2.0 200 OK
   To: <sip:bob@example.com>;tag=b1
   From: <sip:alice@example.com>;tag=a1
   CSeq: 1 SUBSCRIBE
   Expires: 600
{notify("active;expires=600").partition("->")[0]}
""",
        subscriptions=[{"event": "presence", "state": "active", "notifies": 1}],
    ),
    Scenario(
        "granted, but no NOTIFY came: nobody knows whether it ran out",
        "RFC 6665 §4.4.1",
        f"""{GRANTED}
+700s {LATER.lstrip()}
""",
        subscriptions=[
            {
                "state": "incomplete",
                "summary": "192.0.2.1 at 192.0.2.2: the capture shows the subscription to presence "
                "only in part.",
            }
        ],
    ),
    Scenario(
        "the state is fetched once: nothing timed out",
        "RFC 6665 §4.4.3",
        f"""{GRANTED.replace("600", "0")}{notify("terminated;reason=timeout")}
""",
        subscriptions=[{"state": "terminated", "termination_reason": None, "expired": False}],
    ),
    Scenario(
        "another SUBSCRIBE in place of a refresh is no fork",
        "RFC 6665 §4.1.4",
        f"""{GRANTED}{notify("active;expires=600")}
+500s {SUBSCRIBE.lstrip()}
<- SIP/2.0 200 OK
   To: <sip:bob@example.com>;tag=b2
   Expires: 600
{notify("active;expires=600", tag="b2", cseq=2)}
""",
        subscriptions=[
            {"state": "active", "forks": 1, "refreshes": 0},
            {"state": "active", "forks": 1, "refreshes": 0},
        ],
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
        registrations=[
            {
                "state": "registered",
                "expired": True,
                "summary": "sip:bob@example.com was registered at 192.0.2.2; that ran out after "
                "1 min 0 s and was not renewed.",
            }
        ],
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
        "a refresh is challenged, and the capture ends before the phone can answer",
        "RFC 3261 §22.2, output contract",
        f"""{ADMITTED}
+30s {REGISTER.lstrip()}
<- SIP/2.0 401 Unauthorized
""",
        registrations=[{"state": "registered", "final_status": 401, "expired": False}],
    ),
    Scenario(
        "a challenge that nobody answers",
        "RFC 3261 §22.2",
        f"""{REGISTER}
<- SIP/2.0 401 Unauthorized
+70s {LATER.lstrip()}
""",
        registrations=[{"state": "refused", "final_status": 401}],
    ),
    Scenario(
        "a phone asks what is registered: nothing",
        "RFC 3261 §10.2.3, §10.3 step 8",
        f"""{ADMITTED.split("   Contact", maxsplit=1)[0]}
<- SIP/2.0 200 OK
""",
        registrations=[{"state": "removed", "contacts": []}],
    ),
    Scenario(
        "a phone asks what is registered: another phone",
        "RFC 3261 §10.2.3, §10.3 step 8",
        f"""{ADMITTED.split("   Contact", maxsplit=1)[0]}
<- SIP/2.0 200 OK
   Contact: <sip:bob@192.0.2.9>;expires=60
""",
        registrations=[{"state": "registered", "expires_s": 60}],
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
