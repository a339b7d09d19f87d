"""Session timers of RFC 4028: what the answer states, and whether anybody refreshed in time."""

from collections.abc import Callable

import pytest

from analyzer.measure.session_timers import session_timers
from analyzer.tables.calls import Party
from analyzer.tables.stories import EventKind
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


def answered(header: str, rest: str = "") -> str:
    """Return a call with a Session-Expires in its answer, and how it goes on."""
    return f"""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 200 OK
           {header}
        -> ACK sip:bob@example.com SIP/2.0
{rest}"""


@pytest.mark.parametrize(
    ("header", "expires", "refresher"),
    [
        ("Session-Expires: 90;refresher=uac", 90, Party.CALLER),
        ("Session-Expires: 90 ; Refresher = UAS", 90, Party.CALLEE),
        ("x: 1800;refresher=uas", 1800, Party.CALLEE),
        ("Session-Expires: 1800", 1800, Party.UNKNOWN),
        ("Session-Expires: soon;refresher=uac", -1, Party.CALLER),
    ],
)
def test_what_the_answer_states(
    trace_of: TraceOf, header: str, expires: int, refresher: Party
) -> None:
    """Interval and refresher (§4); the compact form is x."""
    found = session_timers(trace_of(answered(header)))
    assert found.expires_s.tolist() == [expires]
    assert found.refresher.tolist() == [refresher]


UPDATE = "        +45s -> UPDATE sip:bob@192.0.2.2 SIP/2.0\n        <- SIP/2.0 200 OK\n"
BY_CALLER = "-> BYE sip:bob@192.0.2.2 SIP/2.0\n        <- SIP/2.0 200 OK\n"
BY_CALLEE = "<- BYE sip:alice@192.0.2.1 SIP/2.0\n        -> SIP/2.0 200 OK\n"
LATER = "-> OPTIONS sip:x@h SIP/2.0\n           Call-ID: other\n"


@pytest.mark.parametrize(
    ("rest", "is_told"),
    [
        # §10: the side that waits sends BYE a third of the interval, 30 s, before its end
        (f"        +61s {BY_CALLEE}", True),
        (f"        +50s {BY_CALLEE}", False),
        # the refresher needs no reason of that kind to hang up
        (f"        +61s {BY_CALLER}", False),
        (f"        +91s {BY_CALLER}", True),
        (f"{UPDATE}        +50s {BY_CALLEE}", False),
        (f"{UPDATE}        +61s {BY_CALLEE}", True),
        (f"        +91s {LATER}", True),
        (f"        +80s {LATER}", False),
    ],
)
def test_who_hung_up_for_want_of_a_refresh(trace_of: TraceOf, rest: str, is_told: bool) -> None:  # noqa: FBT001 - a parameter
    """The interval passed, or the side that waited hung up when §10 asks for it."""
    trace = trace_of(answered("Session-Expires: 90;refresher=uac", rest))
    kinds = trace.stories.events.kind.tolist()
    assert (EventKind.NOT_REFRESHED in kinds) == is_told
