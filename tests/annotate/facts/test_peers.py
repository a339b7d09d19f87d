"""How else the one who answered answers."""

from collections.abc import Callable

from analyzer.tables.trace import Trace
from judged import values_of

TraceOf = Callable[[str], Trace]


def asked(number: int, method: str, status: int, to: str = "b") -> str:
    """Return a request outside any dialog and its answer."""
    return (
        f"a->{to} {method} sip:bob@example.com SIP/2.0\n   Call-ID: {number}@example.com\n"
        f"{to}->a SIP/2.0 {status} x\n"
    )


def test_counts(trace_of: TraceOf) -> None:
    """Only requests of the same method to the same server are compared."""
    trace = trace_of(
        asked(1, "OPTIONS", 503)
        + asked(2, "OPTIONS", 503)
        + asked(3, "OPTIONS", 200)
        + asked(4, "REGISTER", 503)
        + asked(5, "OPTIONS", 503, "c")
    )
    assert values_of(trace, 503, "server.answers") == [3, 3, 1, 1]
    assert values_of(trace, 503, "server.same_answers") == [2, 2, 1, 1]


def test_always(trace_of: TraceOf) -> None:
    """One answer is no rule; two equal ones and no other are."""
    assert values_of(trace_of(asked(1, "OPTIONS", 503)), 503, "server.always") == [False]
    two = asked(1, "OPTIONS", 503) + asked(2, "OPTIONS", 503)
    assert values_of(trace_of(two), 503, "server.always") == [True, True]
    other = two + asked(3, "OPTIONS", 200)
    assert values_of(trace_of(other), 503, "server.always") == [False, False]
