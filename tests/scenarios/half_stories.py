"""Captures that show only part of a call: what is known is said, the rest is not guessed."""

from scenario import Scenario

SCENARIOS = [
    Scenario(
        "the capture begins in mid-call",
        "output contract: incomplete",
        """
        -> BYE sip:bob@example.com SIP/2.0
           CSeq: 3 BYE
        <- SIP/2.0 200 OK
        """,
        [
            {
                "outcome": "incomplete",
                "ended_by": "caller",
                "talk_ms": None,
                "setup_ms": None,
                "final_status": None,
                "path": [],
                "session_disconnect_delay_ms": 10,
            }
        ],
    ),
    Scenario(
        "the capture begins in mid-call, and who was called hangs up",
        "output contract: incomplete; what is there is said",
        """
        -> UPDATE sip:bob@192.0.2.2 SIP/2.0
        <- SIP/2.0 200 OK
        -> INVITE sip:bob@192.0.2.2 SIP/2.0
           To: <sip:bob@example.com>;tag=b1
        <- SIP/2.0 200 OK
        -> ACK sip:bob@192.0.2.2 SIP/2.0
        +5s <- BYE sip:alice@192.0.2.1 SIP/2.0
        -> SIP/2.0 200 OK
        """,
        [{"outcome": "incomplete", "ended_by": "callee"}],
    ),
    *(
        Scenario(
            f"only what the callee sends is there, with a change that got {status}",
            "RFC 3261 §12.2: what was answered is not tried again, so the later INVITE is a change",
            f"""
            <- SIP/2.0 180 Ringing
               CSeq: 1 INVITE
            +2s <- SIP/2.0 200 OK
               CSeq: 1 INVITE
            +10s <- SIP/2.0 {status}
               CSeq: 2 INVITE
            +10s <- BYE sip:alice@192.0.2.1 SIP/2.0
               From: <sip:bob@example.com>;tag=b1
               To: <sip:alice@example.com>;tag=a1
            """,
            [
                {
                    "outcome": "answered",
                    "final_status": 200,
                    "attempts": 1,
                    "ring_ms": 2000,
                    "talk_ms": 20000,
                    "ended_by": "callee",
                }
            ],
        )
        for status in ("200 OK", "488 Not Acceptable Here", "603 Decline", "487 Request Terminated")
    ),
    *(
        Scenario(
            f"the capture begins after a re-INVITE that got {status}, and ends with BYE",
            "RFC 3261 §12.2: the BYE shows a dialog, so it was a change that was refused",
            f"""
            <- SIP/2.0 {status}
               To: <sip:bob@example.com>;tag=b1
               CSeq: 3 INVITE
            -> ACK sip:bob@192.0.2.2 SIP/2.0
            +30s -> BYE sip:bob@192.0.2.2 SIP/2.0
               CSeq: 4 BYE
            <- SIP/2.0 200 OK
            """,
            [{"outcome": "incomplete", "final_status": None, "ended_by": "caller"}],
        )
        for status in ("488 Not Acceptable Here", "603 Decline", "491 Request Pending")
    ),
    Scenario(
        "the capture begins after a re-INVITE that its sender cancels",
        "RFC 3261 §9.1: the To of a CANCEL is that of its request, and has a tag inside a dialog",
        """
        <- SIP/2.0 100 Trying
           CSeq: 3 INVITE
        -> CANCEL sip:bob@192.0.2.2 SIP/2.0
           To: <sip:bob@example.com>;tag=b1
           CSeq: 3 CANCEL
        <- SIP/2.0 200 OK
           CSeq: 3 CANCEL
        <- SIP/2.0 487 Request Terminated
           CSeq: 3 INVITE
        """,
        [{"outcome": "incomplete", "final_status": None, "ended_by": None}],
    ),
    Scenario(
        "the capture begins with a 2xx, which may be that of a re-INVITE",
        "output contract: since when they talk is not shown",
        """
        <- SIP/2.0 200 OK
           CSeq: 3 INVITE
        -> ACK sip:bob@192.0.2.2 SIP/2.0
        +20s -> BYE sip:bob@192.0.2.2 SIP/2.0
           CSeq: 4 BYE
        <- SIP/2.0 200 OK
        """,
        [
            {
                "outcome": "answered",
                "ended_by": "caller",
                "talk_ms": None,
            }
        ],
    ),
    Scenario(
        "BYE ends one early dialog, the other still rings when the capture ends",
        "RFC 3261 §15: each early dialog has its own end",
        """
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 180 Ringing
           To: <sip:bob@example.com>;tag=one
        <- SIP/2.0 180 Ringing
           To: <sip:bob@example.com>;tag=two
        +1s -> BYE sip:bob@192.0.2.2 SIP/2.0
           To: <sip:bob@example.com>;tag=one
           CSeq: 2 BYE
        <- SIP/2.0 200 OK
           CSeq: 2 BYE
        """,
        [{"outcome": "incomplete", "ended_by": None}],
    ),
    Scenario(
        "a branch failed, and the capture ends before the proxy says what comes of it",
        "RFC 3261 §16.7 step 5: the proxy may try another target",
        """
        a->p INVITE sip:bob@example.com SIP/2.0
        p->a SIP/2.0 100 Trying
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
        b->p SIP/2.0 486 Busy Here
        p->b ACK sip:bob@192.0.2.2 SIP/2.0
        """,
        [{"outcome": "incomplete", "final_status": None}],
    ),
    Scenario(
        "a branch failed, and the ACK of the caller shows that it was told",
        "RFC 3261 §17.1.1.3: an ACK with the branch of the INVITE answers a 3xx to 6xx",
        """
        a->p INVITE sip:bob@example.com SIP/2.0
           Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-a1
        p->a SIP/2.0 100 Trying
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
        b->p SIP/2.0 486 Busy Here
        p->b ACK sip:bob@192.0.2.2 SIP/2.0
        a->p ACK sip:bob@example.com SIP/2.0
           Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-a1
        """,
        [{"outcome": "busy", "final_status": 486}],
        anomalies=["ack-before-final"],
    ),
    Scenario(
        "the caller's INVITE is missing, its CANCEL and 487 are there",
        "RFC 3261 §16.10: what the caller was told is how the call ended",
        """
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
           Via: SIP/2.0/UDP 192.0.2.16:5060;branch=z9hG4bK-p1
           Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-a1
           From: <sip:alice@example.com>;tag=a1
           CSeq: 1 INVITE
        b->p SIP/2.0 180 Ringing
        p->a SIP/2.0 487 Request Terminated
           Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-a1
           From: <sip:alice@example.com>;tag=a1
           CSeq: 1 INVITE
        b->p SIP/2.0 200 OK
        """,
        [{"outcome": "cancelled", "final_status": 487, "talk_ms": None}],
    ),
    Scenario(
        "the capture begins with a hold and ends in the call",
        "output contract: incomplete",
        """
        -> INVITE sip:bob@example.com SIP/2.0
           To: <sip:bob@example.com>;tag=b1
           CSeq: 7 INVITE
           sdp 192.0.2.1:4000 PCMU sendonly
        <- SIP/2.0 200 OK
           sdp 192.0.2.2:5000 PCMU recvonly
        """,
        [
            {
                "outcome": "incomplete",
                "final_status": None,
                "events": [{"kind": "held", "by": "caller", "status": 200}],
            }
        ],
    ),
    Scenario(
        "the capture ends while it rings",
        "output contract: incomplete",
        """
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 180 Ringing
        """,
        [{"outcome": "incomplete", "post_dial_delay_ms": 10, "ring_ms": None}],
    ),
    Scenario(
        "only what the caller sends is there",
        "output contract: a direction is missing, so nothing says how it ended",
        """
        -> INVITE sip:bob@example.com SIP/2.0
        +5s -> ACK sip:bob@192.0.2.2 SIP/2.0
           To: <sip:bob@example.com>;tag=b1
        +60s -> BYE sip:bob@192.0.2.2 SIP/2.0
           To: <sip:bob@example.com>;tag=b1
        """,
        [{"outcome": "incomplete", "ended_by": "caller", "final_status": None, "setup_ms": None}],
        anomalies=["ack-before-final"],
    ),
    Scenario(
        "what the callee sends is missing, and a CANCEL was followed by an ACK",
        "RFC 3261 §17.1.1.3: there was a final response, and nothing says which",
        """
        -> INVITE sip:bob@example.com SIP/2.0
        +5s -> CANCEL sip:bob@example.com SIP/2.0
        -> ACK sip:bob@example.com SIP/2.0
        +60s c->d OPTIONS sip:d@example.com SIP/2.0
           Call-ID: other
        """,
        [{"outcome": "incomplete", "final_status": None}],
        anomalies=["ack-before-final"],
    ),
    Scenario(
        "only what the callee sends is there",
        "RFC 3261 §17.1.3; output contract",
        """
        <- SIP/2.0 180 Ringing
           CSeq: 1 INVITE
        +3s <- SIP/2.0 200 OK
           CSeq: 1 INVITE
        """,
        [
            {
                "outcome": "answered",
                "final_status": 200,
                "post_dial_delay_ms": None,
                "setup_ms": None,
                "ring_ms": 3000,
                "session_request_delay_ms": None,
            }
        ],
    ),
    Scenario(
        "a hop is missing: the two hops at the ends are still one call",
        "output contract: a call is a Call-ID and From tag",
        """
        a->p INVITE sip:bob@example.com SIP/2.0
        q->b INVITE sip:bob@192.0.2.2 SIP/2.0
           Via: SIP/2.0/UDP 192.0.2.17:5060;branch=z9hG4bK-q1
           Via: SIP/2.0/UDP 192.0.2.16:5060;branch=z9hG4bK-p1
           Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-dialogue-1
           From: <sip:alice@example.com>;tag=a1
           To: <sip:bob@example.com>
        b->q SIP/2.0 200 OK
        p->a SIP/2.0 200 OK
        """,
        [
            {
                "outcome": "answered",
                "path": [{"transaction": 0, "depth": 0}, {"transaction": 1}],
                "hops": ["192.0.2.1", "192.0.2.16", "192.0.2.17", "192.0.2.2"],
            }
        ],
    ),
    Scenario(
        "the same packets seen twice are one call",
        "output contract: copies",
        """
        -> INVITE sip:bob@example.com SIP/2.0
        +1ms -> copy INVITE
        <- SIP/2.0 486 Busy Here
        +1ms <- copy 486
        -> ACK sip:bob@example.com SIP/2.0
        +1ms -> copy ACK
        """,
        [{"outcome": "busy", "attempts": 1, "path": [{"depth": 0}]}],
    ),
]
