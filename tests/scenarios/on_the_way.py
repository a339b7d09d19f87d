"""One call on several hops and legs: who changed what (RFC 3261 §16.7, RFC 7092)."""

from scenario import Scenario

BLOCKED = 'Reason: SIP;cause=603;text="v=analytics1;url=https://r.example/x";location=TN'
SIGN = "X-CID: first@a.example"


def relayed(received: str, sent: str, *, header: str = "") -> str:
    """Return a call whose proxy gets one final response and sends another."""
    return f"""
a->p INVITE sip:bob@example.com SIP/2.0
p->b INVITE sip:bob@192.0.2.2 SIP/2.0
b->p SIP/2.0 {received}
   {header or "Server: b"}
p->b ACK sip:bob@192.0.2.2 SIP/2.0
p->a SIP/2.0 {sent}
a->p ACK sip:bob@example.com SIP/2.0
"""


SCENARIOS = [
    Scenario(
        "603+ comes in, 503 goes out",
        "ATIS-1000099, RFC 3261 §16.7 step 6",
        relayed("603 Network Blocked", "503 Service Unavailable", header=BLOCKED),
        [
            {
                "outcome": "rejected",
                "final_status": 503,
                "first_final_from": {"address": "192.0.2.2"},
                "changed_on_the_way": [
                    {
                        "element": {"address": "192.0.2.16"},
                        "what": ["status", "reason"],
                        "received_transaction": 1,
                        "received_status": 603,
                        "received_reason": "Network Blocked",
                        "sent_transaction": 0,
                        "sent_status": 503,
                        "sent_reason": "Service Unavailable",
                    }
                ],
            }
        ],
    ),
    Scenario(
        "the reason phrase of a 603+ is lost",
        "ATIS-1000099",
        relayed("603 Network Blocked", "603 Decline", header=BLOCKED),
        [{"changed_on_the_way": [{"what": ["phrase", "reason"], "sent_reason": "Decline"}]}],
    ),
    Scenario(
        "the Reason header is lost",
        "RFC 3326 §2",
        relayed("603 Decline", "603 Decline", header="Reason: Q.850;cause=21"),
        [{"changed_on_the_way": [{"what": ["reason"], "received_status": 603}]}],
    ),
    Scenario(
        "what is passed on unchanged is no change",
        "RFC 3261 §16.7 step 9",
        relayed("486 Busy Here", "486 Busy Here"),
        [{"outcome": "busy", "changed_on_the_way": []}],
    ),
    Scenario(
        "an element that gives its own answer changes nothing",
        "RFC 3261 §16.8",
        """
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
        +30s p->a SIP/2.0 408 Request Timeout
        a->p ACK sip:bob@example.com SIP/2.0
        """,
        [{"final_status": 408, "changed_on_the_way": []}],
    ),
    Scenario(
        "the caller gives up: 487 is the proxy's own",
        "RFC 3261 §16.10",
        """
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
        b->p SIP/2.0 180 Ringing
        p->a SIP/2.0 180 Ringing
        +3s a->p CANCEL sip:bob@example.com SIP/2.0
        p->a SIP/2.0 200 OK
           CSeq: 1 CANCEL
        b->p SIP/2.0 603 Decline
        p->a SIP/2.0 487 Request Terminated
        """,
        [{"outcome": "cancelled", "changed_on_the_way": []}],
    ),
    Scenario(
        "a call sent on to another route after a 6xx",
        "RFC 3261 §16.7 step 5: no new branches after a 6xx",
        """
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
        b->p SIP/2.0 603 Decline
        p->b ACK sip:bob@192.0.2.2 SIP/2.0
        +1s p->c INVITE sip:bob@192.0.2.3 SIP/2.0
        c->p SIP/2.0 200 OK
        p->a SIP/2.0 200 OK
        """,
        [
            {
                "outcome": "answered",
                "path": [
                    {"transaction": 0, "routed_after": None},
                    {"transaction": 1, "routed_after": None},
                    {"transaction": 2, "routed_after": 1},
                ],
            }
        ],
    ),
    Scenario(
        "another route after a 503 is what the RFC asks for",
        "RFC 3263 §4.3",
        """
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
        b->p SIP/2.0 503 Service Unavailable
        p->b ACK sip:bob@192.0.2.2 SIP/2.0
        p->c INVITE sip:bob@192.0.2.3 SIP/2.0
        c->p SIP/2.0 200 OK
        p->a SIP/2.0 200 OK
        """,
        [{"outcome": "answered", "path": [{}, {}, {"routed_after": None}]}],
    ),
    Scenario(
        "a back-to-back user agent: 603+ on the far leg, 480 on the near one",
        "RFC 7092; output contract: joined legs",
        f"""
        a->p INVITE sip:bob@example.com SIP/2.0
           Call-ID: first@a.example
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
           Call-ID: second@p.example
           From: <sip:alice@example.com>;tag=p7
           To: <sip:bob@example.com>
           {SIGN}
        b->p SIP/2.0 603 Network Blocked
           Call-ID: second@p.example
           {BLOCKED}
        p->b ACK sip:bob@192.0.2.2 SIP/2.0
           Call-ID: second@p.example
        p->a SIP/2.0 480 Temporarily Unavailable
           Call-ID: first@a.example
        a->p ACK sip:bob@example.com SIP/2.0
           Call-ID: first@a.example
        """,
        [
            {
                "call_ids": ["first@a.example", "second@p.example"],
                "joined_by": [
                    {
                        "call_id": "second@p.example",
                        "evidence": ["header", "numbers"],
                        "confidence": "high",
                    }
                ],
                "outcome": "rejected",
                "final_status": 480,
                "first_final_from": {"address": "192.0.2.2"},
                "path": [{"depth": 0}, {"depth": 1, "sent_on_from": 0}],
                "changed_on_the_way": [
                    {
                        "element": {"address": "192.0.2.16"},
                        "what": ["status", "reason"],
                        "received_status": 603,
                        "sent_status": 480,
                    }
                ],
            }
        ],
    ),
    Scenario(
        "a back-to-back user agent: only the far leg shows that the caller hung up",
        "output contract: joined legs",
        f"""
        a->p INVITE sip:bob@example.com SIP/2.0
           Call-ID: first@a.example
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
           Call-ID: second@p.example
           From: <sip:alice@example.com>;tag=p7
           To: <sip:bob@example.com>
           {SIGN}
        b->p SIP/2.0 200 OK
           Call-ID: second@p.example
        p->a SIP/2.0 200 OK
           Call-ID: first@a.example
           To: <sip:bob@example.com>;tag=p9
        +30s p->b BYE sip:bob@192.0.2.2 SIP/2.0
           Call-ID: second@p.example
           From: <sip:alice@example.com>;tag=p7
           To: <sip:bob@example.com>;tag=b1
        """,
        [{"outcome": "answered", "ended_by": "caller", "talk_ms": 30000}],
    ),
    Scenario(
        "a back-to-back user agent: answered, and the callee hangs up",
        "output contract: joined legs",
        f"""
        a->p INVITE sip:bob@example.com SIP/2.0
           Call-ID: first@a.example
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
           Call-ID: second@p.example
           From: <sip:alice@example.com>;tag=p7
           To: <sip:bob@example.com>
           {SIGN}
        b->p SIP/2.0 180 Ringing
           Call-ID: second@p.example
        p->a SIP/2.0 180 Ringing
           Call-ID: first@a.example
           To: <sip:bob@example.com>;tag=p9
        +2s b->p SIP/2.0 200 OK
           Call-ID: second@p.example
        p->a SIP/2.0 200 OK
           Call-ID: first@a.example
           To: <sip:bob@example.com>;tag=p9
        +30s b->p BYE sip:p@192.0.2.16 SIP/2.0
           Call-ID: second@p.example
           From: <sip:bob@example.com>;tag=b1
           To: <sip:alice@example.com>;tag=p7
        p->a BYE sip:alice@192.0.2.1 SIP/2.0
           Call-ID: first@a.example
           From: <sip:bob@example.com>;tag=p9
           To: <sip:alice@example.com>;tag=a1
        """,
        [
            {
                "outcome": "answered",
                "ended_by": "callee",
                "call_ids": ["first@a.example", "second@p.example"],
                "talk_ms": 30010,
                "answers": 1,
                "forks": 1,
            }
        ],
    ),
]
