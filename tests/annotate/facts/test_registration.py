"""When a registration ran out (RFC 3261 §10.2.4): by its 2xx, for its longest binding."""

from collections.abc import Callable

import numpy as np
import pytest

from analyzer.annotate.facts.registration import granted_seconds
from analyzer.tables.trace import Trace
from analyzer.tracking.registrations import longest_binding_s

TraceOf = Callable[[str], Trace]

REGISTERED = """
-> REGISTER sip:example.com SIP/2.0
   Contact: <sip:alice@192.0.2.1>
   Expires: {asked}
<- SIP/2.0 200 OK
   {granted}
+200s c->b OPTIONS sip:example.com SIP/2.0
   Call-ID: other@c.example
b->c SIP/2.0 200 OK
   Call-ID: other@c.example
"""


@pytest.mark.parametrize(
    ("asked", "granted", "has_lapsed"),
    [
        (3600, "Contact: <sip:alice@192.0.2.1>;expires=60", True),
        (60, "Contact: <sip:alice@192.0.2.1>;expires=3600", False),
        (60, "Contact: <sip:alice@192.0.2.1>;expires=60, <sip:alice@192.0.2.9>;expires=900", False),
        (60, "Expires: 60", True),
        (60, "Contact: <sip:alice@192.0.2.1>;expires=180", False),
        (60, "Supported: path", False),
    ],
    ids=["shortened", "lengthened", "two-phones", "in-expires", "within-grace", "not-said"],
)
def test_what_was_granted_counts(
    trace_of: TraceOf, asked: int, granted: str, *, has_lapsed: bool
) -> None:
    """The registrar decides; of several bindings the last one counts, 64*T1 later."""
    trace = trace_of(REGISTERED.format(asked=asked, granted=granted))
    found = [trace.rules[number].id for number in trace.findings.rule.tolist()]
    assert ("REG002" in found) == has_lapsed


@pytest.mark.parametrize(
    ("granted", "seconds"),
    [
        ("Contact: <sip:alice@192.0.2.1>;expires=60\n   Expires: 3600", 60),
        ("Contact: <sip:alice@192.0.2.1>\n   Expires: 70", 70),
        ("Contact: <sip:a@192.0.2.1>;expires=60\n   Contact: <sip:a@192.0.2.9>;expires=80", 80),
    ],
    ids=["own-expiry", "for-all", "two-lines"],
)
def test_the_expiry_of_the_binding_itself_counts(
    trace_of: TraceOf, granted: str, seconds: int
) -> None:
    """The header states it only for Contacts without one of their own (RFC 3261 §10.3 step 8)."""
    trace = trace_of(REGISTERED.format(asked=3600, granted=granted))
    assert granted_seconds(trace, np.array([1])).tolist() == [seconds]
    assert longest_binding_s(trace, 1) == seconds
