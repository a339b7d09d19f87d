"""Preconditions asked for and failed (RFC 3312 §4, §8)."""

from collections.abc import Callable

from analyzer.annotate.fields import UNKNOWN, Value

ValuesOf = Callable[[str, int, str], list[Value]]
FAILED = """
-> INVITE sip:bob@example.com SIP/2.0

   v=0
   m=audio 20000 RTP/AVP 0
   a=curr:qos e2e none
   a=des:qos optional e2e send
   a=des:qos mandatory e2e sendrecv
<- SIP/2.0 580 Precondition Failure

   v=0
   m=audio 20000 RTP/AVP 0
   a=des:qos failure e2e send
"""


def test_asked_and_failed(values_of: ValuesOf) -> None:
    """The strength tag tells what is mandatory, and in a 580 what failed."""
    assert values_of(FAILED, 580, "precondition.mandatory") == ["qos mandatory e2e sendrecv"]
    assert values_of(FAILED, 580, "precondition.failed") == ["qos failure e2e send"]


def test_none(values_of: ValuesOf) -> None:
    """Bodies without preconditions say nothing of them; a missing request is not known."""
    dialogue = "-> INVITE sip:bob@example.com SIP/2.0\n<- SIP/2.0 580 Precondition Failure"
    assert values_of(dialogue, 580, "precondition.mandatory") == [None]
    missing = "<- SIP/2.0 580 Precondition Failure"
    assert values_of(missing, 580, "precondition.mandatory") == [UNKNOWN]
    assert values_of(missing, 580, "precondition.failed") == [None]
