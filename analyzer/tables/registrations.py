"""Registrations as columns."""

from enum import IntEnum

from analyzer.tables.schema import Int8, Int16, Int32, Int64, Table, column


class RegistrationState(IntEnum):
    """State of a registration when the capture last showed it (RFC 3261 §10)."""

    INCOMPLETE = 1
    REGISTERED = 2
    REMOVED = 3
    REFUSED = 4
    UNANSWERED = 5


class RegistrationTable(Table):
    """One row per registration: an address of record and a Call-ID (RFC 3261 §10.2)."""

    first_row: Int32 = column("First message, in MessageTable.")
    last_row: Int32 = column("Last message, in MessageTable.")
    request_row: Int32 = column("First REGISTER request, in MessageTable; -1 none.")
    final_row: Int32 = column("Last final response, in MessageTable; -1 none.")
    success_row: Int32 = column("Last 2xx, whose Contacts are the bindings; -1 none.")
    registrar_row: Int32 = column("Row in EndpointTable.")
    start_ns: Int64 = column("First message, ns since 1970 UTC.")
    end_ns: Int64 = column("Last message, ns since 1970 UTC.")
    attempts: Int32 = column("REGISTER requests with a CSeq number of their own.")
    refreshes: Int32 = column("2xx answers after the first.")
    final_status: Int16 = column("Status of final_row; 0 none.")
    state: Int8 = column("RegistrationState.")
    challenges: Int32 = column("Of these, answered with 401 or 407.")
    request_delay_ns: Int64 = column(
        "Registration request delay (RFC 6076 §4.1) of the first 2xx: from its REGISTER, or the "
        "first of those that were challenged right before it; -1 absent."
    )
