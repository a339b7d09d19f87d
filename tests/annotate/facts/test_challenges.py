"""How challenges are answered (RFC 3261 §22.2, §22.3)."""

from collections.abc import Callable

import pytest

from analyzer.annotate.facts.challenges import AGAIN, MET, challenged
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


def attempts(count: int, end: str) -> str:
    """Return requests with credentials of which all but the last are challenged."""
    asked = "".join(
        '-> REGISTER sip:example.com SIP/2.0\n   Authorization: Digest realm="a", nonce="n"\n'
        '<- SIP/2.0 401 Unauthorized\n   WWW-Authenticate: Digest realm="a", nonce="n"\n'
        for _ in range(count)
    )
    return f"{asked}-> REGISTER sip:example.com SIP/2.0\n   Authorization: Digest\n<- {end}\n"


@pytest.mark.parametrize(("count", "unmet"), [(1, 0), (4, 0), (5, 1), (9, 5)])
def test_a_success_meets_the_last_challenges_only(
    trace_of: TraceOf, count: int, unmet: int
) -> None:
    """Two or three challenges in a row are ordinary; a long row was not met by one late success."""
    outcome = challenged(trace_of(attempts(count, "SIP/2.0 200 OK"))).outcome.tolist()
    assert outcome == [AGAIN] * unmet + [MET] * (count - unmet) + [-1]


@pytest.mark.parametrize("end", ["403 Forbidden", "486 Busy Here", "500 Server Internal Error"])
def test_any_other_answer_meets_a_challenge(trace_of: TraceOf, end: str) -> None:
    """What comes after the check of the password is no challenge's matter."""
    assert challenged(trace_of(attempts(1, f"SIP/2.0 {end}"))).outcome[0] == MET


def test_credentials_must_fit_the_challenge(trace_of: TraceOf) -> None:
    """A 407 is answered with Proxy-Authorization, not with Authorization (§22.3)."""
    text = attempts(1, "SIP/2.0 200 OK").replace("401 Unauthorized", "407 Proxy Auth")
    assert challenged(trace_of(text)).outcome[0] != MET
