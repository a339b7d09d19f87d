"""Tools that search for SIP servers."""

from collections.abc import Callable

import numpy as np
import pytest

from analyzer.annotate.fields import UNKNOWN, Judged
from analyzer.tables.trace import Trace


@pytest.mark.parametrize(
    ("agent", "is_scanner"),
    [
        ("friendly-scanner", True),
        ("sipcli/v1.8", True),
        ("SIPVicious", True),
        ("Linphone/3.6.1", False),
        ("X-Lite release 1103m", False),
        ("smapper phone", False),
    ],
)
def test_names(trace_of: Callable[[str], Trace], agent: str, *, is_scanner: bool) -> None:
    """The tools' own names count, those of phones do not."""
    trace = trace_of(f"""
        -> OPTIONS sip:example.com SIP/2.0
           User-Agent: {agent}
        <- SIP/2.0 200 OK
        <- SIP/2.0 200 OK
           CSeq: 7 MESSAGE
    """)
    rows = np.arange(2)
    judged = Judged(trace, rows, trace.transactions.final_row[rows], {})
    assert list(judged.values("scanner")) == [agent if is_scanner else None, UNKNOWN]
