"""The measures of RFC 6076, by call, on calls whose messages are told one by one."""

from collections.abc import Callable

from analyzer.tables.trace import Trace
from json_output import json_of

TraceOf = Callable[[str], Trace]


def call(number: int, answer: str, delay: str, *, bye: str = "") -> str:
    """Return a call with an answer after a delay, and the answer to its BYE."""
    ended = f"""
+10s -> BYE sip:bob@example.com SIP/2.0
   Call-ID: {number}
<- SIP/2.0 {bye}
   Call-ID: {number}
   CSeq: 2 BYE
"""
    return f"""
-> INVITE sip:bob@example.com SIP/2.0
   Call-ID: {number}
+{delay} <- SIP/2.0 {answer}
   Call-ID: {number}
   CSeq: 1 INVITE
{ended if bye else ""}
"""


CALLS = (
    ("200 OK", "1s", "200 OK"),
    ("200 OK", "2s", "481 Call/Transaction Does Not Exist"),
    ("486 Busy Here", "3s", ""),
    ("603 Decline", "4s", ""),
    ("503 Service Unavailable", "5s", ""),
    ("404 Not Found", "6s", ""),
    ("302 Moved Temporarily", "7s", ""),
    ("407 Proxy Authentication Required", "8s", ""),
)


def test_ratios_and_delays_of_sessions(trace_of: TraceOf) -> None:
    """RFC 6076 §4.3 to §4.9 on eight calls."""
    dialogue = "".join(
        call(number, answer, delay, bye=bye) for number, (answer, delay, bye) in enumerate(CALLS)
    )
    found = json_of(trace_of(dialogue))["statistics"]
    ratios = {
        name: (found[name]["numerator"], found[name]["denominator"])
        for name in (
            "session_establishment_ratio",
            "session_establishment_effectiveness_ratio",
            "ineffective_session_attempts",
            "session_completion_ratio",
        )
    }
    assert ratios == {
        "session_establishment_ratio": (2, 7),
        "session_establishment_effectiveness_ratio": (4, 6),
        "ineffective_session_attempts": (1, 8),
        "session_completion_ratio": (1, 8),
    }
    # a 3xx and a 407 end no session request delay; those of the others are 1 s to 6 s
    assert found["session_request_delay_ms"] == {
        "count": 6,
        "sum_ms": 21000,
        "least_ms": 1000,
        "median_ms": 3000,
        "p95_ms": 6000,
        "most_ms": 6000,
    }
    assert found["session_disconnect_delay_ms"]["count"] == 1
    assert found["session_duration_ms"]["sum_ms"] == 20000
    assert found["ring_ms"] == {
        "count": 0,
        "sum_ms": 0,
        "least_ms": None,
        "median_ms": None,
        "p95_ms": None,
        "most_ms": None,
    }


def test_registrations(trace_of: TraceOf) -> None:
    """A challenge is no failure, a 403 is one, and so is no answer within Timer F (§4.1, §4.2)."""
    found = json_of(
        trace_of("""
        -> REGISTER sip:example.com SIP/2.0
           Call-ID: one
        +20ms <- SIP/2.0 401 Unauthorized
           Call-ID: one
        -> REGISTER sip:example.com SIP/2.0
           Call-ID: one
        +40ms <- SIP/2.0 200 OK
           Call-ID: one
        -> REGISTER sip:example.com SIP/2.0
           Call-ID: two
        <- SIP/2.0 403 Forbidden
           Call-ID: two
        -> REGISTER sip:example.com SIP/2.0
           Call-ID: three
        +40s -> OPTIONS sip:example.com SIP/2.0
           Call-ID: four
        """)
    )["statistics"]
    attempts = found["ineffective_registration_attempts"]
    assert (attempts["numerator"], attempts["denominator"]) == (2, 4)
    assert found["registration_request_delay_ms"]["sum_ms"] == 40
