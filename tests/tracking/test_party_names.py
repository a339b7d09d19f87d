"""Whether two legs name the same caller and callee."""

from collections.abc import Callable

import numpy as np
import pytest

from analyzer.tables.trace import Trace
from analyzer.tracking.party_names import PartyNames


@pytest.mark.parametrize(
    ("callee", "same"),
    [
        ("sip:+81312345678@b.example", True),
        ("sip:312345678@b.example", True),
        ("sip:345678@b.example", False),
        ("tel:+81-3-1234-5678", True),
        ("sip:+81312345679@b.example", False),
        ("sip:b.example", False),
    ],
)
def test_numbers_are_compared_by_their_last_digits(
    trace_of: Callable[[str], Trace],
    callee: str,
    same: bool,  # noqa: FBT001 - a parameter
) -> None:
    """A prefix that an element adds or takes is no other number; few digits prove nothing."""
    trace = trace_of(f"""
        -> INVITE sip:x@h SIP/2.0
           Call-ID: one
           To: <sip:+81312345678@a.example>
        -> INVITE sip:x@h SIP/2.0
           Call-ID: two
           To: <{callee}>
    """)
    assert PartyNames(trace, trace.legs.invite_row.astype("int64"), np.arange(2)).same(0, 1) is same
