"""Field values for the responses of one status in a dialogue."""

from typing import Any

import numpy as np

from analyzer.annotate.fields import Judged
from analyzer.tables.trace import Trace


def judged_of(trace: Trace, status: int, **settings: float) -> Judged:
    """Return the responses with a status, each with its transaction."""
    rows = np.flatnonzero(trace.messages.status == status)
    return Judged(trace, trace.links.transaction_row[rows], rows, settings)


def values_of(trace: Trace, status: int, name: str) -> list[Any]:
    """Return the values of a field for them."""
    return list(judged_of(trace, status).values(name))
