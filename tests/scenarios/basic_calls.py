"""Basic calls, retries and redirections (RFC 3665, RFC 3261 §8.1.3, §22)."""

from scenario import Scenario

TWO_PROXIES = """
a->p INVITE sip:bob@biloxi.example.com SIP/2.0
p->a SIP/2.0 100 Trying
p->q INVITE sip:bob@biloxi.example.com SIP/2.0
q->p SIP/2.0 100 Trying
q->b INVITE sip:bob@192.0.2.2 SIP/2.0
"""

SCENARIOS = [
    Scenario(
        "a call is answered and the callee hangs up",
        "RFC 3665 §3.1",
        """
        -> INVITE sip:bob@example.com SIP/2.0
        +20ms <- SIP/2.0 180 Ringing
        +4s <- SIP/2.0 200 OK
        +5ms -> ACK sip:bob@192.0.2.2 SIP/2.0
        +60s <- BYE sip:alice@192.0.2.1 SIP/2.0
        +30ms -> SIP/2.0 200 OK
        """,
        [
            {
                "outcome": "answered",
                "answered_by": "callee",
                "ended_by": "callee",
                "post_dial_delay_ms": 20,
                "ring_ms": 4000,
                "setup_ms": 4020,
                "talk_ms": 60005,
                "session_request_delay_ms": 20,
                "session_disconnect_delay_ms": 30,
                "early_media_ms": None,
                "held_ms": None,
                "path": [{"depth": 0, "sent_on_from": None, "request_delay_ms": None}],
                "first_final_from": {"address": "192.0.2.2"},
                "joined_by": [],
                "call_ids": ["dialogue@example.com"],
            }
        ],
    ),
    Scenario(
        "through two proxies: one call, three hops in path order",
        "RFC 3665 §3.2",
        f"""{TWO_PROXIES}
b->q SIP/2.0 180 Ringing
q->p SIP/2.0 180 Ringing
p->a SIP/2.0 180 Ringing
+2s b->q SIP/2.0 200 OK
q->p SIP/2.0 200 OK
p->a SIP/2.0 200 OK
a->p ACK sip:bob@192.0.2.2 SIP/2.0
p->q ACK sip:bob@192.0.2.2 SIP/2.0
q->b ACK sip:bob@192.0.2.2 SIP/2.0
+10s b->q BYE sip:alice@192.0.2.1 SIP/2.0
   From: <sip:bob@biloxi.example.com>;tag=b1
   To: <sip:alice@example.com>;tag=a1
""",
        [
            {
                "outcome": "answered",
                "ended_by": "callee",
                "hops": ["192.0.2.1", "192.0.2.16", "192.0.2.17", "192.0.2.2"],
                "path": [
                    {"transaction": 0, "depth": 0, "sent_on_from": None},
                    {
                        "transaction": 1,
                        "depth": 1,
                        "sent_on_from": 0,
                        "request_delay_ms": 20,
                        "response_delay_ms": 10,
                    },
                    {
                        "transaction": 2,
                        "depth": 2,
                        "sent_on_from": 1,
                        "request_delay_ms": 20,
                        "response_delay_ms": 10,
                    },
                ],
                "first_final_from": {"address": "192.0.2.2"},
                "changed_on_the_way": [],
            }
        ],
    ),
    Scenario(
        "both proxies ask for credentials",
        "RFC 3665 §3.3, RFC 3261 §22.3",
        """
        a->p INVITE sip:bob@example.com SIP/2.0
        p->a SIP/2.0 407 Proxy Authentication Required
        a->p ACK sip:bob@example.com SIP/2.0
        a->p INVITE sip:bob@example.com SIP/2.0
           CSeq: 2 INVITE
           Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-second
        p->q INVITE sip:bob@example.com SIP/2.0
           CSeq: 2 INVITE
        q->p SIP/2.0 407 Proxy Authentication Required
           CSeq: 2 INVITE
        p->q ACK sip:bob@example.com SIP/2.0
        p->a SIP/2.0 407 Proxy Authentication Required
           CSeq: 2 INVITE
        a->p ACK sip:bob@example.com SIP/2.0
        a->p INVITE sip:bob@example.com SIP/2.0
           CSeq: 3 INVITE
           Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-third
        p->a SIP/2.0 200 OK
           CSeq: 3 INVITE
        """,
        [
            {
                "outcome": "answered",
                "attempts": 3,
                "final_status": 200,
                "changed_on_the_way": [],
                "events": [
                    {"kind": "challenged", "status": 407},
                    {"kind": "challenged", "status": 407},
                ],
            }
        ],
    ),
    Scenario(
        "the callee's phone asks for credentials and then declines",
        "RFC 3261 §22.2, RFC 6076 §5.3",
        """
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 401 Unauthorized
        -> ACK sip:bob@example.com SIP/2.0
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 Decline
        -> ACK sip:bob@example.com SIP/2.0
        """,
        [
            {
                "outcome": "declined",
                "attempts": 2,
                "session_request_delay_ms": 40,
                "events": [{"kind": "challenged", "status": 401, "detail": "Unauthorized"}],
            }
        ],
    ),
    Scenario(
        "a challenge that nobody answers is a rejection",
        "RFC 3261 §22.1; output contract",
        """
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 401 Unauthorized
        -> ACK sip:bob@example.com SIP/2.0
        """,
        [
            {
                "outcome": "rejected",
                "final_status": 401,
                "events": [],
                "session_request_delay_ms": None,
            }
        ],
    ),
    Scenario(
        "a redirect that is followed",
        "RFC 3665 §3.6, RFC 3261 §8.1.3.4",
        """
        a->r INVITE sip:bob@example.com SIP/2.0
        r->a SIP/2.0 302 Moved Temporarily
           Contact: <sip:bob@chicago.example.com>
        a->r ACK sip:bob@example.com SIP/2.0
        a->b INVITE sip:bob@chicago.example.com SIP/2.0
           CSeq: 2 INVITE
        b->a SIP/2.0 180 Ringing
        b->a SIP/2.0 200 OK
        a->b ACK sip:bob@chicago.example.com SIP/2.0
        """,
        [
            {
                "outcome": "answered",
                "attempts": 2,
                "path": [{"depth": 0}, {"depth": 0}],
                "first_final_from": {"address": "192.0.2.2"},
                "events": [{"kind": "redirected", "by": "callee", "status": 302}],
            }
        ],
    ),
    Scenario(
        "the first proxy does not answer, the second one does",
        "RFC 3665 §3.4, RFC 3263 §4.3",
        """
        a->p INVITE sip:bob@example.com SIP/2.0
        +500ms a->p again INVITE
        +31s a->q INVITE sip:bob@example.com SIP/2.0
           CSeq: 2 INVITE
        q->a SIP/2.0 200 OK
           CSeq: 2 INVITE
        """,
        [{"outcome": "answered", "attempts": 2, "first_final_from": {"address": "192.0.2.17"}}],
    ),
    *(
        Scenario(
            f"the call fails with {status} through two proxies",
            f"RFC 3665 §{section}",
            f"""{TWO_PROXIES}
b->q SIP/2.0 {status}
q->b ACK sip:bob@192.0.2.2 SIP/2.0
q->p SIP/2.0 {status}
p->q ACK sip:bob@biloxi.example.com SIP/2.0
p->a SIP/2.0 {status}
a->p ACK sip:bob@biloxi.example.com SIP/2.0
""",
            [
                {
                    "outcome": outcome,
                    "final_reason": status[4:],
                    "session_request_delay_ms": 90,
                    "first_final_from": {"address": "192.0.2.2"},
                    "changed_on_the_way": [],
                }
            ],
        )
        for status, outcome, section in (
            ("486 Busy Here", "busy", "3.9"),
            ("480 Temporarily Unavailable", "rejected", "3.11"),
        )
    ),
    Scenario(
        "an announcement in early media, then a refusal: nothing says that it rang",
        "RFC 3261 §21.1.5: 183 tells of progress that is not otherwise classified",
        """
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 183 Session Progress
           sdp 192.0.2.2:5000 PCMU
        +9s <- SIP/2.0 480 Temporarily Unavailable
        """,
        [{"outcome": "rejected", "ring_ms": 9000, "early_media_ms": 9000}],
    ),
    Scenario(
        "nobody answers at all",
        "RFC 3665 §3.10, RFC 3261 §17.1.1.2",
        """
        -> INVITE sip:bob@example.com SIP/2.0
        +500ms -> again INVITE
        +1s -> again INVITE
        +2s -> again INVITE
        +4s -> again INVITE
        +8s -> again INVITE
        +16s -> again INVITE
        +1s c->d OPTIONS sip:d@example.com SIP/2.0
           Call-ID: other
        """,
        [{"outcome": "unanswered", "final_status": None, "first_final_from": None}],
    ),
    Scenario(
        "a late answer, when the client has given up",
        "RFC 3261 §17.1.1.2",
        """
        -> INVITE sip:bob@example.com SIP/2.0
        +33s <- SIP/2.0 408 Request Timeout
        """,
        [{"outcome": "rejected", "final_status": 408}],
        anomalies=["response-after-timeout"],
    ),
]
