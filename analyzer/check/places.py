"""Messages → places: file, frame, call and who called whom, with a ladder where it is asked for."""

import numpy as np

from analyzer.check.model import Place
from analyzer.report.ladder import Stress, build_ladder, messages_of
from analyzer.report.model import Ladder
from analyzer.report.parties import parties
from analyzer.tables.anomalies import Frame
from analyzer.tables.schema import Int64
from analyzer.tables.trace import Trace

LONGEST = 16


def place_of(trace: Trace, message: int, call: int, *, ladder: bool = False) -> Place:
    """Return where a message is."""
    return named_place(trace, message, call, who(trace, message), ladder=ladder)


def named_place(
    trace: Trace, message: int, call: int, parties_named: str, *, ladder: bool = False
) -> Place:
    """Return where a message is whose parties are known already."""
    capture, frame = trace.frame(message)
    return Place(
        trace.captures[capture].path,
        frame,
        call if call >= 0 else None,
        parties_named,
        trace.text(message, "call_id"),
        ladder_of(trace, message, call) if ladder else None,
        len(trace.captures),
    )


def place_of_frame(trace: Trace, frame: Frame | None) -> Place:
    """Return a frame as a place; of nothing, the first capture."""
    capture, number = frame or (0, None)
    return Place(trace.captures[capture].path, number, None, "", "")


def who(trace: Trace, message: int) -> str:
    """Return whom From and To of a message name."""
    row = np.array([message])
    (pair,) = pairs_of(trace, row)
    return in_words(pair)


def pairs_of(trace: Trace, messages: Int64) -> list[tuple[str, str]]:
    """Return the addresses in From and To of messages."""
    froms, tos = (parties(trace, messages, header) for header in ("From", "To"))
    return [(one.address, other.address) for one, other in zip(froms, tos, strict=True)]


def in_words(pair: tuple[str, str]) -> str:
    """Return two addresses as one text; nothing where nobody is named."""
    return " -> ".join(each or "?" for each in pair) if any(pair) else ""


def ladder_of(trace: Trace, message: int, call: int) -> Ladder:
    """Return the ladder of a call, or of the transaction of a message, with that message marked."""
    own = int(trace.links.transaction_row[message])
    chosen: Int64 = trace.transactions_of_call.of(call) if call >= 0 else np.array([own], np.int64)
    rows = messages_of(trace, chosen[chosen >= 0])
    if len(rows) == 0:
        rows = np.array([message], np.int64)
    method = int(trace.messages.method_sym[rows[0]])
    return build_ladder(trace, rows, LONGEST, Stress((message,), method))
