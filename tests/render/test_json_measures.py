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
        "session_establishment_effectiveness_ratio": (4, 7),
        "ineffective_session_attempts": (1, 8),
        "session_completion_ratio": (1, 8),
    }
    # a 3xx and a 407 end no session request delay; those of the others are 1 s to 6 s
    answered = found["session_request_delay_ms"]
    assert (answered["count"], answered["sum_ms"]) == (2, 3000)
    assert found["failed_session_request_delay_ms"] == {
        "count": 4,
        "sum_ms": 18000,
        "least_ms": 3000,
        "median_ms": 4000,
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
    # from the REGISTER that was challenged on: 20 ms, 10 ms until the next, 40 ms
    assert found["registration_request_delay_ms"]["sum_ms"] == 70


def test_a_bye_that_nothing_answers(trace_of: TraceOf) -> None:
    """The session lasted until Timer F ran out, and counts apart (§4.5.2); its disconnect delay
    counts nowhere (§4.4).
    """
    found = json_of(
        trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 200 OK
        +10s -> BYE sip:bob@example.com SIP/2.0
        +40s -> OPTIONS sip:example.com SIP/2.0
           Call-ID: other
        """)
    )["statistics"]
    assert found["session_duration_ms"]["count"] == 0
    assert found["failed_session_duration_ms"]["sum_ms"] == 42000
    assert found["session_disconnect_delay_ms"]["count"] == 0
    assert found["session_completion_ratio"]["numerator"] == 0


def test_peers_keep_failed_requests_apart(trace_of: TraceOf) -> None:
    """What may not be combined for a capture (§4.3) may not be for a peer."""
    dialogue = call(1, "200 OK", "1s") + call(2, "486 Busy Here", "3s")
    (peer,) = (
        each for each in json_of(trace_of(dialogue))["statistics"]["by_peer"] if each["calls"]
    )
    assert peer["session_request_delay_ms"]["sum_ms"] == 1000
    assert peer["failed_session_request_delay_ms"]["sum_ms"] == 3000
