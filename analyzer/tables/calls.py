"""Calls as columns."""

from enum import IntEnum

from analyzer.tables.schema import Int8, Int16, Int32, Int64, Table, column


class Outcome(IntEnum):
    """How a call ended, by its last attempt."""

    INCOMPLETE = 1
    ANSWERED = 2
    BLOCKED = 3
    DECLINED = 4
    BUSY = 5
    CANCELLED = 6
    REJECTED = 7
    REDIRECTED = 8
    UNANSWERED = 9


class Party(IntEnum):
    """Who did something to a call."""

    UNKNOWN = 0
    CALLER = 1
    CALLEE = 2


class CallTable(Table):
    """One row per call: an initial INVITE's Call-ID and From tag with its retries, forks and hops,
    and the legs joined to it (LegTable), in the order of their first messages. An in-dialog INVITE,
    BYE or ACK whose beginning is not in the capture makes an incomplete call.
    """

    first_row: Int32 = column("First message of the call, in MessageTable.")
    last_row: Int32 = column("Last message of the call, in MessageTable.")
    invite_row: Int32 = column("First initial INVITE request, in MessageTable; -1 when missing.")
    transaction_row: Int32 = column("The INVITE transaction that decides the outcome; -1 none.")
    final_row: Int32 = column("Final response that decides the outcome, in MessageTable; -1 none.")
    end_row: Int32 = column("BYE or CANCEL request that ended it, in MessageTable; -1 none.")
    start_ns: Int64 = column("First message, ns since 1970 UTC.")
    end_ns: Int64 = column("Last message, ns since 1970 UTC.")
    outcome: Int8 = column("Outcome.")
    final_status: Int16 = column("Status of final_row; 0 none.")
    answered_by: Int8 = column("Party that answered.")
    ended_by: Int8 = column("Party that sent the BYE or CANCEL.")
    post_dial_delay_ns: Int64 = column("First INVITE to first 18x; -1 absent.")
    ring_ns: Int64 = column("First 18x to the final response; -1 absent.")
    setup_ns: Int64 = column("First INVITE to the 2xx that answered; -1 absent.")
    talk_ns: Int64 = column("That 2xx to the BYE; -1 absent.")
    attempts: Int32 = column("INVITE attempts: 1, and 1 more for each retry with a new CSeq.")
    forks: Int32 = column(
        "Early dialogs seen: distinct To tags of 101–299 responses on the deciding hop."
    )
    session_request_delay_ns: Int64 = column(
        "Session request delay (RFC 6076 §4.3): the INVITE that decides, challenged ones right "
        "before it included (§5.3), to its first 18x or final response; -1 absent. Of a call that "
        "failed it is the failed one (§4.3.2), which never counts with that of an answered call."
    )
    session_disconnect_delay_ns: Int64 = column(
        "Session disconnect delay (RFC 6076 §4.4): the first BYE to the 2xx that it, or the same "
        "side's BYE after an error, got; -1 absent."
    )
    session_duration_ns: Int64 = column(
        "Session duration time (RFC 6076 §4.5): the 2xx that answered to the BYE, or to the expiry "
        "of Timer F when nothing answered the BYE; -1 absent."
    )
    early_media_ns: Int64 = column("First 1xx with a body to the final response; -1 absent.")
    answers: Int32 = column("Dialogs that a 2xx made on the deciding hop.")
