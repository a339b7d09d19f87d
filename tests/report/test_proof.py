"""What a finding rests on: the messages that matter and their lines."""

from collections.abc import Callable

import numpy as np

from analyzer.annotate.wording import describe
from analyzer.report.model import Proof
from analyzer.report.proof import HEADERS, MESSAGES, NAMED, prove
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]

DECLINED = """
    a->p INVITE sip:bob@example.com SIP/2.0
       Proxy-Authorization: Digest username="alice", response="0123456789abcdef"
       Content-Type: application/sdp

       v=0
    p->b INVITE sip:bob@192.0.2.2 SIP/2.0
    b->p SIP/2.0 180 Ringing
    +5s b->p SIP/2.0 603 Decline
       Reason: Q.850;cause=21;
         location=U
    p->a SIP/2.0 603 Decline
    a->p ACK sip:bob@example.com SIP/2.0
    +1s a->p OPTIONS sip:bob@example.com SIP/2.0
"""


def proof_of(trace: Trace, detail: int = NAMED) -> Proof:
    """Return the proof of the first finding."""
    (text, *_) = describe(trace, np.arange(len(trace.findings)), trace.rules, "en")
    return prove(trace, 0, text, detail)


def test_the_messages_that_matter(trace_of: TraceOf) -> None:
    """All hops of the request are shown, other requests are not; what decides is marked."""
    ladder = proof_of(trace_of(DECLINED)).ladder
    assert [arrow.frame[1] for arrow in ladder.arrows] == [1, 2, 3, 4, 5, 6]
    assert [arrow.frame[1] for arrow in ladder.arrows if arrow.decisive] == [3, 4]


def test_the_lines_that_decide(trace_of: TraceOf) -> None:
    """The header that the evidence names is quoted with its frame, its fold joined."""
    (quote,) = proof_of(trace_of(DECLINED)).quotes
    assert quote.frame == (0, 4)
    assert quote.lines == ("Reason: Q.850;cause=21; location=U",)


def test_headers_and_messages(trace_of: TraceOf) -> None:
    """With more detail all headers are there, then bodies too; digest responses never are."""
    trace = trace_of(DECLINED)
    headers, messages = (proof_of(trace, detail).quotes[0].lines for detail in (HEADERS, MESSAGES))
    assert headers[0] == "INVITE sip:bob@example.com SIP/2.0"
    assert any(line.startswith("Via: SIP/2.0/UDP 192.0.2.1") for line in headers)
    assert "v=0" not in headers
    assert messages[-1] == "v=0"
    assert "0123456789abcdef" not in "\n".join((*headers, *messages))
    assert len(proof_of(trace, HEADERS).quotes) == 6


def test_a_204_rests_on_the_notify_before(trace_of: TraceOf) -> None:
    """The NOTIFY that carried the tag is among the messages, and its tag is quoted."""
    trace = trace_of("""
        -> SUBSCRIBE sip:bob@example.com SIP/2.0
           Event: presence
           Expires: 3600
        <- SIP/2.0 200 OK
           To: <sip:bob@example.com>;tag=n1
           Expires: 3600
        <- NOTIFY sip:alice@192.0.2.1 SIP/2.0
           Event: presence
           Subscription-State: active
           SIP-ETag: e1
        -> SIP/2.0 200 OK
        +60s -> SUBSCRIBE sip:bob@example.com SIP/2.0
           To: <sip:bob@example.com>;tag=n1
           Event: presence
           Suppress-If-Match: e1
           Expires: 3600
        <- SIP/2.0 204 No Notification
           Expires: 3600
    """)
    proof = proof_of(trace)
    assert [arrow.frame[1] for arrow in proof.ladder.arrows] == [3, 4, 5, 6]
    assert [(each.frame[1], each.lines) for each in proof.quotes] == [
        (3, ("SIP-ETag: e1",)),
        (5, ("Suppress-If-Match: e1", "Expires: 3600")),
        (6, ("Expires: 3600",)),
    ]


def test_credentials_and_challenge_are_quoted_without_their_secret(trace_of: TraceOf) -> None:
    """A refused password rests on both headers; what could be tried as a password is left out."""
    proof = proof_of(
        trace_of("""
        -> REGISTER sip:example.com SIP/2.0
           Authorization: Digest username="alice", realm="b", nonce="1", response="0123456789abcdef"
        <- SIP/2.0 401 Unauthorized
           WWW-Authenticate: Digest realm="a", nonce="2"
        """)
    )
    lines = [line for quote in proof.quotes for line in quote.lines]
    assert [line.partition(":")[0] for line in lines] == ["Authorization", "WWW-Authenticate"]
    assert "0123456789abcdef" not in "\n".join(lines)
