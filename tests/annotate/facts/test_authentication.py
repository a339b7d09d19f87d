"""Fields of challenges and credentials."""

from collections.abc import Callable

import numpy as np
import pytest

from analyzer.annotate.fields import UNKNOWN, Judged, Value
from analyzer.annotate.wording import describe
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]

CHALLENGE = """
        -> REGISTER sip:example.com SIP/2.0
        <- SIP/2.0 401 Unauthorized
           WWW-Authenticate: Digest realm="example.com", nonce="n1"
"""
WAIT = """
        +{seconds}s -> OPTIONS sip:example.com SIP/2.0
           Call-ID: later@example.com
"""


def value(trace: Trace, name: str, transaction: int = 0) -> Value:
    """Return a field of the final response of a transaction."""
    rows = np.array([transaction])
    judged = Judged(trace, rows, trace.transactions.final_row[rows], {"answer_within_ms": 5000})
    return judged.values(name)[0]


@pytest.mark.parametrize(("seconds", "expected"), [(4, "open"), (6, "dropped")])
def test_a_short_capture_proves_nothing(trace_of: TraceOf, seconds: int, expected: str) -> None:
    """That a client does not answer is told only after it had the time to."""
    assert value(trace_of(CHALLENGE + WAIT.format(seconds=seconds)), "challenge") == expected


@pytest.mark.parametrize(
    ("sent", "asked", "expected"),
    [
        (None, 'realm="a", nonce="1"', "none"),
        ('realm="b", nonce="1"', 'realm="a", nonce="2"', "other-realm"),
        ('realm="a", nonce="1"', 'realm="a", nonce="2", stale=TRUE', "stale"),
        ('realm="a", nonce="1"', 'realm="a", nonce="2", stale=false', "old-nonce"),
    ],
)
def test_credentials_of_a_first_request(
    trace_of: TraceOf, sent: str | None, asked: str, expected: str
) -> None:
    """Realm, stale and nonce tell why credentials were not enough (RFC 7616 §3.3)."""
    header = f"\n           Authorization: Digest {sent}" if sent else ""
    trace = trace_of(f"""
        -> REGISTER sip:example.com SIP/2.0{header}
        <- SIP/2.0 401 Unauthorized
           WWW-Authenticate: Digest {asked}
    """)
    assert value(trace, "credentials") == expected


def test_credentials_of_other_responses(trace_of: TraceOf) -> None:
    """Of a response that is no challenge it is told whether credentials were sent, and by whom."""
    trace = trace_of("""
        -> REGISTER sip:example.com SIP/2.0
           Authorization: Digest username="alice", realm="a", nonce="1", response="6629fae4"
        <- SIP/2.0 403 Forbidden
        -> OPTIONS sip:example.com SIP/2.0
        <- SIP/2.0 200 OK
        <- SIP/2.0 403 Forbidden
           CSeq: 9 MESSAGE
    """)
    found = [value(trace, "credentials", at) for at in range(3)]
    assert found == ["sent", "none", UNKNOWN]
    assert value(trace, "credentials.username") == "alice"


def test_what_a_challenge_offers(trace_of: TraceOf) -> None:
    """Each realm, scheme and algorithm is named once, MD5 where none is (RFC 7616 §3.3)."""
    trace = trace_of("""
        -> REGISTER sip:example.com SIP/2.0
        <- SIP/2.0 401 Unauthorized
           WWW-Authenticate: Digest realm="a", nonce="1", algorithm=SHA-256
           WWW-Authenticate: Digest realm="a", nonce="1"
    """)
    assert value(trace, "challenge.realm") == "a"
    assert value(trace, "challenge.scheme") == "Digest"
    assert value(trace, "challenge.algorithm") == "SHA-256, MD5"
    assert value(trace, "challenge.stale") is False


def test_the_answer(trace_of: TraceOf) -> None:
    """The request after a challenge says how it went on, and that it answers one."""
    trace = trace_of(
        CHALLENGE
        + """
        -> REGISTER sip:example.com SIP/2.0
           Authorization: Digest username="alice", realm="example.com", nonce="n1"
        <- SIP/2.0 401 Unauthorized
           WWW-Authenticate: Digest realm="example.com", nonce="n2"
    """
    )
    assert value(trace, "challenge.answer_status") == 401
    assert value(trace, "answers_challenge", 1) is True
    assert value(trace, "answers_challenge", 0) is False
    assert value(trace, "credentials", 1) == "refused"


def test_no_secret_in_the_words(trace_of: TraceOf) -> None:
    """The response of a digest is in no text of a finding about it."""
    trace = trace_of("""
        -> REGISTER sip:example.com SIP/2.0
           Authorization: Digest username="alice", realm="b", nonce="1", response="6629fae4"
        <- SIP/2.0 401 Unauthorized
           WWW-Authenticate: Digest realm="a", nonce="1"
    """)
    assert len(trace.findings) == 1
    texts = describe(trace, np.arange(1), trace.rules, "en")
    assert "alice" in repr(texts)
    assert "6629fae4" not in repr(texts)
