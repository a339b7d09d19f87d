"""Session timers of RFC 4028: what the answer states, and whether anybody refreshed in time."""

from collections.abc import Callable

import pytest

from analyzer.measure.session_timers import last_timers, session_timers
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


UPDATE = (
    "        +45s -> UPDATE sip:bob@192.0.2.2 SIP/2.0\n        <- SIP/2.0 200 OK\n"
    "           Session-Expires: 90;refresher=uac\n"
)
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
def test_who_hung_up_for_want_of_a_refresh(trace_of: TraceOf, rest: str, is_told: bool) -> None:  # noqa: FBT001 - pytest gives it by name
    """The interval passed, or the side that waited hung up when §10 asks for it."""
    trace = trace_of(answered("Session-Expires: 90;refresher=uac", rest))
    kinds = trace.stories.events.kind.tolist()
    assert (EventKind.NOT_REFRESHED in kinds) == is_told


REFRESH = {
    "caller": """
        +45s -> UPDATE sip:bob@192.0.2.2 SIP/2.0
        <- SIP/2.0 200 OK
           {stated}
""",
    "callee": """
        +45s <- UPDATE sip:alice@192.0.2.1 SIP/2.0
        -> SIP/2.0 200 OK
           {stated}
""",
}


@pytest.mark.parametrize(
    ("by", "stated", "expires", "refresher"),
    [
        ("caller", "Session-Expires: 1800;refresher=uas", 1800, Party.CALLEE),
        ("callee", "x: 120;refresher=uac", 120, Party.CALLEE),
        ("callee", "x: 120;refresher=uas", 120, Party.CALLER),
        # §7.2: a 2xx without the header turns the timer off
        ("caller", "Server: b", -1, Party.UNKNOWN),
    ],
)
def test_each_refresh_states_interval_and_refresher_anew(
    trace_of: TraceOf, by: str, stated: str, expires: int, refresher: Party
) -> None:
    """What holds at last is what the last 2xx says; uac is who sent the request it answers (§7.2,
    §9).
    """
    rest = REFRESH[by].format(stated=stated)
    trace = trace_of(answered("Session-Expires: 90;refresher=uac", rest))
    found = last_timers(trace)
    assert (found.expires_s.tolist(), found.refresher.tolist()) == ([expires], [refresher])
    assert session_timers(trace).expires_s.tolist() == [90]


@pytest.mark.parametrize(
    ("stated", "is_told"),
    [
        ("Session-Expires: 1800;refresher=uac", False),
        ("Server: b", False),
        ("Session-Expires: 90;refresher=uac", True),
    ],
)
def test_the_interval_of_the_last_refresh_counts(
    trace_of: TraceOf,
    stated: str,
    is_told: bool,  # noqa: FBT001 - pytest gives it by name
) -> None:
    """A call runs out of the interval that holds, not of the one it began with."""
    rest = f"{REFRESH['caller'].format(stated=stated)}        +300s {BY_CALLEE}"
    trace = trace_of(answered("Session-Expires: 90;refresher=uac", rest))
    kinds = trace.stories.events.kind.tolist()
    assert (EventKind.NOT_REFRESHED in kinds) == is_told
    assert ("DLG004" in {trace.rules[row].id for row in trace.findings.rule}) == is_told


def test_a_refresh_counts_on_the_hop_of_the_answer(trace_of: TraceOf) -> None:
    """A proxy that keeps a timer for a callee without one writes the header into what it sends on
    (§8.2).
    """
    trace = trace_of(
        """
        a->p INVITE sip:bob@example.com SIP/2.0
        p->b INVITE sip:bob@192.0.2.2 SIP/2.0
        b->p SIP/2.0 200 OK
        p->a SIP/2.0 200 OK
           Session-Expires: 90;refresher=uac
        a->p ACK sip:bob@192.0.2.2 SIP/2.0
        +45s a->p UPDATE sip:bob@192.0.2.2 SIP/2.0
           To: <sip:bob@example.com>;tag=b1
        p->b UPDATE sip:bob@192.0.2.2 SIP/2.0
           To: <sip:bob@example.com>;tag=b1
        b->p SIP/2.0 200 OK
        p->a SIP/2.0 200 OK
           Session-Expires: 120;refresher=uac
        """
    )
    assert last_timers(trace).expires_s.tolist() == [120]
