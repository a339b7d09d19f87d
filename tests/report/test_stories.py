"""What findings belong to, told in a sentence and a ladder."""

from collections.abc import Callable

import numpy as np

from analyzer.report.stories import subjects_of, tell
from analyzer.tables.trace import Trace

DIALOGUE = """
    -> INVITE sip:bob@example.com SIP/2.0
       Call-ID: call
    <- SIP/2.0 603 Decline
       Call-ID: call
    -> SUBSCRIBE sip:bob@example.com SIP/2.0
       Call-ID: sub
       Event: presence
    <- SIP/2.0 603 Decline
       Call-ID: sub
    -> REGISTER sip:example.com SIP/2.0
       Call-ID: reg
    <- SIP/2.0 204 No Content
       Call-ID: reg
    -> MESSAGE sip:bob@example.com SIP/2.0
       Call-ID: msg
    <- SIP/2.0 603 Decline
       Call-ID: msg
"""


def test_each_finding_has_its_subject(trace_of: Callable[[str], Trace]) -> None:
    """A call, subscription or registration where there is one, else the transaction itself."""
    trace = trace_of(DIALOGUE)
    subjects = subjects_of(trace, np.arange(len(trace.findings)))
    assert subjects == [
        ("call", 0),
        ("subscription", 0),
        ("registration", 0),
        ("transaction", 3),
    ]
    stories = tell(trace, subjects, "en", whole=False)
    assert [each.call_id for each in stories] == ["call", "sub", "reg", "msg"]
    assert all(each.sentence for each in stories)
    assert [len(each.ladder.arrows) for each in stories if each.ladder] == [2, 2, 2, 2]


def test_a_subject_is_told_once(trace_of: Callable[[str], Trace]) -> None:
    """Two findings of one call have one story."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 Decline
        -> INVITE sip:bob@example.com SIP/2.0
           CSeq: 2 INVITE
        <- SIP/2.0 603 Decline
    """)
    assert len(trace.findings) == 2
    assert subjects_of(trace, np.arange(2)) == [("call", 0)]
