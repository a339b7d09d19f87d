"""Services that phones and proxies make of calls (RFC 5359), and further flows of RFC 3665."""

from scenario import Scenario

REGISTER = """
-> REGISTER sip:example.com SIP/2.0
   To: <sip:bob@example.com>
   From: <sip:bob@example.com>;tag=a1
"""

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
]
