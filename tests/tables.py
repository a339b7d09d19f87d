"""Tables as text, so that a test shows question and answer on one screen.

    assert table(trace.transactions, "method", "final_status", "state") == '''
        method  final_status  state
        INVITE  603           confirmed
    '''

Columns go by their names; without `_sym` a method or, given `texts`, any symbol is shown as text,
`_ms` shows a `_ns` duration in milliseconds. Absent values (-1) are `-`, states and the like their
names.
"""

import textwrap
from enum import IntEnum

from analyzer.tables.calls import CallTable, Outcome, Party
from analyzer.tables.findings import FindingTable, Severity
from analyzer.tables.messages import KNOWN_METHODS, MessageTable, Transport
from analyzer.tables.registrations import RegistrationState, RegistrationTable
from analyzer.tables.schema import Table
from analyzer.tables.subscriptions import SubscriptionState, SubscriptionTable
from analyzer.tables.symbols import SymbolTable
from analyzer.tables.transactions import TransactionState, TransactionTable

NAMED: dict[tuple[type[Table], str], type[IntEnum]] = {
    (CallTable, "outcome"): Outcome,
    (CallTable, "answered_by"): Party,
    (CallTable, "ended_by"): Party,
    (FindingTable, "severity"): Severity,
    (MessageTable, "transport"): Transport,
    (RegistrationTable, "state"): RegistrationState,
    (SubscriptionTable, "state"): SubscriptionState,
    (TransactionTable, "state"): TransactionState,
}


class TableText(str):
    """Text that equals another when they differ in common indentation only."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Compare without the indentation that all lines share."""
        return isinstance(other, str) and str(self) == textwrap.dedent(other).strip()

    def __ne__(self, other: object) -> bool:
        """Say the opposite of equality."""
        return not self == other

    __hash__ = str.__hash__


def table(rows: Table, *columns: str, texts: SymbolTable | None = None) -> TableText:
    """Return the named columns as aligned text under their names."""
    shown = [[name, *_values(rows, name, texts)] for name in columns]
    widths = [max(map(len, column)) for column in shown]
    lines = (
        "  ".join(value.ljust(width) for value, width in zip(line, widths, strict=True)).rstrip()
        for line in zip(*shown, strict=True)
    )
    return TableText("\n".join(lines))


def _values(rows: Table, name: str, texts: SymbolTable | None) -> list[str]:
    declared = {each.name for each in rows.columns}
    if name in declared:
        names = NAMED.get((type(rows), name))
        return [_shown(value, names) for value in getattr(rows, name).tolist()]
    if name.endswith("_ms"):
        nanoseconds = getattr(rows, name.removesuffix("_ms") + "_ns").tolist()
        return ["-" if value == -1 else f"{value / 10**6:g}" for value in nanoseconds]
    symbols = SymbolTable(KNOWN_METHODS) if name == "method" else texts
    if symbols is None:
        raise KeyError(f"{type(rows).__name__} has no column {name}; for a symbol give `texts`")
    return [symbols[value] or "-" for value in getattr(rows, name + "_sym").tolist()]


def _shown(value: int, names: type[IntEnum] | None) -> str:
    if names is not None:
        return names(value).name.lower()
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value == -1 else str(value)
