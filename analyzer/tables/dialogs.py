"""Dialogs as columns."""

from analyzer.tables.schema import Int32, Int64, Table, UInt64, column


class DialogTable(Table):
    """One row per dialog, early ones included: Call-ID and both tags (RFC 3261 §12)."""

    call_id_hash: UInt64 = column("Keyed hash of Call-ID.")
    caller_tag_hash: UInt64 = column("Keyed hash of the tag of who sent the first request.")
    callee_tag_hash: UInt64 = column("Keyed hash of the tag of who answered it.")
    first_row: Int32 = column("First message that shows it, in MessageTable.")
    transaction_row: Int32 = column("Transaction that first shows it.")
    call_row: Int32 = column("Row in CallTable; -1 none.")
    start_ns: Int64 = column("Time of first_row, ns since 1970 UTC.")
