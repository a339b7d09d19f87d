"""Ratios of sessions and registrations: what RFC 6076 counts in numerator and denominator."""

from collections.abc import Callable

import pytest

from analyzer.measure.session_ratios import Ratio, registration_ratio, session_ratios
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]

SER = "session_establishment_ratio"
SEER = "session_establishment_effectiveness_ratio"
ISA = "ineffective_session_attempts"
SCR = "session_completion_ratio"


def shares(trace: Trace) -> dict[str, tuple[int, int]]:
    """Return numerators and denominators."""
    return {name: parts(each) for name, each in session_ratios(trace).items()}


def parts(ratio: Ratio) -> tuple[int, int]:
    """Return numerator and denominator."""
    return int(ratio.counted.sum()), int(ratio.of.sum())


ANSWERS = [
    # status, SER §4.6, SEER §4.7, ISA §4.8
    (200, (1, 1), (1, 1), (0, 1)),
    (302, (0, 0), (0, 0), (0, 1)),
    (401, (0, 1), (0, 1), (0, 1)),
    (404, (0, 1), (0, 1), (0, 1)),
    (407, (0, 1), (0, 1), (0, 1)),
    (408, (0, 1), (0, 1), (1, 1)),
    (420, (0, 1), (0, 1), (0, 1)),
    (480, (0, 1), (1, 1), (0, 1)),
    (486, (0, 1), (1, 1), (0, 1)),
    (487, (0, 1), (0, 1), (0, 1)),
    (500, (0, 1), (0, 1), (1, 1)),
    (502, (0, 1), (0, 1), (0, 1)),
    (503, (0, 1), (0, 1), (1, 1)),
    (504, (0, 1), (0, 1), (1, 1)),
    (600, (0, 1), (1, 1), (0, 1)),
    (603, (0, 1), (1, 1), (0, 1)),
    (604, (0, 1), (0, 1), (0, 1)),
]


@pytest.mark.parametrize(("status", "ser", "seer", "isa"), ANSWERS)
def test_what_each_final_response_counts_for(
    trace_of: TraceOf,
    status: int,
    ser: tuple[int, int],
    seer: tuple[int, int],
    isa: tuple[int, int],
) -> None:
    """Only a 3xx leaves a denominator, a failed authentication does not (§5.3)."""
    found = shares(trace_of(f"-> INVITE sip:b@h SIP/2.0\n<- SIP/2.0 {status} Any"))
    assert (found[SER], found[SEER], found[ISA]) == (ser, seer, isa)


def test_an_answered_challenge_is_no_attempt_of_its_own(trace_of: TraceOf) -> None:
    """§5.3: the ratios tell how authentication ended, not that it took place."""
    found = shares(
        trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 407 Proxy Authentication Required
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 200 OK
        """)
    )
    assert found[SER] == (1, 1)


def test_a_fork_is_one_attempt(trace_of: TraceOf) -> None:
    """§5.4: what a proxy forks downstream counts once."""
    found = shares(
        trace_of("""
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@example.com SIP/2.0
        p->c INVITE sip:bob@example.com SIP/2.0
        b->p SIP/2.0 486 Busy Here
        c->p SIP/2.0 200 OK
        p->a SIP/2.0 200 OK
        """)
    )
    assert found[SER] == (1, 1)


LATER = """
    +200s c->d OPTIONS sip:d@example.com SIP/2.0
       Call-ID: other
"""


@pytest.mark.parametrize(
    ("response", "isa"),
    [("", (1, 1)), ("<- SIP/2.0 100 Trying", (1, 1)), ("<- SIP/2.0 180 Ringing", (0, 1))],
)
def test_silence_is_taken_for_a_408(trace_of: TraceOf, response: str, isa: tuple[int, int]) -> None:
    """RFC 3261 §8.1.3.1; a phone that rings and is never picked up is no failed element."""
    assert shares(trace_of(f"-> INVITE sip:b@h SIP/2.0\n{response}{LATER}"))[ISA] == isa


@pytest.mark.parametrize(
    ("rest", "scr"),
    [
        ("-> BYE sip:b@h SIP/2.0\n<- SIP/2.0 200 OK", (1, 1)),
        ("-> BYE sip:b@h SIP/2.0\n<- SIP/2.0 481 Gone", (0, 1)),
        (f"-> BYE sip:b@h SIP/2.0{LATER}", (0, 1)),
        (f"-> ACK sip:b@h SIP/2.0{LATER}", (0, 0)),
    ],
)
def test_a_session_is_complete_when_its_bye_is_answered(
    trace_of: TraceOf, rest: str, scr: tuple[int, int]
) -> None:
    """§4.9; a session whose end the capture does not show counts nowhere."""
    dialogue = f"-> INVITE sip:b@h SIP/2.0\n<- SIP/2.0 200 OK\n{rest}"
    assert shares(trace_of(dialogue))[SCR] == scr


@pytest.mark.parametrize(
    ("answer", "ira"),
    [
        ("200 OK", (0, 1)),
        ("301 Moved Permanently", (0, 1)),
        ("401 Unauthorized", (0, 1)),
        ("402 Payment Required", (0, 1)),
        ("403 Forbidden", (1, 1)),
        ("407 Proxy Authentication Required", (0, 1)),
        ("503 Service Unavailable", (1, 1)),
        ("603 Decline", (1, 1)),
    ],
)
def test_what_each_answer_to_a_register_counts_for(
    trace_of: TraceOf, answer: str, ira: tuple[int, int]
) -> None:
    """§4.2: a challenge is no failure, but a REGISTER request all the same."""
    trace = trace_of(f"-> REGISTER sip:h SIP/2.0\n<- SIP/2.0 {answer}")
    assert parts(registration_ratio(trace)) == ira


def test_a_register_counts_once_on_its_way(trace_of: TraceOf) -> None:
    """§4.2 is measured where the request begins; what a proxy sends on is no further one."""
    trace = trace_of("""
        a->p REGISTER sip:example.com SIP/2.0
        p->r REGISTER sip:example.com SIP/2.0
        r->p SIP/2.0 403 Forbidden
        p->a SIP/2.0 403 Forbidden
    """)
    assert parts(registration_ratio(trace)) == (1, 1)
