"""Hops of calls as columns."""

from enum import IntEnum

from analyzer.tables.schema import Int8, Int32, Int64, Table, column


class Change(IntEnum):
    """What an element changed in a final response that it got and sent on; bits of a hop."""

    STATUS = 1
    """It sent another status than any it got."""
    PHRASE = 2
    """It sent another reason phrase."""
    REASON = 4
    """It left the Reason header out, or a part of it."""


class HopTable(Table):
    """One row per initial INVITE transaction of a call, in path order: the hop it came from first,
    then those begun by who got it; legs that were joined are part of the path.
    """

    call_row: Int32 = column("Row in CallTable.")
    transaction_row: Int32 = column("Row in TransactionTable.")
    above_row: Int32 = column("Row in this table of the hop it was sent on from; -1 the first.")
    depth: Int32 = column("Hops before it: 0 for the first.")
    request_delay_ns: Int64 = column("INVITE of the hop before to its own; -1 unknown.")
    response_delay_ns: Int64 = column(
        "Its final response to that of the hop before; -1 unknown, or when it was not sent on."
    )
    change: Int8 = column("Change bits: what its server changed in the final response it sent.")
    changed_row: Int32 = column("Row in this table of the hop that response came from; -1 none.")
    routed_after_row: Int32 = column(
        "Row in this table of a branch that had got a 6xx before this one was begun; -1 none."
    )
