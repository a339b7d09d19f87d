"""Session intervals that run out (RFC 4028 §10)."""

from collections.abc import Callable

import pytest

from analyzer.measure.session_intervals import is_overdue, may_be_overdue, unrefreshed
from analyzer.measure.session_timers import last_timers
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]

CALL = """
-> INVITE sip:bob@example.com SIP/2.0
<- SIP/2.0 200 OK
   To: <sip:bob@example.com>;tag=b1
   Session-Expires: {interval};refresher=uac
-> ACK sip:bob@192.0.2.2 SIP/2.0
{between}
+{seconds}s <- BYE sip:alice@192.0.2.1 SIP/2.0
-> SIP/2.0 200 OK
"""
REFRESH = """+100s <- UPDATE sip:alice@192.0.2.1 SIP/2.0
-> SIP/2.0 200 OK
   Session-Expires: 120;refresher=uas"""
REFUSED = "+100s <- UPDATE sip:alice@192.0.2.1 SIP/2.0\n-> SIP/2.0 500 Server Internal Error"


@pytest.mark.parametrize(
    ("interval", "between", "seconds", "overdue"),
    [
        (120, "", 79, False),
        (120, "", 88, True),  # a BYE comes 32 s before the interval ends
        (90, "", 59, False),
        (90, "", 60, True),  # … or a third of it, where that is less
        (120, REFRESH, 79, False),
        (120, REFRESH, 130, True),
        (120, REFUSED, 40, True),
    ],
)
def test_overdue(
    trace_of: TraceOf, interval: int, between: str, seconds: int, *, overdue: bool
) -> None:
    """A refresh by either side begins the interval anew, one that is refused does not."""
    trace = trace_of(CALL.format(interval=interval, between=between, seconds=seconds))
    found = is_overdue(trace, last_timers(trace), unrefreshed(trace))
    assert found.tolist() == [overdue]
    if overdue:
        assert may_be_overdue(trace).tolist() == [0]


def test_who_is_to_refresh_may_hang_up(trace_of: TraceOf) -> None:
    """A BYE of the refresher before the interval is over has another reason than a timer."""
    call = CALL.format(interval=120, between="", seconds=100)
    call = call.replace("<- BYE sip:alice@192.0.2.1", "-> BYE sip:bob@192.0.2.2")
    trace = trace_of(call.replace("-> SIP/2.0 200 OK", "<- SIP/2.0 200 OK"))
    assert not is_overdue(trace, last_timers(trace), unrefreshed(trace)).any()
