"""Bytes of a request and what carried it."""

from collections.abc import Callable

from analyzer.annotate.dialogue import parse_dialogue
from analyzer.annotate.fields import UNKNOWN, Value

ValuesOf = Callable[[str, int, str], list[Value]]


def test_bytes(values_of: ValuesOf) -> None:
    """Start line, headers and body count: all of the datagram."""
    dialogue = """
-> MESSAGE sip:bob@example.com SIP/2.0

   a text of some length
<- SIP/2.0 513 Message Too Large
"""
    size = len(parse_dialogue(dialogue)[0].payload)
    assert values_of(dialogue, 513, "request_bytes") == [size]
    assert values_of(dialogue, 513, "transport") == ["udp"]


def test_without_its_request(values_of: ValuesOf) -> None:
    """The size of a missing request is not known; its answer tells the transport."""
    dialogue = "<- SIP/2.0 513 Message Too Large\n   CSeq: 1 MESSAGE"
    assert values_of(dialogue, 513, "request_bytes") == [UNKNOWN]
    assert values_of(dialogue, 513, "transport") == ["udp"]
