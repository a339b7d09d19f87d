"""What is changed inside a call: hold, codecs, refusals, timers (RFC 3261 §14, RFC 4028)."""

from scenario import Scenario

CALL = """
-> INVITE sip:bob@example.com SIP/2.0
   sdp 192.0.2.1:4000 PCMU
<- SIP/2.0 180 Ringing
+2s <- SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU
-> ACK sip:bob@example.com SIP/2.0
"""
BY_CALLER = "   To: <sip:bob@example.com>;tag=b1"
BY_CALLEE = """   From: <sip:bob@example.com>;tag=b1
   To: <sip:alice@example.com>;tag=a1"""

SCENARIOS = [
    Scenario(
        "the caller holds and resumes",
        "RFC 3264 §8.4, RFC 5359 §2.1",
        f"""{CALL}
+10s -> INVITE sip:bob@192.0.2.2 SIP/2.0
{BY_CALLER}
   sdp 192.0.2.1:4000 PCMU sendonly
<- SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU recvonly
-> ACK sip:bob@192.0.2.2 SIP/2.0
+20s -> INVITE sip:bob@192.0.2.2 SIP/2.0
{BY_CALLER}
   sdp 192.0.2.1:4000 PCMU sendrecv
<- SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU
-> ACK sip:bob@192.0.2.2 SIP/2.0
+5s <- BYE sip:alice@192.0.2.1 SIP/2.0
-> SIP/2.0 200 OK
""",
        [
            {
                "outcome": "answered",
                "ended_by": "callee",
                "held_ms": 20020,
                "attempts": 1,
                "events": [
                    {"kind": "held", "by": "caller", "detail": "sendonly", "status": 200},
                    {"kind": "resumed", "by": "caller", "detail": "sendrecv", "status": 200},
                ],
            }
        ],
    ),
    Scenario(
        "the caller asks for an offer and holds in its answer; a refresh of the callee resumes",
        "RFC 3261 §14.1, RFC 3264 §6.1",
        f"""{CALL}
+10s -> INVITE sip:bob@192.0.2.2 SIP/2.0
{BY_CALLER}
<- SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU
-> ACK sip:bob@192.0.2.2 SIP/2.0
   sdp 192.0.2.1:4000 PCMU sendonly
+5s <- INVITE sip:alice@192.0.2.1 SIP/2.0
{BY_CALLEE}
   sdp 192.0.2.2:5000 PCMU
-> SIP/2.0 200 OK
   sdp 192.0.2.1:4000 PCMU sendonly
<- ACK sip:alice@192.0.2.1 SIP/2.0
+15s <- INVITE sip:alice@192.0.2.1 SIP/2.0
{BY_CALLEE}
   sdp 192.0.2.2:5000 PCMU
-> SIP/2.0 200 OK
   sdp 192.0.2.1:4000 PCMU
<- ACK sip:alice@192.0.2.1 SIP/2.0
+5s <- BYE sip:alice@192.0.2.1 SIP/2.0
-> SIP/2.0 200 OK
""",
        [
            {
                "events": [
                    {"kind": "held", "by": "caller", "detail": "sendonly"},
                    {"kind": "refreshed", "by": "callee"},
                    {"kind": "resumed", "by": "caller", "detail": "sendrecv"},
                ],
                "held_ms": 20040,
            }
        ],
    ),
    Scenario(
        "an answer to sendonly or inactive holds nothing by itself",
        "RFC 3264 §6.1",
        f"""{CALL}
+10s -> INVITE sip:bob@192.0.2.2 SIP/2.0
{BY_CALLER}
   sdp 192.0.2.1:4000 PCMU inactive
<- SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU inactive
-> ACK sip:bob@192.0.2.2 SIP/2.0
+10s -> INVITE sip:bob@192.0.2.2 SIP/2.0
{BY_CALLER}
   sdp 192.0.2.1:4000 PCMU
<- SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU
-> ACK sip:bob@192.0.2.2 SIP/2.0
+5s <- BYE sip:alice@192.0.2.1 SIP/2.0
-> SIP/2.0 200 OK
""",
        [{"events": [{"kind": "held", "by": "caller"}, {"kind": "resumed", "by": "caller"}]}],
    ),
    Scenario(
        "the callee holds as RFC 2543 did, and the call ends on hold",
        "RFC 3264 §8.4: c=0.0.0.0",
        f"""{CALL}
+10s <- INVITE sip:alice@192.0.2.1 SIP/2.0
{BY_CALLEE}
   sdp 0.0.0.0:5000 PCMU
-> SIP/2.0 200 OK
   sdp 192.0.2.1:4000 PCMU
<- ACK sip:alice@192.0.2.1 SIP/2.0
+7s -> BYE sip:bob@192.0.2.2 SIP/2.0
<- SIP/2.0 200 OK
""",
        [
            {
                "held_ms": 7020,
                "ended_by": "caller",
                "events": [{"kind": "held", "by": "callee"}],
            }
        ],
    ),
    Scenario(
        "both hold: the call is held until both resume",
        "RFC 3264 §8.4",
        f"""{CALL}
+1s -> INVITE sip:bob@192.0.2.2 SIP/2.0
{BY_CALLER}
   sdp 192.0.2.1:4000 PCMU sendonly
<- SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU recvonly
-> ACK sip:bob@192.0.2.2 SIP/2.0
+1s <- INVITE sip:alice@192.0.2.1 SIP/2.0
{BY_CALLEE}
   sdp 192.0.2.2:5000 PCMU inactive
-> SIP/2.0 200 OK
   sdp 192.0.2.1:4000 PCMU inactive
<- ACK sip:alice@192.0.2.1 SIP/2.0
+1s -> INVITE sip:bob@192.0.2.2 SIP/2.0
{BY_CALLER}
   sdp 192.0.2.1:4000 PCMU sendrecv
<- SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU sendonly
-> ACK sip:bob@192.0.2.2 SIP/2.0
+1s <- INVITE sip:alice@192.0.2.1 SIP/2.0
{BY_CALLEE}
   CSeq: 2 INVITE
   sdp 192.0.2.2:5000 PCMU sendrecv
-> SIP/2.0 200 OK
   sdp 192.0.2.1:4000 PCMU
<- ACK sip:alice@192.0.2.1 SIP/2.0
""",
        [
            {
                "held_ms": 3060,
                "events": [
                    {"kind": "held", "by": "caller"},
                    {"kind": "held", "by": "callee"},
                    {"kind": "resumed", "by": "caller"},
                    {"kind": "resumed", "by": "callee"},
                ],
            }
        ],
    ),
    Scenario(
        "another codec, offered in the 2xx and answered in the ACK",
        "RFC 3261 §14.1, RFC 3264 §8.3.2",
        f"""{CALL}
+1s -> INVITE sip:bob@192.0.2.2 SIP/2.0
{BY_CALLER}
<- SIP/2.0 200 OK
   sdp 192.0.2.2:5000 G729
-> ACK sip:bob@192.0.2.2 SIP/2.0
   sdp 192.0.2.1:4000 G729
""",
        [{"events": [{"kind": "codecs_changed", "by": "callee", "detail": "PCMU → G729"}]}],
    ),
    Scenario(
        "a fax: from speech to T.38",
        "RFC 3264 §8.3.3",
        f"""{CALL}
+1s <- INVITE sip:alice@192.0.2.1 SIP/2.0
{BY_CALLEE}
   sdp 192.0.2.2:5000 T38
-> SIP/2.0 200 OK
   sdp 192.0.2.1:4000 T38
<- ACK sip:alice@192.0.2.1 SIP/2.0
""",
        [{"events": [{"kind": "codecs_changed", "by": "callee", "detail": "PCMU → t38"}]}],
    ),
    Scenario(
        "UPDATE moves the media",
        "RFC 3311 §5.1",
        f"""{CALL}
+1s -> UPDATE sip:bob@192.0.2.2 SIP/2.0
   sdp 192.0.2.9:4002 PCMU
<- SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU
""",
        [
            {
                "events": [
                    {
                        "kind": "media_moved",
                        "by": "caller",
                        "detail": "192.0.2.1:4000 → 192.0.2.9:4002",
                    }
                ]
            }
        ],
    ),
    *(
        Scenario(
            f"a change refused with {status}: the call goes on",
            "RFC 3261 §14.1",
            f"""{CALL}
+1s -> INVITE sip:bob@192.0.2.2 SIP/2.0
{BY_CALLER}
   sdp 192.0.2.1:4000 PCMU sendonly
<- SIP/2.0 {status}
-> ACK sip:bob@192.0.2.2 SIP/2.0
+30s -> BYE sip:bob@192.0.2.2 SIP/2.0
<- SIP/2.0 200 OK
""",
            [
                {
                    "outcome": "answered",
                    "final_status": 200,
                    "held_ms": None,
                    "ended_by": "caller",
                    "events": [
                        {
                            "kind": kind,
                            "by": "caller",
                            "status": int(status[:3]),
                            "detail": status[4:],
                        }
                    ],
                }
            ],
        )
        for status, kind in (
            ("488 Not Acceptable Here", "change_refused"),
            ("603 Decline", "change_refused"),
            ("491 Request Pending", "glare"),
        )
    ),
    Scenario(
        "the answer came in a reliable 183: another codec and address later are changes",
        "RFC 3262 §5, RFC 6337 §2.2: the 2xx need not repeat the answer",
        f"""
-> INVITE sip:bob@example.com SIP/2.0
   sdp 192.0.2.1:4000 PCMU
<- SIP/2.0 183 Session Progress
   Require: 100rel
   RSeq: 1
   sdp 192.0.2.2:5000 PCMU
-> PRACK sip:bob@192.0.2.2 SIP/2.0
   RAck: 1 1 INVITE
<- SIP/2.0 200 OK
   CSeq: 2 PRACK
+2s <- SIP/2.0 200 OK
   CSeq: 1 INVITE
-> ACK sip:bob@192.0.2.2 SIP/2.0
   CSeq: 1 ACK
+5s <- INVITE sip:alice@192.0.2.1 SIP/2.0
{BY_CALLEE}
   sdp 192.0.2.9:5002 G729
-> SIP/2.0 200 OK
   sdp 192.0.2.1:4000 G729
<- ACK sip:alice@192.0.2.1 SIP/2.0
""",
        [
            {
                "events": [
                    {"kind": "media_moved", "detail": "192.0.2.2:5000 → 192.0.2.9:5002"},
                    {"kind": "codecs_changed", "detail": "PCMU → G729"},
                ],
            }
        ],
    ),
    Scenario(
        "the callee offers in a reliable 183, PRACK answers, UPDATE tells of resources",
        "RFC 3262 §5, RFC 3312 §7; RFC 4028 §3: before the answer nothing is refreshed",
        f"""
-> INVITE sip:bob@example.com SIP/2.0
<- SIP/2.0 183 Session Progress
   Require: 100rel
   RSeq: 1
   sdp 192.0.2.2:5000 PCMU
-> PRACK sip:bob@192.0.2.2 SIP/2.0
   RAck: 1 1 INVITE
   sdp 192.0.2.1:4000 PCMU
<- SIP/2.0 200 OK
   CSeq: 2 PRACK
-> UPDATE sip:bob@192.0.2.2 SIP/2.0
   CSeq: 3 UPDATE
   sdp 192.0.2.1:4000 PCMU
<- SIP/2.0 200 OK
   CSeq: 3 UPDATE
   sdp 192.0.2.2:5000 PCMU
+2s <- SIP/2.0 200 OK
   CSeq: 1 INVITE
-> ACK sip:bob@192.0.2.2 SIP/2.0
   CSeq: 1 ACK
+5s <- INVITE sip:alice@192.0.2.1 SIP/2.0
{BY_CALLEE}
   sdp 192.0.2.2:5000 G729
-> SIP/2.0 200 OK
   sdp 192.0.2.1:4000 G729
<- ACK sip:alice@192.0.2.1 SIP/2.0
""",
        [
            {
                "events": [{"kind": "codecs_changed", "by": "callee", "detail": "PCMU → G729"}],
            }
        ],
    ),
    Scenario(
        "the callee is asked for an offer, and the ACK holds and resumes",
        "RFC 3261 §14.1, RFC 3264 §6.1: an answer to a sendrecv offer says what its side wants",
        f"""{CALL}
+1s -> INVITE sip:bob@192.0.2.2 SIP/2.0
{BY_CALLER}
<- SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU sendrecv
-> ACK sip:bob@192.0.2.2 SIP/2.0
   sdp 192.0.2.1:4000 PCMU sendonly
+20s -> INVITE sip:bob@192.0.2.2 SIP/2.0
{BY_CALLER}
<- SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU sendrecv
-> ACK sip:bob@192.0.2.2 SIP/2.0
   sdp 192.0.2.1:4000 PCMU sendrecv
""",
        [
            {
                "held_ms": 20020,
                "events": [
                    {"kind": "held", "by": "caller", "detail": "sendonly"},
                    {"kind": "resumed", "by": "caller", "detail": "sendrecv"},
                ],
            }
        ],
    ),
    Scenario(
        "a recvonly offer is answered with sendonly, which is no hold",
        "RFC 3264 §6.1: the answer must be sendonly or inactive",
        f"""{CALL}
+1s -> INVITE sip:bob@192.0.2.2 SIP/2.0
{BY_CALLER}
   sdp 192.0.2.1:4000 PCMU recvonly
<- SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU sendonly
""",
        [{"held_ms": None, "events": [{"kind": "refreshed"}]}],
    ),
    Scenario(
        "video is added to a call, and then everything is switched off",
        "RFC 3264 §8.1, §8.2: a port of 0 ends a stream",
        f"""{CALL}
+1s -> INVITE sip:bob@192.0.2.2 SIP/2.0
{BY_CALLER}
   sdp 192.0.2.1:4000 PCMU
     m=video 4002 RTP/AVP 31
<- SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU
     m=video 5002 RTP/AVP 31
-> ACK sip:bob@192.0.2.2 SIP/2.0
+1s -> INVITE sip:bob@192.0.2.2 SIP/2.0
{BY_CALLER}
   sdp 192.0.2.1:0 PCMU
<- SIP/2.0 200 OK
   sdp 192.0.2.2:0 PCMU
-> ACK sip:bob@192.0.2.2 SIP/2.0
""",
        [
            {
                "events": [
                    {"kind": "codecs_changed", "by": "caller", "detail": "PCMU → PCMU, H261"},
                    {"kind": "media_moved", "detail": "192.0.2.1:4000 → 192.0.2.1:0"},
                ]
            }
        ],
    ),
    Scenario(
        "the caller takes its own change back",
        "RFC 3261 §9.1: what its sender cancels nobody refused",
        f"""{CALL}
+5s -> INVITE sip:bob@192.0.2.2 SIP/2.0
{BY_CALLER}
   sdp 192.0.2.1:4000 PCMU sendonly
<- SIP/2.0 100 Trying
+2s -> CANCEL sip:bob@192.0.2.2 SIP/2.0
<- SIP/2.0 200 OK
   CSeq: 2 CANCEL
<- SIP/2.0 487 Request Terminated
   CSeq: 2 INVITE
-> ACK sip:bob@192.0.2.2 SIP/2.0
   CSeq: 2 ACK
""",
        [{"outcome": "answered", "held_ms": None, "events": []}],
    ),
    Scenario(
        "a BYE of the callee crosses a change of the caller",
        "RFC 3261 §15.1.2: what is still open is answered with 487, and refused by nobody",
        f"""{CALL}
+5s -> INVITE sip:bob@192.0.2.2 SIP/2.0
{BY_CALLER}
   sdp 192.0.2.1:4000 PCMU sendonly
<- SIP/2.0 100 Trying
+1s <- BYE sip:alice@192.0.2.1 SIP/2.0
-> SIP/2.0 200 OK
   CSeq: 1 BYE
<- SIP/2.0 487 Request Terminated
   CSeq: 2 INVITE
-> ACK sip:bob@192.0.2.2 SIP/2.0
   CSeq: 2 ACK
""",
        [{"outcome": "answered", "ended_by": "callee", "events": []}],
    ),
    *(
        Scenario(
            f"a proxy anchors the media, and {who} refreshes: nothing moves",
            "RFC 4028 §7.4; each hop has addresses of its own",
            f"""
a->p INVITE sip:bob@example.com SIP/2.0
   sdp 192.0.2.1:4000 PCMU
p->b INVITE sip:bob@192.0.2.2 SIP/2.0
   sdp 192.0.2.16:30000 PCMU
b->p SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU
p->a SIP/2.0 200 OK
   sdp 192.0.2.16:30002 PCMU
a->p ACK sip:bob@192.0.2.2 SIP/2.0
p->b ACK sip:bob@192.0.2.2 SIP/2.0
{refresh}
""",
            [{"events": [{"kind": "refreshed", "by": who}]}],
        )
        for who, refresh in (
            (
                "caller",
                f"""
+45s a->p INVITE sip:bob@192.0.2.2 SIP/2.0
{BY_CALLER}
   sdp 192.0.2.1:4000 PCMU
p->b INVITE sip:bob@192.0.2.2 SIP/2.0
   sdp 192.0.2.16:30000 PCMU
b->p SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU
p->a SIP/2.0 200 OK
   sdp 192.0.2.16:30002 PCMU
""",
            ),
            (
                "callee",
                f"""
+45s b->p INVITE sip:alice@192.0.2.1 SIP/2.0
{BY_CALLEE}
   sdp 192.0.2.2:5000 PCMU
p->a INVITE sip:alice@192.0.2.1 SIP/2.0
   sdp 192.0.2.16:30002 PCMU
a->p SIP/2.0 200 OK
   sdp 192.0.2.1:4000 PCMU
p->b SIP/2.0 200 OK
   sdp 192.0.2.16:30000 PCMU
""",
            ),
        )
    ),
    Scenario(
        "glare: both ask at once, one tries again",
        "RFC 3261 §14.1",
        f"""{CALL}
+1s -> INVITE sip:bob@192.0.2.2 SIP/2.0
{BY_CALLER}
   sdp 192.0.2.1:4000 PCMU sendonly
<- INVITE sip:alice@192.0.2.1 SIP/2.0
{BY_CALLEE}
   sdp 192.0.2.2:5000 PCMU sendonly
<- SIP/2.0 491 Request Pending
   CSeq: 2 INVITE
-> SIP/2.0 491 Request Pending
   CSeq: 1 INVITE
-> ACK sip:bob@192.0.2.2 SIP/2.0
<- ACK sip:alice@192.0.2.1 SIP/2.0
   CSeq: 1 ACK
+2500ms -> INVITE sip:bob@192.0.2.2 SIP/2.0
{BY_CALLER}
   CSeq: 3 INVITE
   sdp 192.0.2.1:4000 PCMU sendonly
<- SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU recvonly
-> ACK sip:bob@192.0.2.2 SIP/2.0
""",
        [
            {
                "outcome": "answered",
                "events": [
                    {"kind": "glare", "by": "caller", "status": 491},
                    {"kind": "glare", "by": "callee", "status": 491},
                    {"kind": "held", "by": "caller", "status": 200},
                ],
            }
        ],
    ),
    Scenario(
        "a hold through a proxy is one hold",
        "RFC 3261 §12.2, output contract",
        """
a->p INVITE sip:bob@example.com SIP/2.0
   sdp 192.0.2.1:4000 PCMU
p->b INVITE sip:bob@192.0.2.2 SIP/2.0
b->p SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU
p->a SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU
+1s a->p INVITE sip:bob@192.0.2.2 SIP/2.0
   To: <sip:bob@example.com>;tag=b1
   sdp 192.0.2.1:4000 PCMU sendonly
p->b INVITE sip:bob@192.0.2.2 SIP/2.0
b->p SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU recvonly
p->a SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU recvonly
""",
        [{"outcome": "answered", "events": [{"kind": "held", "by": "caller"}]}],
    ),
    Scenario(
        "a re-INVITE that asks for credentials first",
        "RFC 3261 §22.2",
        f"""{CALL}
+1s -> INVITE sip:bob@192.0.2.2 SIP/2.0
{BY_CALLER}
   sdp 192.0.2.1:4000 PCMU sendonly
<- SIP/2.0 407 Proxy Authentication Required
-> ACK sip:bob@192.0.2.2 SIP/2.0
-> INVITE sip:bob@192.0.2.2 SIP/2.0
{BY_CALLER}
   sdp 192.0.2.1:4000 PCMU sendonly
<- SIP/2.0 200 OK
   sdp 192.0.2.2:5000 PCMU recvonly
-> ACK sip:bob@192.0.2.2 SIP/2.0
""",
        [{"attempts": 1, "events": [{"kind": "held", "by": "caller"}]}],
    ),
    Scenario(
        "the session is refreshed in time",
        "RFC 4028 §7.4, §10",
        """
-> INVITE sip:bob@example.com SIP/2.0
   Session-Expires: 90
<- SIP/2.0 200 OK
   Session-Expires: 90;refresher=uac
-> ACK sip:bob@example.com SIP/2.0
+45s -> UPDATE sip:bob@192.0.2.2 SIP/2.0
   Session-Expires: 90;refresher=uac
<- SIP/2.0 200 OK
+45s -> UPDATE sip:bob@192.0.2.2 SIP/2.0
   Session-Expires: 90;refresher=uac
<- SIP/2.0 200 OK
+10s -> BYE sip:bob@192.0.2.2 SIP/2.0
<- SIP/2.0 200 OK
""",
        [
            {
                "session_expires_s": 90,
                "events": [{"kind": "refreshed", "by": "caller"}] * 2,
            }
        ],
    ),
    Scenario(
        "nobody refreshes: the side that waits hangs up before the interval ends",
        "RFC 4028 §10",
        """
-> INVITE sip:bob@example.com SIP/2.0
   Session-Expires: 90
<- SIP/2.0 200 OK
   Session-Expires: 90;refresher=uac
-> ACK sip:bob@example.com SIP/2.0
+65s <- BYE sip:alice@192.0.2.1 SIP/2.0
-> SIP/2.0 200 OK
""",
        [
            {
                "outcome": "answered",
                "ended_by": "callee",
                "session_expires_s": 90,
                "events": [{"kind": "not_refreshed", "frame": [0, 4]}],
            }
        ],
    ),
    Scenario(
        "the session interval is too small: 422, and again with a longer one",
        "RFC 4028 §6, §7.3",
        """
-> INVITE sip:bob@example.com SIP/2.0
   Session-Expires: 50
<- SIP/2.0 422 Session Interval Too Small
   Min-SE: 90
-> ACK sip:bob@example.com SIP/2.0
-> INVITE sip:bob@example.com SIP/2.0
   Session-Expires: 90
   Min-SE: 90
<- SIP/2.0 200 OK
   Session-Expires: 90;refresher=uas
-> ACK sip:bob@example.com SIP/2.0
""",
        [
            {
                "outcome": "answered",
                "attempts": 2,
                "session_expires_s": 90,
                "events": [{"kind": "timer_raised", "by": "callee", "status": 422}],
            }
        ],
    ),
    Scenario(
        "reliable provisional responses and early media",
        "RFC 3262 §3",
        """
-> INVITE sip:bob@example.com SIP/2.0
   Supported: 100rel
   sdp 192.0.2.1:4000 PCMU
+100ms <- SIP/2.0 183 Session Progress
   Require: 100rel
   RSeq: 1
   sdp 192.0.2.2:5000 PCMU
-> PRACK sip:bob@192.0.2.2 SIP/2.0
   RAck: 1 1 INVITE
<- SIP/2.0 200 OK
   CSeq: 2 PRACK
+400ms <- SIP/2.0 180 Ringing
   CSeq: 1 INVITE
+2s <- SIP/2.0 200 OK
   CSeq: 1 INVITE
-> ACK sip:bob@example.com SIP/2.0
   CSeq: 1 ACK
""",
        [
            {
                "outcome": "answered",
                "early_media_ms": 2420,
                "post_dial_delay_ms": 100,
                "session_request_delay_ms": 100,
                "setup_ms": 2520,
                "forks": 1,
                "events": [],
            }
        ],
    ),
    Scenario(
        "UPDATE before the answer changes the early session",
        "RFC 3311 §1",
        """
-> INVITE sip:bob@example.com SIP/2.0
   sdp 192.0.2.1:4000 PCMU
<- SIP/2.0 183 Session Progress
   sdp 192.0.2.2:5000 PCMU
-> UPDATE sip:bob@192.0.2.2 SIP/2.0
   sdp 192.0.2.1:4000 PCMU sendonly
<- SIP/2.0 200 OK
   CSeq: 2 UPDATE
   sdp 192.0.2.2:5000 PCMU recvonly
+1s <- SIP/2.0 200 OK
   CSeq: 1 INVITE
""",
        [{"outcome": "answered", "events": [{"kind": "held", "by": "caller"}]}],
    ),
]
