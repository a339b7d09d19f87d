"""Calls that fork, race with CANCEL, or are answered more than once (RFC 3261 §9, §13, §16.7)."""

from scenario import Scenario

SCENARIOS = [
    Scenario(
        "two early dialogs, one answers",
        "RFC 3261 §12.1, §13.2.2.4",
        """
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 180 Ringing
           To: <sip:bob@example.com>;tag=one
        +1s <- SIP/2.0 183 Session Progress
           To: <sip:bob@example.com>;tag=two
        +2s <- SIP/2.0 200 OK
           To: <sip:bob@example.com>;tag=two
        -> ACK sip:bob@example.com SIP/2.0
        """,
        [{"outcome": "answered", "forks": 2, "answers": 1, "events": []}],
    ),
    Scenario(
        "two phones answer: each 2xx gets an ACK, the second a BYE",
        "RFC 3261 §13.2.2.4",
        """
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 200 OK
           To: <sip:bob@example.com>;tag=one
        -> ACK sip:bob@example.com SIP/2.0
           To: <sip:bob@example.com>;tag=one
        <- SIP/2.0 200 OK
           To: <sip:bob@example.com>;tag=two
           CSeq: 1 INVITE
        -> ACK sip:bob@example.com SIP/2.0
           To: <sip:bob@example.com>;tag=two
        -> BYE sip:bob@example.com SIP/2.0
           To: <sip:bob@example.com>;tag=two
           CSeq: 2 BYE
        <- SIP/2.0 200 OK
        +30s <- BYE sip:alice@example.com SIP/2.0
           From: <sip:bob@example.com>;tag=one
           To: <sip:alice@example.com>;tag=a1
           CSeq: 1 BYE
        -> SIP/2.0 200 OK
        """,
        [
            {
                "outcome": "answered",
                "answers": 2,
                "forks": 2,
                "ended_by": "callee",
                "talk_ms": 30050,
                "events": [{"kind": "answered_again", "status": 200, "frame": [0, 4]}],
            }
        ],
    ),
    Scenario(
        "one of two early dialogs ends with 199",
        "RFC 6228 §4",
        """
        -> INVITE sip:bob@example.com SIP/2.0
           Supported: 199
        <- SIP/2.0 180 Ringing
           To: <sip:bob@example.com>;tag=one
        <- SIP/2.0 180 Ringing
           To: <sip:bob@example.com>;tag=two
        +5s <- SIP/2.0 199 Early Dialog Terminated
           To: <sip:bob@example.com>;tag=one
        +2s <- SIP/2.0 200 OK
           To: <sip:bob@example.com>;tag=two
        """,
        [
            {
                "outcome": "answered",
                "forks": 2,
                "events": [{"kind": "fork_ended", "status": 199, "frame": [0, 4]}],
            }
        ],
    ),
    *(
        Scenario(
            f"CANCEL crosses {status}",
            "RFC 3261 §9.1: a CANCEL has no effect after the final response",
            f"""
            -> INVITE sip:bob@example.com SIP/2.0
            <- SIP/2.0 180 Ringing
            +3s -> CANCEL sip:bob@example.com SIP/2.0
            +1ms <- SIP/2.0 {status}
               CSeq: 1 INVITE
            <- SIP/2.0 {"481 Call/Transaction Does Not Exist" if status[0] != "2" else "200 OK"}
               CSeq: 1 CANCEL
            """,
            [
                {
                    "outcome": outcome,
                    "final_status": int(status[:3]),
                    "events": [
                        {"kind": "cancel_crossed", "by": "caller", "status": int(status[:3])}
                    ],
                }
            ],
        )
        for status, outcome in (
            ("200 OK", "answered"),
            ("302 Moved Temporarily", "redirected"),
            ("404 Not Found", "rejected"),
            ("486 Busy Here", "busy"),
            ("503 Service Unavailable", "rejected"),
            ("600 Busy Everywhere", "busy"),
            ("603 Decline", "declined"),
            ("607 Unwanted", "blocked"),
        )
    ),
    Scenario(
        "CANCEL works: 487",
        "RFC 3261 §9.2, RFC 3665 §3.8",
        """
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 180 Ringing
        +3s -> CANCEL sip:bob@example.com SIP/2.0
           Reason: SIP;cause=200;text="Call completed elsewhere"
        <- SIP/2.0 200 OK
           CSeq: 1 CANCEL
        <- SIP/2.0 487 Request Terminated
        -> ACK sip:bob@example.com SIP/2.0
        """,
        [
            {
                "outcome": "cancelled",
                "ended_by": "caller",
                "end_reason": 'SIP;cause=200;text="Call completed elsewhere"',
                "ring_ms": 3020,
                "events": [],
            }
        ],
    ),
    Scenario(
        "6xx on one branch while the other rings: the proxy cancels it and passes the 6xx on",
        "RFC 3261 §16.7 steps 5, 6, 10",
        """
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
        p->c INVITE sip:bob@192.0.2.3 SIP/2.0
        b->p SIP/2.0 180 Ringing
        p->a SIP/2.0 180 Ringing
        +2s c->p SIP/2.0 603 Decline
        p->c ACK sip:bob@192.0.2.3 SIP/2.0
        p->b CANCEL sip:bob@192.0.2.2 SIP/2.0
        b->p SIP/2.0 200 OK
           CSeq: 1 CANCEL
        b->p SIP/2.0 487 Request Terminated
        p->b ACK sip:bob@192.0.2.2 SIP/2.0
        p->a SIP/2.0 603 Decline
        a->p ACK sip:bob@example.com SIP/2.0
        """,
        [
            {
                "outcome": "declined",
                "final_status": 603,
                "ended_by": None,
                "first_final_from": {"address": "192.0.2.3"},
                "changed_on_the_way": [],
                "path": [
                    {"transaction": 0, "depth": 0},
                    {
                        "transaction": 1,
                        "depth": 1,
                        "sent_on_from": 0,
                        "request_delay_ms": 10,
                        "response_delay_ms": None,
                    },
                    {
                        "transaction": 2,
                        "depth": 1,
                        "sent_on_from": 0,
                        "request_delay_ms": 20,
                        "response_delay_ms": 60,
                    },
                ],
            }
        ],
    ),
    Scenario(
        "one branch is busy while the other rings: nothing is decided when the capture ends",
        "RFC 3261 §16.7 step 5: no final response is forwarded while a branch is open",
        """
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
        p->c INVITE sip:bob@192.0.2.3 SIP/2.0
        b->p SIP/2.0 180 Ringing
        p->a SIP/2.0 180 Ringing
        +1s c->p SIP/2.0 486 Busy Here
        p->c ACK sip:bob@192.0.2.3 SIP/2.0
        """,
        [{"outcome": "incomplete", "final_status": None, "ended_by": None}],
    ),
    Scenario(
        "the proxy cancels one phone and rings the next, and the capture ends",
        "RFC 3261 §16.7 step 10: the CANCEL of a branch is not the caller's",
        """
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
        b->p SIP/2.0 180 Ringing
        p->a SIP/2.0 180 Ringing
        +10s p->b CANCEL sip:bob@192.0.2.2 SIP/2.0
        b->p SIP/2.0 200 OK
           CSeq: 1 CANCEL
        b->p SIP/2.0 487 Request Terminated
        p->b ACK sip:bob@192.0.2.2 SIP/2.0
        p->c INVITE sip:bob@192.0.2.3 SIP/2.0
        c->p SIP/2.0 180 Ringing
        """,
        [{"outcome": "incomplete", "ended_by": None}],
    ),
    *(
        Scenario(
            f"only what a proxy sends on is captured: {one} on one branch, {other} on the other",
            "RFC 3261 §16.7 step 6: a 6xx first, else the lowest class",
            f"""
            p->b INVITE sip:bob@192.0.2.2 SIP/2.0
               CSeq: 1 INVITE
            p->c INVITE sip:bob@192.0.2.3 SIP/2.0
               CSeq: 1 INVITE
            b->p SIP/2.0 180 Ringing
            +2s c->p SIP/2.0 {other}
            p->c ACK sip:bob@192.0.2.3 SIP/2.0
            b->p SIP/2.0 {one}
            """,
            [{"outcome": outcome, "final_status": status, "ended_by": None}],
        )
        for one, other, outcome, status in (
            ("487 Request Terminated", "603 Decline", "declined", 603),
            ("503 Service Unavailable", "486 Busy Here", "busy", 486),
            ("183 Session Progress", "486 Busy Here", "incomplete", None),
        )
    ),
    Scenario(
        "the caller gave up, and the callee's answer came too late for anybody but the proxy",
        "RFC 3261 §16.7: what the caller was told is how the call ended",
        """
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
        b->p SIP/2.0 180 Ringing
        p->a SIP/2.0 180 Ringing
        +3s a->p CANCEL sip:bob@example.com SIP/2.0
        p->a SIP/2.0 200 OK
           CSeq: 1 CANCEL
        p->a SIP/2.0 487 Request Terminated
        a->p ACK sip:bob@example.com SIP/2.0
        b->p SIP/2.0 200 OK
        p->b ACK sip:bob@192.0.2.2 SIP/2.0
        p->b BYE sip:bob@192.0.2.2 SIP/2.0
           From: <sip:alice@example.com>;tag=a1
           To: <sip:bob@example.com>;tag=b1
        """,
        [{"outcome": "cancelled", "final_status": 487, "ended_by": "caller", "talk_ms": None}],
    ),
    Scenario(
        "BYE ends the early dialog of a call that rings",
        "RFC 3261 §15: before the answer the caller may send BYE instead of CANCEL",
        """
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 180 Ringing
        +5s -> BYE sip:bob@192.0.2.2 SIP/2.0
        <- SIP/2.0 200 OK
           CSeq: 2 BYE
        <- SIP/2.0 487 Request Terminated
           CSeq: 1 INVITE
        """,
        [{"outcome": "cancelled", "ended_by": "caller", "session_disconnect_delay_ms": None}],
    ),
    Scenario(
        "BYE ends the early dialog of one phone, another one answered",
        "RFC 3261 §12.3, §15: each dialog has its own end",
        """
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 180 Ringing
           To: <sip:bob@example.com>;tag=one
        <- SIP/2.0 180 Ringing
           To: <sip:bob@example.com>;tag=two
        +1s <- SIP/2.0 200 OK
           To: <sip:bob@example.com>;tag=two
        -> ACK sip:bob@example.com SIP/2.0
           To: <sip:bob@example.com>;tag=two
        -> BYE sip:bob@example.com SIP/2.0
           To: <sip:bob@example.com>;tag=one
           CSeq: 2 BYE
        <- SIP/2.0 200 OK
        +60s <- BYE sip:alice@example.com SIP/2.0
           From: <sip:bob@example.com>;tag=two
           To: <sip:alice@example.com>;tag=a1
           CSeq: 1 BYE
        -> SIP/2.0 200 OK
        """,
        [{"outcome": "answered", "ended_by": "callee", "talk_ms": 60030}],
    ),
    Scenario(
        "a 2xx after the 6xx wins",
        "RFC 3261 §16.7 step 5; output contract",
        """
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 Decline
           To: <sip:bob@example.com>;tag=one
        <- SIP/2.0 200 OK
           To: <sip:bob@example.com>;tag=two
           CSeq: 1 INVITE
        """,
        [{"outcome": "answered", "final_status": 200}],
        anomalies=["second-final-response"],
    ),
    Scenario(
        "merged requests: the second way to the same phone gets 482",
        "RFC 3261 §8.2.2.2",
        """
        a->p INVITE sip:bob@example.com SIP/2.0
        p->q INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
        q->b INVITE sip:bob@192.0.2.2 SIP/2.0
        b->p SIP/2.0 180 Ringing
        b->q SIP/2.0 482 Merged Request
        q->b ACK sip:bob@192.0.2.2 SIP/2.0
        q->p SIP/2.0 482 Merged Request
        p->q ACK sip:bob@example.com SIP/2.0
        p->a SIP/2.0 180 Ringing
        +2s b->p SIP/2.0 200 OK
        p->a SIP/2.0 200 OK
        """,
        [{"outcome": "answered", "final_status": 200, "changed_on_the_way": []}],
    ),
    Scenario(
        "a loop: the proxy that meets its own request answers 482",
        "RFC 3261 §16.3 step 4",
        """
        a->p INVITE sip:bob@example.com SIP/2.0
        p->q INVITE sip:bob@example.com SIP/2.0
        q->p INVITE sip:bob@example.com SIP/2.0
        p->q SIP/2.0 482 Loop Detected
        q->p ACK sip:bob@example.com SIP/2.0
        q->p SIP/2.0 482 Loop Detected
        p->q ACK sip:bob@example.com SIP/2.0
        p->a SIP/2.0 482 Loop Detected
        a->p ACK sip:bob@example.com SIP/2.0
        """,
        [
            {
                "outcome": "rejected",
                "final_status": 482,
                "path": [{"depth": 0}, {"depth": 1}, {"depth": 2}],
            }
        ],
    ),
    Scenario(
        "too many hops",
        "RFC 3261 §16.3 step 3, §21.4.21",
        """
        a->p INVITE sip:bob@example.com SIP/2.0
           Max-Forwards: 0
        p->a SIP/2.0 483 Too Many Hops
        a->p ACK sip:bob@example.com SIP/2.0
        """,
        [{"outcome": "rejected", "final_status": 483}],
    ),
    Scenario(
        "a second, later final response is ignored",
        "RFC 3261 §13.2.2.3, §17.1.1",
        """
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 486 Busy Here
        -> ACK sip:bob@example.com SIP/2.0
        +1s <- SIP/2.0 603 Decline
           CSeq: 1 INVITE
        """,
        [{"outcome": "busy", "final_status": 486}],
        anomalies=["second-final-response"],
    ),
    Scenario(
        "retransmissions change nothing",
        "RFC 3261 §17.1.1.2, §17.2.1",
        """
        -> INVITE sip:bob@example.com SIP/2.0
        +500ms -> again INVITE
        +1s -> again INVITE
        <- SIP/2.0 180 Ringing
        +2s <- SIP/2.0 200 OK
        +500ms <- again 200
        +1s <- again 200
        -> ACK sip:bob@example.com SIP/2.0
        """,
        [
            {
                "outcome": "answered",
                "attempts": 1,
                "answers": 1,
                "post_dial_delay_ms": 1510,
                "setup_ms": 3510,
            }
        ],
    ),
]
