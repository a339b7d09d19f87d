"""How a subscription stood before."""

from collections.abc import Callable

import numpy as np
import pytest

from analyzer.annotate.wording import describe
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


CALL = """
-> INVITE sip:bob@example.com SIP/2.0
<- SIP/2.0 200 OK
-> ACK sip:bob@192.0.2.2 SIP/2.0
"""
SUBSCRIBED = """
-> SUBSCRIBE sip:bob@example.com SIP/2.0
   Event: dialog
<- SIP/2.0 200 OK
   Expires: 60
"""
REFUSED = """
+5s -> SUBSCRIBE sip:bob@192.0.2.2 SIP/2.0
   To: <sip:bob@example.com>;tag=b1
   Event: dialog
<- SIP/2.0 603 Decline
"""


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (CALL, "inside the dialog of a call"),
        (CALL + SUBSCRIBED, "refused to refresh"),
        (SUBSCRIBED, "refused to refresh"),
        ("", "If it was to refresh"),
    ],
    ids=["call", "both", "subscription", "nothing"],
)
def test_a_refused_subscribe_in_a_dialog(trace_of: TraceOf, before: str, said: str) -> None:
    """Only what the capture shows before tells a refresh from a new usage (RFC 5057 §5.6)."""
    trace = trace_of(before + REFUSED)
    texts = describe(trace, np.arange(len(trace.findings)), trace.rules, "en")
    assert [each.case for each in texts] == ["subscription-refused"]
    assert said in texts[0].message
