"""Services that phones and proxies make of calls (RFC 5359), and further flows of RFC 3665."""

from scenario import Scenario

REGISTER = """
-> REGISTER sip:example.com SIP/2.0
   To: <sip:bob@example.com>
   From: <sip:bob@example.com>;tag=a1
"""

CALL = """
a->b INVITE sip:bob@example.com SIP/2.0
   sdp 192.0.2.1:4000 PCMU
b->a SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU
a->b ACK sip:bob@example.com SIP/2.0
"""
BY_CALLEE = """   From: <sip:bob@example.com>;tag=b1
   To: <sip:alice@example.com>;tag=a1"""

SCENARIOS = [
    Scenario(
        "a second contact is added to a registration",
        "RFC 3665 §2.2",
        f"""{REGISTER.rstrip()}
   Contact: <sip:bob@192.0.2.1>
   Expires: 600
<- SIP/2.0 200 OK
   Contact: <sip:bob@192.0.2.1>;expires=600
{REGISTER.rstrip()}
   Contact: <mailto:bob@example.com>
<- SIP/2.0 200 OK
   Contact: <sip:bob@192.0.2.1>;expires=590, <mailto:bob@example.com>;expires=4294967295
""",
        registrations=[
            {
                "state": "registered",
                "refreshes": 1,
                "contacts": [
                    {"uri": "sip:bob@192.0.2.1", "expires_s": 590},
                    {"uri": "mailto:bob@example.com"},
                ],
            }
        ],
    ),
    Scenario(
        "the contacts of a registration are asked for",
        "RFC 3665 §2.3",
        f"""{REGISTER}
<- SIP/2.0 200 OK
   Contact: <sip:bob@192.0.2.1>;expires=590
""",
        registrations=[{"state": "registered", "attempts": 1, "refreshes": 0}],
    ),
    Scenario(
        "redirected, then through a proxy, with the offer in the 200 and the answer in the ACK",
        "RFC 3665 §3.6",
        """
a->r INVITE sip:bob@example.com SIP/2.0
r->a SIP/2.0 302 Moved Temporarily
   Contact: <sip:bob@chicago.example.com>
a->r ACK sip:bob@example.com SIP/2.0
a->p INVITE sip:bob@chicago.example.com SIP/2.0
   CSeq: 2 INVITE
p->b INVITE sip:bob@192.0.2.2 SIP/2.0
   CSeq: 2 INVITE
b->p SIP/2.0 180 Ringing
p->a SIP/2.0 180 Ringing
+2s b->p SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU
p->a SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU
a->p ACK sip:bob@192.0.2.2 SIP/2.0
   CSeq: 2 ACK
   sdp 192.0.2.1:4000 PCMU
p->b ACK sip:bob@192.0.2.2 SIP/2.0
   CSeq: 2 ACK
   sdp 192.0.2.1:4000 PCMU
""",
        [
            {
                "outcome": "answered",
                "attempts": 2,
                "codecs": {"offered": ["PCMU"], "answered": ["PCMU"]},
                "path": [{"depth": 0}, {"depth": 0}, {"depth": 1}],
                "events": [{"kind": "redirected"}],
            }
        ],
    ),
    Scenario(
        "the callee changes its address with a re-INVITE",
        "RFC 3665 §3.7",
        """
-> INVITE sip:bob@example.com SIP/2.0
   sdp 192.0.2.1:4000 PCMU
<- SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU
-> ACK sip:bob@192.0.2.2 SIP/2.0
+5s <- INVITE sip:alice@192.0.2.1 SIP/2.0
   From: <sip:bob@example.com>;tag=b1
   To: <sip:alice@example.com>;tag=a1
   sdp 198.51.100.2:5000 PCMU
-> SIP/2.0 200 OK
   sdp 192.0.2.1:4000 PCMU
<- ACK sip:alice@192.0.2.1 SIP/2.0
+5s <- BYE sip:alice@192.0.2.1 SIP/2.0
-> SIP/2.0 200 OK
""",
        [
            {
                "outcome": "answered",
                "ended_by": "callee",
                "held_ms": None,
                "events": [{"kind": "media_moved", "by": "callee"}],
            }
        ],
    ),
    Scenario(
        "forwarded at once: the proxy says 181 and asks carol",
        "RFC 5359 §2.7",
        """
a->p INVITE sip:bob@example.com SIP/2.0
p->a SIP/2.0 181 Call Is Being Forwarded
p->c INVITE sip:carol@example.com SIP/2.0
c->p SIP/2.0 180 Ringing
p->a SIP/2.0 180 Ringing
+2s c->p SIP/2.0 200 OK
p->a SIP/2.0 200 OK
a->p ACK sip:carol@192.0.2.3 SIP/2.0
p->c ACK sip:carol@192.0.2.3 SIP/2.0
""",
        [
            {
                "outcome": "answered",
                "attempts": 1,
                "path": [{"depth": 0}, {"depth": 1}],
                "first_final_from": {"address": "192.0.2.3"},
                "changed_on_the_way": [],
            }
        ],
    ),
    Scenario(
        "bob is busy, so the proxy asks carol, who answers",
        "RFC 5359 §2.8",
        """
a->p INVITE sip:bob@example.com SIP/2.0
p->b INVITE sip:bob@192.0.2.2 SIP/2.0
b->p SIP/2.0 486 Busy Here
p->b ACK sip:bob@192.0.2.2 SIP/2.0
p->a SIP/2.0 181 Call Is Being Forwarded
p->c INVITE sip:carol@example.com SIP/2.0
c->p SIP/2.0 200 OK
p->a SIP/2.0 200 OK
""",
        [
            {
                "outcome": "answered",
                "path": [
                    {"depth": 0},
                    {"depth": 1, "routed_after": None},
                    {"depth": 1, "routed_after": None},
                ],
                "first_final_from": {"address": "192.0.2.2"},
                "changed_on_the_way": [],
            }
        ],
    ),
    Scenario(
        "bob does not pick up, so the proxy cancels and asks carol",
        "RFC 5359 §2.9",
        """
a->p INVITE sip:bob@example.com SIP/2.0
p->b INVITE sip:bob@192.0.2.2 SIP/2.0
b->p SIP/2.0 180 Ringing
p->a SIP/2.0 180 Ringing
+20s p->b CANCEL sip:bob@192.0.2.2 SIP/2.0
b->p SIP/2.0 200 OK
   CSeq: 1 CANCEL
b->p SIP/2.0 487 Request Terminated
   CSeq: 1 INVITE
p->b ACK sip:bob@192.0.2.2 SIP/2.0
p->c INVITE sip:carol@example.com SIP/2.0
   CSeq: 1 INVITE
c->p SIP/2.0 200 OK
   CSeq: 1 INVITE
p->a SIP/2.0 200 OK
   CSeq: 1 INVITE
""",
        [
            {
                "outcome": "answered",
                "final_status": 200,
                "ended_by": None,
                "events": [],
                "path": [{"depth": 0}, {"depth": 1}, {"depth": 1}],
            }
        ],
    ),
    Scenario(
        "the callee's screening refuses the caller",
        "RFC 5359 §2.13",
        """
a->p INVITE sip:bob@example.com SIP/2.0
p->a SIP/2.0 403 Forbidden
a->p ACK sip:bob@example.com SIP/2.0
""",
        [
            {
                "outcome": "rejected",
                "final_status": 403,
                "first_final_from": {"address": "192.0.2.16"},
            }
        ],
    ),
    Scenario(
        "a click makes a phone call another: REFER outside a dialog",
        "RFC 5359 §2.18",
        """
w->a REFER sip:alice@192.0.2.1 SIP/2.0
   Call-ID: click
   Refer-To: <sip:bob@example.com>
a->w SIP/2.0 202 Accepted
   Call-ID: click
a->b INVITE sip:bob@example.com SIP/2.0
b->a SIP/2.0 200 OK
a->b ACK sip:bob@192.0.2.2 SIP/2.0
""",
        [{"outcome": "answered", "transfers": []}],
    ),
    Scenario(
        "consultation hold: bob asks carol something and comes back",
        "RFC 5359 §2.2",
        f"""{CALL}
+5s b->a INVITE sip:alice@192.0.2.1 SIP/2.0
{BY_CALLEE}
   sdp 192.0.2.2:5000 PCMU sendonly
a->b SIP/2.0 200 OK
   sdp 192.0.2.1:4000 PCMU recvonly
b->a ACK sip:alice@192.0.2.1 SIP/2.0
+1s b->c INVITE sip:carol@example.com SIP/2.0
   Call-ID: consult@b
   From: <sip:bob@example.com>;tag=b9
   To: <sip:carol@example.com>
c->b SIP/2.0 200 OK
   Call-ID: consult@b
b->c ACK sip:carol@example.com SIP/2.0
   Call-ID: consult@b
+9s b->c BYE sip:carol@example.com SIP/2.0
   Call-ID: consult@b
c->b SIP/2.0 200 OK
   Call-ID: consult@b
+1s b->a INVITE sip:alice@192.0.2.1 SIP/2.0
   CSeq: 2 INVITE
{BY_CALLEE}
   sdp 192.0.2.2:5000 PCMU sendrecv
a->b SIP/2.0 200 OK
   sdp 192.0.2.1:4000 PCMU
b->a ACK sip:alice@192.0.2.1 SIP/2.0
""",
        [
            {
                "outcome": "answered",
                "events": [
                    {"kind": "held", "by": "callee", "detail": "sendonly"},
                    {"kind": "resumed", "by": "callee", "detail": "sendrecv"},
                ],
            },
            {"outcome": "answered", "ended_by": "caller", "joined_by": []},
        ],
    ),
    Scenario(
        "a third party is added: bob mixes, and carol's call is one of its own",
        "RFC 5359 §2.10",
        f"""{CALL}
+5s b->c INVITE sip:carol@example.com SIP/2.0
   Call-ID: third@b
   From: <sip:bob@example.com>;tag=b9
   To: <sip:carol@example.com>
   Contact: <sip:conference@192.0.2.2>;isfocus
c->b SIP/2.0 200 OK
   Call-ID: third@b
b->c ACK sip:carol@example.com SIP/2.0
   Call-ID: third@b
""",
        [
            {"outcome": "answered", "replaced_by": None, "joins": None},
            {"outcome": "answered", "joins": None, "joined_by": []},
        ],
    ),
    Scenario(
        "find-me: the proxy tries one phone after the other",
        "RFC 5359 §2.12",
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
c->p SIP/2.0 480 Temporarily Unavailable
p->c ACK sip:bob@192.0.2.3 SIP/2.0
p->d INVITE sip:bob@192.0.2.4 SIP/2.0
d->p SIP/2.0 200 OK
p->a SIP/2.0 200 OK
a->d ACK sip:bob@192.0.2.4 SIP/2.0
""",
        [
            {
                "outcome": "answered",
                "attempts": 1,
                "path": [{"depth": 0}, {"depth": 1}, {"depth": 1}, {"depth": 1}],
            }
        ],
    ),
    Scenario(
        "the caller's own proxy does not let the call out",
        "RFC 5359 §2.14",
        """
a->p INVITE sip:premium@example.com SIP/2.0
p->a SIP/2.0 403 Forbidden
a->p ACK sip:premium@example.com SIP/2.0
""",
        [{"outcome": "rejected", "final_status": 403, "answered_by": None}],
    ),
    Scenario(
        "parked and taken up again: each INVITE replaces the call before",
        "RFC 5359 §2.15",
        f"""{CALL}
+3s b->s REFER sip:park@example.com SIP/2.0
   Call-ID: park@b
   From: <sip:bob@example.com>;tag=b8
   To: <sip:park@example.com>
   Refer-To: <sip:alice@192.0.2.1?Replaces=dialogue%40example.com%3Bto-tag%3Da1%3Bfrom-tag%3Db1>
s->b SIP/2.0 202 Accepted
   Call-ID: park@b
s->a INVITE sip:alice@192.0.2.1 SIP/2.0
   Call-ID: parked@s
   From: <sip:park@example.com>;tag=s1
   To: <sip:alice@example.com>
   Replaces: dialogue@example.com;to-tag=a1;from-tag=b1
a->s SIP/2.0 200 OK
   Call-ID: parked@s
   To: <sip:alice@example.com>;tag=a3
s->a ACK sip:alice@192.0.2.1 SIP/2.0
   Call-ID: parked@s
+20s c->a INVITE sip:alice@192.0.2.1 SIP/2.0
   Call-ID: taken@c
   From: <sip:carol@example.com>;tag=c1
   To: <sip:alice@example.com>
   Replaces: parked@s;to-tag=a3;from-tag=s1
a->c SIP/2.0 200 OK
   Call-ID: taken@c
c->a ACK sip:alice@192.0.2.1 SIP/2.0
   Call-ID: taken@c
""",
        [
            {"outcome": "answered", "replaced_by": 1},
            {"outcome": "answered", "replaces": 0, "replaced_by": 2},
            {"outcome": "answered", "replaces": 1, "replaced_by": None},
        ],
    ),
    Scenario(
        "automatic redial: busy, watched until the line is free, then called again",
        "RFC 5359 §2.17",
        """
a->b INVITE sip:bob@example.com SIP/2.0
   Call-ID: first@a
b->a SIP/2.0 486 Busy Here
   Call-ID: first@a
a->b ACK sip:bob@example.com SIP/2.0
   Call-ID: first@a
a->b SUBSCRIBE sip:bob@example.com SIP/2.0
   Call-ID: watch@a
   Event: dialog
   Expires: 600
b->a SIP/2.0 200 OK
   Call-ID: watch@a
   To: <sip:bob@example.com>;tag=b5
   Expires: 600
+30s a->b INVITE sip:bob@example.com SIP/2.0
   Call-ID: second@a
b->a SIP/2.0 200 OK
   Call-ID: second@a
a->b ACK sip:bob@example.com SIP/2.0
   Call-ID: second@a
""",
        [
            {"outcome": "busy", "final_status": 486, "attempts": 1},
            {"outcome": "answered", "attempts": 1, "joined_by": []},
        ],
        subscriptions=[{"event": "dialog"}],
    ),
    Scenario(
        "music on hold: the held side hears another host",
        "RFC 5359 §2.3",
        f"""{CALL}
+5s b->a INVITE sip:alice@192.0.2.1 SIP/2.0
{BY_CALLEE}
   sdp 198.51.100.9:6000 PCMU sendonly
a->b SIP/2.0 200 OK
   sdp 192.0.2.1:4000 PCMU recvonly
b->a ACK sip:alice@192.0.2.1 SIP/2.0
+30s b->a INVITE sip:alice@192.0.2.1 SIP/2.0
   CSeq: 2 INVITE
{BY_CALLEE}
   sdp 192.0.2.2:5000 PCMU sendrecv
a->b SIP/2.0 200 OK
   sdp 192.0.2.1:4000 PCMU
b->a ACK sip:alice@192.0.2.1 SIP/2.0
+2s a->b BYE sip:bob@192.0.2.2 SIP/2.0
b->a SIP/2.0 200 OK
""",
        [{"outcome": "answered", "ended_by": "caller", "attempts": 1}],
    ),
]
