"""Fields of the Request-URI and of faults of the request."""

from collections.abc import Callable

import numpy as np
import pytest

from analyzer.annotate.facts.request_uri import user_kind
from analyzer.annotate.fields import UNKNOWN, Judged, Value
from analyzer.sip.uri import Uri
from analyzer.tables.trace import Trace

TraceOf = Callable[[str], Trace]


def value(trace: Trace, name: str, transaction: int = 0) -> Value:
    """Return a field of the final response of a transaction."""
    rows = np.array([transaction])
    judged = Judged(trace, rows, trace.transactions.final_row[rows], {})
    return judged.values(name)[0]


@pytest.mark.parametrize(
    ("uri", "kind"),
    [
        ("sip:+81312345678@example.com;user=phone", "number"),
        ("tel:+1-630-555-0100", "number"),
        ("sip:%2B81312345678@example.com", "number"),
        ("sip:0312345678;phone-context=+81@example.com", "number"),
        ("sip:100@192.0.2.1", "number"),
        ("sip:*97@example.com", "number"),
        ("sip:bob@example.com", "name"),
        ("sip:4711bob@example.com", "name"),
        ("sip:example.com", "none"),
    ],
)
def test_user_kind(uri: str, kind: str) -> None:
    """A user part of digits and visual separators is a number (RFC 3966 §3)."""
    assert user_kind(Uri.parse(uri)) == kind


def test_the_uri(trace_of: TraceOf) -> None:
    """Scheme and length are those of the first line; a password in it is not shown."""
    trace = trace_of("""
        -> INVITE SIPS:bob:secret@example.com SIP/2.0
        <- SIP/2.0 416 Unsupported URI Scheme
        <- SIP/2.0 200 OK
           CSeq: 9 MESSAGE
    """)
    assert value(trace, "request_uri") == "SIPS:bob:…@example.com"
    assert value(trace, "request_uri.scheme") == "sips"
    assert value(trace, "request_uri.length") == len("SIPS:bob:secret@example.com")
    assert value(trace, "request_uri.scheme", 1) is UNKNOWN


def test_the_first_fault(trace_of: TraceOf) -> None:
    """What breaks the grammar is named, what is only unusual is not."""
    trace = trace_of("""
        -> INVITE sip:bob@example.com SIP/2.0
           Content-Length: many
        <- SIP/2.0 400 Bad Request
        -> OPTIONS sip:bob@example.com SIP/2.0
           Date: yesterday
        <- SIP/2.0 200 OK
        <- SIP/2.0 200 OK
           CSeq: 9 MESSAGE
    """)
    found = [value(trace, "request_fault", at) for at in range(3)]
    assert found == ["content-length-malformed", None, UNKNOWN]
