"""What is told one by one: whom findings belong to, and how each is drawn."""

from collections.abc import Callable

from analyzer.report.selection import select
from analyzer.report.told import subjects_to_tell, tell_whole
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]
TWO = """
-> INVITE sip:bob@example.com SIP/2.0
   Call-ID: one
<- SIP/2.0 486 Busy Here
   Call-ID: one
-> ACK sip:bob@example.com SIP/2.0
   Call-ID: one
-> INVITE sip:bob@example.com SIP/2.0
   Call-ID: two
<- SIP/2.0 200 OK
   Call-ID: two
-> ACK sip:bob@example.com SIP/2.0
   Call-ID: two
-> BYE sip:bob@example.com SIP/2.0
   Call-ID: two
<- SIP/2.0 200 OK
   Call-ID: two
-> SUBSCRIBE sip:bob@example.com SIP/2.0
   Call-ID: three
   Event: presence
<- SIP/2.0 603 Decline
   Call-ID: three
"""


def test_only_what_has_findings(trace_of: TraceOf) -> None:
    """The answered call is not among them, until everything is asked for."""
    trace = trace_of(TWO)
    subjects, total = subjects_to_tell(trace, select(trace, ""), [], everything=False)
    assert total == len(subjects) == 2
    assert ("call", 0) in subjects
    assert ("call", 1) not in subjects
    whole, count = subjects_to_tell(trace, select(trace, ""), [], everything=True)
    assert count == len(whole)
    assert ("call", 1) in whole


def test_those_named_come_first(trace_of: TraceOf) -> None:
    """Examples of the report are told before others, and not twice."""
    trace = trace_of(TWO)
    subjects, total = subjects_to_tell(trace, select(trace, ""), [("call", 0)], everything=False)
    assert subjects[0] == ("call", 0)
    assert len(set(subjects)) == len(subjects) == total


def test_what_is_judged_is_drawn(trace_of: TraceOf) -> None:
    """The message judged is decisive, the finding names its frame, the call has its path."""
    trace = trace_of(TWO)
    told = tell_whole(trace, ("call", 0), "en")
    assert told.story.ladder
    assert [each.label for each in told.story.ladder.arrows if each.decisive] == ["486 Busy Here"]
    assert [each.frame for each in told.findings] == [(0, 2)]
    assert told.whole
    assert len(told.whole.hops) == 1
