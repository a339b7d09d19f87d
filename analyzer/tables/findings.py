"""Findings as columns; their words are made by `annotate.wording` from the rule and the row."""

from enum import IntEnum

from analyzer.tables.schema import Bool, Int8, Int16, Int32, Table, UInt64, column


class Severity(IntEnum):
    """How much a finding matters."""

    INFO = 1
    NOTICE = 2
    WARNING = 3
    ERROR = 4


class FindingTable(Table):
    """One row per finding, in the order of the messages they judge."""

    rule: Int16 = column("Index in Trace.rules.")
    case: Int16 = column("Index in that rule's cases.")
    notes: UInt64 = column("Bit n is set when note n of the rule adds to the case.")
    severity: Int8 = column("Severity: the highest of case and notes.")
    transaction_row: Int32 = column("Row in TransactionTable.")
    message_row: Int32 = column("The response judged, in MessageTable.")
    call_row: Int32 = column("Row in CallTable; -1 none.")
    subscription_row: Int32 = column("Row in SubscriptionTable; -1 none.")
    registration_row: Int32 = column("Row in RegistrationTable; -1 none.")
    relayed: Bool = column("Another hop in the capture shows the response nearer to its origin.")
