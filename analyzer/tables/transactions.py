"""Transactions as columns."""

from enum import IntEnum

from analyzer.tables.schema import Bool, Int8, Int16, Int32, Int64, Table, column


class TransactionState(IntEnum):
    """Where a transaction stood when the capture last showed it (RFC 3261 §17, RFC 6026)."""

    CALLING = 1
    TRYING = 2
    PROCEEDING = 3
    COMPLETED = 4
    CONFIRMED = 5
    ACCEPTED = 6
    TERMINATED = 7


class TransactionTable(Table):
    """One row per transaction as seen on one hop, in the order of their first messages.

    A request that passes a proxy is two transactions. An ACK belongs to its INVITE's row; an ACK
    whose INVITE is not in the capture makes no transaction.
    """

    method_sym: Int16 = column("Method; for a lone response that of its CSeq.")
    first_row: Int32 = column("First message, in MessageTable.")
    last_row: Int32 = column("Last message.")
    request_row: Int32 = column("First request message; -1 when the capture lacks it.")
    provisional_row: Int32 = column("First 1xx; -1 none.")
    alerting_row: Int32 = column(
        "First 18x, the sign that somebody was alerted or progress was reported; -1 none."
    )
    final_row: Int32 = column(
        "The first final response, unless a 2xx came: then the first 2xx; -1 none."
    )
    ack_row: Int32 = column("First ACK (INVITE only); -1 none.")
    cancel_row: Int32 = column("Request of the CANCEL for it, in MessageTable; -1 none.")
    client_row: Int32 = column("Row in EndpointTable: who sent the request.")
    server_row: Int32 = column("Row in EndpointTable: who answered, or was asked.")
    final_status: Int16 = column("Status of final_row; 0 none.")
    in_dialog: Bool = column("The request had a To tag; False when the request is missing.")
    request_retransmissions: Int32 = column("Repeats of the request.")
    response_retransmissions: Int32 = column("Repeats of responses.")
    ack_retransmissions: Int32 = column("Repeats of the ACK.")
    duplicates: Int32 = column("Extra copies of its packets in the capture.")
    state: Int8 = column("TransactionState.")
    response_delay_ns: Int64 = column("Request to final response; -1 when either is missing.")
    call_row: Int32 = column("Row in CallTable; -1 none.")
    subscription_row: Int32 = column("Row in SubscriptionTable; -1 none.")
    registration_row: Int32 = column("Row in RegistrationTable; -1 none.")
