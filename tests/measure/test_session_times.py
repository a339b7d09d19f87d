"""Delays and durations of sessions: from which message to which, by RFC 6076."""

from collections.abc import Callable

import pytest

from analyzer.tables.trace import Trace
from tables import table

TraceOf = Callable[[str], Trace]


def request_delay(trace: Trace) -> str:
    """Return the session request delay of the only call."""
    return table(trace.calls, "session_request_delay_ms").splitlines()[1]


@pytest.mark.parametrize(
    ("responses", "delay"),
    [
        # §4.3.1: the first response that shows a status, which 100 does not
        (["+90ms <- SIP/2.0 100 Trying", "+900ms <- SIP/2.0 180 Ringing"], "990"),
        (["+500ms <- SIP/2.0 183 Session Progress", "+9s <- SIP/2.0 200 OK"], "500"),
        (["+700ms <- SIP/2.0 200 OK"], "700"),
        # §4.3.2: a failure, or the status that came before it
        (["+700ms <- SIP/2.0 500 Server Internal Error"], "700"),
        (["+200ms <- SIP/2.0 180 Ringing", "+5s <- SIP/2.0 603 Decline"], "200"),
        # neither success nor failure
        (["+700ms <- SIP/2.0 302 Moved Temporarily"], "-"),
        (["+700ms <- SIP/2.0 401 Unauthorized"], "-"),
        (["+700ms <- SIP/2.0 402 Payment Required"], "-"),
        (["+700ms <- SIP/2.0 407 Proxy Authentication Required"], "-"),
        (["+700ms <- SIP/2.0 100 Trying"], "-"),
    ],
)
def test_what_ends_a_session_request(trace_of: TraceOf, responses: list[str], delay: str) -> None:
    """§4.3: the first 1xx but 100, else the 2xx or failure."""
    assert request_delay(trace_of("\n".join(["-> INVITE sip:b@h SIP/2.0", *responses]))) == delay


def test_a_session_request_begins_with_its_first_invite(trace_of: TraceOf) -> None:
    """Sending an INVITE again does not start the time anew."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        +500ms -> again INVITE
        +100ms <- SIP/2.0 180 Ringing
        +500ms <- again 180
    """)
    assert request_delay(trace) == "600"


def test_challenges_are_part_of_a_session_request(trace_of: TraceOf) -> None:
    """§5.3: the time that authentication takes is in the measure."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        +100ms <- SIP/2.0 407 Proxy Authentication Required
        +5ms -> ACK sip:bob@example.com SIP/2.0
        +5ms -> INVITE sip:bob@example.com SIP/2.0
        +200ms <- SIP/2.0 180 Ringing
        +3s <- SIP/2.0 200 OK
    """)
    assert request_delay(trace) == "310"


def test_a_redirection_is_another_request(trace_of: TraceOf) -> None:
    """§4.6 takes a redirected INVITE and the one that follows it for two."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        +1s <- SIP/2.0 302 Moved Temporarily
        -> ACK sip:bob@example.com SIP/2.0
        -> INVITE sip:bob@example.net SIP/2.0
        +200ms <- SIP/2.0 180 Ringing
    """)
    assert request_delay(trace) == "200"


ANSWERED = """
    -> INVITE sip:bob@example.com SIP/2.0
    <- SIP/2.0 200 OK
    -> ACK sip:bob@example.com SIP/2.0
"""


def ended(trace: Trace) -> str:
    """Return disconnect delay and duration of the only call."""
    return table(
        trace.calls, "session_disconnect_delay_ms", "session_duration_ms", "talk_ms"
    ).splitlines()[1]


def test_a_session_ends_with_the_2xx_to_its_bye(trace_of: TraceOf) -> None:
    """§4.4: BYE to 2xx; §4.5.1: 2xx to BYE. A BYE and a 200 that are repeated change neither."""
    trace = trace_of(f"""{ANSWERED}
    +20s <- BYE sip:alice@192.0.2.1 SIP/2.0
    +500ms <- again BYE
    +40ms -> SIP/2.0 200 OK
    -> again 200
    """)
    assert ended(trace).split() == ["540", "20010", "20010"]


def test_an_error_that_a_second_bye_mends(trace_of: TraceOf) -> None:
    """§4.4: a recoverable error is not the end; the 2xx that follows is."""
    trace = trace_of(f"""{ANSWERED}
    +20s -> BYE sip:bob@192.0.2.2 SIP/2.0
    +30ms <- SIP/2.0 503 Service Unavailable
       Retry-After: 1
    +1s -> BYE sip:bob@192.0.2.2 SIP/2.0
    +30ms <- SIP/2.0 200 OK
    """)
    assert ended(trace).split() == ["1060", "20010", "20010"]


def test_a_bye_of_the_other_side_mends_nothing(trace_of: TraceOf) -> None:
    """A BYE that crosses it has its own 2xx."""
    trace = trace_of(f"""{ANSWERED}
    +20s -> BYE sip:bob@192.0.2.2 SIP/2.0
    +1ms <- BYE sip:alice@192.0.2.1 SIP/2.0
    <- SIP/2.0 481 Call/Transaction Does Not Exist
    -> SIP/2.0 200 OK
    """)
    assert ended(trace).split()[0] == "-"


@pytest.mark.parametrize(("seconds", "duration"), [(33, "52010"), (31, "20010")])
def test_a_bye_that_nothing_answers(trace_of: TraceOf, seconds: int, duration: str) -> None:
    """§4.5.2: the session lasts until Timer F runs out, if the capture does so; §4.4 leaves it out
    of the disconnect delays.
    """
    trace = trace_of(f"""{ANSWERED}
    +20s -> BYE sip:bob@192.0.2.2 SIP/2.0
    +{seconds}s c->d OPTIONS sip:d@example.com SIP/2.0
       Call-ID: other
    """)
    assert ended(trace).split() == ["-", duration, "20010"]


def test_early_media_is_no_part_of_a_session(trace_of: TraceOf) -> None:
    """§4.5: the duration has none of it; it runs from the first 1xx with a body on."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 183 Session Progress

           v=0
        +5s <- SIP/2.0 200 OK
        +10s -> BYE sip:bob@192.0.2.2 SIP/2.0
        <- SIP/2.0 200 OK
    """)
    assert (
        table(trace.calls, "early_media_ms", "session_duration_ms")
        == """
        early_media_ms  session_duration_ms
        5000            10000
    """
    )
