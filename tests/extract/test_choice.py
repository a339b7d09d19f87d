"""What was asked for → calls and messages."""

from collections.abc import Callable

import pytest

from analyzer.extract.choice import choose
from analyzer.tables.trace import Trace
from extract.extracting import wanted

DIALOGUE = """
    -> INVITE sip:bob@example.com SIP/2.0
       Call-ID: one
    <- SIP/2.0 603 Decline
       Call-ID: one
    -> ACK sip:bob@example.com SIP/2.0
       Call-ID: one
    +1s -> INVITE sip:bob@example.com SIP/2.0
       Call-ID: two
    <- SIP/2.0 200 OK
       Call-ID: two
    -> ACK sip:bob@example.com SIP/2.0
       Call-ID: two
    -> OPTIONS sip:bob@example.com SIP/2.0
       Call-ID: two
    <- SIP/2.0 200 OK
       Call-ID: two
    +1s -> SUBSCRIBE sip:pres@example.com SIP/2.0
       Call-ID: three
       Suppress-If-Match: dx200xyz
    <- SIP/2.0 204 No Notification
       Call-ID: three
    +1s -> MESSAGE sip:bob@example.com SIP/2.0
       Call-ID: four
    <- SIP/2.0 603 Decline
       Call-ID: four
    +1s -> REGISTER sip:example.com SIP/2.0
       Call-ID: five
    <- SIP/2.0 200 OK
       Call-ID: five
"""
ONE, TWO, THREE, FOUR, FIVE = range(3), range(3, 8), range(8, 10), range(10, 12), range(12, 14)


@pytest.mark.parametrize(
    ("call", "where", "findings", "calls", "messages"),
    [
        ("", "", (), [0, 1], [*range(14)]),
        ("one", "", (), [0], [*ONE]),
        # what is in the dialog of a call belongs to it, whatever the method
        ("two", "", (), [1], [*TWO]),
        ("o", "", (), [0, 1], [*ONE, *TWO, *FOUR]),
        ("three", "", (), [], [*THREE]),
        ("five", "", (), [], [*FIVE]),
        ("six", "", (), [], []),
        ("", "outcome=declined", (), [0], [*ONE]),
        ("", "id=1", (), [1], [*TWO]),
        ("one", "outcome=answered", (), [], []),
        ("", "", ("RSP603",), [0], [*ONE, *FOUR]),
        ("", "", ("RSP603.not-alerted",), [0], [*ONE]),
        ("", "", ("RSP",), [0], [*ONE, *THREE, *FOUR]),
        ("", "", ("RSP204", "RSP480"), [], [*THREE]),
        ("four", "", ("RSP603",), [], [*FOUR]),
        ("one", "", ("RSP204",), [], []),
        ("", "outcome=declined", ("RSP603",), [0], [*ONE]),
        ("", "outcome=answered", ("RSP603",), [], []),
    ],
)
def test_choices(
    call: str,
    where: str,
    findings: tuple[str, ...],
    calls: list[int],
    messages: list[int],
    trace_of: Callable[[str], Trace],
) -> None:
    """Each choice narrows what is there; conditions are on calls, findings on whatever has them."""
    chosen = choose(trace_of(DIALOGUE), wanted(call, where, *findings))
    assert chosen.calls.tolist() == calls
    assert chosen.messages.tolist() == messages


def test_what_belongs_to_no_transaction(trace_of: Callable[[str], Trace]) -> None:
    """A lone ACK, which makes no transaction, belongs to the call of its Call-ID."""
    trace = trace_of("""
        -> ACK sip:bob@example.com SIP/2.0
           Call-ID: cut
           To: <sip:bob@example.com>;tag=b1
        +1s -> BYE sip:bob@example.com SIP/2.0
           Call-ID: cut
           To: <sip:bob@example.com>;tag=b1
        <- SIP/2.0 200 OK
           Call-ID: cut
    """)
    assert trace.links.transaction_row.tolist()[0] == -1
    assert choose(trace, wanted("", "id=0")).messages.tolist() == [0, 1, 2]
