"""The way tests show tables."""

import pytest

from analyzer.tables.calls import CallTable, Outcome
from analyzer.tables.messages import Method
from analyzer.tables.subscriptions import SubscriptionTable
from analyzer.tables.symbols import SymbolTable
from analyzer.tables.transactions import TransactionState, TransactionTable
from tables import table


def test_values_are_shown_by_their_meaning() -> None:
    """Symbols, states, durations, absent rows and truth values are readable."""
    transactions = TransactionTable.zeros(2).replace(
        method_sym=[Method.INVITE, Method.BYE],
        state=[TransactionState.CONFIRMED, TransactionState.COMPLETED],
        response_delay_ns=[1_500_000, -1],
        ack_row=[3, -1],
        in_dialog=[False, True],
    )
    assert (
        table(transactions, "method", "state", "response_delay_ms", "ack_row", "in_dialog")
        == """
        method  state      response_delay_ms  ack_row  in_dialog
        INVITE  confirmed  1.5                3        no
        BYE     completed  -                  -        yes
    """
    )


def test_a_different_value_is_a_different_text() -> None:
    """Equality looks past common indentation, never past a value."""
    calls = CallTable.zeros(1).replace(outcome=[Outcome.DECLINED])
    assert table(calls, "outcome") == "outcome\ndeclined"
    assert table(calls, "outcome") != "outcome\nanswered"
    assert table(calls, "outcome") != "outcome\n  declined"


def test_symbols_need_their_texts() -> None:
    """A symbol is looked up in the texts given; without them the column is refused by name."""
    subscriptions = SubscriptionTable.zeros(1).replace(event_sym=[1])
    assert table(subscriptions, "event", texts=SymbolTable(["presence"])) == "event\npresence"
    with pytest.raises(KeyError, match="no column event"):
        table(subscriptions, "event")
