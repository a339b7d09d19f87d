"""Who From and To name."""

from collections.abc import Callable

import numpy as np
import pytest

from analyzer.report.model import Party
from analyzer.report.parties import (
    count_parties,
    naming_messages,
    naming_messages_of_calls,
    parties,
)
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


@pytest.mark.parametrize(
    ("value", "party"),
    [
        (
            '"Alice, A." <sip:alice@example.com;user=phone>;tag=1',
            Party("sip:alice@example.com;user=phone", "Alice, A.", "alice@example.com", "alice"),
        ),
        ("<sip:gw.example.com>;tag=1", Party("sip:gw.example.com", "", "gw.example.com", "")),
        ("sip:bob@example.com;tag=1", Party("sip:bob@example.com", "", "bob@example.com", "bob")),
        (
            "<tel:+81355550100;phone-context=x>",
            Party("tel:+81355550100;phone-context=x", "", "+81355550100", "+81355550100"),
        ),
        (
            "<sip:eve:secret@example.com>",
            Party("sip:eve:secret@example.com", "", "eve@example.com", "eve"),
        ),
        ("<urn:service:sos>", Party("urn:service:sos", "", "urn:service:sos", "")),
        ('"a > b" <sip:c@d>;x="e>f"', Party("sip:c@d", "a > b", "c@d", "c")),
    ],
)
def test_forms_of_an_address(trace_of: TraceOf, value: str, party: Party) -> None:
    """Display name, URI, and the address without scheme, password and parameters (§20.10)."""
    trace = trace_of(f"""
        -> INVITE sip:bob@example.com SIP/2.0
           From: {value}
    """)
    assert parties(trace, np.array([0]), "From") == [party]


def test_a_missing_message_names_nobody(trace_of: TraceOf) -> None:
    """Negative rows stay in their places."""
    trace = trace_of("-> INVITE sip:bob@example.com SIP/2.0")
    named = parties(trace, np.array([-1, 0, -1]), "To")
    assert [each.address for each in named] == ["", "bob@example.com", ""]


def test_callees_are_counted_without_their_tags(trace_of: TraceOf) -> None:
    """The tag that a dialog gives To does not make another callee."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
        <- SIP/2.0 603 Decline
    """)
    assert count_parties(trace, np.array([0, 1]), "To") == {"bob@example.com": 2}


def test_the_request_names_the_parties(trace_of: TraceOf) -> None:
    """Where the request is missing, the first response does."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
           Call-ID: one
        <- SIP/2.0 603 Decline
           Call-ID: one
        <- SIP/2.0 486 Busy Here
           Call-ID: two
           CSeq: 7 INVITE
    """)
    assert naming_messages(trace, np.array([0, 1])).tolist() == [0, 2]
    assert naming_messages_of_calls(trace, np.array([0, 1])).tolist() == [0, 2]
