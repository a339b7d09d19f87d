"""Fields of responses that ordinarily are no news."""

from collections.abc import Callable

import numpy as np

from analyzer.annotate.fields import Judged
from analyzer.tables.trace import Trace


def test_each_field_for_its_kind_of_response(trace_of: Callable[[str], Trace]) -> None:
    """A provisional response lacks no header of a 2xx, a refusal neither has a provisional fault
    nor lacks what only a 2xx must have.
    """
    trace = trace_of("""
        -> SUBSCRIBE sip:bob@example.com SIP/2.0
           Expires: 60
        <- SIP/2.0 180 Ringing
        <- SIP/2.0 200 OK
        <- SIP/2.0 403 Forbidden
           CSeq: 1 SUBSCRIBE
    """)
    judged = Judged(trace, np.zeros(3, np.int64), np.array([1, 2, 3]), {})
    assert list(judged.values("missing_header")) == [None, "Expires", None]
    assert list(judged.values("provisional_fault")) == ["not-invite", None, None]
