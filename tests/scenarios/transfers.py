"""Transfers, replaced and joined calls (RFC 3515, RFC 3891, RFC 3911, RFC 5589, RFC 5359)."""

from scenario import Scenario

CALL = """
-> INVITE sip:bob@example.com SIP/2.0
<- SIP/2.0 180 Ringing
<- SIP/2.0 200 OK
-> ACK sip:bob@example.com SIP/2.0
"""
REFER = """
+5s <- REFER sip:alice@192.0.2.1 SIP/2.0
   From: <sip:bob@example.com>;tag=b1
   To: <sip:alice@example.com>;tag=a1
   Refer-To: <sip:carol@example.com>
"""


def notify(status: str, state: str = "terminated;reason=noresource") -> str:
    """Return a NOTIFY of the caller with a status line in its body, and the answer to it."""
    return f"""
+1s -> NOTIFY sip:bob@192.0.2.2 SIP/2.0
   Event: refer
   Subscription-State: {state}
   Content-Type: message/sipfrag

     SIP/2.0 {status}
<- SIP/2.0 200 OK
   CSeq: {{cseq}} NOTIFY
"""


TRYING = notify("100 Trying", "active;expires=60")
CONSULT = """
+1s b->c INVITE sip:carol@example.com SIP/2.0
   Call-ID: consult@b
   From: <sip:bob@example.com>;tag=b9
   To: <sip:carol@example.com>
b<-c SIP/2.0 200 OK
   Call-ID: consult@b
   To: <sip:carol@example.com>;tag=c9
b->c ACK sip:carol@example.com SIP/2.0
   Call-ID: consult@b
"""


def told(*statuses: str) -> str:
    """Return NOTIFYs in order, with CSeq numbers that go up."""
    shown = [TRYING, *(notify(status) for status in statuses)]
    return "".join(each.replace("{cseq}", str(at + 2)) for at, each in enumerate(shown))


def refer(number: int, answer: str, to: str = "carol") -> str:
    """Return a REFER of the callee with a CSeq number, and the answer to it."""
    return f"""
+5s <- REFER sip:alice@192.0.2.1 SIP/2.0
   From: <sip:bob@example.com>;tag=b1
   To: <sip:alice@example.com>;tag=a1
   CSeq: {number} REFER
   Refer-To: <sip:{to}@example.com>
-> SIP/2.0 {answer}
   CSeq: {number} REFER
"""


def reported(number: int, status: str, event: str = "refer") -> str:
    """Return the last NOTIFY of a REFER."""
    told = notify(status).replace("{cseq}", str(number))
    return told.replace("Event: refer", f"CSeq: {number} NOTIFY\n   Event: {event}")


OF_THE_CALLER = """
+1s -> REFER sip:bob@192.0.2.2 SIP/2.0
   To: <sip:bob@example.com>;tag=b1
   CSeq: 2 REFER
   Refer-To: <sip:dave@example.com>
<- SIP/2.0 202 Accepted
   CSeq: 2 REFER
+1s <- NOTIFY sip:alice@192.0.2.1 SIP/2.0
   CSeq: 3 NOTIFY
   Event: refer
   Subscription-State: terminated;reason=noresource
   Content-Type: message/sipfrag

     SIP/2.0 200 OK
-> SIP/2.0 200 OK
   CSeq: 3 NOTIFY
"""

SCENARIOS = [
    Scenario(
        "blind transfer: the caller calls carol, who answers",
        "RFC 5589 §6.1, RFC 3515 §2.4.4",
        f"""{CALL}{REFER}
-> SIP/2.0 202 Accepted
+100ms a->c INVITE sip:carol@example.com SIP/2.0
   Call-ID: new@a
   From: <sip:alice@example.com>;tag=a7
   To: <sip:carol@example.com>
   Referred-By: <sip:bob@example.com>
a<-c SIP/2.0 200 OK
   Call-ID: new@a
{told("200 OK")}
<- BYE sip:alice@192.0.2.1 SIP/2.0
   From: <sip:bob@example.com>;tag=b1
   To: <sip:alice@example.com>;tag=a1
-> SIP/2.0 200 OK
""",
        [
            {
                "outcome": "answered",
                "ended_by": "callee",
                "transfers": [
                    {
                        "by": "callee",
                        "attended": False,
                        "target": "sip:carol@example.com",
                        "outcome": "succeeded",
                        "status": 200,
                        "call": 1,
                    }
                ],
            },
            {"outcome": "answered", "transfers": []},
        ],
        subscriptions=[{"event": "refer"}],
    ),
    Scenario(
        "transfer after an instant message to carol, which belongs to no call",
        "RFC 5359 §2.6",
        f"""{CALL}
+4s b->c MESSAGE sip:carol@example.com SIP/2.0
   Call-ID: text@b
   From: <sip:bob@example.com>;tag=b5
   To: <sip:carol@example.com>
c->b SIP/2.0 200 OK
   Call-ID: text@b
{REFER}
-> SIP/2.0 202 Accepted
+100ms a->c INVITE sip:carol@example.com SIP/2.0
   Call-ID: new@a
   From: <sip:alice@example.com>;tag=a7
   To: <sip:carol@example.com>
   Referred-By: <sip:bob@example.com>
a<-c SIP/2.0 200 OK
   Call-ID: new@a
{told("200 OK")}
""",
        [
            {
                "outcome": "answered",
                "transfers": [{"by": "callee", "outcome": "succeeded", "status": 200, "call": 1}],
            },
            {"outcome": "answered", "transfers": []},
        ],
        subscriptions=[{"event": "refer"}],
    ),
    *(
        Scenario(
            f"blind transfer: carol's answer is {status}",
            "RFC 3515 §2.4.5, RFC 5589 §6.2: a status in a sipfrag is no response on this wire",
            f"""{CALL}{REFER}
-> SIP/2.0 202 Accepted
{told(status)}
""",
            [
                {
                    "outcome": "answered",
                    "final_status": 200,
                    "findings": [],
                    "transfers": [{"outcome": outcome, "status": int(status[:3]), "call": None}],
                }
            ],
            subscriptions=[{"event": "refer"}],
        )
        for status, outcome in (
            ("603 Decline", "refused"),
            ("486 Busy Here", "failed"),
            ("503 Service Unavailable", "failed"),
        )
    ),
    Scenario(
        "the REFER itself is refused",
        "RFC 3515 §2.4.2",
        f"""{CALL}{REFER}
-> SIP/2.0 603 Decline
""",
        [{"outcome": "answered", "transfers": [{"outcome": "refused", "status": 603}]}],
    ),
    Scenario(
        "the REFER is sent again with credentials: one transfer",
        "RFC 3261 §22.2, RFC 3515 §2.4.6: the first that was accepted goes without id",
        f"""{CALL}{refer(1, "401 Unauthorized")}{refer(2, "202 Accepted")}
{reported(2, "200 OK")}
""",
        [{"transfers": [{"outcome": "succeeded", "status": 200}]}],
        subscriptions=[{"event": "refer"}],
    ),
    Scenario(
        "a challenge that the transferor does not answer refuses the transfer",
        "RFC 3515 §2.4.2",
        f"{CALL}{refer(1, '407 Proxy Authentication Required')}",
        [{"transfers": [{"outcome": "refused", "status": 407}]}],
    ),
    Scenario(
        "two transfers one after the other, and no NOTIFY names its REFER",
        "RFC 3515 §2.4.4: what comes after the end of a subscription is not of it",
        f"""{CALL}{refer(1, "202 Accepted")}{reported(2, "603 Decline")}
{refer(2, "202 Accepted", "dave")}{reported(3, "200 OK")}
""",
        [
            {
                "transfers": [
                    {"target": "sip:carol@example.com", "outcome": "refused", "status": 603},
                    {"target": "sip:dave@example.com", "outcome": "succeeded", "status": 200},
                ]
            }
        ],
        subscriptions=[{"event": "refer"}],
    ),
    Scenario(
        "two transfers at once: id tells their NOTIFYs apart",
        "RFC 3515 §2.4.6",
        f"""{CALL}{refer(1, "202 Accepted")}{refer(2, "202 Accepted", "dave")}
{reported(2, "200 OK", "refer;id=2")}{reported(3, "603 Decline")}
""",
        [
            {
                "transfers": [
                    {"target": "sip:carol@example.com", "outcome": "refused", "status": 603},
                    {"target": "sip:dave@example.com", "outcome": "succeeded", "status": 200},
                ]
            }
        ],
        subscriptions=[{"event": "refer;id=2"}, {"event": "refer"}],
    ),
    Scenario(
        "both sides send REFER with one CSeq number: two transfers",
        "RFC 3261 §12.1.1: each side counts its own requests",
        f"""{CALL}{refer(2, "603 Decline")}{OF_THE_CALLER}""",
        [
            {
                "transfers": [
                    {"by": "callee", "target": "sip:carol@example.com", "outcome": "refused"},
                    {"by": "caller", "target": "sip:dave@example.com", "outcome": "succeeded"},
                ]
            }
        ],
        subscriptions=[{"event": "refer"}],
    ),
    Scenario(
        "the REFER is accepted, and no NOTIFY tells the rest",
        "RFC 3515 §2.4.4",
        f"""{CALL}{REFER}
-> SIP/2.0 202 Accepted
""",
        [{"transfers": [{"outcome": "accepted", "status": None}]}],
    ),
    Scenario(
        "the REFER gets no answer in the capture",
        "output contract: what the capture does not show is not guessed",
        f"""{CALL}{REFER}
""",
        [{"transfers": [{"outcome": "incomplete", "status": None}]}],
    ),
    Scenario(
        "attended transfer: alice takes bob's place in his call with carol",
        "RFC 5589 §7.1, RFC 3891 §3",
        f"""{CALL}{CONSULT}
+5s <- REFER sip:alice@192.0.2.1 SIP/2.0
   From: <sip:bob@example.com>;tag=b1
   To: <sip:alice@example.com>;tag=a1
   Refer-To: <sip:carol@example.com?Replaces=consult%40b%3Bto-tag%3Dc9%3Bfrom-tag%3Db9>
-> SIP/2.0 202 Accepted
+100ms a->c INVITE sip:carol@example.com SIP/2.0
   Call-ID: new@a
   From: <sip:alice@example.com>;tag=a7
   To: <sip:carol@example.com>
   Referred-By: <sip:bob@example.com>
   Replaces: consult@b;to-tag=c9;from-tag=b9
a<-c SIP/2.0 200 OK
   Call-ID: new@a
b<-c BYE sip:bob@192.0.2.2 SIP/2.0
   Call-ID: consult@b
   From: <sip:carol@example.com>;tag=c9
   To: <sip:bob@example.com>;tag=b9
b->c SIP/2.0 200 OK
   Call-ID: consult@b
{told("200 OK")}
""",
        [
            {
                "transfers": [
                    {
                        "attended": True,
                        "target": "sip:carol@example.com",
                        "outcome": "succeeded",
                        "call": 2,
                    }
                ],
                "replaced_by": None,
            },
            {"replaced_by": 2, "ended_by": "callee", "replaces": None},
            {"replaces": 1, "outcome": "answered"},
        ],
        subscriptions=[{"event": "refer"}],
    ),
    Scenario(
        "Replaces that is declined replaces nothing",
        "RFC 3891 §3",
        f"""{CALL}
+5s c->b INVITE sip:bob@example.com SIP/2.0
   Call-ID: pickup@c
   From: <sip:carol@example.com>;tag=c7
   To: <sip:bob@example.com>
   Replaces: dialogue@example.com;to-tag=b1;from-tag=a1
c<-b SIP/2.0 603 Decline
   Call-ID: pickup@c
""",
        [
            {"outcome": "answered", "replaced_by": None},
            {"outcome": "declined", "replaces": 0},
        ],
    ),
    Scenario(
        "directed pickup: carol takes a call that rings at bob",
        "RFC 3891 §1, RFC 5359 §2.16",
        """
-> INVITE sip:bob@example.com SIP/2.0
<- SIP/2.0 180 Ringing
+3s c->a INVITE sip:alice@192.0.2.1 SIP/2.0
   Call-ID: pickup@c
   From: <sip:carol@example.com>;tag=c7
   To: <sip:alice@example.com>
   Replaces: dialogue@example.com;to-tag=b1;from-tag=a1;early-only
c<-a SIP/2.0 200 OK
   Call-ID: pickup@c
-> CANCEL sip:bob@example.com SIP/2.0
<- SIP/2.0 200 OK
   CSeq: 1 CANCEL
<- SIP/2.0 487 Request Terminated
-> ACK sip:bob@example.com SIP/2.0
""",
        [
            {"outcome": "cancelled", "replaced_by": 1},
            {"outcome": "answered", "replaces": 0},
        ],
    ),
    Scenario(
        "carol joins a call",
        "RFC 3911 §3, RFC 5359 §2.11",
        f"""{CALL}
+5s c->b INVITE sip:bob@example.com SIP/2.0
   Call-ID: join@c
   From: <sip:carol@example.com>;tag=c7
   To: <sip:bob@example.com>
   Join: dialogue@example.com;to-tag=b1;from-tag=a1
c<-b SIP/2.0 200 OK
   Call-ID: join@c
""",
        [
            {"replaced_by": None},
            {"joins": 0, "replaces": None, "outcome": "answered"},
        ],
    ),
]
