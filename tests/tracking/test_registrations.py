"""Registrations by address of record and Call-ID (RFC 3261 §10)."""

from collections.abc import Callable

import pytest

from analyzer.tables.trace import Trace
from analyzer.tracking.registrations import request_delays
from tables import table

TraceOf = Callable[[str], Trace]


def test_a_challenge_its_answer_and_a_refresh_are_one_registration(trace_of: TraceOf) -> None:
    """Attempts are REGISTER requests, refreshes the 2xx after the first."""
    trace = trace_of("""
        -> REGISTER sip:example.com SIP/2.0
        <- SIP/2.0 401 Unauthorized
        -> REGISTER sip:example.com SIP/2.0
        <- SIP/2.0 200 OK
           Contact: <sip:alice@192.0.2.1>;expires=60
        +50s -> REGISTER sip:example.com SIP/2.0
        <- SIP/2.0 200 OK
           Contact: <sip:alice@192.0.2.1>;expires=60
    """)
    assert (
        table(trace.registrations, "attempts", "refreshes", "state", "final_status")
        == """
        attempts  refreshes  state       final_status
        3         1          registered  200
    """
    )


def test_another_address_of_record_is_another_registration(trace_of: TraceOf) -> None:
    """One Call-ID may register several addresses of record."""
    trace = trace_of("""
        -> REGISTER sip:example.com SIP/2.0
           To: <sip:one@example.com>
        -> REGISTER sip:example.com SIP/2.0
           To: "One" <sip:one@example.com>
        -> REGISTER sip:example.com SIP/2.0
           To: <sip:two@example.com>
    """)
    assert trace.transactions.registration_row.tolist() == [0, 0, 1]


STATES = [
    ("Expires: 0\n           Contact: *", "SIP/2.0 200 OK", "removed"),
    ("Contact: <sip:a@192.0.2.1>;expires=0", "SIP/2.0 200 OK", "removed"),
    (
        "Contact: <sip:a@192.0.2.1>;expires=0",
        "SIP/2.0 200 OK\n           Contact: <sip:a@192.0.2.1>;expires=0",
        "removed",
    ),
    (
        "Contact: <sip:a@192.0.2.1>;expires=0",
        "SIP/2.0 200 OK\n           Contact: <sip:a@192.0.2.1>;expires=0, <sip:b@h>;expires=9",
        "registered",
    ),
    (
        "Contact: <sip:a@192.0.2.1>\n           Expires: 0",
        "SIP/2.0 200 OK\n           Contact: <sip:a@192.0.2.1>\n           Expires: 0",
        "removed",
    ),
    ("Contact: <sip:a@192.0.2.1>", "SIP/2.0 200 OK", "registered"),
    ("Expires: 60", "SIP/2.0 200 OK", "removed"),
    ("Expires: 60", "SIP/2.0 403 Forbidden", "refused"),
    ("Expires: 60", "SIP/2.0 100 Trying", "incomplete"),
]


@pytest.mark.parametrize(("header", "answer", "state"), STATES)
def test_the_last_answer_gives_the_state(
    trace_of: TraceOf, header: str, answer: str, state: str
) -> None:
    """Registered, removed, refused or still open; without Contact it only asks (§10.2.3)."""
    trace = trace_of(f"""
        -> REGISTER sip:example.com SIP/2.0
           {header}
        <- {answer}
    """)
    assert table(trace.registrations, "state").splitlines()[1] == state


def test_a_registrar_that_says_nothing_for_64_t1(trace_of: TraceOf) -> None:
    """Timer F: unanswered, when the capture runs so long."""
    trace = trace_of("""
        -> REGISTER sip:example.com SIP/2.0
        +33s c->d OPTIONS sip:d@example.com SIP/2.0
           Call-ID: other
    """)
    assert (
        table(trace.registrations, "state")
        == """
        state
        unanswered
    """
    )


def test_what_a_proxy_sends_on_is_no_further_attempt(trace_of: TraceOf) -> None:
    """One REGISTER over two hops is one attempt, and the delay is that of the first hop
    (RFC 6076 §4.1: at the originating user agent).
    """
    trace = trace_of("""
        a->p REGISTER sip:example.com SIP/2.0
        p->r REGISTER sip:example.com SIP/2.0
        r->p SIP/2.0 200 OK
           Contact: <sip:alice@192.0.2.1>;expires=60
        p->a SIP/2.0 200 OK
           Contact: <sip:alice@192.0.2.1>;expires=60
    """)
    assert (
        table(trace.registrations, "attempts", "refreshes", "request_delay_ms")
        == """
        attempts  refreshes  request_delay_ms
        1         0          30
    """
    )


def test_the_delay_of_a_refresh_is_its_own(trace_of: TraceOf) -> None:
    """Each REGISTER that gets a 2xx is measured, with the challenges right before it
    (RFC 6076 §4.1).
    """
    trace = trace_of("""
        -> REGISTER sip:example.com SIP/2.0
        +20ms <- SIP/2.0 200 OK
        +50s -> REGISTER sip:example.com SIP/2.0
        +20ms <- SIP/2.0 401 Unauthorized
        +10ms -> REGISTER sip:example.com SIP/2.0
        +20ms <- SIP/2.0 200 OK
    """)
    assert [ns // 10**6 for ns in request_delays(trace).tolist() if ns >= 0] == [20, 50]
