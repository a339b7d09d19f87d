"""What the tests of fields share: the responses of a dialogue as a rule judges them."""

from collections.abc import Callable

import numpy as np
import pytest

from analyzer.annotate.fields import Judged, Value
from analyzer.tables.trace import Trace


@pytest.fixture
def values_of(trace_of: Callable[[str], Trace]) -> Callable[[str, int, str], list[Value]]:
    """Give a function: dialogue, status and field → the values for the responses with it."""

    def values(dialogue: str, status: int, name: str) -> list[Value]:
        trace = trace_of(dialogue)
        rows = np.flatnonzero(trace.messages.status == status)
        judged = Judged(trace, trace.links.transaction_row[rows], rows, {})
        return list(judged.values(name))

    return values
